"""What a receipt printer says of itself, from every source: DLE EOT, automatic status, GS r, GS ( H, GS ( L, the name. PURE.

One reader takes the bytes as they come, split anywhere. The sources are told apart by their fixed bits (Epson's ESC/POS reference):
DLE EOT answers 0xx1xx10, automatic status begins 0xx1xx00 and goes on with three bytes 0xx0xxxx, GS r answers 0xx0xxxx,
GS ( H answers 37 22 and four digits and 00, a clearing 37 25 00, GS ( L 37 72 and a status and keys of two letters and 00; a name
stands between 5F and 00.
The answers to DLE EOT do not say what was asked, and those to GS r look like anything: the reader must be told what was asked.
"""

from collections import deque
from dataclasses import dataclass, replace

from drivers.contract import Paper

LONGEST_NAME = 80
LONGEST_KEYS = 2 + 1 + 80
MOST_ASKED = 64


@dataclass(frozen=True)
class Health:
    """What the printer last said. `paper_known` is False until it has spoken of its paper: nothing said is never "paper ok"."""

    paper_known: bool = False
    cover_open: bool = False
    out: bool = False
    stopped_for_paper: bool = False
    near_end: bool = False
    error: bool = False
    mechanism: bool = False
    cutter: bool = False
    offline: bool = False

    @property
    def paper(self) -> Paper:
        """The one word for it; what a person must do first comes first."""
        faults = {
            Paper.COVER_OPEN: self.cover_open,
            Paper.OUT: self.out or self.stopped_for_paper,
            Paper.CUTTER: self.cutter,
            Paper.FAULT: self.error or self.mechanism,
            Paper.OFFLINE: self.offline,
            Paper.SILENT: not self.paper_known,
            Paper.NEAR_END: self.near_end,
        }
        return next((word for word, holds in faults.items() if holds), Paper.OK)


@dataclass(frozen=True)
class HealthSaid:
    """The printer said something of its state; this is all that is known now. `whole`: it said all of it, without being asked."""

    health: Health
    whole: bool = False


@dataclass(frozen=True)
class MarkPassed:
    """A GS r was answered: everything sent before it has been processed."""


@dataclass(frozen=True)
class Printed:
    """A process id was answered: everything sent before it is printed."""

    number: int


@dataclass(frozen=True)
class Cleared:
    """The printer has forgotten all data."""


@dataclass(frozen=True)
class Named:
    """The printer's own name, as printable ASCII."""

    name: str


@dataclass(frozen=True)
class PicturesHeld:
    """Which pictures lie in the printer's memory, by their keys. `more`: there are others, which come when these are acknowledged."""

    keys: tuple[str, ...]
    more: bool


@dataclass(frozen=True)
class Garbled:
    """A byte that belongs to nothing, or to nothing that was asked."""

    byte: int


Said = HealthSaid | MarkPassed | Printed | Cleared | Named | PicturesHeld | Garbled


class StatusReader:
    """Reads a printer's answers. Everything asked of the printer is told to it with `asked`, in order."""

    def __init__(self) -> None:
        self.health = Health()
        self._block = bytearray()
        self._questions: deque[int] = deque(maxlen=MOST_ASKED)
        self._marks = 0
        self._name_asked = False

    def asked(self, question: int) -> None:
        """DLE EOT `question` was sent."""
        self._questions.append(question)

    def asked_mark(self) -> None:
        """GS r was sent."""
        self._marks += 1

    def asked_name(self) -> None:
        """GS I 67 was sent."""
        self._name_asked = True

    @property
    def unanswered(self) -> int:
        """How many DLE EOT are still without an answer."""
        return len(self._questions)

    @property
    def marks_unanswered(self) -> int:
        """How many GS r are still without an answer."""
        return self._marks

    def forget_questions(self) -> None:
        """The printer was silent: late answers could not be told apart, so nothing is waited for and nothing is known."""
        self._questions.clear()
        self._block.clear()
        self.health = Health()

    def forget_marks(self) -> None:
        """The data with the marks in it are gone."""
        self._marks = 0

    def feed(self, data: bytes) -> list[Said]:
        """What these bytes say, in order."""
        return [said for byte in data for said in self._take(byte)]

    def _take(self, byte: int) -> list[Said]:
        if not self._block:
            return self._begin(byte)
        if not self._goes_on(byte):
            # the byte that does not fit may begin something: the block is noise, the byte is read afresh
            lost: list[Said] = [Garbled(old) for old in self._block]
            self._block.clear()
            return lost + self._begin(byte)
        self._block.append(byte)
        return self._finish()

    def _begin(self, byte: int) -> list[Said]:
        if byte & 0x93 == 0x12:
            return [self._answer(byte)]
        if byte & 0x93 == 0x10 or byte == 0x37 or (byte == 0x5F and self._name_asked):
            self._block.append(byte)
            return []
        # such a byte can be noise as well: it proves something only while a mark is open
        if byte & 0x90 == 0 and self._marks:
            self._marks -= 1
            self.health = replace(self.health, paper_known=True, near_end=bool(byte & 0x03), out=bool(byte & 0x0C))
            return [HealthSaid(self.health), MarkPassed()]
        return [Garbled(byte)]

    def _goes_on(self, byte: int) -> bool:
        """Whether this byte may follow the block that has begun."""
        first, place = self._block[0], len(self._block)
        if first == 0x37:
            return _answer_byte(self._block, place, byte)
        if first == 0x5F:
            return byte == 0 or (0x20 <= byte < 0x7F and place < LONGEST_NAME)
        return byte & 0x90 == 0

    def _finish(self) -> list[Said]:
        first, size, last = self._block[0], len(self._block), self._block[-1]
        if first == 0x37:
            done: Said | None = self._block_said() if size > 2 and last == 0 else None
        elif first == 0x5F:
            done = Named(self._block[1:-1].decode("ascii")) if last == 0 else None
            self._name_asked = last != 0
        else:
            done = self._automatic() if size == 4 else None
        if done is None:
            return []
        self._block.clear()
        return [done]

    def _block_said(self) -> Said:
        match self._block[1]:
            case 0x25:
                return Cleared()
            case 0x72:
                letters = self._block[3:-1].decode("ascii")
                return PicturesHeld(tuple(letters[at : at + 2] for at in range(0, len(letters), 2)), more=self._block[2] == 0x41)
            case _:
                return Printed(int(self._block[2:6]))

    def _answer(self, byte: int) -> Said:
        """One byte of DLE EOT, for the question asked first."""
        if not self._questions:
            return Garbled(byte)
        self.health = _told(self.health, self._questions.popleft(), byte)
        return HealthSaid(self.health)

    def _automatic(self) -> Said:
        first, second, third, _ = self._block
        self.health = Health(
            paper_known=True,
            offline=bool(first & 0x08),
            cover_open=bool(first & 0x20),
            mechanism=bool(second & 0x64),
            cutter=bool(second & 0x08),
            near_end=bool(third & 0x03),
            out=bool(third & 0x0C),
        )
        return HealthSaid(self.health, whole=True)


def _answer_byte(block: bytearray, place: int, byte: int) -> bool:
    """37 22 d d d d 00, 37 25 00, or 37 72 s k k ... 00."""
    if place == 1:
        return byte in (0x22, 0x25, 0x72)
    if block[1] == 0x72:
        return _key_byte(place, byte)
    if block[1] == 0x25 or place == 6:
        return byte == 0
    return 0x30 <= byte <= 0x39


def _key_byte(place: int, byte: int) -> bool:
    """The status says whether there are more; keys are of two printable letters each."""
    if place == 2:
        return byte in (0x40, 0x41)
    ends_a_key = place % 2 == 1
    return (byte == 0 and ends_a_key) or (0x20 <= byte < 0x7F and place < LONGEST_KEYS)


def _told(health: Health, question: int, byte: int) -> Health:
    """The bits of one DLE EOT answer."""
    match question:
        case 1:
            return replace(health, offline=bool(byte & 0x08))
        case 2:
            return replace(health, cover_open=bool(byte & 0x04), stopped_for_paper=bool(byte & 0x20), error=bool(byte & 0x40))
        case 3:
            return replace(health, cutter=bool(byte & 0x08), mechanism=bool(byte & 0x64))
        case _:
            return replace(health, paper_known=True, near_end=bool(byte & 0x0C), out=bool(byte & 0x60))
