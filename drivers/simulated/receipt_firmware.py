"""The inside of a simulated receipt printer: a receive buffer, commands read byte by byte, and status in all its forms. No wire, no clock.

Its reading of ESC/POS is written apart from the driver's writing of it (drivers/receipt/escpos.py), so that one can prove the other.
As real printers do, it obeys real-time commands the moment they arrive, even inside a picture; it stops at the byte where the paper ends,
and goes on there after reloading.
"""

from collections.abc import Generator
from dataclasses import dataclass

from drivers.simulated.faults import ScriptWrong
from drivers.simulated.receipt_graphics import ACK, NAK, Dots, Graphics, widened
from drivers.simulated.receipt_roll import Look, Roll

BUFFER = 4096
NAME = b"_MPAKA SIMULATED\x00"
ERROR_LEVELS = {0x30: "l", 0x31: "m", 0x32: "q", 0x33: "h"}
STATES = ("ok", "near_end", "out", "cover_open", "cutter", "fault", "offline", "silent", "unplug", "reboot")
CLEAR = b"\x10\x14\x08\x01\x03\x14\x01\x06\x02\x08"
STEPS_A_DOT = 2
"""The paper moves in steps of half a dot, and feeds count in those until GS P says otherwise."""
# settings that are not shown: command -> bytes that follow it
ESC_SETTINGS = {0x20: 1, 0x21: 1, 0x24: 2, 0x2D: 1, 0x47: 1, 0x4D: 1, 0x52: 1, 0x5C: 2, 0x64: 1, 0x74: 1, 0x7B: 1}
GS_SETTINGS = {0x48: 1, 0x4C: 2, 0x57: 2, 0x62: 1, 0x66: 1, 0x68: 1, 0x77: 1}
FS_SETTINGS = {0x21: 1, 0x2D: 1, 0x43: 1, 0x53: 2, 0x57: 1}
Bytes = Generator[None, int, bytes]
Command = Generator[None, int, None]


@dataclass(frozen=True)
class Condition:
    """What the printer is like: one of STATES, from the byte `after` on that it prints (`unplug`: that it receives).

    silent: not ready, neither prints nor answers. unplug: the wire is gone. reboot: the current fails, the data are gone, and it is
    silent until the next condition.
    """

    state: str = "ok"
    after: int = 0


def read_condition(text: str) -> Condition:
    """`ok`, `out`, `out:1200` ... Raises ScriptWrong."""
    state, _, number = text.partition(":")
    if state not in STATES or (number and not number.isdigit()):
        raise ScriptWrong(f"{text}: expected one of {', '.join(STATES)}, perhaps with :bytes")
    return Condition(state, int(number or 0))


class PrinterFirmware:
    """One printer. `marks`, `process_ids`: whether it knows GS r and GS ( H. `memory`: the pictures that it keeps without current."""

    def __init__(self, roll: Roll, *, marks: bool = True, process_ids: bool = True) -> None:
        self.roll = roll
        self.memory: dict[bytes, Dots] = {}
        self._marks, self._process_ids = marks, process_ids
        self.condition, self._holds = Condition(), False
        self._since = 0
        self._received = 0
        self._answers: list[bytes] = []
        self.power_up()

    def power_up(self) -> None:
        """The current is back: no data, no automatic status. The paper stays."""
        self._buffer = bytearray()
        self._tail = b""
        self._asb = False
        self._module, self._error, self._code = 3, "l", b""
        self._graphics = Graphics(self.memory)
        self._begin_afresh()
        self._now = self._commands()
        next(self._now)

    def _begin_afresh(self) -> None:
        """The settings of power-on."""
        self._line, self._look, self._units = "", Look(), STEPS_A_DOT * self.roll.dpi

    @property
    def room(self) -> int:
        """Bytes that the receive buffer still takes; at 0 the wire must wait."""
        return BUFFER - len(self._buffer)

    @property
    def state(self) -> str:
        """The condition that holds now."""
        return self.condition.state if self._holds else "ok"

    @property
    def unplugged(self) -> bool:
        """Whether the wire is gone."""
        return self.condition.state == "unplug" and self._received >= self.condition.after

    def follow(self, condition: Condition) -> list[bytes]:
        """From now on this condition; what the printer says about the change, and what it prints now that it can."""
        if condition != self.condition:
            before = self.state
            self.condition, self._since, self._received = condition, 0, 0
            self._holds = condition.after == 0
            self._reboot_or_tell(before)
            self._run()
        return self._said()

    def received(self, data: bytes) -> list[bytes]:
        """Bytes from the wire; the answers. Where the plug is pulled at a byte, those behind it never arrive."""
        if self.condition.state == "unplug":
            data = data[: max(0, self.condition.after - self._received)]
        self._received += len(data)
        if self.state in ("silent", "reboot"):
            # not ready: takes what fits and says nothing
            self._buffer += data if self.state == "silent" else b""
            return []
        for byte in data:
            self._buffer.append(byte)
            self._real_time(byte)
        self._run()
        return self._said()

    def _said(self) -> list[bytes]:
        said, self._answers = self._answers, []
        return said

    def _run(self) -> None:
        """Print what the buffer holds, as far as the paper and the cover let it."""
        while self._buffer and self.state in ("ok", "near_end"):
            # the byte counts before it works: what it answers must be the last the printer says in the old state
            byte = self._buffer.pop(0)
            self._since += 1
            self._now.send(byte)
            if not self._holds and self._since >= self.condition.after:
                self._holds = True
                self._reboot_or_tell("ok")

    def _reboot_or_tell(self, before: str) -> None:
        if self.state == "reboot":
            self.power_up()
        elif before != self.state and self._asb and self.state not in ("silent", "unplug"):
            self._answers.append(self._automatic())

    # Real time

    def _real_time(self, byte: int) -> None:
        """DLE EOT n, DLE ENQ n, DLE DC4 8 ..., wherever they stand."""
        self._tail = (self._tail + bytes([byte]))[-len(CLEAR) :]
        if self._tail[-3:-1] == b"\x10\x04" and 1 <= byte <= 4:
            self._answers.append(self._answer(byte))
        elif self._tail[-3:-1] == b"\x10\x05" and byte == 2 and self.state == "cutter":
            self._buffer.clear()
        elif self._tail == CLEAR:
            self._buffer.clear()
            self._line = ""
            self._answers.append(b"\x37\x25\x00")

    def _answer(self, question: int) -> bytes:
        """One byte of DLE EOT."""
        state = self.state
        bits = {
            1: 0x08 if state not in ("ok", "near_end") else 0,
            2: {"cover_open": 0x04, "out": 0x20, "cutter": 0x40, "fault": 0x40}.get(state, 0),
            3: {"cutter": 0x08, "fault": 0x20}.get(state, 0),
            4: {"near_end": 0x0C, "out": 0x6C}.get(state, 0),
        }
        return bytes([0x12 | bits[question]])

    def _automatic(self) -> bytes:
        """The four bytes of automatic status."""
        state = self.state
        first = 0x10 | (0x08 if state not in ("ok", "near_end") else 0) | (0x20 if state == "cover_open" else 0)
        third = {"near_end": 0x03, "out": 0x0F}.get(state, 0)
        return bytes([first, {"cutter": 0x08, "fault": 0x20}.get(state, 0), third, 0x0F])

    # Commands, read byte by byte; each `yield` waits for one

    def _commands(self) -> Command:
        while True:
            byte = yield
            match byte:
                case 0x1B:
                    yield from self._escape()
                case 0x1C:
                    yield from self._field()
                case 0x1D:
                    yield from self._group()
                case 0x10:
                    yield from self._data_link()
                case 0x0A:
                    self._end_line()
                case _ if byte >= 0x20:
                    self._line += bytes([byte]).decode("cp437")

    def _end_line(self) -> None:
        self.roll.print_text(self._line, self._look)
        self._line = ""

    def _rows(self, units: int) -> int:
        return units * self.roll.dpi // self._units

    def _escape(self) -> Command:
        command = yield
        match command:
            case 0x40:
                self._asb = False
                self._begin_afresh()
            case 0x4A:
                self.roll.feed(self._rows((yield from _take(1))[0]))
            case 0x33:
                self._look.spacing = self._rows((yield from _take(1))[0])
            case 0x32:
                self._look.spacing = Look.spacing
            case 0x45:
                self._look.bold = (yield from _take(1))[0] & 1 == 1
            case 0x61:
                self._look.centred = (yield from _take(1))[0] & 3 == 1
            case _:
                yield from _take(ESC_SETTINGS.get(command, 0))

    def _field(self) -> Command:
        """FS: settings of Kanji type, and FS ( with a length."""
        command = yield
        if command == 0x28:
            _, low, high = yield from _take(3)
            yield from _take(low + 256 * high)
        else:
            yield from _take(FS_SETTINGS.get(command, 0))

    def _group(self) -> Command:
        command = yield
        match command:
            case 0x76:
                yield from self._raster()
            case 0x28:
                yield from self._long()
            case 0x56:
                yield from self._cut()
            case 0x61 | 0x72 | 0x49:
                yield from self._question(command)
            case 0x38:
                length = (yield from _take(5))[1:]
                self._print(self._graphics.carry_out((yield from _take(int.from_bytes(length, "little")))))
            case _:
                yield from self._letters(command)

    def _question(self, command: int) -> Command:
        """What is answered: automatic status switched on, a mark, and the printer's name."""
        match command:
            case 0x61:
                self._asb = (yield from _take(1))[0] != 0
                if self._asb:
                    self._answers.append(self._automatic())
            case 0x72:
                yield from self._mark()
            case _:
                if (yield from _take(1)) == b"\x43":
                    self._answers.append(NAME)

    def _letters(self, command: int) -> Command:
        """How the printer's own letters look, and the units of feeds."""
        values = yield from _take({0x21: 1, 0x42: 1, 0x50: 2}.get(command, GS_SETTINGS.get(command, 0)))
        match command:
            case 0x21:
                self._look.wide, self._look.high = (values[0] >> 4 & 7) + 1, (values[0] & 7) + 1
            case 0x42:
                self._look.white_on_black = values[0] & 1 == 1
            case 0x50:
                self._units = values[1] or STEPS_A_DOT * self.roll.dpi
            case _:
                pass

    def _raster(self) -> Command:
        """GS v 0 m xL xH yL yH and rows. m: bit 0 doubles the width, bit 1 the height."""
        head = yield from _take(6)
        width, height = head[2] + 256 * head[3], head[4] + 256 * head[5]
        for _ in range(height if width else 0):
            row = yield from _take(width)
            dots = widened(row, 2) if head[1] & 1 else row
            for _ in range(2 if head[1] & 2 else 1):
                self.roll.print_row(dots)

    def _cut(self) -> Command:
        kind = (yield from _take(1))[0]
        if kind in (0x41, 0x42):
            self.roll.feed(self._rows((yield from _take(1))[0]))
        self.roll.cut()

    def _mark(self) -> Command:
        yield from _take(1)
        if self._marks:
            self._answers.append(bytes([{"near_end": 0x03, "out": 0x0F}.get(self.state, 0)]))

    def _long(self) -> Command:
        """GS ( fn pL pH and parameters: QR codes and process ids."""
        name, low, high = yield from _take(3)
        parameters = yield from _take(low + 256 * high)
        if name == 0x48 and self._process_ids and parameters[:2] == b"00" and len(parameters) == 6:
            self._answers.append(b"\x37\x22" + parameters[2:] + b"\x00")
        elif name == 0x6B and parameters[:1] == b"1":
            self._qr(parameters[1:2], parameters[2:])
        elif name == 0x4C and parameters[1:2] == b"@":
            yield from self._list_pictures()
        elif name == 0x4C:
            self._print(self._graphics.carry_out(parameters))

    def _list_pictures(self) -> Command:
        """Each list must be acknowledged before the next, and the last as well."""
        lists = self._graphics.key_lists()
        while lists:
            self._answers.append(lists[0])
            answer = yield
            if answer == ACK:
                lists.pop(0)
            elif answer != NAK:
                return

    def _print(self, dots: Dots | None) -> None:
        if dots is not None:
            self.roll.print_dots(dots.printed(), dots.width * dots.across, self._look.centred)

    def _qr(self, function: bytes, values: bytes) -> None:
        match function:
            case b"C" if values and 1 <= values[0] <= 16:
                self._module = values[0]
            case b"E" if values and values[0] in ERROR_LEVELS:
                self._error = ERROR_LEVELS[values[0]]
            case b"P":
                self._code = values[1:]
            case b"Q" if self._code:
                self.roll.print_code(self._code.decode("utf-8", "replace"), self._module, self._error, self._look.centred)
            case _:
                pass

    def _data_link(self) -> Command:
        """Real-time commands were obeyed when they came; here they are passed over."""
        command = yield
        if command in (0x04, 0x05):
            yield from _take(1)
        elif command == 0x14:
            yield from _take(8 if (yield from _take(1)) == b"\x08" else 2)


def _take(count: int) -> Bytes:
    taken = bytearray()
    while len(taken) < count:
        taken.append((yield))
    return bytes(taken)
