"""Talking with a receipt printer: bytes out as far as it takes them, what it says in, and whether it still answers."""

import time
from collections.abc import Callable

from drivers.contract import Paper
from drivers.receipt import escpos
from drivers.receipt.status import Health, HealthSaid, PicturesHeld, Said, StatusReader
from firmware_bridge.wire import Wire, WireSilent

QUESTIONS = (1, 2, 3, 4)
SILENT_AFTER_S = 1.0
"""A printer answers real-time questions even while it prints; after so long it is off, unplugged, or not what the settings say."""
LISTEN_S = 0.02


class Talk:
    """One conversation, from opening the wire to losing it. Every method may raise WireLost; none waits longer than it is told."""

    def __init__(self, wire: Wire, tell: Callable[[Paper], None]) -> None:
        """`tell` hears each change of the paper's state, and the first."""
        self._wire, self._tell = wire, tell
        self._reader = StatusReader()
        self._owed = b""
        self._asked_at = 0.0
        self._heard_at = time.monotonic()
        self._told: Paper | None = None

    @property
    def health(self) -> Health:
        """What the printer last said."""
        return self._reader.health

    @property
    def marks_unanswered(self) -> int:
        """How many marks (GS r) are in the data and not yet passed."""
        return self._reader.marks_unanswered

    @property
    def quiet_s(self) -> float:
        """How long the printer has said nothing."""
        return time.monotonic() - self._heard_at

    def push(self, data: bytes | memoryview, wait_s: float) -> int:
        """Send what the printer takes within `wait_s`; how many bytes that was."""
        # a command that the wire took by half must be completed before anything else, or both are spoilt
        whole = self._owed + bytes(data)
        owed = len(self._owed)
        try:
            self._wire.send(whole, wait_s)
            taken = len(whole)
        except WireSilent as why:
            taken = why.taken
        self._owed = self._owed[taken:]
        return max(0, taken - owed)

    def command(self, data: bytes) -> None:
        """Send a short command whole: what the printer does not take now goes before whatever is sent next."""
        taken = self.push(data, LISTEN_S)
        self._owed += data[taken:]

    def listen(self, timeout_s: float) -> list[Said]:
        """What the printer has said."""
        data = self._wire.receive(timeout_s)
        said = self._reader.feed(data)
        for _ in filter(lambda one: isinstance(one, PicturesHeld), said):
            # the printer waits for this before anything else
            self.command(escpos.GO_ON)
        if data:
            self._heard_at = time.monotonic()
        # half of the answers say half of the state: "off line" before "the cover is open"
        if any(isinstance(one, HealthSaid) and (one.whole or not self._reader.unanswered) for one in said):
            self._announce()
        return said

    def ask(self) -> None:
        """Put the four real-time questions; only between commands, since inside a picture they would be dots."""
        if self._owed:
            # a printer that would take nothing for a while; answers to what it is owed could not be told from those to new questions
            self.push(b"", LISTEN_S)
            return
        if self._reader.unanswered:
            return
        self._asked_at = time.monotonic()
        for question in QUESTIONS:
            self._reader.asked(question)
        self.command(b"".join(map(escpos.ask, QUESTIONS)))

    def still_silent(self) -> bool:
        """Whether questions have been open for too long. Then nothing is known any more, and that is told."""
        if not self._reader.unanswered or time.monotonic() - max(self._asked_at, self._heard_at) < SILENT_AFTER_S:
            return False
        self._reader.forget_questions()
        self._announce()
        return True

    def inquire(self, wait_s: float) -> bool:
        """Ask for everything and wait; whether all was answered."""
        self.ask()
        due = time.monotonic() + wait_s
        while self._reader.unanswered and (left := due - time.monotonic()) > 0:
            self.listen(left)
        if not self._reader.unanswered and self.health.paper_known:
            return True
        # late answers could not be told from those to the next questions
        self._reader.forget_questions()
        self._announce()
        return False

    def mark(self) -> None:
        """Put a mark (GS r) behind what was sent."""
        self._reader.asked_mark()
        self.command(escpos.MARK)

    def count_mark(self) -> None:
        """A mark went out as part of a slip."""
        self._reader.asked_mark()

    def forget_marks(self) -> None:
        """The data with the marks are gone, or their answers are."""
        self._reader.forget_marks()

    def ask_name(self) -> None:
        """Ask for the printer's own name."""
        self._reader.asked_name()
        self.command(escpos.ASK_NAME)

    def close(self) -> None:
        """Free the wire."""
        self._wire.close()

    def _announce(self) -> None:
        if self.health.paper is not self._told:
            self._told = self.health.paper
            self._tell(self._told)
