"""Readers that libfprint knows and we do not: whatever of them gives an image, through libfprint where the machine has it.

libfprint is LGPL and never part of this product; it is used through GObject introspection, in a program of its own (libfprint_program.py) that the system's
Python runs. So a kiosk needs three Debian packages and nothing is built: the system's `gi` fits the system's Python alone, and what a driver of libfprint
does when it hangs or crashes it does to that program, which is ended and started anew. A PyGObject in our own environment can be used all the same, by `python`.

What libfprint does not say: the resolution (no driver that we tried says one), so the settings must, by the maker's data sheet. It hands a picture out once
it has found ridges in it and the finger is lifted; a touch without is asked for again. There are no live pictures before that.

Proven by libfprint's own virtual device and by three recordings. UNPROVEN ON HARDWARE.
"""

from pathlib import Path
from typing import Any

import numpy as np

from drivers.contract import (
    Answer,
    CaptureFinger,
    Done,
    Finger,
    FingerCaptured,
    Hint,
    Kind,
    NotCaptured,
    Order,
    Picture,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.pictures import SMALLEST
from drivers.fingerprint.placement import Image, rough
from drivers.fingerprint.scanner import Taking, in_our_words
from drivers.lines import Word
from drivers.options import Options
from drivers.vendor_program import VendorProgram
from firmware_bridge.usb_ports import Wanted, find

PYTHON = "/usr/bin/python3"
ROOT = Path(__file__).parents[2]
# ours come last: the system's own packages are the ones that fit its Python
START = "import sys; sys.path.append(sys.argv.pop(1)); from drivers.fingerprint.libfprint_program import main; main()"
LEAST_PPI, PPIS, PPI_OFF = 490, range(100, 2001), 0.02
EXPECTED = "the resolution by the maker's data sheet, such as 500, since libfprint does not know it"
CLOSE_S = 1.0


class LibfprintScanner:
    """One reader. Settings: `usb` and `port` (firmware_bridge/reach.py), one of them at least; `ppi` of its pictures; `python` that has libfprint.

    What makes a poorer record is accepted only by name: `low_resolution`, `swipe`, `enlarged`. `runtime`: where the program's folder is made (the host gives it).
    """

    kind = Kind.FINGERPRINT_SCANNER
    name = "libfprint"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._wanted = Wanted(options.text("usb", "", r".*"), options.text("port", "", r".*"))
        self._taking = Taking(options.whole("ppi", PPIS, expected=EXPECTED))
        self._low_accepted = options.yes("low_resolution")
        self._accepted = [name for name in ("swipe", "enlarged") if options.yes(name)]
        self._python, self._runtime = options.text("python", PYTHON), str(settings["runtime"])
        options.none_left()
        self._program: VendorProgram | None = None
        self._node: Path | None = None

    def open(self, outlet: Outlet) -> str:
        """Find the reader and start the program that has it for us alone. Raises DeviceAbsent."""
        ppi, self._taking.outlet = self._taking.ppi, outlet
        if ppi < LEAST_PPI and not self._low_accepted:
            raise DeviceAbsent(f"{ppi} ppi are less than a record asks for; low_resolution = true in its settings accepts them")
        accepted = [f"--accept={name}" for name in self._accepted]
        with in_our_words():
            command = [self._python, "-I", "-c", START, str(ROOT), *self._which(), *accepted]
        self._program = VendorProgram(self.kind, {"program": command, "runtime": self._runtime}, "libfprint_program")
        return f"{self._program.start()}, {ppi} ppi by its settings"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Take a finger, test, or rest. Raises DeviceAbsent."""
        match order:
            case CaptureFinger(finger=finger):
                return self._capture(finger, until)
            case TestYourself():
                return self._test(until)
            case _:
                self._taking.begin()
                self._running().ask(order, until, _unheard)
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug, by its device file too, so that it does not hang on libfprint's word alone. Raises DeviceAbsent."""
        if self._node is not None and not self._node.exists():
            raise DeviceAbsent(f"{self._wanted} was unplugged")
        self._running().listen(_unheard)

    def close(self) -> None:
        """End the program, which switches the reader off where it can."""
        if self._program is not None:
            self._program.end(CLOSE_S)
            self._program = None

    def _which(self) -> list[str]:
        """The reader, for the program. Raises WireLost where it is not plugged in."""
        self._node = find(self._wanted, "usb")
        return ["--node", str(self._node)]

    def _capture(self, finger: Finger, until: Until) -> Answer:
        self._taking.begin()
        while not until.over:
            match self._running().ask(CaptureFinger(finger), until, _unheard):
                case FingerCaptured(picture=picture, ppi=told):
                    self._doubt(told)
                    image = self._image(picture)
                    if image is None:
                        return NotCaptured(Unread.POOR_PICTURE)
                    if self._taking.seen(image) is Hint.OK:
                        return self._taking.taken(finger)
                case NotCaptured() as answer:
                    return answer
                case _:
                    raise DeviceAbsent("the program answers what was not asked")
        return NotCaptured(Unread.TIMED_OUT)

    def _doubt(self, told: int) -> None:
        """libfprint says 0 where it knows no resolution."""
        if told and abs(told - self._taking.ppi) > PPI_OFF * self._taking.ppi:
            raise DeviceAbsent(f"libfprint says {told} ppi and the settings {self._taking.ppi}: one of them is wrong")

    def _image(self, picture: Picture) -> Image | None:
        """(height, width), dark ridges on white; None where it is not whole, too small for a record, or noise: libfprint looks for no garbled transfer."""
        data = self._running().take(picture)
        if data is None or len(data) != picture.width * picture.height or min(picture.width, picture.height) < SMALLEST:
            return None
        image = np.frombuffer(data, np.uint8).reshape(picture.height, picture.width)
        return None if rough(image) else image

    def _test(self, until: Until) -> Answer:
        answer = self._running().ask(TestYourself(), until, _unheard)
        if not isinstance(answer, TestDone):
            return answer
        gate = "NFIQ 2 is installed" if self._taking.quality.installed else "NFIQ 2 is not installed: pictures have no score"
        return TestDone(answer.passed, (*answer.findings, f"{self._taking.ppi} ppi by its settings, 8 bits", gate))

    def _running(self) -> VendorProgram:
        if self._program is None:
            raise DeviceAbsent("the reader is not open")
        return self._program


def _unheard(_: Word) -> None:
    """Beats of the heart and late answers say nothing to us."""
