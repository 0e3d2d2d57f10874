"""NextBiometrics NB-1010-U over USB: 256 by 180 pixels, 8 bits grey, 385 ppi. The wire: nb1010_frames.py.

385 ppi is less than the 500 that a traveller's record is asked to have: so the reader is used only where its settings say that this is accepted, and its
pictures bear their true figure. Proven bit for bit by one recording; faults by an emulator of ours only. UNPROVEN ON HARDWARE.
"""

import contextlib
import threading
from typing import Any

from drivers.contract import Answer, CaptureFinger, Finger, Hint, Kind, NotCaptured, Order, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.fingerprint.nb1010_frames import (
    ANSWER_LENGTH,
    ASK_FINGER,
    CAPTURE,
    DONE,
    PART_LENGTH,
    PARTS,
    PREPARE,
    BadFrame,
    image_of,
    is_covered,
    read_answer,
    read_part,
)
from drivers.fingerprint.placement import Image
from drivers.fingerprint.scanner import MOST_MISSES, Taking, carried_out, in_our_words
from drivers.fingerprint.usb_reader import usb_place
from drivers.options import Options
from firmware_bridge.usb_wire import BULK, IN, UsbWire
from firmware_bridge.wire import WireSilent

IDS, PPI = (0x298D, 0x1010), 385
ANSWER_S, LOOK_S, DRAIN_S = 0.5, 0.05, 0.02


class Nb1010Scanner:
    """One reader. Settings: `low_resolution` (true: 385 ppi are accepted), and `port` where two are alike, such as "1-1.2"."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "nb1010"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._accepted, self._place = options.yes("low_resolution"), usb_place(options, (IDS,))
        options.none_left()
        self._taking = Taking(PPI)
        self._wire: UsbWire | None = None
        self._lying = False

    def open(self, outlet: Outlet) -> str:
        """Claim it. Raises DeviceAbsent."""
        if not self._accepted:
            raise DeviceAbsent(f"{PPI} ppi are less than a record asks for; low_resolution = true in its settings accepts them")
        self._taking.outlet, self._lying = outlet, False
        with in_our_words():
            self._wire = self._plug()
        return f"NB-1010-U, {PPI} ppi"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Take a finger, test, or rest. Raises DeviceAbsent."""
        return carried_out(order, until, self)

    def idle(self) -> None:
        """Notice a pulled plug, and the lifting of a finger that was taken. Raises DeviceAbsent."""
        with in_our_words():
            if not self._lying:
                self._open_wire().look()
                return
            try:
                self._ready()
            except BadFrame:
                self._drain()

    def close(self) -> None:
        """Free it."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def rest(self) -> None:
        """Nothing to switch off: it looks only while it is asked."""
        self._taking.begin()

    def _plug(self) -> UsbWire:
        """The wire to the reader, opened. Raises WireLost."""
        return UsbWire(self._place)

    def capture(self, finger: Finger, until: Until) -> Answer:
        """Pictures until one passes the gate. Raises WireLost, WireSilent."""
        misses = 0
        self._taking.begin()
        while not until.over:
            try:
                image = self._picture() if self._ready() else None
            except BadFrame:
                # what is left of it must not be taken for the next answer
                self._drain()
                misses += 1
                if misses >= MOST_MISSES:
                    return NotCaptured(Unread.POOR_PICTURE)
                continue
            if image is not None and self._taking.seen(image) is Hint.OK:
                self._lying = True
                return self._taking.taken(finger)
        return NotCaptured(Unread.TIMED_OUT)

    def test(self) -> Answer:
        """Whether it answers. Raises WireLost, WireSilent."""
        try:
            covered = self._covered()
        except BadFrame as why:
            self._drain()
            return TestDone(False, (str(why),))
        return TestDone(True, ("something lies on it" if covered else "nothing lies on it", f"{PPI} ppi, 8 bits"))

    def _ready(self) -> bool:
        """Whether a finger lies there that was not taken yet. Raises BadFrame."""
        covered = self._covered()
        self._lying = self._lying and covered
        return covered and not self._lying

    def _covered(self) -> bool:
        self._send(ASK_FINGER)
        # it looks for a while before it knows
        threading.Event().wait(LOOK_S)
        return is_covered(self._read(ANSWER_LENGTH))

    def _picture(self) -> Image:
        for question in (PREPARE, CAPTURE):
            self._send(question)
            read_answer(self._read(ANSWER_LENGTH), question, DONE)
        return image_of([read_part(self._read(PART_LENGTH), number) for number in range(PARTS)])

    def _send(self, question: bytes) -> None:
        self._open_wire().send(question, ANSWER_S)

    def _read(self, length: int, timeout_s: float = ANSWER_S) -> bytes:
        wire = self._open_wire()
        return wire.read(wire.endpoint(IN, (BULK,)), length, timeout_s)

    def _drain(self) -> None:
        with contextlib.suppress(WireSilent):
            for _ in range(2 * PARTS):
                self._read(PART_LENGTH, DRAIN_S)

    def _open_wire(self) -> UsbWire:
        if self._wire is None:
            raise DeviceAbsent("the reader is not open")
        return self._wire
