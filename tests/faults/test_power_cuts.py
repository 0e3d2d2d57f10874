"""The power goes at any moment, and nothing that was accepted is lost. More: `python -m tests.faults.power_cuts --images 100000`."""

import random
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.faults.disk_log import Cut, Disk, Made, Removed, Step, Synced, Written, can_trace, steps
from tests.faults.power_cuts import in_memory, run

# as many as take half a minute at most; the command plays any number
IMAGES = 2000
ROOT = Path("/somewhere")


@pytest.fixture
def memory() -> Iterator[Path]:
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        yield Path(folder)


needs_strace = pytest.mark.skipif(not can_trace(), reason="what reaches the disk is seen with strace")


@needs_strace
def test_whenever_the_power_goes_all_that_was_accepted_is_there_and_the_journal_goes_on(memory: Path) -> None:
    outcome = run(memory, IMAGES, seed=1)
    assert outcome.failures == []
    assert (outcome.images, outcome.accepted > 50) == (IMAGES, True)


@needs_strace
def test_a_journal_that_does_not_sync_each_commit_is_found_out(memory: Path) -> None:
    failures = run(memory, 40, seed=1, synchronous="NORMAL").failures
    assert failures
    assert all("are there" in failure or "is forgotten" in failure for failure in failures)


def images(disk: Disk, count: int = 300) -> Iterator[dict[Path, bytes]]:
    chance = random.Random(5)
    return (disk.cut(chance) for _ in range(count))


def test_what_was_synced_is_in_every_image_and_what_was_not_in_some() -> None:
    disk = Disk(ROOT, {Path("file"): b"old"})
    for step in (Written(ROOT / "file", 0, b"new"), Synced(ROOT / "file"), Written(ROOT / "file", 3, b"er"), Cut(ROOT / "file", 1)):
        disk.do(step)
    assert {image[Path("file")] for image in images(disk)} == {b"new", b"newer", b"n"}


def test_a_write_is_torn_between_sectors_and_never_within_one() -> None:
    disk = Disk(ROOT, {Path("file"): b"." * 1100})
    disk.do(Written(ROOT / "file", 500, b"#" * 524))
    shapes = {image[Path("file")].replace(b"." * 500, b"-") for image in images(disk)}
    assert len(shapes) == 4, "first sector, second, both, none"


def test_a_name_that_was_not_synced_may_be_missing_with_all_that_was_synced_under_it() -> None:
    disk = Disk(ROOT, {})
    folder, file = ROOT / "folder", ROOT / "folder" / "file"
    for step in (Made(folder, folder=True), Made(file, folder=False), Written(file, 0, b"x"), Synced(file), Synced(folder)):
        disk.do(step)
    assert {tuple(image.items()) for image in images(disk)} == {(), ((Path("folder/file"), b"x"),)}
    for step in (Synced(ROOT), Removed(file), Made(file, folder=False)):
        disk.do(step)
    assert {image.get(Path("folder/file")) for image in images(disk)} == {b"x", None, b""}


def test_a_call_that_failed_changed_nothing_also_where_another_thread_came_between(tmp_path: Path) -> None:
    def hexed(path: Path) -> str:
        return "".join(f"\\x{byte:02x}" for byte in str(path).encode())

    def read(result: str) -> list[Step]:
        begun = f'7 mkdir("{hexed(ROOT / "there")}", 0700 <unfinished ...>\n8 fsync(3<{hexed(ROOT / "file")}>) = 0\n'
        log = tmp_path / "log"
        log.write_text(f"{begun}7 <... mkdir resumed>) {result}\n", encoding="ascii")
        return list(steps(log, ROOT, ROOT / "ledger", {ROOT, ROOT / "file"}))

    assert read("             = 0") == [Synced(ROOT / "file"), Made(ROOT / "there", folder=True)]
    assert read("             = -1 EEXIST (File exists)") == [Synced(ROOT / "file")]
