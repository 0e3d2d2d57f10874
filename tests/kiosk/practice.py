"""A post for practice: a founding, a journal, a broker, a receiver, all real, in a folder that goes away."""

import queue
import threading
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any, TypeVar

from kiosk.broker import Broker
from kiosk.clock import Stamp, SystemClock
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE
from kiosk.journal.rows import Answer, Caps, Kind, NewPicture, Opens, Pressure, PressureChanged, Recorded
from kiosk.journal.writer import Journal
from kiosk.keys import found
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import Facts, LinkPlan, Patience, Word
from kiosk.messages.payloads import ClockSource, LaneState, Picture
from kiosk.messages.topics import Leaf
from kiosk.private import Private
from kiosk.sealing.station import ReceiverKeys, StationKeys, load_receiver_keys, load_station_keys

LANE, OTHER_LANE, CONSOLE, RECEIVER = "ut-nowhere-lane1", "ut-nowhere-lane2", "ut-nowhere-console1", "ut-hq-headquarters1"
SOON = Patience(0.05, 0.3, 0.3)
# How long an event may take on a slow machine before a test gives up
GIVE_UP_S = 90.0
FACTS = Facts(LaneState.OPEN, versions={"mpaka": "0.1.0"}, parts=({"kind": "receipt_printer"},))
T = TypeVar("T")


class Practice:
    """Keys of one state with two lanes, one console and a receiver."""

    def __init__(self, folder: Path, database: str = "") -> None:
        """`database` is the URL of headquarters' store; none: a file in the folder."""
        self.folder = folder
        self.store = database or sqlite_url(folder / "headquarters" / STORE_FILE)
        self.founding = found(folder / "founding", [LANE, OTHER_LANE], [CONSOLE], RECEIVER)

    def keys(self, station: str = LANE) -> StationKeys:
        return load_station_keys(self.founding.station(station), station)

    def receiver_keys(self) -> ReceiverKeys:
        return load_receiver_keys(self.founding.station(RECEIVER), RECEIVER)

    def journal(self, **more: Any) -> "Kept":
        return Kept(self.folder / "journal", self.keys(), **more)


class Kept:
    """A journal and what it told."""

    def __init__(self, folder: Path, keys: StationKeys, clock: Any = None, caps: Caps | None = None) -> None:
        self.told: queue.Queue[Answer] = queue.Queue()
        self.journal = Journal(folder, keys, clock or SystemClock(), self.told.put, caps)
        self.pressures: list[Pressure] = []
        self._ticket = 0

    def records(self, payload: bytes = b"{}", kind: Kind = Kind.REGISTRATION, pictures: int = 0, token: str = "") -> Answer:
        self._ticket += 1
        drawn = [NewPicture(Picture.FACE, Private(b"\xff\xd8" + bytes(2000))) for _ in range(pictures)]
        self.journal.record(self._ticket, kind, Private(payload), drawn, Opens(token) if token else None)
        return self.answer()

    def recorded(self, payload: bytes = b"{}", kind: Kind = Kind.REGISTRATION, pictures: int = 0, token: str = "") -> Recorded:
        answer = self.records(payload, kind, pictures, token)
        assert isinstance(answer, Recorded), answer
        return answer

    def answer(self) -> Answer:
        """The next answer to a ticket; what is told about pressure on the way is kept in `pressures`."""
        while isinstance(answer := self.told.get(timeout=GIVE_UP_S), PressureChanged):
            self.pressures.append(answer.pressure)
        return answer

    def asked(self, ask: Callable[..., None], *arguments: Any) -> Any:
        """What a question to the journal is answered with."""
        answers: queue.Queue[Any] = queue.Queue()
        ask(*arguments, lambda *answer: answers.put(answer[0] if len(answer) == 1 else answer))
        return answers.get(timeout=GIVE_UP_S)

    def close(self) -> None:
        self.journal.close()


class StillClock:
    """A clock that stands where it is put."""

    def __init__(self, utc: datetime = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)) -> None:
        self.utc = utc

    def now(self) -> Stamp:
        return Stamp(self.utc, ClockSource.NTP, 0.01, "boot", 1000)

    def pass_days(self, days: float) -> None:
        self.utc += timedelta(days=days)

    def not_before(self, utc: datetime) -> None:
        self.utc = max(self.utc, utc)

    def heard(self, utc: datetime, at_monotonic: float, uncertainty_s: float) -> None:
        pass


class Headquarters:
    """The receiver, in a thread."""

    def __init__(self, practice: Practice, broker: BrokerAddress) -> None:
        self._stop = threading.Event()
        plan = ReceiverPlan(practice.receiver_keys(), broker, practice.store, SOON)
        self._thread = threading.Thread(target=run_headquarters, args=(plan, SystemClock(), self._stop))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


class Station:
    """A linked station and what its link told."""

    def __init__(
        self, practice: Practice, broker: BrokerAddress, kept: Kept | None, name: str = LANE, hears: tuple[tuple[str, Leaf], ...] = ()
    ):
        self.words: queue.Queue[Word] = queue.Queue()
        self.clock = SystemClock()
        plan = LinkPlan(practice.keys(name), broker, hears, SOON)
        self.link = Link(plan, self.clock, lambda: FACTS, self.words.put, kept.journal if kept else None)
        self.link.start()

    def word(self) -> Word:
        return self.words.get(timeout=GIVE_UP_S)


def plain(broker: Broker) -> BrokerAddress:
    return BrokerAddress(broker.host, broker.port, None, broker.speaks)


def until(ask: Callable[[], T], wanted: Callable[[T], bool]) -> T:
    """Ask again and again until the answer is the wanted one, or give up."""
    waited = threading.Event()
    for _ in range(int(GIVE_UP_S / 0.05)):
        answer = ask()
        if wanted(answer):
            return answer
        waited.wait(0.05)
    raise AssertionError(f"gave up after {GIVE_UP_S} s at {ask()!r}")
