"""One simulated lane's chain and its rows on their way to headquarters. Values and given times; no line, no file."""

import uuid
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from kiosk.fleet.outbox import Chain, KnownRow
from kiosk.journal.events import Place
from kiosk.link.drain import RECORDS_AT_ONCE
from kiosk.link.window import Window
from kiosk.messages.payloads import Ack
from kiosk.sealing.signing import NOTHING_BEFORE


@dataclass
class Waits:
    """A row that headquarters does not have. `told_at`: monotonic seconds of its commit, None where that was an earlier run's."""

    record_id: str
    hash: str
    told_at: float | None
    sent: int = 0


@dataclass(frozen=True)
class Judged:
    """What an acknowledgement came to: rows that may go, rows stored apart (id: why); `refused`: why it says nothing to this chain."""

    gone: Sequence[Waits] = ()
    apart: tuple[tuple[str, str], ...] = ()
    refused: str = ""


class Rows:
    """In the order of their sequences, each on its way within the window of a real lane, until a signed acknowledgement fits the chain."""

    def __init__(self, chain: Chain | None, known: Sequence[KnownRow], again_s: float, chance: Callable[[], float]) -> None:
        """`chain` None: this lane has never recorded."""
        self._chain = chain or Chain(str(uuid.uuid4()), 0, NOTHING_BEFORE, 0, NOTHING_BEFORE)
        self._end = (self._chain.sequence, self._chain.hash)
        self._waiting = {row.sequence: Waits(row.record_id, row.hash, None) for row in known}
        self._window = Window(RECORDS_AT_ONCE, again_s, chance)

    @property
    def chain(self) -> Chain:
        """Where the lane stands: with every row that was placed, told or not."""
        at = self._chain
        return Chain(at.chain, *self._end, at.upto, at.head)

    @property
    def waiting(self) -> int:
        """How many rows headquarters does not have."""
        return len(self._waiting)

    def place(self) -> Place:
        """Where the next record stands."""
        sequence, digest = self._end
        return Place(self._chain.chain, sequence + 1, digest)

    def placed(self, digest: str) -> None:
        """A record was made for that place; it waits once it is told."""
        self._end = (self._end[0] + 1, digest)

    def told(self, sequence: int, record_id: str, digest: str, now: float) -> None:
        """The record there is committed."""
        self._waiting[sequence] = Waits(record_id, digest, now)

    def restart(self, now: float) -> None:
        """A new line: from the lowest row on."""
        self._window.restart(now)

    def next(self) -> Iterator[int]:
        """The sequences that may be sent now; each is to be followed by `sent` before the next is asked for."""
        for sequence in list(self._waiting):
            if not self._window.room:
                return
            if sequence > self._window.highest:
                yield sequence

    def sent(self, sequence: int, message: int, now: float) -> bool:
        """It went out as this MQTT message. Returns whether it had been sent before."""
        row = self._waiting[sequence]
        row.sent += 1
        self._window.sent(sequence, message, now)
        return row.sent > 1

    def confirmed(self, message: int) -> None:
        """The broker has it."""
        self._window.confirmed((message,))

    def due(self, now: float) -> bool:
        """Whether rows have to be sent again; if so the window begins again at the lowest."""
        if not self._window.due(now):
            return False
        self._window.again(now)
        return True

    def judge(self, ack: Ack, now: float) -> Judged:
        """Let go of what a verified acknowledgement covers: it must be of this chain and name our hash (docs/reporting.md)."""
        at, upto = self._chain, int(ack.upto)
        if ack.chain != at.chain:
            return Judged(refused="it is for another chain")
        apart = self._apart(ack)
        if upto < at.upto:
            return Judged(apart=apart)
        here = self._waiting.get(upto)
        if ack.head != (at.head if upto == at.upto else here.hash if here is not None else ""):
            return Judged(apart=apart, refused=f"its head at {upto} is not this chain's")
        gone = [self._waiting.pop(sequence) for sequence in list(self._waiting) if sequence <= upto]
        self._window.arrived_upto(upto, now)
        self._chain = Chain(at.chain, *self._end, upto, ack.head)
        return Judged(gone, apart)

    def _apart(self, ack: Ack) -> tuple[tuple[str, str], ...]:
        """Rows that headquarters stored apart leave as well."""
        why = {reject.id: reject.why for reject in ack.reject}
        named = [sequence for sequence, row in self._waiting.items() if row.record_id in why] if why else []
        return tuple((row.record_id, why[row.record_id]) for row in (self._waiting.pop(sequence) for sequence in named))
