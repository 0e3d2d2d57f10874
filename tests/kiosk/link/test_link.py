"""A station's link: what is recorded arrives, what headquarters has is let go, and nobody unsigned is believed."""

import queue
import socket
import threading
import uuid
from base64 import b64decode, b64encode
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from msgspec import structs

from kiosk.broker import Broker, Plan, found_broker, mosquitto, start_broker, start_tls_broker
from kiosk.headquarters.store import Store
from kiosk.link.connection import BrokerAddress, Connection, Unreachable
from kiosk.link.inbound import Heard
from kiosk.link.words import Commanded, LinkDown, LinkUp
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
from kiosk.sealing.envelope import open_envelope
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, key_id, signed
from kiosk.sealing.station import raw_public, read_opening_key, read_signing_key, tls_files
from tests.kiosk.practice import CONSOLE, GIVE_UP_S, LANE, OTHER_LANE, RECEIVER, Headquarters, Kept, Practice, Station, plain, until

ID = "018f8a8e-1111-7111-8111-111111111111"


@pytest.fixture
def practice(tmp_path: Path) -> Practice:
    return Practice(tmp_path)


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker")
    yield started
    started.stop()


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
    store = Store(practice.store)
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
    assert stamp.drift_s is not None
    assert abs(stamp.drift_s) < GIVE_UP_S
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
    kept.recorded()
    station.link.close()
    last = decode(listener.hears(Leaf.STATUS), Status)
    assert (last.state, last.outbox and last.outbox.rows) == (LaneState.STOPPED, 1), "counted anew: it is shown until the next start"
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


def ack(practice: Practice, kept: Kept, station: str = LANE, chain: str = "", upto: int = 1, head: str = "") -> Ack:
    row = kept.asked(kept.journal.unsent, 0, 1)[0]
    return Ack(
        station=station,
        chain=chain or kept.journal.opened.chain,
        upto=f"{upto:020d}",
        head=head or chain_hash(row.content),
        time="2027-01-01T00:00:00Z",
        sig="",
    )


def command(practice: Practice, number: int = 1, name: CommandName = CommandName.CLOSE, station: str = LANE, **more: Any) -> Command:
    authority = read_signing_key(practice.founding.authority)
    made = Command(id=str(uuid.uuid4()), station=station, number=number, name=name, expires="2099-01-01T00:00:00Z", sig="")
    return signed(structs.replace(made, **more), authority)


def sequences(kept: Kept) -> list[int]:
    return [row.sequence for row in kept.asked(kept.journal.unsent, 0, 1000)]


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
        signed(ack(practice, kept, upto=7), truly),
    ]
    listener = Listener(plain(broker), [topic(LANE, Leaf.RECORD)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    for rogue in rogues:
        listener.says(topic(LANE, Leaf.ACK), encode(rogue))
    listener.says(topic(LANE, Leaf.ACK), b"\xff\x00 not JSON")
    # the command comes behind them on the same line: when it has been heard, so have they
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice)))
    assert isinstance(station.word(), Commanded)
    assert sequences(kept)[0] == 1, "what was recorded still waits; behind it the refusals are journalled"
    listener.says(topic(LANE, Leaf.ACK), encode(signed(ack(practice, kept), truly)))
    until(lambda: sequences(kept), lambda found: 1 not in found)
    station.link.close()
    listener.stop()
    kept.close()


def test_a_command_is_carried_out_once_and_answered_each_time(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    listener = Listener(plain(broker), [topic(LANE, Leaf.RESULT)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    first = command(practice, 5)
    listener.says(topic(LANE, Leaf.COMMAND), encode(first))
    told = station.word()
    assert told == Commanded(first)
    station.link.answer(first, Result.DONE)
    listener.says(topic(LANE, Leaf.COMMAND), encode(first))
    for expected in (Result.DONE, Result.DONE):
        assert decode(listener.hears(Leaf.RESULT), CommandResult).result is expected
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice, 4)))
    assert decode(listener.hears(Leaf.RESULT), CommandResult).result is Result.REFUSED
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice, 6, CommandName.REBIRTH)))
    assert decode(listener.hears(Leaf.RESULT), CommandResult).result is Result.DONE
    station.link.close()
    listener.stop()
    assert station.words.empty(), "neither the repeated nor the old command reached the lane"
    kept.close()


def test_a_command_that_is_delivered_again_while_it_is_carried_out_is_begun_once(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    listener = Listener(plain(broker), [topic(LANE, Leaf.RESULT)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    slow, lower, higher = command(practice, 5), command(practice, 4), command(practice, 6)
    for one in (slow, slow, lower, higher, slow):
        listener.says(topic(LANE, Leaf.COMMAND), encode(one))
    refused = decode(listener.hears(Leaf.RESULT), CommandResult)
    assert (refused.id, refused.result, refused.why) == (lower.id, Result.REFUSED, "number 5 was carried out before")
    assert [station.word(), station.word()] == [Commanded(slow), Commanded(higher)]
    station.link.answer(slow, Result.DONE, "x" * 300, {"closed": "since"})
    told = decode(listener.hears(Leaf.RESULT), CommandResult)
    assert (told.id, told.result, told.why) == (slow.id, Result.DONE, "x" * 256)
    assert kept.asked(kept.journal.command, slow.id)[0].result is Result.DONE, "kept before it is told"
    station.link.close()
    listener.stop()
    assert station.words.empty()
    kept.close()
    again = practice.journal()
    assert again.journal.opened.ordered == {"closed": "since"}
    again.close()


def test_a_result_that_the_journal_cannot_keep_is_told_as_failed(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    listener = Listener(plain(broker), [topic(LANE, Leaf.RESULT)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    one = command(practice, 5)
    listener.says(topic(LANE, Leaf.COMMAND), encode(one))
    assert station.word() == Commanded(one)
    kept.close()
    station.link.answer(one, Result.DONE)
    told = decode(listener.hears(Leaf.RESULT), CommandResult)
    assert (told.result, told.why) == (Result.FAILED, "the journal cannot be written")
    station.link.close()
    listener.stop()


def test_a_command_for_another_lane_or_by_another_hand_is_not_heard(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    listener = Listener(plain(broker), [topic(LANE, Leaf.RESULT)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    stranger = read_signing_key(practice.founding.station(CONSOLE) / "signing.key")
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice, 8, station=OTHER_LANE)))
    listener.says(topic(LANE, Leaf.COMMAND), encode(signed(command(practice, 9), stranger)))
    true = command(practice, 1)
    listener.says(topic(LANE, Leaf.COMMAND), encode(true))
    assert station.word() == Commanded(true)
    station.link.close()
    listener.stop()
    kept.close()


def test_headquarters_gets_rows_again_when_it_asks(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    for _ in range(3):
        kept.recorded()
    rows = kept.asked(kept.journal.unsent, 0, 3)
    done = signed(ack(practice, kept, upto=3, head=chain_hash(rows[-1].content)), practice.receiver_keys().acknowledgement)
    kept.asked(kept.journal.acknowledged, done)
    listener = Listener(plain(broker), [topic(LANE, Leaf.RECORD)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice, 1, CommandName.REPLAY, args={"from": 2})))
    again = [listener.hears(Leaf.RECORD) for _ in range(2)]
    assert again == [row.content for row in rows[1:]]
    station.link.close()
    listener.stop()
    kept.close()


def test_headquarters_gets_rows_again_also_on_the_line_on_which_they_went_before(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    listener = Listener(plain(broker), [topic(LANE, Leaf.RECORD)])
    station = Station(practice, plain(broker), kept)
    assert station.word() == LinkUp()
    rows = [kept.recorded().record_id for _ in range(3)]
    contents = [listener.hears(Leaf.RECORD) for _ in rows]
    done = ack(practice, kept, upto=3, head=chain_hash(contents[-1]))
    listener.says(topic(LANE, Leaf.ACK), encode(signed(done, practice.receiver_keys().acknowledgement)))
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda count: count == 0)
    listener.says(topic(LANE, Leaf.COMMAND), encode(command(practice, 1, CommandName.REPLAY, args={"from": 2})))
    assert [listener.hears(Leaf.RECORD) for _ in range(2)] == contents[1:]
    station.link.close()
    listener.stop()
    kept.close()


def test_a_console_is_offered_the_case_and_opens_it_with_the_desk_key(practice: Practice, broker: Broker) -> None:
    kept = practice.journal()
    case_id = kept.recorded(b'{"specimen":"UTO"}', token="K7M4QX").record_id
    lane = Station(practice, plain(broker), kept, hears=((LANE, Leaf.HELLO),))
    console = Station(practice, plain(broker), None, CONSOLE, hears=((LANE, Leaf.CASE),))
    assert (lane.word(), console.word()) == (LinkUp(), LinkUp())
    hello = Hello(console=CONSOLE, time=console.clock.now().text, sig="")
    console.link.say(Leaf.HELLO, hello, LANE)
    heard = lane.word()
    assert isinstance(heard, Heard)
    assert isinstance(heard.message, Hello)
    envelope = kept.asked(kept.journal.envelope_of, case_id)
    offer = CaseOffer(case_id=case_id, token_code="K7M4QX", version=0, envelope=b64encode(envelope).decode(), sig="")
    lane.link.say(Leaf.CASE, offer)
    offered = console.word()
    assert isinstance(offered, Heard)
    assert isinstance(offered.message, CaseOffer)
    desk = read_opening_key(practice.founding.station(CONSOLE) / "desk.key")
    opened = open_envelope({key_id(raw_public(desk)): desk}, b64decode(offered.message.envelope), LANE, case_id)
    assert opened.value == b'{"specimen":"UTO"}'
    lane.link.close()
    console.link.close()
    kept.close()


@pytest.mark.skipif(mosquitto() is None, reason="mutual TLS is shown with mosquitto")
def test_with_mutual_tls_a_station_reports_and_cannot_write_for_another(practice: Practice, tmp_path: Path) -> None:
    broker = start_tls_broker(tmp_path / "broker", tls_files(practice.founding.broker), RECEIVER, [(CONSOLE, (LANE,))])
    shown = {
        name: BrokerAddress("localhost", broker.port, tls_files(practice.founding.station(name)))
        for name in (LANE, OTHER_LANE, CONSOLE, RECEIVER)
    }
    kept = practice.journal()
    kept.recorded()
    headquarters = Headquarters(practice, shown[RECEIVER])
    station = Station(practice, shown[LANE], kept)
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    watcher = Listener(shown[CONSOLE], [topic(LANE, Leaf.STATUS)], CONSOLE)
    intruder = Listener(shown[OTHER_LANE], [topic(LANE, Leaf.RECORD)], OTHER_LANE)
    intruder.says(topic(LANE, Leaf.STATUS), encode(Lost(state="lost", session=ID)), True)
    kept.recorded()
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    intruder.stop()
    assert intruder.heard.empty(), "a lane does not read another lane's records"
    with pytest.raises(Unreachable):
        Connection(BrokerAddress("localhost", broker.port, None), LANE, None, 5)
    station.link.close()
    states = [members(watcher.hears(Leaf.STATUS))["state"]]
    while states[-1] != "stopped":
        states.append(members(watcher.hears(Leaf.STATUS))["state"])
    assert "lost" not in states, "the other lane's lie was not passed on"
    watcher.stop()
    headquarters.stop()
    kept.close()
    broker.stop()


@pytest.mark.parametrize(
    "nonsense", [b"\x20\x02\x00\x00\xff\xff\xff\xff\xff", b"HTTP/1.1 400 Bad Request\r\n\r\n", b"\x30\x7f" + b"\xff" * 127, b""]
)
def test_a_broker_that_talks_nonsense_does_not_end_the_link(practice: Practice, tmp_path: Path, nonsense: bytes) -> None:
    with socket.create_server(("127.0.0.1", 0)) as mad:
        port = mad.getsockname()[1]
        station = Station(practice, BrokerAddress("127.0.0.1", port, None), None)
        for _ in range(2):
            line, _ = mad.accept()
            with line:
                line.recv(1024)
                line.sendall(nonsense)
    # now a sane broker takes that port
    broker = Broker(Plan(found_broker(), tmp_path / "broker", port))
    words = [station.word() for _ in range(2)]
    while words[-1] != LinkUp():
        words.append(station.word())
    station.link.close()
    broker.stop()
