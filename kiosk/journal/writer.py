"""The journal as the rest of the house sees it: one thread that owns the one connection; everything is asked of it and answered by call.

    journal = Journal(folder, keys, clock, tell=lane.put)      # raises JournalUnusable
    journal.record(ticket, Kind.REGISTRATION, Private(b"..."), [NewPicture(Picture.FACE, Private(jpeg))], Opens("K7M4QX"))
    ... tell(Recorded(ticket, sequence, record_id)) or tell(NotRecorded(ticket, reason)), exactly one for each ticket
    journal.audit({"event": "session_ended", "last": "FACE", "reason": "idle", "seconds": 41})      # nothing of a person
    journal.close()

`tell` and every `then` are called on the writer's thread: they put things into a queue and return; they never wait and never raise.
"""

import logging
import queue
import sqlite3
import sys
import threading
import time
from collections.abc import Callable, Mapping, Sequence
from concurrent.futures import Future
from pathlib import Path
from typing import TypeVar

from kiosk.clock import Clock
from kiosk.journal import book, delivery
from kiosk.journal.rows import (
    AckRefused,
    AckTaken,
    Answer,
    Caps,
    CaseBook,
    CaseWork,
    CommandKept,
    JournalUnusable,
    Kind,
    NewPicture,
    NotRecorded,
    Obeys,
    Opened,
    PictureRow,
    Pressure,
    PressureChanged,
    Recorded,
    Row,
    Waiting,
)
from kiosk.journal.schema import reason_of, unusable
from kiosk.journal.store import NoRoom, Store
from kiosk.messages.canonical import LARGEST_EXACT, canonical
from kiosk.messages.payloads import Ack
from kiosk.private import Private
from kiosk.registration.names import NotRecordedBecause
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import StationKeys

log = logging.getLogger(__name__)

T = TypeVar("T")
Work = Callable[[Store], None]
# How often the writer shows that it moves, and looks for rows that may go
IDLE_S, TRIM_S = 1.0, 60.0
DECISIONS = frozenset({Kind.DECISION, Kind.HANDOVER})


class Journal:
    """The station's journal. Every method may be called from any thread and returns at once."""

    def __init__(
        self,
        folder: Path,
        keys: StationKeys,
        clock: Clock,
        tell: Callable[[Answer], None],
        caps: Caps | None = None,
        moved: Callable[[], None] = lambda: None,
    ) -> None:
        """Open or make the journal in this folder; raises JournalUnusable. `moved` is called at least each second that the writer lives."""
        self._folder, self._keys, self._clock, self._tell = folder, keys, clock, tell
        self._caps = Caps() if caps is None else caps
        self._moved = moved
        self._asked: queue.SimpleQueue[Work | None] = queue.SimpleQueue()
        self._door, self._closed = threading.Lock(), False
        self._committed: list[Callable[[], None]] = []
        self._share = 0.0
        self._told = Pressure.OK
        self.opened = self._begin()
        clock.not_before(self.opened.floor)

    @property
    def pressure(self) -> Pressure:
        """How full journal and disk were after the last commit."""
        return delivery.pressure_at(self._share)

    def record(
        self, ticket: int, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture] = (), work: CaseWork | None = None
    ) -> None:
        """Seal, sign and commit one record. Answered with exactly one Recorded or NotRecorded of this ticket (law 3)."""
        if not self._put(lambda store: self._tell(self._append(store, ticket, kind, payload, pictures, work))):
            self._tell(NotRecorded(ticket, NotRecordedBecause.BROKEN))

    def audit(self, facts: Mapping[str, str | int]) -> None:
        """One audit record, `facts` as JSON: what happened, nothing of a person. No answer; what cannot be recorded is logged."""
        payload = Private(canonical(facts))
        self._ask(lambda store: self._append(store, 0, Kind.AUDIT, payload, (), None), _log_lost, _nobody)

    def on_commit(self, call: Callable[[], None]) -> None:
        """Call this after each commit of a record, on the writer's thread: something waits for headquarters. Before traffic begins."""
        self._committed.append(call)

    def unsent(self, after: int, limit: int, then: Callable[[tuple[Row, ...]], None]) -> None:
        """Rows that wait for headquarters, beyond this sequence."""
        self._ask(lambda store: delivery.unsent(store, after, limit), then, lambda: then(()))

    def unsent_pictures(self, after: int, limit: int, then: Callable[[tuple[PictureRow, ...]], None]) -> None:
        """Pictures that wait for headquarters, beyond this place."""
        self._ask(lambda store: delivery.unsent_pictures(store, after, limit), then, lambda: then(()))

    def pictures_of(self, record_id: str, then: Callable[[tuple[PictureRow, ...]], None]) -> None:
        """The sealed pictures of one record, for a console that asks again."""
        self._ask(lambda store: delivery.pictures_of(store, record_id), then, lambda: then(()))

    def acknowledged(self, ack: Ack, then: Callable[[AckTaken | AckRefused], None]) -> None:
        """Headquarters' acknowledgement, its signature already verified: let go of what it has, if it fits this chain (law 4)."""
        self._ask(
            lambda store: delivery.acknowledge(store, ack), then, lambda: then(AckRefused("the journal cannot be written", suspect=False))
        )

    def replay(self, first: int, after: str = "") -> None:
        """Headquarters wants rows from this sequence on again; acknowledgements that it signed up to `after` are void."""
        self._ask(lambda store: delivery.replay(store, first, after), self._woken, _nobody)

    def waiting(self, then: Callable[[Waiting], None]) -> None:
        """What waits for headquarters, for the status."""
        self._ask(delivery.waiting, then, lambda: then(Waiting(0, 0, None, 0, 0)))

    def case_book(self, then: Callable[[CaseBook], None]) -> None:
        """Open cases, claims and decisions after a restart."""
        self._ask(book.case_book, then, lambda: then(CaseBook((), ())))

    def envelope_of(self, case_id: str, then: Callable[[bytes | None], None]) -> None:
        """The ciphertext of one open case."""
        self._ask(lambda store: book.envelope_of(store, case_id), then, lambda: then(None))

    def keep_claim(self, case_id: str, holder: str, version: int) -> None:
        """Who holds a case."""
        self._ask(lambda store: book.keep_claim(store, case_id, holder, version), _nothing, _nobody)

    def keep_command(self, obeys: Obeys, facts: Mapping[str, str | int], then: Callable[[bool], None]) -> None:
        """A command's result, so that it is not carried out twice, what of it holds over a restart, and an audit record: one commit.

        `then` hears whether it is committed. Where there is no room for an audit record the result is kept alone."""
        payload = Private(canonical(facts))

        def keep(store: Store) -> None:
            if isinstance(self._append(store, 0, Kind.AUDIT, payload, (), obeys), NotRecorded):
                log.error("journal: command %d is kept without an audit record", obeys.kept.number)
                book.keep_command(store, obeys)

        if not self._ask(keep, lambda _: then(True), lambda: then(False)):
            then(False)

    def use_keys(self, keys: StationKeys) -> None:
        """Seal to the readers of a newer key set from now on."""
        self._ask(lambda store: store.use_keys(keys), _nothing, _nobody)

    def command(self, command_id: str, then: Callable[[CommandKept | None, int], None]) -> None:
        """What became of this command before, and the highest number of any."""
        self._ask(
            lambda store: (book.command(store, command_id), book.last_number(store)),
            lambda found: then(*found),
            lambda: then(None, LARGEST_EXACT),
        )

    def close(self) -> None:
        """Carry out what was asked so far, then close. What is asked later gets NotRecorded, or no answer."""
        with self._door:
            self._closed = True
            self._asked.put(None)
        self._thread.join()

    def _begin(self) -> Opened:
        """Start the writer's thread, and wait until it has opened the files."""
        opening: Future[Opened] = Future()
        self._thread = threading.Thread(target=self._run, args=(opening,), name="journal", daemon=True)
        self._thread.start()
        return opening.result()

    def _ask(self, work: Callable[[Store], T], then: Callable[[T], None], broken: Callable[[], None]) -> bool:
        """Whether the writer will still come to it; then it answers by `then` or `broken`."""

        def carry_out(store: Store) -> None:
            try:
                found = work(store)
            except sqlite3.Error as why:
                log.error("journal: %s (%s)", reason_of(why, self._folder), type(why).__name__)
                broken()
            else:
                then(found)

        return self._put(carry_out)

    def _put(self, work: Work) -> bool:
        """Whether the writer will still come to it."""
        with self._door:
            if not self._closed:
                self._asked.put(work)
            return not self._closed

    def _run(self, opening: "Future[Opened]") -> None:
        try:
            store = Store(self._folder, self._keys, self._clock, self._caps)
            self._measure(store)
        except JournalUnusable as why:
            opening.set_exception(why)
            return
        except sqlite3.Error as why:
            opening.set_exception(unusable(self._folder, why))
            return
        finally:
            # an error that nobody foresaw ends this thread; the one who waits must not wait for ever
            if not opening.done() and sys.exc_info()[0] is not None:
                opening.set_exception(JournalUnusable(f"journal {self._folder}: an error in the program ended it; the log says which"))
        opening.set_result(store.opened())
        try:
            self._serve(store)
        finally:
            store.close()

    def _serve(self, store: Store) -> None:
        trim_at = time.monotonic()
        while True:
            self._moved()
            if time.monotonic() >= trim_at:
                trim_at = time.monotonic() + TRIM_S
                self._trim(store)
            try:
                work = self._asked.get(timeout=IDLE_S)
            except queue.Empty:
                continue
            if work is None:
                return
            work(store)

    def _append(
        self, store: Store, ticket: int, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture], work: CaseWork | Obeys | None
    ) -> Recorded | NotRecorded:
        try:
            if not self._room_for(kind):
                raise NoRoom(NotRecordedBecause.FULL)
            committed = store.append(kind, payload, pictures, work)
        except NoRoom as why:
            return NotRecorded(ticket, why.reason)
        except KeysWrong:
            log.exception("journal: the key set is missing a key to seal to")
            return NotRecorded(ticket, NotRecordedBecause.BROKEN)
        except sqlite3.Error as why:
            log.error("journal: not recorded: %s (%s)", reason_of(why, self._folder), type(why).__name__)
            return NotRecorded(ticket, reason_of(why, self._folder))
        finally:
            self._measure(store)
        self._woken(None)
        return Recorded(ticket, committed.sequence, committed.record_id)

    def _room_for(self, kind: Kind) -> bool:
        """The last tenth is for decisions; audit rows may use half of it."""
        if kind in DECISIONS:
            return True
        return self._share < (delivery.AUDIT_UNTIL if kind is Kind.AUDIT else delivery.PAUSE_AT)

    def _measure(self, store: Store) -> None:
        try:
            self._share = delivery.used(store, self._caps, self._folder)
        except (sqlite3.Error, OSError) as why:
            log.error("journal: its room cannot be measured (%s)", type(why).__name__)
            return
        if self.pressure is not self._told:
            self._told = self.pressure
            self._tell(PressureChanged(self._told))

    def _trim(self, store: Store) -> None:
        try:
            delivery.trim(store, self._caps, self._clock.now())
        except sqlite3.Error as why:
            log.error("journal: old rows cannot be removed: %s", reason_of(why, self._folder))
        self._measure(store)

    def _woken(self, _: None) -> None:
        for call in self._committed:
            call()


def _nothing(_: None) -> None:
    """No answer is wanted."""


def _nobody() -> None:
    """Nobody waits for it."""


def _log_lost(answer: Recorded | NotRecorded | None) -> None:
    if isinstance(answer, NotRecorded):
        log.error("journal: an audit record was not kept: %s", answer.reason)
