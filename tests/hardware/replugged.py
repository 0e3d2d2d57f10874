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
from firmware_bridge.plug_events import PlugEvent, PlugEvents, listen
from firmware_bridge.usb_ports import Wanted, find
from firmware_bridge.wire import WireLost
from kiosk.clock import BUILD
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.gadgets import SerialGadget

READER = "2b78:0005"
GIVE_UP_S = 60.0
SEEN = Seen(laid=1, lines=specimen("adult", BUILD.date()).lines)
"""A document that lies there all the time; an ID BOX reads it once."""


class Reader:
    """The device's side: an ID BOX at the gadget's own end."""

    def __init__(self, gadget: SerialGadget) -> None:
        self._gadget, self._ending = gadget, threading.Event()
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
            for answer in [*box.tick(SEEN), *(box.received(data, SEEN) if data else [])]:
                os.write(fd, answer)


class Ear:
    """The kernel's own words, with their times."""

    def __init__(self) -> None:
        self.events: list[PlugEvent] = []
        self._plugs = PlugEvents(listen())
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while True:
            self.events += self._plugs.wait(GIVE_UP_S)

    def at(self, action: str, after: float) -> float:
        """When the kernel said so of the terminal."""
        due = time.monotonic() + GIVE_UP_S
        while time.monotonic() < due:
            for event in list(self.events):
                if event.action == action and event.subsystem == "tty" and event.at >= after:
                    return event.at
            time.sleep(0.01)
        raise TimeoutError(f"no {action}")


def heard(told: "queue.Queue[tuple[float, Told]]", suits: Callable[[object], bool]) -> tuple[float, object]:
    """The next word that suits and when it came."""
    while True:
        at, one = told.get(timeout=GIVE_UP_S)
        if suits(one.word):
            return at, one.word


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
    ear, told = Ear(), queue.Queue[tuple[float, Told]]()
    reader = Reader(gadget)
    measured = []
    with tempfile.TemporaryDirectory() as runtime:
        device = Device(Kind.PASSPORT_READER, "elyctis", {"usb": READER}, Path(runtime), lambda one: told.put((time.monotonic(), one)))
        device.start()
        heard(told, lambda word: isinstance(word, Back))
        for cycle in range(cycles):
            before = node()
            # somebody still holds the old node: the kernel must give another name
            kept = os.open(f"/dev/{before}", os.O_RDWR | os.O_NOCTTY | os.O_NONBLOCK)
            began = time.monotonic()
            gadget.pull()
            lost_at, _ = heard(told, lambda word: isinstance(word, Lost))
            removed = ear.at("remove", began)
            plugged = time.monotonic()
            gadget.plug()
            back_at, _ = heard(told, lambda word: isinstance(word, Back))
            added = ear.at("add", plugged)
            os.close(kept)
            device.order(cycle, ReadDocument(), 30.0)
            _, answered = heard(told, lambda word: isinstance(word, Answered))
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
