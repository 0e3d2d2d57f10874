"""U.are.U 4000, 4000B and 4500, and Microsoft's readers of the same family, over USB: 384 by 290 pixels, 8 bits grey, 512 ppi (the maker's data sheet).

A finger is told by an interrupt; then pictures come about eight a second and are shown with what they lack, until one passes the gate. A finger that was
taken must be lifted before the next is looked for. What the wire is like: uru4000_device.py and uru4000_image.py.

The 4500 is proven bit for bit by a recording; the others, faults and challenges by an emulator of ours only. UNPROVEN ON HARDWARE.
"""

import contextlib
import secrets
import time
from typing import Any

from drivers.contract import Answer, CaptureFinger, Finger, Hint, Kind, NotCaptured, Order, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.scanner import MOST_MISSES, Taking, carried_out, in_our_words
from drivers.fingerprint.uru4000_device import MODELS, Event, Mode, Uru4000
from drivers.fingerprint.uru4000_image import BadImage
from drivers.fingerprint.usb_reader import usb_place
from drivers.options import Options
from firmware_bridge.usb_wire import UsbWire
from firmware_bridge.wire import WireLost, WireSilent

PPI = 512
VENDOR_INTERFACE = 0xFF
POLL_S, ASK_AGAIN_S = 0.1, 5.0


class Uru4000Scanner:
    """One reader. Settings, none of them needed for a single reader: `usb` and `port` (firmware_bridge/reach.py), which tells two alike apart."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "uru4000"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._place = usb_place(options, tuple(MODELS), VENDOR_INTERFACE)
        options.none_left()
        self._taking = Taking(PPI)
        self._wire: UsbWire | None = None
        self._reader: Uru4000 | None = None
        self._identity = ""
        # a finger that was taken and is not known to be lifted, and when the reader was last told to watch it
        self._lying, self._asked = False, 0.0

    def open(self, outlet: Outlet) -> str:
        """Claim and wake it. Raises DeviceAbsent."""
        self._taking.outlet, self._lying = outlet, False
        with in_our_words():
            self._wire = self._plug()
            model = MODELS[self._wire.ids]
            self._reader = Uru4000(self._wire, model, self._seed)
            self._identity = f"{model.name}, {self._reader.wake()}"
        return self._identity

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Take a finger, test, or rest. Raises DeviceAbsent."""
        return carried_out(order, until, self)

    def idle(self) -> None:
        """Notice a pulled plug at once, and the lifting of a finger that was taken. Raises DeviceAbsent."""
        with in_our_words():
            if self._open_reader().hear(0.0) is Event.LIFTED and self._lying:
                self._lying = False
                self._open_reader().set_mode(Mode.OFF)

    def close(self) -> None:
        """Switch it off and free it, also when it is gone already."""
        if self._wire is not None:
            if self._reader is not None and self._reader.mode is not Mode.OFF:
                with contextlib.suppress(DeviceAbsent, WireLost):
                    self._reader.set_mode(Mode.OFF)
            self._wire.close()
        self._wire = self._reader = None

    def rest(self) -> None:
        """Switch it off, unless a finger that was taken still lies there. Raises WireLost, WireSilent."""
        self._taking.begin()
        # its lifting is watched, so that it is not taken for the next traveller's
        if not self._lying:
            self._open_reader().set_mode(Mode.OFF)

    def _plug(self) -> UsbWire:
        """The wire to the reader, opened. Raises WireLost."""
        return UsbWire(self._place)

    def _seed(self) -> int:
        """A random number for the scrambling."""
        return secrets.randbits(32)

    def capture(self, finger: Finger, until: Until) -> Answer:
        """Wait for a finger and take it. Raises WireLost, WireSilent."""
        if not self._lifted(until):
            return NotCaptured(Unread.TIMED_OUT)
        reader, misses = self._open_reader(), 0
        self._taking.begin()
        reader.set_mode(Mode.AWAIT_FINGER)
        while not until.over:
            if reader.hear(min(POLL_S, until.left_s)) is not Event.FINGER:
                continue
            try:
                if self._look(until):
                    self._await_lifting()
                    return self._taking.taken(finger)
            except (BadImage, WireSilent):
                misses += 1
            if misses >= MOST_MISSES:
                reader.set_mode(Mode.OFF)
                return NotCaptured(Unread.POOR_PICTURE)
            # a finger that still lies there is told at once
            reader.set_mode(Mode.AWAIT_FINGER)
        reader.set_mode(Mode.OFF)
        return NotCaptured(Unread.TIMED_OUT)

    def _look(self, until: Until) -> bool:
        """Live pictures until one can be taken (True) or the finger is gone. Raises BadImage, WireSilent where there is no picture."""
        reader = self._open_reader()
        hint = self._taking.seen(reader.first_picture())
        while hint is not Hint.OK and hint is not Hint.NOTHING_THERE and not until.over:
            try:
                hint = self._taking.seen(reader.next_picture())
            except WireSilent:
                # whether a reader goes on by itself was seen with no other than the 4500
                return False
        return hint is Hint.OK

    def _await_lifting(self) -> None:
        self._lying, self._asked = True, time.monotonic()
        self._open_reader().set_mode(Mode.AWAIT_LIFTING)

    def _lifted(self, until: Until) -> bool:
        """Wait until the finger that was taken is gone. What the reader said of it may be lost, so it is asked again now and then."""
        while self._lying and not until.over:
            if self._open_reader().hear(min(POLL_S, until.left_s)) is Event.LIFTED:
                self._lying = False
            elif time.monotonic() - self._asked > ASK_AGAIN_S:
                self._await_lifting()
        return not self._lying

    def test(self) -> Answer:
        """Its status, and whether pictures have a score. Raises WireLost, WireSilent."""
        status = self._open_reader().status()
        gate = "NFIQ 2 is installed" if self._taking.quality.installed else "NFIQ 2 is not installed: pictures have no score"
        return TestDone(True, (self._identity, f"status {status:02x}", f"{PPI} ppi, 8 bits", gate))

    def _open_reader(self) -> Uru4000:
        if self._reader is None:
            raise DeviceAbsent("the reader is not open")
        return self._reader
