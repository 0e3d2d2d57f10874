"""The lane's side of the officers' consoles: offers cases, arbitrates claims, takes decisions in.

A decision is answered only after the lane's own journal has committed it. What the desks need beside the record (document pictures) is
kept in memory, sealed, and gone with the case.
"""

import logging
import threading
import time
from base64 import b64encode
from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Protocol

from kiosk.cases import LEASE_S, Cases, OpenCase
from kiosk.clock import Clock, parse_utc, utc_text
from kiosk.hours import Hours
from kiosk.journal.ids import uuid7
from kiosk.journal.rows import CaseBook, CaseWork, Expires, Kind, NewPicture, NotRecorded, PictureRow, Recorded, Settles, StoredCase
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import (
    CaseMedia,
    CaseOffer,
    Claim,
    Claims,
    Decided,
    Decision,
    Held,
    Hello,
    Hour,
    Media,
    Outcome,
    Payload,
    Picture,
    Queue,
    decode,
    encode,
)
from kiosk.messages.topics import Leaf
from kiosk.private import Private
from kiosk.record import Media as DeskPicture
from kiosk.record import media_payload
from kiosk.registration.travellers import Case
from kiosk.sealing.envelope import seal
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys

log = logging.getLogger(__name__)

HEARD = (Leaf.HELLO, Leaf.CLAIM, Leaf.DECISION)
"""What a lane listens to on its own topics."""
Say = Callable[[Leaf, Payload], None]


class CaseJournal(Protocol):
    """What is needed of the lane's journal."""

    def record(
        self, ticket: int, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture] = (), work: CaseWork | None = None
    ) -> None:
        """Commit a record; an answer with this ticket follows."""

    def case_book(self, then: Callable[[CaseBook], None]) -> None:
        """All open cases and decisions."""

    def pictures_of(self, record_id: str, then: Callable[[tuple[PictureRow, ...]], None]) -> None:
        """The sealed pictures of a record."""

    def keep_claim(self, case_id: str, holder: str, version: int) -> None:
        """Remember who holds a case, over a restart."""


class LaneDesks:
    """Owns the lane's cases. Called from the journal's, the link's and the alarm's threads; one lock around the state."""

    def __init__(self, keys: StationKeys, journal: CaseJournal, clock: Clock, say: Say, hours: int) -> None:
        """`say` sends to the lane's own topics on the post's broker, signed there; a registration stands for so many hours."""
        self._keys, self._journal, self._clock, self._say = keys, journal, clock, say
        self._hours = timedelta(hours=hours)
        self._lock = threading.RLock()
        self._cases = Cases()
        self._work = Hours()
        self._sealed: dict[str, list[CaseMedia]] = {}
        self._deciding: dict[int, Decision] = {}
        self._outcomes: dict[str, Outcome] = {}
        self._ticket = -1
        self._restored = False
        self._early: list[Payload] = []
        self.decided: Callable[[str, str], None] = _nobody

    def use_keys(self, keys: StationKeys) -> None:
        """Seal to the readers of a newer key set from now on."""
        self._keys = keys

    @property
    def cases(self) -> Cases:
        """The cases as they stand."""
        return self._cases

    def queue(self) -> Queue:
        """How many wait for an officer, and how long the oldest has."""
        now, waiting = self._clock.now().utc, self._cases.waiting()
        longest_s = max((int((now - parse_utc(case.since)).total_seconds()) for case in waiting), default=0)
        return Queue(cases=len(waiting), longest_s=max(0, longest_s))

    def hours(self) -> tuple[Hour, ...]:
        """What was done in the last hours, since the lane was started."""
        return self._work.said(self._clock.now().utc)

    def restore(self, book: CaseBook) -> None:
        """Take up what the journal knew before a restart. Leases begin anew: their holders renew them or lose them."""
        now = time.monotonic()
        with self._lock:
            self._restored = True
            for stored in book.cases:
                lease = now + LEASE_S if stored.holder else 0.0
                case = OpenCase(stored.case_id, stored.token_code, utc_text(stored.since), stored.version, stored.holder, lease)
                self._cases = self._cases.opened(case)
            for decision in book.decisions:
                self._outcomes[decision.decision_id] = decision.outcome
                if decision.outcome is Outcome.ACCEPTED:
                    known = OpenCase(decision.case_id, "", "", decision_id=decision.decision_id, code=decision.code)
                    self._cases = self._cases.opened(known)
            for message in self._early:
                self._listen(message)
            self._early.clear()

    def begun(self, case: Case, pictures: tuple[DeskPicture, ...]) -> None:
        """A registration is committed: seal what only the desks need. On the journal's thread, before `begin`."""
        with self._lock:
            self._sealed[case.case_id] = [self._seal(case.case_id, picture) for picture in pictures]

    def begin(self, case: Case) -> None:
        """A case begins: lay it before the officers."""
        now = self._clock.now().utc
        with self._lock:
            self._cases = self._cases.opened(OpenCase(case.case_id, case.token, utc_text(now)))
            self._work = self._work.registered(now)
        self._journal.case_book(lambda book: self._offer([stored for stored in book.cases if stored.case_id == case.case_id]))

    def heard(self, message: Payload) -> None:
        """A console says something on the lane's topics; the link has verified that it is the one it names, of this post."""
        with self._lock:
            if not self._restored:
                # answered once the journal has said which cases are open, in the order in which it came
                self._early.append(message)
                return
        self._listen(message)

    def _listen(self, message: Payload) -> None:
        match message:
            case Hello():
                log.info("%s has come", message.console)
                self._journal.case_book(lambda book: self._offer(book.cases))
            case Claim():
                self._claim(message)
            case Decision():
                self._decision(message)
            case _:
                log.debug("nothing is done about %s", type(message).__name__)

    def tick(self) -> None:
        """About each ten seconds: leases that were not renewed are over; who holds what is said again."""
        if not self._restored:
            return
        with self._lock:
            self._cases = self._cases.ran_out(time.monotonic())
            expired = self._expired()
        for case in expired:
            self._expire(case)
        self._say_claims()

    def _expired(self) -> list[OpenCase]:
        """Cases whose hours ran out, never while claimed, and only by a known clock (law 11)."""
        stamp = self._clock.now()
        if not stamp.known:
            return []
        return [case for case in self._cases.waiting() if not case.holder and parse_utc(case.since) + self._hours < stamp.utc]

    def _expire(self, case: OpenCase) -> None:
        with self._lock:
            self._cases = self._cases.forgotten(case.case_id)
            self._sealed.pop(case.case_id, None)
            self._ticket += 2
            ticket = self._ticket
        row = canonical({"deed": "case_expired", "case": case.case_id})
        self._journal.record(ticket, Kind.AUDIT, Private(row), (), Expires(case.case_id))

    def answered(self, answer: Recorded | NotRecorded) -> None:
        """The journal's word on a decision, from its thread."""
        with self._lock:
            decision = self._deciding.pop(answer.ticket, None)
            if decision is None:
                return
            if isinstance(answer, NotRecorded):
                # not answered: the console sends it again, and says meanwhile that the lane was not reached
                log.error("a decision could not be recorded: %s", answer.reason)
                return
            case = self._cases.by_id.get(decision.case_id)
            self._cases, outcome = self._cases.decided(decision.case_id, decision.decision_id, decision.code)
            self._outcomes[decision.decision_id] = outcome
            if case is not None and not case.decision_id:
                self._work = self._work.decided(self._clock.now().utc, parse_utc(case.since))
            self._sealed.pop(decision.case_id, None)
        self._answer(decision, outcome)
        self._say_claims()
        if outcome is Outcome.ACCEPTED:
            self.decided(decision.case_id, decision.code)

    def _claim(self, claim: Claim) -> None:
        with self._lock:
            if claim.release is True:
                self._cases = self._cases.released(claim.case_id, claim.console)
            else:
                self._cases = self._cases.claimed(claim.case_id, claim.console, time.monotonic())
            case = self._cases.by_id.get(claim.case_id)
        if case is not None:
            self._journal.keep_claim(case.case_id, case.holder, case.version)
        self._say_claims()

    def _decision(self, decision: Decision) -> None:
        with self._lock:
            if decision in self._deciding.values():
                return
            _, found = self._cases.decided(decision.case_id, decision.decision_id, decision.code)
            # what is in the journal already, a conflict too, is answered alike and not kept twice
            known = self._outcomes.get(decision.decision_id)
            outcome = found if known is None else known
            if known is not None or outcome is Outcome.UNKNOWN_CASE:
                self._answer(decision, outcome)
                return
            # odd numbers: the ledger, which shares the journal, counts the even ones
            self._ticket += 2
            ticket = self._ticket
            self._deciding[ticket] = decision
        settles = Settles(decision.decision_id, decision.case_id, decision.code, outcome)
        self._journal.record(ticket, Kind.DECISION, Private(encode(decision)), (), settles)

    def _answer(self, decision: Decision, outcome: Outcome) -> None:
        said = Decided(decision_id=decision.decision_id, case_id=decision.case_id, outcome=outcome, sig="")
        self._say(Leaf.DECIDED, said)

    def _offer(self, stored: Sequence[StoredCase]) -> None:
        for case in stored:
            offer = CaseOffer(
                case_id=case.case_id,
                token_code=case.token_code,
                version=case.version,
                envelope=b64encode(case.envelope).decode("ascii"),
                sig="",
                since=utc_text(case.since),
            )
            self._say(Leaf.CASE, offer)
            self._offer_pictures(case.case_id)
        self._say_claims()

    def _offer_pictures(self, case_id: str) -> None:
        with self._lock:
            for one in self._sealed.get(case_id, []):
                self._say(Leaf.CASE_MEDIA, one)
        self._journal.pictures_of(case_id, lambda rows: self._offer_rows(case_id, rows))

    def _offer_rows(self, case_id: str, rows: tuple[PictureRow, ...]) -> None:
        for row in rows:
            sealed = decode(row.content, Media).data_base64
            media = CaseMedia(case_id=case_id, media=row.picture_id, kind=row.kind, envelope=sealed, sig="")
            self._say(Leaf.CASE_MEDIA, media)

    def _seal(self, case_id: str, picture: DeskPicture) -> CaseMedia:
        media = uuid7(self._clock.now().utc)
        envelope = seal(Private(media_payload(picture)), self._keys.station, media, self._keys.readers())
        unsigned = CaseMedia(case_id=case_id, media=media, kind=Picture(picture.kind), envelope=b64encode(envelope).decode("ascii"), sig="")
        return signed(unsigned, self._keys.signing)

    def _say_claims(self) -> None:
        now = time.monotonic()
        with self._lock:
            held = [
                Held(case_id=case.case_id, holder=case.holder or None, version=case.version, lease_s=max(0, round(case.lease_until - now)))
                for case in self._cases.waiting()
            ]
        self._say(Leaf.CLAIMS, Claims(cases=held, sig=""))


def _nobody(case_id: str, code: str) -> None:
    """Nothing at the lane waits for decisions."""
