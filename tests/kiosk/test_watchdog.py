"""The watchdog is fed by movement, not by a clock."""

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.watchdog import Watchdog


@pytest.fixture
def systemd(tmp_path: Path) -> Iterator[socket.socket]:
    with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
        line.bind(str(tmp_path / "notify"))
        line.settimeout(5)
        yield line


def environment(tmp_path: Path) -> dict[str, str]:
    return {"NOTIFY_SOCKET": str(tmp_path / "notify"), "WATCHDOG_USEC": "30000"}


def test_systemd_hears_ready_and_stopping(tmp_path: Path, systemd: socket.socket) -> None:
    watchdog = Watchdog(("screen",), environment(tmp_path))
    watchdog.ready()
    watchdog.close()
    assert [systemd.recv(99) for _ in range(2)] == [b"READY=1", b"STOPPING=1"]


def test_it_is_fed_when_the_screen_and_the_journal_have_both_moved(tmp_path: Path, systemd: socket.socket) -> None:
    watchdog = Watchdog(("screen", "journal"), environment(tmp_path))
    watchdog.ready()
    assert systemd.recv(99) == b"READY=1"
    watchdog.moved("screen")
    watchdog.moved("journal")
    assert systemd.recv(99) == b"WATCHDOG=1"
    watchdog.close()


def test_a_stuck_journal_stops_the_feeding_however_much_the_screen_moves(tmp_path: Path, systemd: socket.socket) -> None:
    watchdog = Watchdog(("screen", "journal"), environment(tmp_path))
    watchdog.ready()
    assert systemd.recv(99) == b"READY=1"
    systemd.settimeout(0.1)
    with pytest.raises(TimeoutError):
        while True:
            watchdog.moved("screen")
            systemd.recv(99)
    watchdog.close()
    assert systemd.recv(99) == b"STOPPING=1"


def test_without_systemd_nothing_is_sent_and_nothing_fails() -> None:
    watchdog = Watchdog(("screen",), {})
    watchdog.ready()
    watchdog.moved("screen")
    watchdog.close()
