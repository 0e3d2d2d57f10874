"""How long a passport reader's driver takes from the device's last byte to its answer: `python -m tests.benches.readers --scans 200`

The device writes everything at once into a pty, so what is measured is the driver and the kernel's pty: not the reader's own work, and not the time on
the wire (at 9600 Bd a zone of 95 bytes alone takes 99 ms; a wedge types for 0.2 to 0.5 s). Where a second look belongs to the answer it is in it.
"""

import argparse
import os
import sys
import tempfile
import threading
import time
import tty
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import date
from pathlib import Path

from drivers.contract import DocumentRead, ReadDocument
from drivers.driver import Driver, Until
from drivers.formats.specimens import specimen
from drivers.passport.elyctis import ElyctisReader
from drivers.passport.framed import FramedReader
from drivers.passport.honeywell import HoneywellImager
from drivers.passport.layout_proof import Proof, Proofs
from drivers.passport.wedge import KeyboardWedge
from drivers.simulated.framing_readers import MARKS, FramingReader
from drivers.simulated.imager import Imager
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.pty_device import Firmware
from drivers.simulated.scene import Seen
from drivers.simulated.wedge import typed
from firmware_bridge.hid_wire import HidWire
from firmware_bridge.key_events import event_bytes
from firmware_bridge.marked_frames import Marks
from firmware_bridge.wire import Wire
from tests.benches.figures import machine, spread, table
from tests.drivers.passport.readers import NOBODY

ZONES = [specimen(key, date(2026, 11, 24)).lines for key in ("adult", "mother")]
"""In turn: the same document twice would be one left lying."""
LAY_AFTER_S = 0.02


@contextmanager
def pty() -> Iterator[tuple[int, str]]:
    """The device's end, and the path of the host's."""
    master, slave = os.openpty()
    tty.setraw(slave)
    yield master, os.ttyname(slave)
    os.close(slave)
    os.close(master)


class Answering(threading.Thread):
    """A device that answers at once, and sees what was laid down as soon as it is."""

    def __init__(self, master: int, firmware: Firmware) -> None:
        super().__init__(daemon=True)
        self._master, self._firmware, self._lock = master, firmware, threading.Lock()
        self._seen = Seen()

    def lay(self, number: int) -> float:
        """Lay the document down, anew; returns when."""
        with self._lock:
            self._seen = Seen(number, ZONES[number % 2])
            began = time.monotonic()
            for answer in self._firmware.tick(self._seen):
                os.write(self._master, answer)
        return began

    def take(self) -> None:
        """Take it away."""
        with self._lock:
            self._seen = Seen()

    def run(self) -> None:
        while True:
            try:
                data = os.read(self._master, 4096)
            except OSError:
                return
            with self._lock:
                for answer in [*self._firmware.received(data, self._seen), *self._firmware.tick(self._seen)]:
                    os.write(self._master, answer)


def measure(driver: Driver, lay: Callable[[int], float], take: Callable[[], None], scans: int) -> list[float]:
    """Seconds from laying down to each answer."""
    driver.open(NOBODY)
    took = []
    for number in range(1, scans + 1):
        laid: list[float] = []
        timer = threading.Timer(LAY_AFTER_S, lambda: laid.append(lay(number)))  # noqa: B023 - joined within the turn
        timer.start()
        answer = driver.carry_out(ReadDocument(), Until(5.0))
        ended = time.monotonic()
        timer.join()
        if not isinstance(answer, DocumentRead):
            raise LookupError("the bench's own document was not read")
        took.append(ended - laid[0])
        take()
    driver.close()
    return took


def serial(driver: Callable[[str], Driver], firmware: Firmware, scans: int) -> str:
    """A reader on a serial line."""
    with pty() as (master, path):
        device = Answering(master, firmware)
        device.start()
        return spread(measure(driver(path), device.lay, device.take, scans), digits=2)


def wedge(scans: int, folder: Path) -> str:
    """A reader that types."""
    Proofs(folder).keep("0c2e:0b61", Proof("us", date.today()))

    with pty() as (master, path):

        class OnPty(KeyboardWedge):
            def _plug(self) -> Wire:
                fd = os.open(path, os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
                return HidWire(fd, "pty", lambda: os.close(fd))

        def lay(number: int) -> float:
            events = [event_bytes(event) for event in typed(ZONES[number % 2], "us", time.monotonic())]
            for at in range(0, len(events) - 1, 32):
                os.write(master, b"".join(events[at : min(at + 32, len(events) - 1)]))
            began = time.monotonic()
            os.write(master, events[-1])
            return began

        driver = OnPty({"usb": "0c2e:0b61", "proofs": str(folder)})
        return spread(measure(driver, lay, lambda: None, scans), digits=2)


def framed(path: str) -> Driver:
    return FramedReader({**MARKS, "port": path})


def main(arguments: list[str] | None = None) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--scans", type=int, default=200)
    chosen = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place:
        from_frame = Marks(b"\x02", b"\x03", "crc16-ccitt-false", "content-end")
        rows = {
            "framed, CRC-16: one frame": serial(framed, FramingReader(from_frame), chosen.scans),
            "Elyctis: unasked zone and a second look": serial(lambda path: ElyctisReader({"port": path}), IdBox(), chosen.scans),
            "Honeywell: two triggers": serial(lambda path: HoneywellImager({"port": path}), Imager(), min(chosen.scans, 20)),
            "wedge: last key of 90": wedge(chosen.scans, Path(place)),
        }
    table("from a reader's last byte to the driver's answer", rows)
    return 0


if __name__ == "__main__":
    sys.exit(main())
