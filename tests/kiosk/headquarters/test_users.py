"""Two users: the receiver cannot read the key nor what was opened; the opener reads the receiver's store and can change nothing in it."""

import os
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from kiosk.headquarters.database import StoreFailed, StoreUnusable, open_database
from kiosk.headquarters.sealed import SealedStore, grants
from tests.kiosk.headquarters.crossed import Border, member
from tests.postgres import Cluster

ROOT = Path(__file__).parents[3]
SETPRIV = shutil.which("setpriv")
# No accounts: the kernel asks for numbers only
RECEIVER, OPENER, GROUP, OWN = 61001, 61002, 61001, 61002

needs_root = pytest.mark.skipif(os.geteuid() != 0 or SETPRIV is None, reason="needs root and setpriv to act as two users")


@dataclass(frozen=True)
class House:
    """The folders of an installation, with the rights that units and install.md give them."""

    folder: Path
    border: Border

    @property
    def store(self) -> Path:
        return self.folder / "headquarters" / "headquarters.db"

    @property
    def key(self) -> Path:
        return self.folder / "opener" / "active.key"

    @property
    def into(self) -> Path:
        return self.folder / "opener" / "opened.db"

    def run(self, user: int, *arguments: str) -> subprocess.CompletedProcess[str]:
        """A program as this user; the opener is also in the receiver's group."""
        assert SETPRIV is not None
        groups = {RECEIVER: (GROUP, str(GROUP)), OPENER: (OWN, str(GROUP))}
        group, more = groups[user]
        command = [SETPRIV, f"--reuid={user}", f"--regid={group}", f"--groups={more}", "--no-new-privs", *arguments]
        there = {"PATH": os.environ["PATH"], "HOME": "/nonexistent", "PYTHONPATH": os.pathsep.join(path for path in sys.path if path)}
        return subprocess.run(command, cwd=self.folder, env=there, capture_output=True, text=True, timeout=120, check=False)

    def opens(self) -> subprocess.CompletedProcess[str]:
        """The opener's unit, by hand."""
        return self.run(
            OPENER,
            *(sys.executable, "-m", "kiosk", "headquarters", "open", "--store", str(self.store), "--key", str(self.key)),
            *(
                "--into",
                f"sqlite:///{self.into}",
                "--operator",
                "timer",
                "--reason",
                "crossings",
                "--openings",
                str(self.key.parent / "openings"),
            ),
        )


@pytest.fixture
def house() -> Iterator[House]:
    # not in pytest's own folder: every run of it closes that one to other users
    folder = Path(tempfile.mkdtemp(prefix="mpaka-users-"))
    folder.chmod(0o755)
    border = Border(folder, "")
    here = House(folder, border)
    border.registers(member())
    border.delivers()
    here.key.parent.mkdir(mode=0o700)
    shutil.copy(border.practice.founding.opening_key, here.key)
    for path, user, group, mode in (
        (here.store.parent, RECEIVER, GROUP, 0o750),
        *((file, RECEIVER, GROUP, 0o640) for file in here.store.parent.iterdir()),
        (here.key.parent, OPENER, OWN, 0o700),
        (here.key, OPENER, OWN, 0o600),
    ):
        os.chown(path, user, group)
        path.chmod(mode)
    yield here
    border.close()
    shutil.rmtree(folder)


def _readable(house: House) -> bool:
    """Whether the opener's number may read the program and its packages at all: a checkout in a closed folder is none of its business."""
    return house.run(OPENER, sys.executable, "-c", "import kiosk.programs.opening").returncode == 0


@needs_root
@pytest.mark.parametrize("running", [True, False], ids=["beside a running receiver", "with no receiver running"])
def test_the_opener_opens_as_another_user_and_changes_nothing(house: House, running: bool) -> None:
    if not _readable(house):
        pytest.skip("another user may not read this checkout")
    if not running:
        house.border.store.close()
    before = {file.name: file.read_bytes() for file in house.store.parent.iterdir() if not file.name.endswith("-shm")}
    said = house.opens()
    assert (said.stderr, said.returncode) == ("1 records and pictures opened, 0 could not be opened with this key\n", 0)
    assert {file.name: file.read_bytes() for file in house.store.parent.iterdir() if not file.name.endswith("-shm")} == before
    assert house.into.stat().st_uid == OPENER
    for doing in (f"open({str(house.store)!r}, 'r+b')", f"open({str(house.store.with_name('more'))!r}, 'wb')"):
        assert "PermissionError" in house.run(OPENER, sys.executable, "-c", doing).stderr


@needs_root
def test_the_receiver_reads_neither_the_key_nor_what_was_opened(house: House) -> None:
    if not _readable(house):
        pytest.skip("another user may not read this checkout")
    house.opens()
    assert house.into.exists()
    for file in (house.key, house.into, house.key.parent / "openings" / "openings.db"):
        assert "PermissionError" in house.run(RECEIVER, sys.executable, "-c", f"open({str(file)!r}, 'rb')").stderr
    assert house.run(RECEIVER, sys.executable, "-c", f"open({str(house.store)!r}, 'rb')").returncode == 0, "its own it reads"


@needs_root
def test_who_is_not_in_the_receivers_group_is_told_so(house: House) -> None:
    if not _readable(house):
        pytest.skip("another user may not read this checkout")
    os.chown(house.store.parent, RECEIVER, RECEIVER + 5)
    said = house.opens()
    assert said.returncode == 2
    assert "must be in the receiver's group" in said.stderr


def test_a_receiver_that_starts_while_its_file_is_read_alone_is_noticed(tmp_path: Path) -> None:
    border = Border(tmp_path, "")
    border.registers(member())
    border.delivers()
    border.store.close()
    folder = tmp_path / "headquarters"
    if os.geteuid() == 0:
        pytest.skip("root can write anywhere, so it is never shut out")
    folder.chmod(0o500)
    sealed = SealedStore(str(folder))
    folder.chmod(0o700)
    border.store = border.open_store()
    border.registers(member())
    border.delivers()
    with pytest.raises(StoreUnusable, match="run this again"):
        sealed.still()
    sealed.close()
    border.close()


def _as_role(url: str, role: str) -> str:
    return url.replace("mpaka@", f"{role}@")


def _database(cluster: Cluster, name: str) -> str:
    """A database of its own, as an installation has it, and not a schema as other tests do."""
    _run(cluster.url("postgres"), f"CREATE DATABASE {name}")
    return cluster.url(name)


def _role(cluster: Cluster, name: str) -> str:
    maintenance = open_database(cluster.url("postgres"))
    if not maintenance.execute("SELECT 1 FROM pg_roles WHERE rolname = ?", (name,)):
        maintenance.execute(f"CREATE ROLE {name} LOGIN")
    maintenance.close()
    return name


def _run(url: str, sql: str) -> list[tuple[Any, ...]]:
    database = open_database(url)
    try:
        return database.execute(sql)
    finally:
        database.close()


def test_in_postgresql_the_opener_may_read_the_receivers_tables_and_nothing_else(cluster: Cluster, tmp_path: Path) -> None:
    sealed, opener = _database(cluster, "mpaka_sealed"), _role(cluster, "mpaka_opener")
    border = Border(tmp_path, cluster.database(), sealed=sealed)
    border.registers(member(pictures=1), pictures=1)
    border.delivers()
    for statement in grants(opener).splitlines():
        _run(sealed, statement)
    border.store_url = _as_role(sealed, opener)
    assert border.fills().opened == 2
    for refused in (
        "DELETE FROM record",
        "UPDATE media SET content = ''",
        "INSERT INTO chain (station, chain, upto, head) VALUES ('a', 'b', 0, '')",
        "SELECT * FROM lane",
        "CREATE TABLE more (a TEXT)",
    ):
        with pytest.raises(StoreFailed, match="InsufficientPrivilege"):
            _run(border.store_url, refused)
    border.close()


def test_in_postgresql_the_receiver_has_no_way_into_what_was_opened(cluster: Cluster, tmp_path: Path) -> None:
    into, receiver = _database(cluster, "mpaka_opened"), _role(cluster, "mpaka_receiver")
    open_database(_as_role(into, receiver)).close()
    _run(into, "REVOKE CONNECT ON DATABASE mpaka_opened FROM PUBLIC")
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        open_database(_as_role(into, receiver))
