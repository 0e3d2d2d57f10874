"""A station's link: what is recorded arrives, what headquarters has is let go, and nobody unsigned is believed."""

import queue
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.broker import Broker, start_broker, start_tls_broker
from kiosk.clock import SystemClock
from kiosk.headquarters.store import Store
from kiosk.link.connection import BrokerAddress, Connection, Unreachable
from kiosk.link.inbound import Heard
from kiosk.link.link import Commanded, Facts, Link, LinkDown, LinkPlan, LinkUp, Word
from kiosk.messages.payloads import (
    Ack,
    Birth,
    CaseOffer,
    Command,
    CommandName,
    CommandResult,
    Hello,
    LaneState,
    Lost,
    Result,
    Status,
    decode,
    encode,
    members,
)
from kiosk.messages.topics import Leaf, topic
from kiosk.sealing.signing import NOTHING_BEFORE, signed
from kiosk.sealing.station import read_signing_key, tls_files
from tests.kiosk.practice import CONSOLE, GIVE_UP_S, LANE, OTHER_LANE, RECEIVER, SOON, Headquarters, Kept, Practice, plain, until

FACTS = Facts(LaneState.OPEN, versions={"mpaka": "0.1.0"}, parts=({"kind": "receipt_printer"},))
ID = "018f8a8e-1111-7111-8111-111111111111"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker")
    yield started
    started.stop()


class Station:
    """A linked station and what its link told."""

    def __init__(self, practice: Practice, broker: BrokerAddress, kept: Kept | None, name: str = LANE, hears: tuple[tuple[str, Leaf], ...] = ()):
        self.words: queue.Queue[Word] = queue.Queue()
        self.clock = SystemClock()
        plan = LinkPlan(practice.keys(name), broker, hears, SOON)
        self.link = Link(plan, self.clock, lambda: FACTS, self.words.put, kept.journal if kept else None)
        self.link.start()

    def word(self) -> Word:
        return self.words.get(timeout=GIVE_UP_S)


class Listener:
    """Somebody who listens at the broker, in a thread of its own."""

    def __init__(self, broker: BrokerAddress, topics: list[str], name: str = "listener") -> None:
        self.heard: queue.Queue[tuple[str, bytes]] = queue.Queue()
        self._stop, self._ready = threading.Event(), threading.Event()
        self._out: queue.SimpleQueue[tuple[str, bytes, bool]] = queue.SimpleQueue()
        self._thread = threading.Thread(target=self._run, args=(broker, topics, name))
        self._thread.start()
        assert self._ready.wait(GIVE_UP_S)

    def says(self, where: str, content: bytes, retain: bool = False) -> None:
        self._out.put((where, content, retain))

    def hears(self, leaf: Leaf) -> bytes:
        while True:
            where, content = self.heard.get(timeout=GIVE_UP_S)
            if where.endswith(f"/{leaf}"):
                return content

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()

    def _run(self, broker: BrokerAddress, topics: list[str], name: str) -> None:
        connection = Connection(broker, name, None, 4)
        connection.subscribe(topics)
        for _ in range(3):
            connection.turn(0.05)
        self._ready.set()
        while not self._stop.is_set():
            connection.turn(0.05)
            for came in connection.take_messages():
                self.heard.put((came.topic, came.payload))
            while not self._out.empty():
                connection.publish(*self._out.get())
        connection.close()


def test_what_a_traveller_registered_is_at_headquarters_and_let_go(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    for _ in range(45):
        kept.recorded(pictures=1)
    headquarters = Headquarters(practice, plain(broker))
    station = Station(practice, plain(broker), kept)
    waiting = until(lambda: kept.asked(kept.journal.waiting), lambda found: (found.rows, found.pictures) == (0, 0))
    assert waiting.rejected == 0
    station.link.close()
    kept.close()
    headquarters.stop()
    store = Store(headquarters.folder)
    assert store.counts() == (45, 45, 0)
    assert store.gaps() == ()
    assert store.findings() == ()
    assert [(lane.station, lane.state) for lane in store.lanes()] == [(LANE, "stopped")]
    store.close()


def test_a_kiosk_learns_the_time_from_what_headquarters_signed(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    headquarters = Headquarters(practice, plain(broker))
    station = Station(practice, plain(broker), kept)
    station.clock._disciplined = lambda: None
    assert station.word() == LinkUp()
    kept.recorded()
    stamp = until(station.clock.now, lambda now: now.known)
    assert stamp.source == "headquarters"
    assert stamp.uncertainty_s < GIVE_UP_S
    station.link.close()
    kept.close()
    headquarters.stop()


def test_a_lane_says_what_it_is_and_when_it_stops_in_order(practice: Practice, broker: Broker) -> None:
    listener = Listener(plain(broker), [topic(LANE, Leaf.STATUS), topic(LANE, Leaf.BIRTH)])
    kept = practice.journal()
    station = Station(practice, plain(broker), kept)
    birth = decode(listener.hears(Leaf.BIRTH), Birth)
    assert birth.chain == kept.journal.opened.chain
    status = decode(listener.hears(Leaf.STATUS), Status)
    assert (status.state, status.session) == (LaneState.OPEN, birth.session)
    station.link.close()
    assert decode(listener.hears(Leaf.STATUS), Status).state is LaneState.STOPPED
    listener.stop()
    late = Listener(plain(broker), [topic(LANE, Leaf.STATUS)])
    assert decode(late.hears(Leaf.STATUS), Status).state is LaneState.STOPPED, "the last word is kept for who comes later"
    late.stop()
    kept.close()


def test_a_lane_that_is_cut_off_is_said_to_be_lost_by_the_broker(practice: Practice, broker: Broker) -> None:
    listener = Listener(plain(broker), [topic(LANE, Leaf.STATUS)])
    station = Station(practice, plain(broker), None)
    session = decode(listener.hears(Leaf.STATUS), Status).session
    assert station.word() == LinkUp()
    assert station.link._connection is not None
    station.link._connection.cut()
    contents = [listener.hears(Leaf.STATUS) for _ in range(2)]
    lost = [decode(content, Lost) for content in contents if members(content)["state"] == "lost"]
    assert lost == [Lost(state="lost", session=session)]
    assert isinstance(station.word(), LinkDown)
    assert station.word() == LinkUp()
    station.link.close()
    listener.stop()


def test_a_broker_that_comes_late_is_found_and_is_complained_of_once(practice: Practice, tmp_path: Path) -> None:
    broker = start_broker(tmp_path / "broker")
    broker.stop()
    station = Station(practice, plain(broker), None)
    assert isinstance(station.word(), LinkDown)
    broker.start_again()
    assert station.word() == LinkUp()
    broker.kill()
    assert isinstance(station.word(), LinkDown)
    station.link.close()


def ack(practice: Practice, kept: Kept, **changed: object) -> Ack:
    row = kept.asked(kept.journal.unsent, 0, 1)[0]
    import hashlib

    facts = {
        "station": LANE,
        "chain": kept.journal.opened.chain,
        "upto": f"{1:020d}",
        "head": hashlib.sha256(row.content).hexdigest(),
        "time": "2027-01-01T00:00:00Z",
        "sig": "",
        **changed,
    }
    return Ack(**facts)  # type: ignore[arg-type]


def test_rogue_acknowledgements_let_nothing_go(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    kept.recorded()
    truly = practice.receiver_keys().acknowledgement
    stranger = read_signing_key(practice.founding.station(OTHER_LANE) / "signing.key")
    rogues = [
        ack(practice, kept),
        signed(ack(practice, kept), stranger),
        signed(ack(practice, kept, chain=ID), truly),
        signed(ack(practice, kept, head=NOTHING_BEFORE), truly),
        signed(ack(practice, kept, station=OTHER_LANE), truly),
        signed(ack(practice, kept, upto=f"{7:020d}"), truly),
    ]
    listener = Listener(plain(broker), [topic(LANE, Leaf.RECORD)])
    station = Station(practice, plain(broker), kept)
    listener.hears(Leaf.RECORD)
    for rogue in rogues:
        listener.says(topic(LANE, Leaf.ACK), encode(rogue))
    listener.says(topic(LANE, Leaf.ACK), b"\xff\x00 not JSON")
    # the true one comes last: when it has been heard, so have the others
    listener.says(topic(LANE, Leaf.ACK), encode(signed(ack(practice, kept, upto=f"{0:020d}", ids=[ID]), truly)))
    kept.recorded(kind=_audit())
    listener.hears(Leaf.RECORD)
    assert kept.asked(kept.journal.waiting).rows == 2
    listener.says(topic(LANE, Leaf.ACK), encode(signed(ack(practice, kept), truly)))
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 1)
    station.link.close()
    listener.stop()
    kept.close()


def _audit():  # type: ignore[no-untyped-def]
    from kiosk.journal.rows import Kind

    return Kind.AUDIT
