"""Elyctis ID BOX readers: USB-CDC or UART, 8N1, DTR on. Source: Elyctis Scanner Command Set v1.7 (2020-09-14), and one public integration.

Frames `CMD LEN_MSB LEN_LSB DATA` both ways, without a checksum: so a zone is read a second time by inquiry, and only two reads that agree byte for byte
are passed on as confirmed. Check digits decide whether a read is good. Continuous mode switches itself off after one good read and is armed again for
each order. UNPROVEN ON HARDWARE: shown with an emulator that speaks these bytes.
"""

import time
from typing import Any

from drivers.contract import Answer, DocumentRead, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.formats.mrz import parse
from firmware_bridge.frames import Elyctis, elyctis_bytes
from firmware_bridge.frames import ElyctisReader as FrameReader
from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.wire import WireLost, WireSilent

COMMANDS = b"ILCVRWT"
ANSWER_S, POLL_S, ASK_S = 1.0, 0.1, 5.0


def lines_of(data: bytes) -> tuple[str, ...]:
    """The zone's lines in an `I` frame: ASCII, divided by CR, with CRs at the end."""
    return tuple(line.strip().upper() for line in data.decode("ascii", "replace").split("\r") if line.strip())


class ElyctisReader:
    """One reader on a serial port. Settings: `port`, and `baud` (115200)."""

    kind = Kind.PASSPORT_READER
    name = "elyctis"
    orders = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._port, self._baud = str(settings["port"]), int(settings.get("baud", 115200))
        self._wire: SerialWire | None = None
        self._frames = FrameReader(COMMANDS)
        self._asked = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port and ask who is there. Raises DeviceAbsent."""
        try:
            self._wire = SerialWire(self._port, self._baud)
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None
        self._frames = FrameReader(COMMANDS)
        self._asked = time.monotonic()
        return f"Elyctis {self._ask(b'T')} firmware {self._ask(b'V')}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, or test. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read(until)
            case TestYourself():
                found = tuple(
                    f"{what} {self._ask(command)}" for what, command in (("firmware", b"V"), ("OCR", b"W"), ("serial number", b"R"))
                )
                return TestDone(True, found)
            case _:
                self._exchange(Elyctis(b"C", b"\0"))
                return Done()

    def idle(self) -> None:
        """Ask for the version now and then: a serial reader that is silent says nothing by itself. Raises DeviceAbsent."""
        if time.monotonic() - self._asked > ASK_S:
            self._ask(b"V")
            self._asked = time.monotonic()

    def close(self) -> None:
        """Free the port."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _read(self, until: Until) -> Answer:
        self._exchange(Elyctis(b"C", b"\1"))
        while not until.over:
            for frame in self._receive(POLL_S):
                if frame.command == b"I" and frame.data:
                    return self._second_look(lines_of(frame.data))
        return NotCaptured(Unread.TIMED_OUT)

    def _second_look(self, first: tuple[str, ...]) -> Answer:
        """Inquire for the same zone: what agrees is confirmed; what has wrong check digits is not passed on."""
        second = lines_of(self._exchange(Elyctis(b"I")).data)
        good = [lines for lines in (first, second) if parse(lines).valid]
        if not good:
            return NotCaptured(Unread.CHECK_DIGITS if first else Unread.NO_ZONE)
        return DocumentRead(good[0], confirmed=first == second)

    def _ask(self, command: bytes) -> str:
        return self._exchange(Elyctis(command)).data.decode("ascii", "replace").strip()

    def _exchange(self, frame: Elyctis) -> Elyctis:
        """Send a command and wait for its echo or answer; asked once more after silence. Raises DeviceAbsent."""
        for _ in range(2):
            self._send(frame)
            due = time.monotonic() + ANSWER_S
            while (left := due - time.monotonic()) > 0:
                for answer in self._receive(left):
                    if answer.command == frame.command:
                        return answer
            self._frames.silence()
        raise DeviceAbsent(f"{self._port}: the reader is silent")

    def _send(self, frame: Elyctis) -> None:
        try:
            self._open_wire().send(elyctis_bytes(frame))
        except (WireLost, WireSilent) as why:
            raise DeviceAbsent(str(why)) from None

    def _receive(self, timeout_s: float) -> list[Elyctis]:
        try:
            return self._frames.feed(self._open_wire().receive(timeout_s))
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None

    def _open_wire(self) -> SerialWire:
        if self._wire is None:
            raise DeviceAbsent("the reader is not open")
        return self._wire
