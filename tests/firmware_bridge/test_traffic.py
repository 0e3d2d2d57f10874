"""The traffic log: off unless switched on, never for long, and nothing of a person in it."""

import json
import os
import re
import stat
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import DeviceReady, DocumentRead, ReadDocument
from drivers.simulated.scene import Scene
from firmware_bridge import traffic
from firmware_bridge.tap import PULLED, SAID, SENT
from firmware_bridge.traffic import (
    IN_MEMORY,
    MOST_BYTES,
    MOST_S,
    OnADisk,
    TrafficLog,
    filesystem_of,
    follow,
    main,
    masked,
    shown,
    switch_off,
    switch_on,
)
from tests.drivers.passport.readers import ZONE
from tests.drivers.running_host import RunningHost

MEMORY = Path("/dev/shm")


def log_of(folder: Path) -> str:
    path = folder / "traffic/passport_reader.log"
    return path.read_text() if path.exists() else ""


@pytest.fixture
def memory() -> Iterator[Path]:
    """A runtime folder in memory, as a lane has one."""
    if not MEMORY.is_dir() or filesystem_of(MEMORY) not in IN_MEMORY or not os.access(MEMORY, os.W_OK):
        pytest.skip("/dev/shm is not a folder in memory that may be written")
    with tempfile.TemporaryDirectory(dir=MEMORY, prefix="mpaka-traffic-") as folder:
        yield Path(folder)


@pytest.fixture
def log(memory: Path) -> TrafficLog:
    return TrafficLog(memory, "passport_reader", SAID)


def test_nothing_is_written_while_it_is_off(log: TrafficLog, memory: Path) -> None:
    log(SENT, b"I\0\0")
    assert log_of(memory) == ""
    assert list((memory / "traffic").iterdir()) == []


def test_what_goes_over_the_wire_is_written_with_time_and_direction(log: TrafficLog, memory: Path) -> None:
    path = switch_on(memory, "passport_reader", 60)
    log(SENT, b"I\0\0")
    log(SAID, b"I\0\x5bP<UTO\r\x80")
    log(PULLED, b"")
    lines = path.read_text().splitlines()
    assert lines[0].startswith("# passport_reader: on for 60 s")
    assert re.fullmatch(r" +0\.\d{3} >    3  49 00 00", lines[1])
    assert re.fullmatch(r" +0\.\d{3} <   10  \.\. 00 \.\. \.\. \.\. \.\. \.\. \.\. 0d \*\*", lines[2])
    assert lines[3].endswith("! the wire is lost")
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_it_ends_by_itself_whatever_a_technician_forgets(log: TrafficLog, memory: Path) -> None:
    switch_on(memory, "passport_reader", 0.2)
    log(SENT, b"a")
    due = time.monotonic() + 5
    while not log_of(memory).endswith("# ended: its time is over\n"):
        assert time.monotonic() < due
        log(SENT, b"b")
    ended = log_of(memory)
    log(SENT, b"c")
    assert log_of(memory) == ended
    assert not (memory / "traffic/passport_reader.on").exists()


def test_it_cannot_be_switched_on_for_longer_than_minutes_not_even_by_writing_the_file(log: TrafficLog, memory: Path) -> None:
    with pytest.raises(ValueError, match="15 minutes at most"):
        switch_on(memory, "passport_reader", MOST_S + 1)
    for until in (time.monotonic() + 2 * MOST_S, 1e300, float("inf"), float("nan"), -1, "soon", None):
        (memory / "traffic/passport_reader.on").write_text(json.dumps({"until": until}))
        log(SENT, b"a")
    for text in ("", "{", "[]", "{}"):
        (memory / "traffic/passport_reader.on").write_text(text)
        log(SENT, b"a")
    assert log_of(memory) == ""


def test_it_is_switched_off_before_its_time(log: TrafficLog, memory: Path) -> None:
    switch_on(memory, "passport_reader", 60)
    log(SENT, b"a")
    switch_off(memory, "passport_reader")
    log(SENT, b"b")
    assert log_of(memory).endswith("# ended: it was switched off\n")


def test_it_fills_no_memory(log: TrafficLog, memory: Path) -> None:
    switch_on(memory, "passport_reader", 60)
    while not log_of(memory).endswith("# ended: it is full\n"):
        for _ in range(500):
            log(SAID, bytes(4096))
    assert MOST_BYTES < len(log_of(memory)) < 1.3 * MOST_BYTES


def test_no_letter_digit_or_picture_byte_is_in_a_masked_piece() -> None:
    assert masked(bytes(range(0x20, 0x7F))) == " ".join([".."] * 95)
    assert masked(bytes(range(0x80, 0x100))) == " ".join(["**"] * 128)
    assert masked(b"\r\n\x7f\x06") == "0d 0a 7f 06"
    assert shown(bytes(200), hide=False).count("00") == 96
    assert "(104 more)" in shown(bytes(200), hide=True)


def test_a_reader_at_work_is_logged_and_nothing_of_the_document_is_in_the_log(memory: Path) -> None:
    scene = Scene(memory / "scene")
    with RunningHost("simulated-passport-reader", {"scene": str(memory / "scene")}, memory) as host:
        host.wait_for(DeviceReady)
        switch_on(memory, "passport_reader", 60)
        scene.put("passport_reader", lines=ZONE)
        host.answer(host.order(ReadDocument()), DocumentRead)
        switch_off(memory, "passport_reader")
    text = log_of(memory)
    assert "> " in text
    assert " 43 00 01 01" in text
    for line in ZONE:
        for at in range(0, len(line) - 3, 2):
            part = line[at : at + 4]
            assert part.encode().hex(" ") not in text
            assert part == "<<<<" or part not in text


def test_a_technician_sees_the_lines_as_they_come_and_ends_it_with_the_command(memory: Path) -> None:
    with RunningHost("simulated-passport-reader", {"scene": str(memory / "scene")}, memory) as host:
        host.wait_for(DeviceReady)
        command = [sys.executable, "-m", "firmware_bridge.traffic", "passport_reader", "--runtime", str(memory), "--minutes", "1"]
        with subprocess.Popen(command, stdout=subprocess.PIPE, text=True, env={**os.environ, "PYTHONPATH": str(Path.cwd())}) as technician:
            assert technician.stdout is not None
            due = time.monotonic() + 10
            while not (memory / "traffic/passport_reader.on").exists():
                assert time.monotonic() < due
            host.order(ReadDocument(), 60)
            # armed, and its echo
            seen = [technician.stdout.readline() for _ in range(3)]
            technician.send_signal(2)
            technician.wait(10)
    assert seen[0].startswith("# passport_reader: on for")
    assert any(" > " in line for line in seen)
    assert not (memory / "traffic/passport_reader.on").exists()


def test_a_log_without_a_lane_and_one_for_hours_are_refused_in_words(memory: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["passport_reader", "--runtime", str(memory / "nowhere")]) == 2
    assert main(["passport_reader", "--runtime", str(memory), "--minutes", "60"]) == 2
    assert "15 minutes at most" in capsys.readouterr().err


def test_following_ends_with_the_log(tmp_path: Path) -> None:
    (tmp_path / "x.log").write_text("# one\n# ended: it is full\nnever shown\n")
    assert list(follow(tmp_path / "x.log", time.monotonic() + 5)) == ["# one", "# ended: it is full"]
    assert list(follow(tmp_path / "nothing", time.monotonic() - 1)) == []


def mounted(folder: Path, filesystem: str, monkeypatch: pytest.MonkeyPatch) -> None:
    """Have the kernel say that this folder is on such a file system."""
    device = folder.stat().st_dev
    rows = folder / "mountinfo"
    rows.write_text(
        f"1 0 0:1 / /proc rw - proc proc rw\n2 0 {os.major(device)}:{os.minor(device)} / /x rw shared:1 - {filesystem} none rw\n"
    )
    monkeypatch.setattr(traffic, "MOUNTS", rows)


@pytest.mark.parametrize("filesystem", ["ext4", "overlay", "tmpfsx"])
def test_a_log_on_a_disk_is_refused_by_the_command_and_says_what_to_do(
    tmp_path: Path, filesystem: str, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    TrafficLog(tmp_path, "passport_reader", SAID)
    mounted(tmp_path, filesystem, monkeypatch)
    assert main(["passport_reader", "--runtime", str(tmp_path)]) == 2
    said = capsys.readouterr().err
    assert f"is not in memory ({filesystem}); mount a tmpfs there, or let `places.runtime`" in said
    assert list((tmp_path / "traffic").iterdir()) == []


def test_a_host_on_a_disk_writes_nothing_even_where_somebody_wrote_the_switch(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    tap = TrafficLog(tmp_path, "passport_reader", SAID)
    mounted(tmp_path, "ext4", monkeypatch)
    (tmp_path / "traffic/passport_reader.on").write_text(json.dumps({"until": time.monotonic() + 60}))
    for _ in range(3):
        tap(SENT, b"a")
    assert list((tmp_path / "traffic").iterdir()) == []
    assert [record.levelname for record in caplog.records] == ["ERROR"]
    assert "no traffic log is written" in caplog.text


def test_a_folder_whose_file_system_is_not_known_counts_as_a_disk(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    rows = tmp_path / "mountinfo"
    rows.write_text("1 0 0:1 / /proc rw - proc proc rw\n")
    monkeypatch.setattr(traffic, "MOUNTS", rows)
    (tmp_path / "traffic").mkdir()
    with pytest.raises(OnADisk, match="its file system is not known"):
        switch_on(tmp_path, "passport_reader", 60)


def test_a_runtime_folder_in_memory_is_known_by_the_kernels_word(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    mounted(tmp_path, "ramfs", monkeypatch)
    assert filesystem_of(tmp_path) == "ramfs"
