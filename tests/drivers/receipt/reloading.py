"""The paper ends at a byte of a slip and is reloaded: python -m tests.drivers.receipt.reloading --every 1

The real driver, the emulator's firmware behind a wire without time, and a person who puts paper in once the printer has said that it is out.
At every place exactly one whole receipt must come out, no fragment, no copy, and the printer's own word for it.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import cache, partial
from pathlib import Path

import numpy as np
from PIL import Image

from drivers.contract import PrintSlip, Slip, SlipPrinted
from drivers.driver import Outlet, Until
from drivers.receipt import job
from drivers.receipt.blocks import whole_picture
from drivers.receipt.keeping import Album
from drivers.receipt.printer import ReceiptPrinter
from drivers.receipt.profiles import PROFILES
from drivers.receipt.slip import parts
from drivers.ring import FrameRing
from drivers.simulated.receipt_firmware import Condition, PrinterFirmware
from drivers.simulated.receipt_graphics import Dots
from drivers.simulated.receipt_roll import Roll
from firmware_bridge.wire import WireSilent
from tests.drivers.receipt.slips import TUNDUMA

DEADLINE_S = 30.0
SAID_EVERY = 500
"""A long run says so often how far it has come."""
QUESTIONS = 12
"""Bytes of the four questions that go before each slip."""
SLOW = {"paper": "epson-tm-t20iii", "slow_line": True}
PAPERS = {"drawn, GS r": {"paper": "58mm"}, "letters and kept pictures, process id": SLOW}


class Desk:
    """The firmware at the end of a wire on which nothing takes time. `reload` tells how often paper was put in."""

    def __init__(self, firmware: PrinterFirmware) -> None:
        self.firmware, self.reloads = firmware, 0
        self._said: list[bytes] = []

    def connect(self) -> "Desk":
        return self

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        taken = 0
        while taken < len(data):
            room = min(self.firmware.room, len(data) - taken)
            if not room:
                raise WireSilent("full", taken)
            self._said += self.firmware.received(data[taken : taken + room])
            taken += room

    def receive(self, timeout_s: float) -> bytes:
        if not self._said and self.firmware.state == "out":
            # the printer has told all it had to tell: somebody comes with paper
            self.reloads += 1
            self._said += self.firmware.follow(Condition("ok"))
        said, self._said = b"".join(self._said), []
        return said

    def close(self) -> None:
        pass


@dataclass(frozen=True)
class Case:
    """A kind of printer, the slip, and what must come out. `memory`: the pictures that the printer has been given before."""

    settings: dict[str, object]
    slip: Slip
    wanted: Image.Image
    memory: dict[bytes, Dots]
    outlet: Outlet

    def desk(self) -> tuple[Desk, ReceiptPrinter]:
        """A printer that has its pictures, and a driver that has opened it and left no command half sent."""
        sizes = PROFILES[str(self.settings["paper"])].sizes
        desk = Desk(PrinterFirmware(Roll(width=sizes.width, dpi=sizes.dpi)))
        desk.firmware.memory.update(self.memory)
        driver = ReceiptPrinter({"port": "/dev/null", **self.settings})
        driver._plug = desk
        driver.open(self.outlet)
        driver._broken_off = False
        return desk, driver

    def length(self) -> int:
        """How many bytes the printer reads for one slip, with the questions before it."""
        desk, driver = self.desk()
        desk.firmware.follow(Condition("near_end", 1 << 30))
        driver.carry_out(PrintSlip(self.slip), Until(DEADLINE_S))
        return desk.firmware._since

    def try_at(self, after: int) -> None:
        """Paper out after so many bytes. Raises AssertionError with the place where it is not one whole receipt."""
        desk, driver = self.desk()
        desk.firmware.follow(Condition("out", after))
        answer = driver.carry_out(PrintSlip(self.slip), Until(DEADLINE_S))
        receipts = desk.firmware.roll.cut_off
        assert answer == SlipPrinted(confirmed=True), after
        assert len(receipts) == 1 and np.array_equal(np.asarray(receipts[0]), np.asarray(self.wanted)), after
        assert desk.firmware.roll.rows == 0, after


def case_for(settings: dict[str, object], folder: Path) -> Case:
    slip = replace(TUNDUMA, qr=TUNDUMA.qr[:40])
    profile = replace(PROFILES[str(settings["paper"])], slow=bool(settings.get("slow_line")))
    wanted = whole_picture(parts(slip, Album(profile)), profile)
    case = Case(settings, slip, wanted, {}, Outlet(lambda _: None, FrameRing.create(folder / "ring", 16)))
    desk, _ = case.desk()
    case.memory.update(desk.firmware.memory)
    return case


def run(settings: dict[str, object], every: int, first: int = QUESTIONS + 1, went: Callable[[int], None] = lambda _: None) -> int:
    """Each `every`th byte of a real slip; how many places were tried. `went` hears of each."""
    with tempfile.TemporaryDirectory() as place:
        case = case_for(settings, Path(place))
        tried = range(first, case.length() + 1, every)
        for after in tried:
            case.try_at(after)
            went(after)
    return len(tried)


def _went(name: str, after: int) -> None:
    if after % SAID_EVERY == 0:
        print(f"{name}: sound up to byte {after}", flush=True)


def main() -> None:
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--every", type=int, default=50)
    asked.add_argument("--first", type=int, default=QUESTIONS + 1, help="the byte to begin at: to go on where a run was cut off")
    asked.add_argument("--paper", choices=list(PAPERS), action="append", help="one of the kinds; all, if none is named")
    chosen = asked.parse_args()
    # the same slip again and again: drawn once
    job.parts = cache(parts)
    for name in chosen.paper or PAPERS:
        began = time.monotonic()
        tried = run(PAPERS[name], chosen.every, chosen.first, partial(_went, name))
        print(f"{name}: paper out at {tried} places, one receipt each, {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main()
