"""The outbox's way out: rows are asked of the journal, sent within two windows, and sent again until headquarters has them."""

import time
from collections.abc import Callable, Iterable
from dataclasses import dataclass

from kiosk.clock import Clock, parse_utc
from kiosk.journal.rows import AckRefused, AckTaken, PictureRow, Row
from kiosk.journal.writer import Journal
from kiosk.link.window import Window
from kiosk.link.words import Patience
from kiosk.messages.payloads import Ack
from kiosk.messages.topics import Leaf

RECORDS_AT_ONCE, PICTURES_AT_ONCE = 20, 4


@dataclass(frozen=True)
class RowsCame:
    """The journal's answer; one that was asked for before the last beginning is dropped."""

    begun: int
    rows: tuple[Row, ...]


@dataclass(frozen=True)
class PicturesCame:
    """The journal's answer; one that was asked for before the last beginning is dropped."""

    begun: int
    pictures: tuple[PictureRow, ...]


@dataclass(frozen=True)
class AckJudged:
    """What the journal made of an acknowledgement."""

    ack: Ack
    judgement: AckTaken | AckRefused


class Drain:
    """Lives in the link's thread. `put` brings the journal's answers back into that thread; `send` publishes and returns a number."""

    def __init__(
        self,
        journal: Journal,
        clock: Clock,
        put: Callable[[RowsCame | PicturesCame | AckJudged], None],
        patience: Patience,
        monotonic: Callable[[], float] = time.monotonic,
    ) -> None:
        self._journal, self._clock, self._put, self._monotonic = journal, clock, put, monotonic
        self._rows = Window(RECORDS_AT_ONCE, patience.again_s, patience.chance)
        self._pictures = Window(PICTURES_AT_ONCE, patience.again_s, patience.chance)
        self._places: dict[str, int] = {}
        self._begun = 0
        self._asked_rows = self._asked_pictures = self._more = False

    def begin(self, now: float) -> None:
        """Begin at the lowest row that headquarters does not have: a connection stands, or rows came back into the outbox."""
        self._rows.restart(now)
        self._pictures.restart(now)
        self._ask_anew()

    def _ask_anew(self) -> None:
        """An answer on its way is of rows further on: sent now, it would hide those below it."""
        self._begun += 1
        self._asked_rows = self._asked_pictures = False
        self.fresh()

    def fresh(self) -> None:
        """Something was committed, or went: ask for what comes next."""
        if self._asked_rows:
            # the answer on its way may be older than what was committed now
            self._more = True
        elif self._rows.room:
            self._asked_rows, self._more = True, False
            begun = self._begun
            self._journal.unsent(self._rows.highest, self._rows.room, lambda rows: self._put(RowsCame(begun, rows)))

    def rows_came(self, came: RowsCame, send: Callable[[Leaf, bytes], int]) -> None:
        """Send what the journal gave; where no record waits, pictures may go."""
        if came.begun != self._begun:
            return
        self._asked_rows = False
        for row in came.rows:
            self._rows.sent(row.sequence, send(Leaf.RECORD, row.content), self._monotonic())
        if came.rows or self._more:
            self.fresh()
        elif self._rows.empty and self._pictures.room and not self._asked_pictures:
            self._asked_pictures = True
            begun = self._begun
            self._journal.unsent_pictures(
                self._pictures.highest, self._pictures.room, lambda pictures: self._put(PicturesCame(begun, pictures))
            )

    def pictures_came(self, came: PicturesCame, send: Callable[[Leaf, bytes], int]) -> None:
        """Send these pictures."""
        if came.begun != self._begun:
            return
        self._asked_pictures = False
        for picture in came.pictures:
            self._places[picture.picture_id] = picture.place
            self._pictures.sent(picture.place, send(Leaf.MEDIA, picture.content), self._monotonic())

    def confirmed(self, messages: Iterable[int]) -> None:
        """The broker has these messages."""
        known = set(messages)
        self._rows.confirmed(known)
        self._pictures.confirmed(known)

    def acknowledged(self, ack: Ack) -> None:
        """Headquarters' acknowledgement, its signature verified: the journal judges whether it fits."""
        self._journal.acknowledged(ack, lambda judgement: self._put(AckJudged(ack, judgement)))

    def judged(self, judged: AckJudged) -> None:
        """Go on with what comes next, and learn the time: headquarters signed after the newest of these rows first left."""
        now = self._monotonic()
        places = [self._places.pop(picture) for picture in judged.ack.ids if picture in self._places]
        self._pictures.arrived(places, now)
        if isinstance(judged.judgement, AckTaken):
            left = self._rows.arrived_upto(judged.judgement.upto, now)
            self._clock.not_before(parse_utc(judged.ack.time))
            if left is not None:
                self._clock.heard(parse_utc(judged.ack.time), (left + now) / 2, (now - left) / 2 + 0.001)
        elif judged.ack.reject or judged.ack.ids:
            # rows that headquarters stored apart, or names though the chain forked, leave the outbox as well
            self._rows.restart(now)
            self._ask_anew()
        self.fresh()

    def turn(self, now: float) -> None:
        """Send again what is due."""
        due = [window for window in (self._rows, self._pictures) if window.due(now)]
        for window in due:
            window.again(now)
        if due:
            self._ask_anew()
