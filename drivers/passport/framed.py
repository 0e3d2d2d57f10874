"""A reader whose frames are described by settings: start, end, line separator, checksum. For what a site's own manual says, and no public source does.

The frame is `start, lines divided by the separator, end, checksum`; the checksum is none, XOR or one of the CRCs in firmware_bridge/checksums.py, over
what `over` says, as bytes or as hexadecimal digits. A frame with a wrong checksum is dropped. Where there is no checksum the zone is confirmed only by
a second, equal frame: a reader with `trigger` is asked for it; for one that speaks by itself `second_s` says how long to wait for its repetition.

With `trigger` and `release` (bytes sent to begin and to end reading) this reads modules such as those in kiosk slots, which answer a command with text.
Everything in settings that are bytes is written as hexadecimal. UNPROVEN ON HARDWARE: shown with an emulator for each combination.
"""

import time
from typing import Any

from drivers.contract import Answer, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import Outlet, Until
from drivers.formats.mrz import lines_of
from drivers.options import Options
from drivers.passport.judging import Lines, of_guarded, of_one, of_two
from drivers.passport.looking import Lying, read_looking
from drivers.passport.reader_wire import ReaderWire
from firmware_bridge.marked_frames import CHECKSUMS, OVER, MarkedFrames, Marks
from firmware_bridge.wire import Wire

POLL_S, LONGEST_MARK, LONGEST_COMMAND = 0.1, 8, 64


def marks_from(options: Options) -> Marks:
    """How the reader frames, from `start`, `end`, `checksum`, `over`, `order` and `written`. Raises ValueError."""
    return Marks(
        options.octets("start", LONGEST_MARK, ""),
        options.octets("end", LONGEST_MARK),
        options.choice("checksum", CHECKSUMS, "none"),
        options.choice("over", OVER, "content"),
        options.choice("order", ("high", "low"), "high") == "low",
        options.choice("written", ("bytes", "digits"), "bytes") == "digits",
    )


def content_lines(content: bytes, separator: bytes) -> Lines:
    """The lines in a frame, exactly as they came; a character that no zone may hold stays one."""
    text = content.decode("ascii", "replace")
    if not separator:
        # one run without line ends, and nothing in it that could be taken for one
        return lines_of(text) if len(text.split()) == 1 else (text,)
    lines = text.split(separator.decode("latin-1"))
    while lines and not lines[-1]:
        lines.pop()
    return tuple(lines)


class FramedReader:
    """Settings: `port`, `baud` (9600), `start` (none), `end`, `separator` (0d), `checksum`, `over`, `order`, `written`, `trigger`, `release`, `second_s`."""

    kind = Kind.PASSPORT_READER
    name = "framed"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._reach = options.reach()
        self._baud = int(options.number("baud", 300, 921600, 9600))
        self._marks = marks_from(options)
        self._separator = options.octets("separator", LONGEST_MARK, "0d")
        self._trigger = options.octets("trigger", LONGEST_COMMAND, "")
        self._release = options.octets("release", LONGEST_COMMAND, "")
        self._second_s = options.number("second_s", 0, 10, 0)
        self._gap_s = options.number("gap_s", 0.01, 2, 0.2)
        options.none_left()
        self._frames = MarkedFrames(self._marks)
        self._wire = ReaderWire()
        self._zones: list[Lines] = []
        self._heard_at = 0.0
        self._lying = Lying()

    def open(self, outlet: Outlet) -> str:
        """Open the port. The reader itself is not asked: nothing is known that it would answer. Raises DeviceAbsent."""
        self._wire.plug(self._plug)
        self._forget()
        self._lying.gone()
        return f"framed reader, checksum {self._marks.checksum}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read(until)
            case TestYourself():
                checked = "guarded by its checksum" if self._guarded else "confirmed only by a second read"
                return TestDone(True, ("the port is open; this reader cannot be asked", f"a zone is {checked}", self._damage()))
            case _:
                self._let_go()
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug; what comes unasked belongs to no order. Raises DeviceAbsent."""
        self._listen(0.0)
        self._forget()

    def close(self) -> None:
        """Free the port."""
        self._wire.close()

    def begin_look(self) -> None:
        """Pull the trigger. Raises DeviceAbsent."""
        self._listen(0.0)
        self._forget()
        self._wire.send(self._trigger)

    def look(self, timeout_s: float) -> Lines | None:
        """The lines of the next whole frame. Raises DeviceAbsent."""
        if not self._zones:
            self._listen(timeout_s)
        return self._zones.pop(0) if self._zones else None

    def check(self) -> None:
        """Nothing is known that such a reader would answer."""

    @property
    def _guarded(self) -> bool:
        return self._marks.checksum != "none"

    def _plug(self) -> Wire:
        """The wire to the reader, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _read(self, until: Until) -> Answer:
        answer = read_looking(self, self._lying, until) if self._trigger else self._await(until)
        self._let_go()
        return answer

    def _await(self, until: Until) -> Answer:
        while not until.over:
            zone = self.look(min(POLL_S, until.left_s))
            if zone is not None:
                return of_guarded(zone) if self._guarded else self._repeated(zone, until)
        return NotCaptured(Unread.TIMED_OUT)

    def _repeated(self, first: Lines, until: Until) -> Answer:
        """Wait for the same frame again, as long as the settings say that it may come."""
        due = time.monotonic() + self._second_s
        while not until.over and (left := due - time.monotonic()) > 0:
            second = self.look(min(POLL_S, left))
            if second is not None:
                return of_two(first, second)
        return of_one(first)

    def _listen(self, timeout_s: float) -> None:
        data = self._wire.receive(timeout_s)
        if data:
            self._heard_at = time.monotonic()
        elif time.monotonic() - self._heard_at > self._gap_s:
            self._frames.silence()
        self._zones += [lines for content in self._frames.feed(data) if (lines := content_lines(content, self._separator))]

    def _forget(self) -> None:
        self._zones.clear()

    def _let_go(self) -> None:
        if self._release:
            self._wire.send(self._release)

    def _damage(self) -> str:
        return f"damaged frames {self._frames.damaged}"
