"""One process, one device: what the lane can rely on whatever the driver does."""

import contextlib
import os
import select
import signal
import subprocess
import sys
from pathlib import Path

import pytest

from drivers import contract
from drivers.catalogue import GROUP, DriverUnknown, make
from drivers.contract import (
    PROTOCOL,
    Answered,
    DeviceGone,
    DeviceReady,
    DocumentRead,
    Done,
    Heartbeat,
    Hello,
    Kind,
    ReadDocument,
    Rest,
)
from drivers.simulated.scene import Scene
from tests.drivers.broken_driver import FREED, SECRET
from tests.drivers.running_host import RunningHost, is_alive

READER = "passport_reader"
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "scene")


def reader(tmp_path: Path) -> RunningHost:
    return RunningHost("simulated-passport-reader", {"scene": str(tmp_path / "scene")}, tmp_path)


def test_a_host_says_hello_first_then_that_its_device_is_ready(tmp_path: Path) -> None:
    with reader(tmp_path) as host:
        hello = host.hear()
        assert isinstance(hello, Hello)
        assert (hello.protocol, hello.kind, hello.driver) == (PROTOCOL, Kind.PASSPORT_READER, "simulated-passport-reader")
        assert "ReadDocument" in hello.capabilities
        assert host.wait_for(DeviceReady).identity == "ID BOX One, firmware 1.20 simulated"


def test_a_quiet_host_is_told_from_a_stuck_one_by_its_heartbeat(tmp_path: Path) -> None:
    with reader(tmp_path) as host:
        host.wait_for(Heartbeat)
        host.wait_for(Heartbeat)


def test_orders_are_answered_with_their_tickets(tmp_path: Path, scene: Scene) -> None:
    scene.put(READER, lines=ZONE)
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
        document = host.answer(host.order(ReadDocument()), DocumentRead)
        assert document.lines == ZONE
        assert document.confirmed
        assert host.answer(host.order(contract.TestYourself()), contract.TestDone).passed


def test_rest_ends_what_is_waited_for_and_it_is_not_answered(tmp_path: Path) -> None:
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
        given_up = host.order(ReadDocument(), 600)
        dropped = host.order(ReadDocument(), 600)
        rest = host.order(Rest())
        test = host.order(contract.TestYourself())
        answered = [host.wait_for(Answered) for _ in range(2)]
        assert [(word.ticket, type(word.answer)) for word in answered] == [(rest, Done), (test, contract.TestDone)]
        assert given_up not in [word.ticket for word in answered]
        assert dropped not in [word.ticket for word in answered]


def test_an_order_is_answered_before_its_deadline_when_nothing_comes(tmp_path: Path) -> None:
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
        ticket = host.order(ReadDocument(), 1.0)
        assert host.wait_for(Answered).ticket == ticket


@pytest.mark.parametrize("line", [b"hello\n", b'{"is":"Ordered"}\n', b"x" * 70000])
def test_a_lane_that_speaks_nonsense_is_hung_up_on(tmp_path: Path, line: bytes) -> None:
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
        with contextlib.suppress(OSError):
            host.send(line)
        host.until_dead()
        assert "BadLine" in host.log.read_text()


def test_a_host_ends_when_its_lane_hangs_up(tmp_path: Path) -> None:
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
    assert host.process.returncode == 0


def test_a_host_dies_with_a_lane_that_is_killed(tmp_path: Path) -> None:
    # a lane that starts a host, passes the line on to nobody else, and waits to be killed
    lane = (
        "import socket, subprocess, sys\n"
        "ours, theirs = socket.socketpair()\n"
        "keep = ours.dup()\n"
        "host = subprocess.Popen([sys.executable, '-m', 'drivers.host', '--driver', 'simulated-passport-reader', '--fd', str(theirs.fileno()),\n"
        f" '--runtime', {str(tmp_path)!r}, '--settings', '{{\"scene\": \"nowhere\"}}'], pass_fds=(theirs.fileno(), keep.fileno()))\n"
        "ours.recv(100)\n"
        "print(host.pid, flush=True)\n"
        "sys.stdin.read()\n"
    )
    process = subprocess.Popen([sys.executable, "-c", lane], stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
    with process:
        assert process.stdout is not None
        host = int(process.stdout.readline())
        waiter = os.pidfd_open(host)
        process.send_signal(signal.SIGKILL)
    with os.fdopen(waiter, "rb", closefd=True) as ended:
        assert select.select([ended], [], [], 20)[0], "the host outlived its lane"


def test_what_a_library_prints_goes_to_the_log_and_not_to_the_lane(tmp_path: Path, scene: Scene) -> None:
    scene.put(READER, lines=ZONE, fault="print")
    with reader(tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(ReadDocument()), DocumentRead).lines == ZONE
        assert "hello from a library that prints" in host.log.read_text()


def test_a_device_that_is_not_there_is_said_to_be_gone_once_and_the_host_lives(tmp_path: Path) -> None:
    with RunningHost("elyctis", {"port": "/dev/mpaka/nothing"}, tmp_path) as host:
        assert "No such file" in host.wait_for(DeviceGone).reason
        heartbeats = [host.wait_for(Heartbeat) for _ in range(3)]
        assert heartbeats
        assert not [word for word in host.heard if isinstance(word, DeviceGone)]
        assert is_alive(host.process.pid)


def test_a_name_that_is_no_driver_is_answered_with_the_names_that_are(tmp_path: Path) -> None:
    with RunningHost("elyctic", {}, tmp_path) as host:
        host.until_dead()
        text = host.log.read_text()
        assert "there is no driver 'elyctic'" in text
        assert "document-camera" in text
        assert host.process.returncode == 1


def test_a_driver_says_which_setting_it_lacks() -> None:
    with pytest.raises(DriverUnknown, match=r"elyctis.*port"):
        make("elyctis", {})


def vendor(tmp_path: Path, defect: str) -> RunningHost:
    """A host with a vendor's driver, installed as a package of its own."""
    installed = tmp_path / "packages" / "broken-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: broken\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\nbroken = tests.drivers.broken_driver:BrokenDriver\n")
    return RunningHost("broken", {"defect": defect}, tmp_path, tmp_path / "packages")


def test_a_driver_that_fails_in_an_unforeseen_way_ends_its_host_and_the_log_says_where_but_nothing_of_a_person(tmp_path: Path) -> None:
    with vendor(tmp_path, "fails") as host:
        host.wait_for(DeviceReady)
        host.order(Rest())
        host.until_dead()
        log = host.log.read_text()
        assert "ValueError at broken_driver.py" in log
        assert SECRET not in log


def test_a_library_that_aborts_takes_only_its_host_along(tmp_path: Path) -> None:
    with vendor(tmp_path, "aborts") as host:
        host.wait_for(DeviceReady)
        host.order(Rest())
        host.until_dead()
        assert host.process.returncode == -signal.SIGABRT


@pytest.mark.parametrize("waiting", [False, True])
def test_a_lane_that_hangs_up_has_the_device_freed_whatever_it_waits_for(tmp_path: Path, waiting: bool) -> None:
    with vendor(tmp_path, "waits") as host:
        host.wait_for(DeviceReady)
        if waiting:
            host.order(Rest(), 600.0)
    assert host.process.returncode == 0
    assert host.log.read_text().count(FREED) == 1


def test_a_device_that_is_away_does_not_hold_up_the_end(tmp_path: Path) -> None:
    with RunningHost("elyctis", {"port": "/dev/mpaka/nothing"}, tmp_path) as host:
        host.wait_for(DeviceGone)
    assert host.process.returncode == 0


def test_a_device_that_hangs_while_it_is_opened_does_not_stop_the_heart(tmp_path: Path) -> None:
    with vendor(tmp_path, "hangs while opening") as host:
        assert isinstance(host.hear(), Hello)
        assert isinstance(host.hear(), Heartbeat)
        assert isinstance(host.hear(), Heartbeat)
