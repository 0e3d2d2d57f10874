"""A device that is unplugged and comes back under another name: noticed and found again at the bell, in a host that runs here with a sysfs of ours."""

import os
import select
import socket
import threading
import time
import tty
from collections.abc import Iterator
from pathlib import Path

import pytest

from drivers.contract import DeviceGone, DeviceReady, Hello
from drivers.driver import DeviceAbsent
from drivers.host import Host
from drivers.lines import LineReader, Word, word_from_line
from drivers.passport.elyctis import ElyctisReader
from drivers.ring import FrameRing
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.scene import Seen
from firmware_bridge.plug_events import PlugEvents
from firmware_bridge.reach import Reach
from firmware_bridge.usb_ports import Wanted
from tests.firmware_bridge.sysfs import Sysfs

READER, PORT = "2b78:0005", "1-1.2"
GIVE_UP_S = 20.0
# far below the pauses of a host that looks by time alone (0.8 s and more after three tries)
LOSS_S, BACK_S = 0.2, 2.0


class Found(ElyctisReader):
    """The driver as it is, with its sysfs elsewhere."""

    def __init__(self, usb: Sysfs) -> None:
        super().__init__({"usb": READER})
        self._reach = Reach(wanted=Wanted(READER), sys=usb.sys, dev=usb.dev)


class Box:
    """An ID BOX on a pty, plugged into our sysfs; the kernel's words go to the host."""

    def __init__(self, usb: Sysfs, kernel: socket.socket) -> None:
        self._usb, self._kernel = usb, kernel
        self.node = ""

    def plug(self, node: str) -> None:
        self.node = node
        self._master, self._slave = os.openpty()
        tty.setraw(self._slave)
        self._ending = threading.Event()
        self._answering = threading.Thread(target=self._answer, daemon=True)
        self._answering.start()
        self._usb.plug(PORT, READER, "tty", node, leads_to=os.ttyname(self._slave))
        self._says("add")

    def pull(self) -> None:
        self._usb.pull("tty", self.node)
        (self._usb.sys / "devices").rename(self._usb.sys / f"gone-{self.node}")
        self._ending.set()
        self._answering.join()
        os.close(self._slave)
        os.close(self._master)
        self._says("remove")

    def _says(self, action: str) -> None:
        self._kernel.send(
            f"{action}@/devices/{PORT}\0ACTION={action}\0DEVPATH=/devices/{PORT}\0SUBSYSTEM=tty\0DEVNAME={self.node}\0".encode()
        )

    def _answer(self) -> None:
        box = IdBox()
        while not self._ending.is_set():
            if select.select([self._master], [], [], 0.02)[0]:
                for answer in box.received(os.read(self._master, 4096), Seen()):
                    os.write(self._master, answer)


class Lane:
    """The lane's end of the host's line."""

    def __init__(self, line: socket.socket) -> None:
        self._line, self._reader, self._heard = line, LineReader(), list[Word]()
        line.settimeout(GIVE_UP_S)

    def hears(self, kind: type[Word]) -> Word:
        while True:
            while self._heard:
                word = self._heard.pop(0)
                if isinstance(word, kind):
                    return word
            self._heard = [word_from_line(line) for line in self._reader.feed(self._line.recv(65536))]


@pytest.fixture
def stage(tmp_path: Path) -> Iterator[tuple[Lane, Box]]:
    usb = Sysfs(tmp_path)
    ours, theirs = socket.socketpair()
    kernel, ear = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    host = Host(Found(usb), theirs, FrameRing.create(tmp_path / "ring", 16), tmp_path / "ring", PlugEvents(ear))
    running = threading.Thread(target=host.run, daemon=True)
    running.start()
    lane = Lane(ours)
    lane.hears(Hello)
    yield lane, Box(usb, kernel)
    ours.close()
    running.join(GIVE_UP_S)
    kernel.close()


def test_a_reader_that_comes_back_under_another_name_is_lost_and_found_within_the_limits(stage: tuple[Lane, Box]) -> None:
    lane, box = stage
    gone = lane.hears(DeviceGone)
    assert isinstance(gone, DeviceGone) and "2b78:0005 is not plugged in" in gone.reason
    box.plug("ttyACM0")
    lane.hears(DeviceReady)
    box.pull()
    pulled = time.monotonic()
    lane.hears(DeviceGone)
    lost = time.monotonic() - pulled
    box.plug("ttyACM1")
    plugged = time.monotonic()
    lane.hears(DeviceReady)
    back = time.monotonic() - plugged
    print(f"lost after {lost * 1000:.0f} ms, back after {back * 1000:.0f} ms")
    assert lost < LOSS_S
    assert back < BACK_S


def test_after_a_long_absence_the_bell_and_not_the_pause_decides(stage: tuple[Lane, Box]) -> None:
    lane, box = stage
    lane.hears(DeviceGone)
    # the pauses have grown to two seconds by then
    tick = threading.Event()
    tick.wait(3.2)
    box.plug("ttyACM3")
    plugged = time.monotonic()
    lane.hears(DeviceReady)
    assert time.monotonic() - plugged < 0.5


def test_a_reader_at_two_ports_is_not_guessed(tmp_path: Path) -> None:
    usb = Sysfs(tmp_path)
    usb.plug("1-1.2", READER, "tty", "ttyACM0")
    usb.plug("1-1.3", READER, "tty", "ttyACM1")
    reader = Found(usb)
    with pytest.raises(DeviceAbsent, match=r"there are 2, at the ports 1-1\.2, 1-1\.3; add port to the settings"):
        reader.open(None)  # type: ignore[arg-type]
