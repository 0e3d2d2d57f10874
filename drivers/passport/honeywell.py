"""Honeywell area imagers with OCR (Xenon 1900 and like): USB-COM or RS-232, 9600 8N1. UNPROVEN ON HARDWARE: shown with an emulator of ours.

Sources: Honeywell's "OCR Programming User's Guide", and a public integration (demo_uptek, getUserData.py).

menu     16 4d 0d TAG VALUE 21     `!` sets it until the power goes, and never in the reader's flash; the answer is an echo and ACK 06, ENQ 05
                                   (no such item) or NAK 15 (no such value). Nothing public says just what the echo holds: it must name the item.
trigger  16 54 0d, off 16 55 0d    the zone comes as bare lines with CR, without a checksum: so it is triggered twice, and must agree

The menu's items differ by model, so they are a setting: all symbologies off, OCR on, the template for passports and cards.
"""

import time
from typing import Any

from drivers.contract import Answer, Done, Kind, Order, ReadDocument, Rest, TestDone, TestYourself
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.options import Options
from drivers.passport.bare_lines import BareLines
from drivers.passport.judging import Lines
from drivers.passport.looking import Lying, read_looking
from drivers.passport.reader_wire import ReaderWire
from firmware_bridge.wire import Wire

ACK, ENQ, NAK = 0x06, 0x05, 0x15
MENU, TRIGGER, RELEASE = b"\x16M\r", b"\x16T\r", b"\x16U\r"
UNTIL_POWER_GOES = b"!"
ITEMS = ("allena0", "ocrena1", "ocrats2")
ASK_S = 5.0
TRIES = 2
LONGEST_ANSWER = 512


class HoneywellImager:
    """Settings: `port`; `baud` (9600); `menu`, what is set at opening; `answer_s`, seconds an answer may take (1); `gap_s`, silence that ends a scan (0.2)."""

    kind = Kind.PASSPORT_READER
    name = "honeywell"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._reach = options.reach()
        self._baud = int(options.number("baud", 300, 921600, 9600))
        self._menu = options.texts("menu", ITEMS, r"[A-Za-z0-9]{6}[A-Za-z0-9]*", "an item of the menu and its value, such as ocrena1")
        self._answer_s = options.number("answer_s", 0.01, 5, 1)
        self._gap_s = options.number("gap_s", 0.01, 2, 0.2)
        options.none_left()
        if not self._menu:
            raise ValueError("menu: at least one item, by which the reader is asked whether it is there")
        self._wire = ReaderWire()
        self._lines, self._heard_at = BareLines(), 0.0
        self._lying = Lying()
        self._asked = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port and set the menu. Raises DeviceAbsent."""
        self._wire.plug(self._plug)
        self._lying.gone()
        for item in self._menu:
            self._set(item)
        self._asked = time.monotonic()
        return f"OCR imager, set to {', '.join(self._menu)}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                answer = read_looking(self, self._lying, until)
                self._wire.send(RELEASE)
                return answer
            case TestYourself():
                for item in self._menu:
                    self._set(item)
                return TestDone(True, tuple(f"{item} is acknowledged" for item in self._menu))
            case _:
                self._wire.send(RELEASE)
                self._set(self._menu[0])
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug at once, and silence within seconds. Raises DeviceAbsent."""
        # what comes unasked belongs to no order
        self._wire.receive(0.0)
        if time.monotonic() - self._asked > ASK_S:
            self.check()

    def close(self) -> None:
        """Free the port."""
        self._wire.close()

    def begin_look(self) -> None:
        """Pull the trigger. Raises DeviceAbsent."""
        self._wire.receive(0.0)
        self._lines, self._heard_at = BareLines(), time.monotonic()
        self._wire.send(TRIGGER)

    def look(self, timeout_s: float) -> Lines | None:
        """What the imager reads. Raises DeviceAbsent."""
        data = self._wire.receive(timeout_s)
        if data:
            self._heard_at = time.monotonic()
            return self._lines.feed(data)
        return self._lines.silence() if time.monotonic() - self._heard_at > self._gap_s else None

    def check(self) -> None:
        """Set the first item once more: whoever acknowledges is there. Raises DeviceAbsent."""
        self._asked = time.monotonic()
        self._set(self._menu[0])

    def _plug(self) -> Wire:
        """The wire to the reader, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _set(self, item: str) -> None:
        for _ in range(TRIES):
            # an answer that comes late is not taken for that to this item
            self._wire.receive(0.0)
            self._wire.send(MENU + item.encode() + UNTIL_POWER_GOES)
            verdict = self._verdict(item)
            if verdict == ACK:
                return
            if verdict is not None:
                what = "knows no such item" if verdict == ENQ else "does not take this value"
                raise DeviceAbsent(f"{self._reach}: menu {item}: the reader {what}")
        raise DeviceAbsent(f"{self._reach}: the reader is silent")

    def _verdict(self, item: str) -> int | None:
        """ACK, ENQ or NAK behind an echo that names the item; None where none comes in time."""
        said, due = b"", time.monotonic() + self._answer_s
        while len(said) < LONGEST_ANSWER:
            # at least once: on a busy machine the time may be over before we look
            said += self._wire.receive(max(0.0, due - time.monotonic()))
            verdict = menu_verdict(said, item)
            if verdict is not None or time.monotonic() >= due:
                return verdict
        return None


def menu_verdict(said: bytes, item: str) -> int | None:
    """What the reader thinks of a menu item, in the bytes it said so far; None where that is not in them. PURE."""
    for at, byte in enumerate(said):
        if byte in (ACK, ENQ, NAK) and item[:6].upper().encode() in said[:at].upper():
            return byte
    return None
