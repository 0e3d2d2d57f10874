"""In the guest: a serial reader is unplugged and plugged in again, behind a lane's own device process. Prints what it measured as one JSON line.

python -m tests.hardware.replugged CYCLES
"""

import json
import os
import queue
import select
import sys
import tempfile
import threading
import time
from collections.abc import Callable
from pathlib import Path

from drivers.contract import Answered, DocumentRead, Kind, ReadDocument
from drivers.formats.specimens import specimen
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.scene import Seen
from firmware_bridge.usb_ports import Wanted, find
from firmware_bridge.wire import WireLost
from kiosk.clock import BUILD
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.ear import Ear, heard
from tests.hardware.gadgets import SerialGadget

READER = "2b78:0005"
SEEN = Seen(laid=1, lines=specimen("adult", BUILD.date()).lines)
"""A document that lies there all the time; an ID BOX reads it once."""


class Reader:
    """The device's side: an ID BOX at the gadget's own end."""

    def __init__(self, gadget: SerialGadget, seen: Callable[[], Seen]) -> None:
        self._gadget, self._seen, self._ending = gadget, seen, threading.Event()
        self._thread = threading.Thread(target=self._live, daemon=True)
        self._thread.start()

    def close(self) -> None:
        self._ending.set()
        self._thread.join()

    def _live(self) -> None:
        while not self._ending.is_set():
            # its own power comes from the plug: it remembers nothing
            box, fd = IdBox(), self._gadget.own_end()
            try:
                self._serve(fd, box)
            except OSError:
                # unplugged: this descriptor is dead for good
                self._ending.wait(0.05)
            finally:
                os.close(fd)

    def _serve(self, fd: int, box: IdBox) -> None:
        while not self._ending.is_set():
            data = os.read(fd, 4096) if select.select([fd], [], [], 0.05)[0] else b""
            if not data and select.select([fd], [], [], 0.0)[0]:
                raise OSError("hung up")
            for answer in [*box.tick(self._seen()), *(box.received(data, self._seen()) if data else [])]:
                os.write(fd, answer)


def node() -> str:
    """What the reader's terminal is called just now."""
    try:
        return find(Wanted(READER), "tty").name
    except WireLost:
        return ""


def main() -> None:
    cycles = int(sys.argv[1])
    gadget = SerialGadget(READER)
    gadget.plug()
    ear, told = Ear("tty"), queue.Queue[tuple[float, Told]]()
    reader = Reader(gadget, lambda: SEEN)
    measured = []
    with tempfile.TemporaryDirectory() as runtime:
        device = Device(Kind.PASSPORT_READER, "elyctis", {"usb": READER}, Path(runtime), lambda one: told.put((time.monotonic(), one)))
        device.start()
        heard(told, Back)
        for cycle in range(cycles):
            before = node()
            # somebody still holds the old node: the kernel must give another name
            kept = os.open(f"/dev/{before}", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            began = time.monotonic()
            gadget.pull()
            lost_at, _ = heard(told, Lost)
            removed = ear.at("remove", began)
            plugged = time.monotonic()
            gadget.plug()
            back_at, _ = heard(told, Back)
            added = ear.at("add", plugged)
            os.close(kept)
            device.order(cycle, ReadDocument(), 30.0)
            _, answered = heard(told, Answered)
            assert isinstance(answered, Answered) and isinstance(answered.answer, DocumentRead), answered
            assert answered.answer.lines == SEEN.lines
            measured.append(
                {
                    "before": before,
                    "after": node(),
                    "lost_ms": round(1000 * (lost_at - began)),
                    "lost_after_event_ms": round(1000 * (lost_at - removed)),
                    "back_ms": round(1000 * (back_at - plugged)),
                    "back_after_event_ms": round(1000 * (back_at - added)),
                }
            )
        device.close()
    reader.close()
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
