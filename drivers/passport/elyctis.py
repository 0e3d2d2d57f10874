"""Elyctis ID BOX readers: USB-CDC or UART, 8N1, DTR on. Source: Elyctis Scanner Command Set v1.7 (2020-09-14), and one public integration.

Frames `CMD LEN_MSB LEN_LSB DATA` both ways, without a checksum or a sync byte: so a zone is read a second time by inquiry, and only two reads that
agree byte for byte are passed on as confirmed (judging.py).

I inquire            49 00 00      the zone of what lies there, lines divided by CR, CRs at the end; nothing where nothing lies there
C continuous         43 00 01 n    echoed; with n = 1 the next document's zone comes by itself as an `I` frame, once: then it is armed again
V R W T              56 00 00 ...  firmware, serial number, OCR version, product

A UART runs at 9600 or 115200 Bd, so without a setting both are tried with `V`. Continuous mode switches itself off after one good read, and a reader
that lost its power has forgotten it: it is armed for each order, again every few seconds, and after an inquiry that brought nothing. UNPROVEN ON
HARDWARE: shown with an emulator that speaks these bytes.
"""

import time
from collections import deque
from typing import Any

from drivers.contract import Answer, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.options import Options
from drivers.passport.judging import Lines, of_two, zone_lines
from drivers.passport.looking import Lying, read_looking
from drivers.passport.reader_wire import ReaderWire
from firmware_bridge.frames import Elyctis, ElyctisFrames, elyctis_bytes
from firmware_bridge.wire import Wire

COMMANDS = b"ILCVRWT"
INQUIRE, CONTINUOUS, FIRMWARE, SERIAL_NUMBER, OCR_VERSION, PRODUCT = b"I", b"C", b"V", b"R", b"W", b"T"
ARMED, DISARMED = b"\1", b"\0"
BAUDS = (9600, 115200)
POLL_S, ASK_S = 0.1, 5.0
TRIES = 2


class ElyctisReader:
    """One reader on a serial port.

    Settings: `port`; `baud` (0: find out); `mode`: "continuous", or "inquire" for firmware without it; `answer_s`, seconds an answer may take (1).
    """

    kind = Kind.PASSPORT_READER
    name = "elyctis"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._reach = options.reach()
        baud = int(options.number("baud", 0, 921600, 0))
        self._inquires = options.choice("mode", ("continuous", "inquire"), "continuous") == "inquire"
        self._answer_s = options.number("answer_s", 0.01, 5, 1)
        options.none_left()
        self._bauds = (baud, baud) if baud else BAUDS
        self._baud = self._bauds[0]
        self._wire = ReaderWire()
        self._frames = ElyctisFrames(COMMANDS)
        self._heard: deque[Elyctis] = deque()
        self._asked = 0.0
        self._lying = Lying()

    def open(self, outlet: Outlet) -> str:
        """Open the port and ask who is there. Raises DeviceAbsent."""
        firmware = self._probe()
        self._asked = time.monotonic()
        return f"{self._ask(PRODUCT)}, firmware {firmware}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return read_looking(self, self._lying, until) if self._inquires else self._read(until)
            case TestYourself():
                asked = (("product", PRODUCT), ("firmware", FIRMWARE), ("OCR", OCR_VERSION), ("serial number", SERIAL_NUMBER))
                return TestDone(True, (*(f"{what} {self._ask(command)}" for what, command in asked), f"{self._baud} Bd"))
            case _:
                self._exchange(Elyctis(CONTINUOUS, DISARMED))
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug at once, and silence within seconds. Raises DeviceAbsent."""
        self._listen(0.0)
        # what comes unasked now belongs to no order
        self._heard.clear()
        if self._due():
            self._ask(FIRMWARE)

    def close(self) -> None:
        """Free the port."""
        self._wire.close()

    def _plug(self) -> Wire:
        """The wire to the reader, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _probe(self) -> str:
        """Find the speed at which the reader answers; returns its firmware."""
        for baud in self._bauds:
            self._baud = baud
            self._wire.plug(self._plug)
            self._frames = ElyctisFrames(COMMANDS)
            self._heard.clear()
            answer = self._try(Elyctis(FIRMWARE))
            if answer is not None:
                return _text(answer.data)
        raise DeviceAbsent(f"{self._reach}: the reader is silent at {' and '.join(map(str, sorted(set(self._bauds))))} Bd")

    def _read(self, until: Until) -> Answer:
        """Continuous mode: the reader speaks when something is laid down."""
        self._arm()
        while not until.over:
            if self._due():
                self._arm()
            quiet = not self._listen(min(POLL_S, until.left_s))
            zone = self._spontaneous()
            # what stays unfinished may have been the zone, and the reader sends it only once: inquire
            if quiet and self._frames.silence():
                zone = self._inquire()
                if not zone:
                    self._arm()
            if zone:
                return of_two(zone_lines(zone), zone_lines(self._inquire()))
        return NotCaptured(Unread.TIMED_OUT)

    def begin_look(self) -> None:
        """An inquiry is a look by itself."""

    def look(self, timeout_s: float) -> Lines | None:
        """What lies there now; where nothing does, after a pause. Raises DeviceAbsent."""
        zone = self._inquire()
        if not zone:
            self._listen(timeout_s)
        return zone_lines(zone) if zone else None

    def check(self) -> None:
        """An inquiry that is not answered says it: nothing else has to be asked."""

    def _arm(self) -> None:
        self._exchange(Elyctis(CONTINUOUS, ARMED))

    def _spontaneous(self) -> bytes | None:
        """The zone of an `I` frame that came without being asked for."""
        while self._heard:
            frame = self._heard.popleft()
            if frame.command == INQUIRE and frame.data:
                return frame.data
        return None

    def _due(self) -> bool:
        """Whether to speak to the reader: one that has fallen silent does not say so itself."""
        due = time.monotonic() - self._asked > ASK_S
        if due:
            self._asked = time.monotonic()
        return due

    def _inquire(self) -> bytes:
        """What lies there now; a frame that was waiting is an older look and not taken for it."""
        self._heard = deque(frame for frame in self._heard if frame.command != INQUIRE)
        return self._exchange(Elyctis(INQUIRE)).data

    def _ask(self, command: bytes) -> str:
        return _text(self._exchange(Elyctis(command)).data)

    def _exchange(self, frame: Elyctis) -> Elyctis:
        """Send a command and wait for its echo or answer; asked once more after silence. Raises DeviceAbsent."""
        for _ in range(TRIES):
            answer = self._try(frame)
            if answer is not None:
                return answer
        raise DeviceAbsent(f"{self._reach}: the reader is silent")

    def _try(self, frame: Elyctis) -> Elyctis | None:
        """Send a command; its echo or answer, or None after silence."""
        self._wire.send(elyctis_bytes(frame))
        due, over = time.monotonic() + self._answer_s, False
        while not over:
            # at least once: on a busy machine the time may be over before we look
            self._listen(max(0.0, due - time.monotonic()))
            answer = next((heard for heard in self._heard if heard.command == frame.command), None)
            if answer is not None:
                self._heard.remove(answer)
                return answer
            over = time.monotonic() >= due
        self._frames.silence()
        return None

    def _listen(self, timeout_s: float) -> bool:
        """Whether anything came."""
        data = self._wire.receive(timeout_s)
        self._heard.extend(self._frames.feed(data))
        return bool(data)


def _text(data: bytes) -> str:
    return data.decode("ascii", "replace").strip()
