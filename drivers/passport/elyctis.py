"""Elyctis ID BOX readers: USB-CDC or UART, 8N1, DTR on. Source: Elyctis Scanner Command Set v1.7 (2020-09-14), and one public integration.

Frames `CMD LEN_MSB LEN_LSB DATA` both ways, without a checksum: so a zone is read a second time by inquiry, and only two reads that agree byte for byte
are passed on as confirmed. Check digits decide whether a read is good. Continuous mode switches itself off after one good read and is armed again for
each order. UNPROVEN ON HARDWARE: shown with an emulator that speaks these bytes.
"""

import time
from collections import deque
from typing import Any

from drivers.contract import Answer, DocumentRead, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.formats.mrz import lines_of, parse
from firmware_bridge.frames import Elyctis, ElyctisFrames, elyctis_bytes
from firmware_bridge.reach import reach
from firmware_bridge.wire import Wire, WireLost, WireSilent

COMMANDS = b"ILCVRWT"
INQUIRE, CONTINUOUS, FIRMWARE, SERIAL_NUMBER, OCR_VERSION, PRODUCT = b"I", b"C", b"V", b"R", b"W", b"T"
ARMED, DISARMED = b"\1", b"\0"
ANSWER_S, POLL_S, ASK_S = 1.0, 0.1, 5.0
TRIES = 2


def zone_lines(data: bytes) -> tuple[str, ...]:
    """The zone's lines in an `I` frame: ASCII, divided by CR, with CRs at the end."""
    return tuple(line.upper() for line in lines_of(data.decode("ascii", "replace")))


class ElyctisReader:
    """One reader on a serial port. Settings: `usb` and `port` (firmware_bridge/reach.py), and `baud` (115200)."""

    kind = Kind.PASSPORT_READER
    name = "elyctis"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._reach, self._baud = reach(settings), int(settings.get("baud", 115200))
        self._wire: Wire | None = None
        self._frames = ElyctisFrames(COMMANDS)
        self._heard: deque[Elyctis] = deque()
        self._asked = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port and ask who is there. Raises DeviceAbsent."""
        try:
            self._wire = self._plug()
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None
        self._frames = ElyctisFrames(COMMANDS)
        self._heard.clear()
        self._asked = time.monotonic()
        return f"{self._ask(PRODUCT)}, firmware {self._ask(FIRMWARE)}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read(until)
            case TestYourself():
                asked = (("firmware", FIRMWARE), ("OCR", OCR_VERSION), ("serial number", SERIAL_NUMBER))
                return TestDone(True, tuple(f"{what} {self._ask(command)}" for what, command in asked))
            case _:
                self._exchange(Elyctis(CONTINUOUS, DISARMED))
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug at once, and silence within seconds. Raises DeviceAbsent."""
        self._listen(0.0)
        # what comes unasked now belongs to no order
        self._heard.clear()
        self._ask_now_and_then()

    def close(self) -> None:
        """Free the port."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _plug(self) -> Wire:
        """The wire to the reader, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _read(self, until: Until) -> Answer:
        self._exchange(Elyctis(CONTINUOUS, ARMED))
        while not until.over:
            self._ask_now_and_then()
            quiet = not self._listen(min(POLL_S, until.left_s))
            zone = self._spontaneous()
            # what stays unfinished may have been the zone, and the reader sends it only once: inquire
            if quiet and self._frames.silence():
                zone = self._exchange(Elyctis(INQUIRE)).data
            if zone:
                return self._second_look(zone_lines(zone))
        return NotCaptured(Unread.TIMED_OUT)

    def _spontaneous(self) -> bytes | None:
        """The zone of an `I` frame that came without being asked for."""
        while self._heard:
            frame = self._heard.popleft()
            if frame.command == INQUIRE and frame.data:
                return frame.data
        return None

    def _second_look(self, first: tuple[str, ...]) -> Answer:
        """Inquire for the same zone: what agrees is confirmed; what has wrong check digits is not passed on."""
        second = zone_lines(self._exchange(Elyctis(INQUIRE)).data)
        good = [lines for lines in (first, second) if parse(lines).valid]
        if not good:
            return NotCaptured(Unread.CHECK_DIGITS if first else Unread.NO_ZONE)
        return DocumentRead(good[0], confirmed=first == second)

    def _ask_now_and_then(self) -> None:
        """A reader that has fallen silent does not say so itself."""
        if time.monotonic() - self._asked > ASK_S:
            self._ask(FIRMWARE)
            self._asked = time.monotonic()

    def _ask(self, command: bytes) -> str:
        return self._exchange(Elyctis(command)).data.decode("ascii", "replace").strip()

    def _exchange(self, frame: Elyctis) -> Elyctis:
        """Send a command and wait for its echo or answer; asked once more after silence. Raises DeviceAbsent."""
        for _ in range(TRIES):
            self._send(frame)
            due = time.monotonic() + ANSWER_S
            while (left := due - time.monotonic()) > 0:
                self._listen(left)
                answer = next((heard for heard in self._heard if heard.command == frame.command), None)
                if answer is not None:
                    self._heard.remove(answer)
                    return answer
            self._frames.silence()
        raise DeviceAbsent(f"{self._reach}: the reader is silent")

    def _send(self, frame: Elyctis) -> None:
        try:
            self._open_wire().send(elyctis_bytes(frame))
        except (WireLost, WireSilent) as why:
            raise DeviceAbsent(str(why)) from None

    def _listen(self, timeout_s: float) -> bool:
        """Whether anything came."""
        try:
            data = self._open_wire().receive(timeout_s)
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None
        self._heard.extend(self._frames.feed(data))
        return bool(data)

    def _open_wire(self) -> Wire:
        if self._wire is None:
            raise DeviceAbsent("the reader is not open")
        return self._wire
