"""Reading with a reader that looks when it is told to: twice for each document, and never a second time at one that was left lying."""

import hashlib
import secrets
import time
from typing import Protocol

from drivers.contract import Answer, DocumentRead, NotCaptured, Unread
from drivers.driver import Until
from drivers.passport.judging import Lines, of_two

POLL_S, AGAIN_S = 0.1, 5.0
GONE_S, SETTLE_S, SECOND_S = 1.0, 2.0, 1.5


class Looker(Protocol):
    """A reader that looks when it is told to. Every method may raise DeviceAbsent."""

    def begin_look(self) -> None:
        """Look now; what was seen before is forgotten."""

    def look(self, timeout_s: float) -> Lines | None:
        """The zone that is seen; () for something that is none; None for nothing yet."""

    def check(self) -> None:
        """Make sure that the reader still answers."""


class Lying:
    """Knows the document that was read last by a keyed digest, which tells nothing of it, until it has been taken away."""

    def __init__(self) -> None:
        self._key = secrets.token_bytes(32)
        self._last = b""

    def read(self, lines: Lines) -> None:
        """This one was passed on."""
        self._last = self._digest(lines)

    def is_that(self, lines: Lines) -> bool:
        """Whether this is the one that was passed on and has not been taken away since."""
        return self._digest(lines) == self._last

    def gone(self) -> None:
        """Nothing lies there."""
        self._last = b""

    def _digest(self, lines: Lines) -> bytes:
        return hashlib.blake2b("\n".join(lines).encode(), key=self._key).digest()


def read_looking(reader: Looker, lying: Lying, until: Until) -> Answer:
    """One document, looked at twice. What is being laid down may settle before it counts as not readable. Raises DeviceAbsent."""
    asked = seen = time.monotonic()
    laid_at: float | None = None
    reader.begin_look()
    while not until.over:
        now = time.monotonic()
        if now - asked > AGAIN_S:
            reader.check()
            reader.begin_look()
            asked = now
        zone = reader.look(min(POLL_S, until.left_s))
        if zone is None:
            if time.monotonic() - seen > GONE_S:
                lying.gone()
                laid_at = None
            continue
        seen = time.monotonic()
        if not lying.is_that(zone):
            laid_at = laid_at or seen
            answer = of_two(zone, _second(reader, until))
            if isinstance(answer, DocumentRead):
                lying.read(answer.lines)
                return answer
            if time.monotonic() - laid_at > SETTLE_S:
                return answer
        else:
            # a reader that answers at once is not asked without a pause for as long as somebody leaves a document there
            time.sleep(min(POLL_S, until.left_s))
        reader.begin_look()
    return NotCaptured(Unread.TIMED_OUT)


def _second(reader: Looker, until: Until) -> Lines:
    """The same document once more; () where it was taken away meanwhile."""
    due = time.monotonic() + SECOND_S
    reader.begin_look()
    while not until.over and (left := due - time.monotonic()) > 0:
        zone = reader.look(min(POLL_S, left))
        if zone is not None:
            return zone
    return ()
