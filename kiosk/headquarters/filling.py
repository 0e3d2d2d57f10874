"""Filling the second database: what is new in the receiver's store is journalled, opened and stored, a portion at a time.

Each portion is one transaction with how far it got, so whatever ends it, it goes on there. What does not open is listed and let be, until
somebody asks for it again, with another key or another version. Pictures come after their records, so they are looked for until they are there.
"""

from base64 import b64decode
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, replace
from datetime import timedelta
from pathlib import Path
from typing import TypeVar

from kiosk.clock import Clock, utc_text
from kiosk.crossings.opened import OPENED_TYPES, Crossing, Decided, NotUnderstood, OpenedPicture, Sealed, opened, picture
from kiosk.crossings.progress import Progress
from kiosk.headquarters.opened import Awaited, Opened, Unopened
from kiosk.headquarters.opener import Tally
from kiosk.headquarters.openings import Opener, Openings
from kiosk.headquarters.sealed import AT_ONCE, SealedPicture, SealedStore
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Media, Record, decode
from kiosk.sealing.envelope import CannotOpen
from kiosk.sealing.opening import OpeningKey

# For how long pictures of an opened record are looked for; a lane that comes back later than that is a case for a person
PICTURES_WAIT = timedelta(days=60)
T = TypeVar("T")


@dataclass(frozen=True)
class FillPlan:
    """What is opened, by whom, and into which database. `again`: also what could not be opened before."""

    store: str
    into: str
    journal: Path
    key: OpeningKey
    opener: Opener
    again: bool = False


@dataclass(frozen=True)
class _Came:
    """A record and what became of it: the reason where it does not open."""

    sealed: Sealed
    became: Crossing | Decided | str


def fill(plan: FillPlan, clock: Clock) -> Tally:
    """Open what is new. Raises KeysWrong for the key, StoreUnusable, StoreFailed for the databases and the journal."""
    with (
        closing(Openings(plan.journal, plan.opener, clock)) as openings,
        closing(SealedStore(plan.store)) as sealed,
        closing(Opened(plan.into)) as into,
    ):
        return _Filling(sealed, into, openings, plan.key, clock).run(plan.again)


class _Filling:
    def __init__(self, sealed: SealedStore, into: Opened, openings: Openings, key: OpeningKey, clock: Clock) -> None:
        self._sealed, self._into, self._openings, self._key, self._clock = sealed, into, openings, key, clock
        self._tally = Tally(0, 0)

    def run(self, again: bool) -> Tally:
        """All that is new; with `again` what did not open before as well."""
        if again:
            self._again()
        known = self._into.progress()
        progress = {names: known.get(names, Progress()) for names in self._sealed.chains()}
        beyond = self._sealed.beyond({names: reached.upto for names, reached in progress.items()})
        for names, reached in progress.items():
            if names in beyond or reached.missing:
                self._chain(*names, reached)
        for rows in self._sealed.apart(self._into.apart()):
            came = self._open(rows)
            with self._into.transaction():
                self._keep(came)
                self._into.keep_apart(row.hash for row in rows)
        for waiting in _portions(self._into.awaited()):
            self._pictures(waiting)
        return self._tally

    def _chain(self, station: str, chain: str, before: Progress) -> None:
        for first, last in before.missing:
            at = first
            while rows := self._sealed.within(station, chain, (at, last)):
                before = self._portion(station, chain, before, rows)
                at = rows[-1].sequence + 1
        while rows := self._sealed.after(station, chain, before.upto):
            before = self._portion(station, chain, before, rows)

    def _portion(self, station: str, chain: str, before: Progress, rows: Sequence[Sealed]) -> Progress:
        came = self._open(rows)
        now = before.through(row.sequence for row in rows)
        with self._into.transaction():
            self._keep(came)
            self._into.keep_progress(station, chain, before, now)
        return now

    def _open(self, rows: Sequence[Sealed]) -> list[_Came]:
        """Journal first, then open. An erased record has no content any more; kinds that are nobody's crossing stay sealed."""
        self._sealed.still()
        messages = [(row, _message(row)) for row in rows if row.content]
        wanted = [(row, message) for row, message in messages if message is None or message.type in OPENED_TYPES]
        if wanted:
            self._openings.note([row.record_id for row, _ in wanted], self._key.ids)
        return [_Came(row, self._became(row, message)) for row, message in wanted]

    def _became(self, row: Sealed, message: Record | None) -> Crossing | Decided | str:
        if message is None:
            return "not a record that this version knows"
        try:
            return opened(row, message, self._key.open(b64decode(message.data_base64), row.station, row.record_id).value)
        except (CannotOpen, NotUnderstood) as why:
            return str(why)

    def _keep(self, came: Iterable[_Came]) -> None:
        """Within a transaction. What was erased between opening and now is not kept: the erasure was here and found nothing of it."""
        self._into.database.writes_alone()
        now, listed = self._clock.now().text, list(came)
        there = self._sealed.kept(one.sealed.record_id for one in listed)
        for one in listed:
            if one.sealed.record_id not in there:
                continue
            match one.became:
                case Crossing() as crossing:
                    self._into.take_crossing(one.sealed, crossing, now)
                case Decided() as decided:
                    self._into.take_decision(decided)
                case str() as why:
                    self._into.keep_unopened(Unopened(one.sealed.hash, one.sealed.record_id, picture=False), why, now)
            self._count(not isinstance(one.became, str))

    def _again(self) -> None:
        """What did not open before: records now, pictures with those that are waited for."""
        listed = self._into.unopened()
        names = {one.name for one in listed}
        for part in _portions(sorted({one.record_id for one in listed if not one.picture})):
            rows = [row for row in self._sealed.named(part) if row.hash in names]
            came = self._open(rows)
            with self._into.transaction():
                self._into.forget_unopened(row.hash for row in rows)
                self._keep(came)
        with self._into.transaction():
            self._into.awaits_again([one for one in listed if one.picture], self._clock.now().text)

    def _pictures(self, waiting: Sequence[Awaited]) -> None:
        records = [one.record_id for one in waiting]
        through = self._into.pictures_of(records) | {one.name for one in self._into.unopened() if one.picture}
        there = self._sealed.media(records)
        self._sealed.still()
        new = [media for media in there if media.content and media.id not in through]
        if new:
            self._openings.note([media.id for media in new], self._key.ids)
        came = [(media, self._picture(media)) for media in new]
        arrived, now = Counter(media.record_id for media in there), self._clock.now()
        too_old = utc_text(now.utc - PICTURES_WAIT)
        with self._into.transaction():
            for media, became in came:
                self._keep_picture(media, became, now.text)
            self._into.waits_no_more(one.record_id for one in waiting if arrived[one.record_id] >= one.pictures or one.since < too_old)

    def _keep_picture(self, media: SealedPicture, became: OpenedPicture | str, now: str) -> None:
        if isinstance(became, OpenedPicture) and self._into.is_erased(media.record_id, became.member):
            became = "its traveller was erased"
        if isinstance(became, OpenedPicture):
            self._into.take_picture(media.id, media.record_id, became, now)
        else:
            self._into.keep_unopened(Unopened(media.id, media.record_id, picture=True), became, now)
        self._count(isinstance(became, OpenedPicture))

    def _picture(self, media: SealedPicture) -> OpenedPicture | str:
        try:
            message = decode(media.content, Media)
            return picture(self._key.open(b64decode(message.data_base64), media.station, media.id).value)
        except (BadMessage, CannotOpen, NotUnderstood) as why:
            return str(why)

    def _count(self, good: bool) -> None:
        tally = self._tally
        self._tally = replace(tally, opened=tally.opened + good, not_opened=tally.not_opened + (not good))


def _message(row: Sealed) -> Record | None:
    try:
        return decode(row.content, Record)
    except BadMessage:
        return None


def _portions(all_: Sequence[T]) -> Iterator[Sequence[T]]:
    for at in range(0, len(all_), AT_ONCE):
        yield all_[at : at + AT_ONCE]
