"""A journal at work, for the test that cuts the power: `python -m tests.faults.recorded_station KEYS ROOT LEDGER SEED STEPS SYNCHRONOUS`.

Runs under strace. Everything that it was told, and everything that it is about to ask for which rows may leave, is a line of JSON in the file LEDGER,
written before the next thing happens. The journal lies in ROOT/data/journal; it is opened twice, closed once, and then left as a kill leaves it.
"""

import json
import os
import queue
import random
import sys
import uuid
from collections.abc import Callable
from pathlib import Path
from typing import Any

from kiosk.clock import SystemClock
from kiosk.journal.rows import Answer, Caps, CommandKept, Expires, Kind, NewPicture, Obeys, Opens, PictureRow, Recorded, Row, Settles
from kiosk.journal.store import Store
from kiosk.journal.writer import Journal
from kiosk.messages.payloads import Ack, Outcome, Picture, Result
from kiosk.private import Private
from kiosk.sealing.signing import chain_hash
from kiosk.sealing.station import StationKeys, load_station_keys
from tests.kiosk.practice import LANE

PLACE = Path("data") / "journal"
# rows that headquarters has, and results of commands, are removed at once, so that cuts fall into removals as well
CAPS = Caps(retention_days=0)


class RecordedStation:
    """One opening of the journal and what is done with it."""

    def __init__(self, keys: StationKeys, root: Path, ledger: int, chance: random.Random, synchronous: str) -> None:
        self._ledger, self._chance, self._clock = ledger, chance, SystemClock()
        self._told: queue.Queue[Answer] = queue.Queue()
        self.journal = Journal(root / PLACE, keys, self._clock, self._told.put, CAPS)
        self._cases: list[str] = []
        self._ticket = self._number = 0
        if synchronous != "FULL":
            self._asked(self._weaken, synchronous)
        _, self._number = self._asked(lambda then: self.journal.command("", lambda kept, last: then((kept, last))))
        self._last = self.journal.opened.last_sequence
        self._say("opened", last=self.journal.opened.last_sequence, chain=self.journal.opened.chain)

    def step(self) -> None:
        """One thing by chance; mostly a record."""
        what = self._chance.choices(
            (self._record, self._acknowledge, self._replay, self._command, self._claim, self._trim), (60, 20, 2, 6, 6, 6)
        )[0]
        what()

    def _record(self) -> None:
        self._ticket += 1
        pictures = self._chance.choice((0, 0, 1, 3))
        drawn = [NewPicture(Picture.FACE, Private(self._chance.randbytes(self._chance.choice((700, 3000, 9000))))) for _ in range(pictures)]
        kind, work = self._chance.choice(tuple(Kind)), None
        if kind is Kind.REGISTRATION:
            work = Opens("K7M4QX")
        elif self._cases and kind is Kind.DECISION:
            work = Settles(str(uuid.uuid4()), self._cases.pop(0), "clear", Outcome.ACCEPTED)
        elif self._cases and kind is Kind.AUDIT:
            work = Expires(self._cases.pop(0))
        self.journal.record(self._ticket, kind, Private(bytes(self._chance.randrange(4000))), drawn, work)
        answer = self._told.get()
        assert isinstance(answer, Recorded), answer
        self._last = answer.sequence
        self._say("recorded", sequence=answer.sequence, id=answer.record_id, pictures=pictures)
        if isinstance(work, Opens):
            self._cases.append(answer.record_id)

    def _acknowledge(self) -> None:
        rows: tuple[Row, ...] = self._asked(lambda then: self.journal.unsent(0, self._chance.randint(1, 30), then))
        pictures: tuple[PictureRow, ...] = self._asked(lambda then: self.journal.unsent_pictures(0, self._chance.randint(1, 10), then))
        if not rows:
            return
        ids = [picture.picture_id for picture in pictures]
        ack = Ack(
            station=LANE, chain=self.journal.opened.chain, upto=f"{rows[-1].sequence:020d}", head=chain_hash(rows[-1].content),
            time=self._clock.now().text, sig="", ids=ids,
        )  # fmt: skip
        self._say("acknowledging", upto=rows[-1].sequence, pictures=ids)
        self._asked(lambda then: self.journal.acknowledged(ack, then))

    def _replay(self) -> None:
        first = max(1, self.journal.opened.last_sequence + self._chance.randint(-5, 20))
        self.journal.replay(first)
        self._asked(self.journal.waiting)
        self._say("replayed", first=first)

    def _command(self) -> None:
        self._number += 1
        obeys = Obeys(CommandKept(self._number, str(uuid.uuid4()), Result.DONE, ""), {"closed": str(self._number)})
        self._asked(lambda then: self.journal.keep_command(obeys, {"event": "command", "number": self._number}, then))
        row = self._asked(lambda then: self.journal.unsent(self._last, 1, then))[0]
        self._last = row.sequence
        self._say("recorded", sequence=row.sequence, id=row.record_id, pictures=0)
        self._say("commanded", number=self._number)

    def _claim(self) -> None:
        if self._cases:
            case, version = self._chance.choice(self._cases), self._chance.randrange(100)
            self.journal.keep_claim(case, "ut-nowhere-console1", version)
            self._asked(self.journal.waiting)

    def _trim(self) -> None:
        self.journal._put(self.journal._trim)
        self._asked(self.journal.waiting)

    def _weaken(self, then: Callable[[Any], None], synchronous: str) -> None:
        """Damage the journal's rule, to see that the judge finds it."""

        def weaken(store: Store) -> None:
            store.connection.execute(f"PRAGMA main.synchronous = {synchronous}")
            then(None)

        self.journal._put(weaken)

    def _asked(self, ask: Callable[..., None], *more: Any) -> Any:
        answers: queue.Queue[Any] = queue.Queue()
        ask(answers.put, *more)
        return answers.get()

    def _say(self, said: str, **facts: Any) -> None:
        os.write(self._ledger, (json.dumps({"said": said, **facts}) + "\n").encode())


def main(keys_folder: str, root: str, ledger_path: str, seed: str, count: str, synchronous: str) -> None:
    """Open, work, close, open, work, and end as a kill does."""
    keys, chance = load_station_keys(Path(keys_folder), LANE), random.Random(int(seed))
    ledger = os.open(ledger_path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o600)
    for closing in (True, False):
        station = RecordedStation(keys, Path(root), ledger, chance, synchronous)
        for _ in range(int(count)):
            station.step()
        if closing:
            station.journal.close()
    os._exit(0)


if __name__ == "__main__":
    main(*sys.argv[1:])
