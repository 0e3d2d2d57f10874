"""Headquarters: what it says it has, it has; a chain that goes two ways is seen; opening is a step apart and is journalled."""

import json
import sqlite3
import stat
import threading
from base64 import b64encode
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import ClassVar

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.__main__ import main
from kiosk.broker import start_broker
from kiosk.clock import SystemClock
from kiosk.headquarters.database import StoreFailed, StoreUnusable, sqlite_url
from kiosk.headquarters.judging import FindingKind
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.headquarters.receiver import Receiver, ReceiverPlan, run_headquarters
from kiosk.headquarters.store import Position, Store, stored_ids
from kiosk.journal.rows import Row
from kiosk.keys import enrol
from kiosk.link.connection import BrokerAddress, Came
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import Ack, LaneState, Lost, Status, decode, encode, members
from kiosk.messages.topics import Leaf, parse_station, topic
from kiosk.sealing.key_set import KeySetFile, KeysWrong, PublicKeys, Use
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, sign_members, signed_by
from tests.kiosk.practice import CONSOLE, GIVE_UP_S, LANE, OTHER_LANE, RECEIVER, SOON, Headquarters, Kept, Practice, Station, plain, until
from tests.postgres import Cluster

FIRST_FORM = f"""
CREATE TABLE chain (station TEXT NOT NULL, chain TEXT NOT NULL, upto INTEGER NOT NULL, head TEXT NOT NULL, forked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, chain));
CREATE TABLE record (id TEXT PRIMARY KEY, chain TEXT NOT NULL, sequence INTEGER NOT NULL, station TEXT NOT NULL, type TEXT NOT NULL,
    time TEXT NOT NULL, content BLOB NOT NULL, hash TEXT NOT NULL, prevhash TEXT NOT NULL, received TEXT NOT NULL,
    UNIQUE (station, chain, sequence));
INSERT INTO chain VALUES ('{LANE}', 'b', 2, 'h2', 0), ('{LANE}', 'a', 1, 'h3', 0);
INSERT INTO record VALUES ('new', 'a', 1, '{LANE}', '', '', x'', 'h3', '', ''), ('old', 'b', 2, '{LANE}', '', '', x'', 'h2', 'h1', ''),
    ('older', 'b', 1, '{LANE}', '', '', x'', 'h1', '', '');
PRAGMA user_version = 1;
"""
SESSIONS = [f"018f8a8e-1111-7111-8111-11111111111{number}" for number in range(3)]


@pytest.fixture
def practice(tmp_path: Path, database_url: str) -> Practice:
    return Practice(tmp_path, database_url)


@pytest.fixture
def in_a_file(tmp_path: Path) -> Practice:
    """With a store that SQLite keeps."""
    return Practice(tmp_path)


class Desk:
    """A receiver without a line: what comes is handed to it."""

    open: ClassVar[list["Desk"]] = []

    def __init__(self, practice: Practice, newer: Callable[[int], PublicKeys | None] = lambda number: None) -> None:
        self.practice = practice
        self.store = Store(practice.store)
        self.receiver = Receiver(self.store, practice.receiver_keys(), SystemClock(), newer)
        Desk.open.append(self)

    def takes(self, *rows: Row, station: str = LANE) -> list[Ack]:
        return self.hears(*(Came(topic(station, Leaf.RECORD), row.content) for row in rows))

    def hears(self, *came: Came) -> list[Ack]:
        acks = []
        for where, content in self.receiver.take(came):
            assert where.endswith("/ack")
            assert signed_by("ack", members(content), self.practice.keys().public.signers(Use.ACKNOWLEDGEMENT))
            acks.append(decode(content, Ack))
        return acks


@pytest.fixture(autouse=True)
def closed_at_the_end() -> Iterator[None]:
    yield
    while Desk.open:
        Desk.open.pop().store.close()


def disk_of(practice: Practice) -> dict[str, bytes]:
    """An image of the lane's disk: its journal, which is closed."""
    return {path.name: path.read_bytes() for path in (practice.folder / "journal").iterdir()}


def put_back(practice: Practice, image: dict[str, bytes]) -> None:
    """The lane's disk as it was when the image was taken."""
    for name, content in image.items():
        (practice.folder / "journal" / name).write_bytes(content)


def recorded(kept: Kept, count: int) -> list[Row]:
    for _ in range(count):
        kept.recorded()
    return list(kept.asked(kept.journal.unsent, 0, 1000))


def test_an_acknowledgement_names_the_last_row_without_a_gap_and_the_chain_there(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    rows = recorded(kept, 4)
    (first,) = desk.takes(rows[0], rows[1], rows[3])
    assert (int(first.upto), first.head) == (2, chain_hash(rows[1].content))
    assert [(gap.upto, gap.next_sequence) for gap in desk.store.gaps()] == [(2, 4)]
    (second,) = desk.takes(rows[2])
    assert (int(second.upto), second.head) == (4, chain_hash(rows[3].content))
    assert desk.store.gaps() == ()
    kept.close()


def test_in_whatever_order_and_however_often_rows_come_each_is_stored_once(practice: Practice, new_database: Callable[[], str]) -> None:
    kept = practice.journal()
    rows = recorded(kept, 6)
    kept.close()

    @settings(max_examples=15)
    @given(order=st.lists(st.integers(0, 5), min_size=6, max_size=30), at_once=st.integers(1, 6))
    def come(order: list[int], at_once: int) -> None:
        practice.store = new_database()
        desk = Desk(practice)
        for first in range(0, len(order), at_once):
            desk.takes(*(rows[at] for at in order[first : first + at_once]))
        missing = [number for number in range(6) if number not in order]
        assert desk.store.newest_chains([LANE])[LANE].upto == (missing[0] if missing else 6)
        assert desk.store.counts() == (len(set(order)), 0, 0)
        assert desk.store.findings() == ()
        desk.store.close()

    come()


def test_nothing_is_said_of_what_nobody_signed(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    row = recorded(kept, 1)[0]
    found = members(row.content)
    for forged in (
        {**found, "data_base64": b64encode(b"other").decode()},
        {**found, "sig": sign_members("record", found, practice.keys(OTHER_LANE).signing)},
        {**found, "keyid": practice.keys(OTHER_LANE).id},
    ):
        assert desk.hears(Came(topic(LANE, Leaf.RECORD), canonical(forged))) == []
    assert desk.takes(row, station=OTHER_LANE) == [], "one lane cannot report for another"
    assert desk.store.counts() == (0, 0, 0)
    assert {finding.kind for finding in desk.store.findings()} == {FindingKind.UNSIGNED, FindingKind.MALFORMED}
    kept.close()


def test_a_stranger_makes_no_row_for_each_name_and_number_that_he_makes_up(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    found = members(recorded(kept, 1)[0].content)
    kept.close()
    status = Status(state=LaneState.OPEN, ts="2026-12-01T08:00:00Z", session=SESSIONS[0], seq=1)
    for number in range(1, 30):
        said = {**found, "sequence": f"{number:020d}", "chain": f"{SESSIONS[0][:-2]}{number:02d}"}
        desk.hears(Came(topic(LANE, Leaf.RECORD), canonical(said)))
        for stranger in (f"ut-nowhere-lane{number + 50}", f"ut-elsewhere{number}-lane1"):
            desk.hears(
                Came(topic(stranger, Leaf.STATUS), encode(status)),
                Came(topic(stranger, Leaf.STATUS), b"{}"),
                Came(topic(stranger, Leaf.RECORD), b"{}"),
            )
            desk.receiver.refuse_result(stranger, "")
    assert desk.store.lanes() == ()
    counted = {(finding.kind, finding.station): finding.times for finding in desk.store.findings()}
    assert counted == {(FindingKind.UNSIGNED, LANE): 29, (FindingKind.UNSIGNED, RECEIVER): 174, (FindingKind.MALFORMED, RECEIVER): 58}


def test_bad_bytes_do_not_stop_the_receiver(practice: Practice) -> None:
    desk = Desk(practice)

    @settings(max_examples=40)
    @given(st.sampled_from([Leaf.RECORD, Leaf.MEDIA, Leaf.STATUS, Leaf.ACK]), st.binary(max_size=60) | st.just(b'{"state":"lost"}'))
    def come(leaf: Leaf, content: bytes) -> None:
        assert desk.hears(Came(topic(LANE, leaf), content), Came("nonsense", content)) == []

    come()
    assert desk.store.counts() == (0, 0, 0)


def test_a_disk_that_was_put_back_is_seen_and_its_rows_are_kept_apart_whole(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    early = recorded(kept, 2)
    kept.close()
    image = disk_of(practice)
    kept = practice.journal()
    desk.takes(*recorded(kept, 2))
    kept.close()
    put_back(practice, image)
    back = practice.journal()
    rows = recorded(back, 3)
    assert rows[:2] == early
    (ack,) = desk.takes(*rows[2:])
    assert [reject.why for reject in ack.reject] == ["fork"] * 3
    assert int(ack.upto) == 4
    assert desk.store.counts() == (4, 0, 3)
    assert desk.store.findings()[0].kind is FindingKind.ROLLBACK
    # the lane keeps its rows, counts them, and does not send them again
    back.asked(back.journal.acknowledged, ack)
    waiting = back.asked(back.journal.waiting)
    assert (waiting.rows, waiting.rejected) == (2, 3)
    # the head is of rows that this disk has no more: what headquarters has of it is named, and let go by that
    (ack,) = desk.takes(*rows[:2])
    assert (ack.ids, ack.reject) == ([row.record_id for row in early], [])
    back.asked(back.journal.acknowledged, ack)
    assert back.asked(back.journal.waiting).rows == 0
    back.close()


def test_a_row_that_came_early_is_stored_once_though_its_chain_forks_behind_it(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    recorded(kept, 1)
    kept.close()
    image = disk_of(practice)
    kept = practice.journal()
    old = recorded(kept, 1)
    kept.close()
    put_back(practice, image)
    back = practice.journal()
    new = recorded(back, 2)
    desk.takes(new[2])
    desk.takes(*old)
    (ack,) = desk.takes(*new[1:])
    assert ([reject.id for reject in ack.reject], ack.ids) == ([new[1].record_id], [new[2].record_id])
    assert desk.store.counts() == (3, 0, 1)
    back.close()


def test_a_gap_that_will_never_close_is_accepted_by_an_operator_and_listed(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    rows = recorded(kept, 5)
    desk.takes(rows[0], *rows[3:])
    (gap,) = desk.store.gaps()
    at = desk.store.accept_gap(gap, "2026-12-01T08:00:00.000Z")
    assert (at.upto, at.head) == (5, chain_hash(rows[4].content))
    assert [finding.kind for finding in desk.store.findings()] == [FindingKind.GAP_ACCEPTED]
    # a row that was thought lost is welcome all the same
    desk.takes(rows[1])
    assert desk.store.counts() == (4, 0, 0)
    kept.close()


def test_an_operator_sees_the_gaps_and_accepts_one_that_is_still_there(practice: Practice, capsys: pytest.CaptureFixture[str]) -> None:
    desk, kept = Desk(practice), practice.journal()
    rows = recorded(kept, 5)
    desk.takes(rows[0], *rows[3:])
    (gap,) = desk.store.gaps()
    gaps = ["headquarters", "gaps", "--database", practice.store]
    assert main(gaps) == 0
    assert capsys.readouterr().out == f"{LANE} 2-3 of chain {gap.chain}\n"
    assert main([*gaps, "--accept", LANE, "--first", "3"]) == 1
    desk.takes(rows[1])
    with pytest.raises(StoreFailed, match="look again"):
        desk.store.accept_gap(gap, "2026-12-01T08:00:00.000Z")
    assert desk.store.findings() == ()
    assert main([*gaps, "--accept", LANE, "--first", "3"]) == 0
    assert desk.store.gaps() == ()
    (ack,) = desk.takes(rows[4])
    assert int(ack.upto) == 5
    kept.close()


def forked_with_a_gap(practice: Practice, desk: Desk) -> tuple[list[Row], Kept]:
    """Headquarters went back to before row 1, then the lane's disk to row 2: only a row of each branch is there."""
    kept = practice.journal()
    recorded(kept, 2)
    kept.close()
    image = disk_of(practice)
    kept = practice.journal()
    old = recorded(kept, 1)
    kept.close()
    put_back(practice, image)
    back = practice.journal()
    new = recorded(back, 2)
    desk.takes(old[2])
    desk.takes(new[2], new[3])
    assert desk.store.findings()[0].kind is FindingKind.FORK
    return new, back


def test_a_gap_of_a_chain_that_went_two_ways_is_listed_until_it_is_closed(practice: Practice) -> None:
    desk = Desk(practice)
    rows, back = forked_with_a_gap(practice, desk)
    (gap,) = desk.store.gaps()
    assert (gap.upto, gap.next_sequence) == (0, 3)
    desk.takes(rows[1])
    (gap,) = desk.store.gaps()
    assert (gap.upto, gap.next_sequence) == (0, 2)
    desk.takes(rows[0])
    assert desk.store.gaps() == ()
    back.close()


def test_a_gap_of_a_chain_that_went_two_ways_is_accepted_and_listed(practice: Practice) -> None:
    desk = Desk(practice)
    _, back = forked_with_a_gap(practice, desk)
    (gap,) = desk.store.gaps()
    at = desk.store.accept_gap(gap, "2026-12-01T08:00:00.000Z")
    assert at.upto == 0, "what is apart stays apart"
    assert desk.store.gaps() == ()
    assert FindingKind.GAP_ACCEPTED in {finding.kind for finding in desk.store.findings()}
    back.close()


def test_pictures_are_named_when_they_are_stored(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    kept.recorded(pictures=2)
    desk.takes(*kept.asked(kept.journal.unsent, 0, 9))
    pictures = kept.asked(kept.journal.unsent_pictures, 0, 9)
    (ack,) = desk.hears(*(Came(topic(LANE, Leaf.MEDIA), picture.content) for picture in pictures))
    assert ack.ids == [picture.picture_id for picture in pictures]
    kept.close()


def test_a_picture_under_whose_id_another_station_stored_one_is_not_let_go_of(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    kept.recorded(pictures=1)
    desk.takes(*kept.asked(kept.journal.unsent, 0, 9))
    (picture,) = kept.asked(kept.journal.unsent_pictures, 0, 9)
    other = practice.keys(OTHER_LANE)
    named = parse_station(OTHER_LANE)
    claims = members(picture.content) | {"source": named.source, "keyid": other.id}
    twin = canonical(claims | {"sig": sign_members("media", claims, other.signing)})
    desk.hears(Came(topic(OTHER_LANE, Leaf.MEDIA), twin))
    assert desk.store.counts() == (1, 1, 0)
    assert desk.hears(Came(topic(LANE, Leaf.MEDIA), picture.content)) == []
    assert [(finding.kind, finding.station) for finding in desk.store.findings()] == [(FindingKind.MALFORMED, LANE)]
    kept.close()


def test_a_late_will_of_an_older_session_does_not_make_a_lane_lost(practice: Practice) -> None:
    desk = Desk(practice)

    def says(payload: Status | Lost) -> str:
        desk.hears(Came(topic(LANE, Leaf.STATUS), encode(payload)))
        return desk.store.lanes()[0].state

    assert says(Status(state=LaneState.OPEN, ts="2026-12-01T08:00:00Z", session=SESSIONS[1], seq=1)) == "open"
    assert says(Lost(state="lost", session=SESSIONS[0])) == "open"
    assert says(Lost(state="lost", session=SESSIONS[1])) == "lost"
    assert says(Status(state=LaneState.OPEN, ts="2026-12-01T08:01:00Z", session=SESSIONS[2], seq=1)) == "open"


def test_opening_is_a_step_apart_and_each_is_journalled_first(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    kept.recorded(b'{"specimen":"UTO"}', pictures=1)
    desk.takes(*kept.asked(kept.journal.unsent, 0, 9))
    desk.hears(*(Came(topic(LANE, Leaf.MEDIA), picture.content) for picture in kept.asked(kept.journal.unsent_pictures, 0, 9)))
    kept.close()
    desk.store.close()
    lines: list[str] = []
    folder = practice.folder
    plan = OpeningPlan(practice.store, folder / "openings", practice.founding.opening_key, "O-1", "practice", folder / "pictures")
    tally = open_records(plan, SystemClock(), lines.append)
    assert (tally.opened, tally.not_opened) == (1, 0)
    (line,) = map(json.loads, lines)
    assert (line["station"], line["sequence"], line["payload"]) == (LANE, 1, {"specimen": "UTO"})
    picture = folder / "pictures" / line["media"][0]["file"]
    assert picture.suffix == ".jpg"
    assert stat.S_IMODE(picture.stat().st_mode) == 0o600
    openings = sqlite3.connect(folder / "openings" / "openings.db")
    assert openings.execute("SELECT record, operator, reason FROM opening").fetchall() == [(line["id"], "O-1", "practice")]
    openings.close()


def test_another_key_opens_nothing_and_the_tries_are_journalled(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    desk.takes(*recorded(kept, 2))
    kept.close()
    folder = practice.folder
    stranger = Practice(folder / "stranger").founding.opening_key
    lines: list[str] = []
    tally = open_records(OpeningPlan(practice.store, folder / "openings", stranger, "O-1", "practice"), SystemClock(), lines.append)
    assert (tally.opened, tally.not_opened, lines) == (0, 2, [])
    openings = sqlite3.connect(folder / "openings" / "openings.db")
    assert openings.execute("SELECT count(*) FROM opening").fetchone() == (2,)
    openings.close()


def test_without_store_key_or_journal_nothing_is_opened_and_the_reason_is_said(practice: Practice) -> None:
    folder, key = practice.folder, practice.founding.opening_key
    with pytest.raises(StoreUnusable, match="there is none"):
        open_records(OpeningPlan(str(folder / "nowhere"), folder / "openings", key, "O-1", "practice"), SystemClock(), print)
    with pytest.raises(KeysWrong, match="cannot be read"):
        open_records(OpeningPlan(str(folder / "nowhere"), folder / "openings", folder / "no.key", "O-1", "practice"), SystemClock(), print)
    (folder / "file").write_bytes(b"")
    with pytest.raises(StoreUnusable, match="nothing is opened without it"):
        open_records(OpeningPlan(str(folder / "nowhere"), folder / "file", key, "O-1", "practice"), SystemClock(), print)


def test_a_store_of_a_newer_version_is_refused(database_url: str) -> None:
    store = Store(database_url)
    store.database.execute("UPDATE form SET number = 9")
    store.close()
    with pytest.raises(StoreUnusable, match="form 9, this version knows 2"):
        Store(database_url)


def test_who_only_looks_makes_no_store(database_url: str) -> None:
    with pytest.raises(StoreUnusable, match="makes the sealed store"):
        list(stored_ids(database_url))
    Store(database_url).close()
    assert list(stored_ids(database_url)) == []


def test_a_store_of_the_first_form_is_carried_forward_with_all_that_it_has(tmp_path: Path) -> None:
    path = tmp_path / "headquarters.db"
    before = sqlite3.connect(path)
    before.executescript(FIRST_FORM)
    before.close()
    with pytest.raises(StoreUnusable, match="form 1 is older"):
        Store(sqlite_url(path), make=False)
    for _ in range(2):
        store = Store(sqlite_url(path))
        assert list(store.ids()) == ["older", "old", "new"]
        assert store.newest_chains([LANE]) == {LANE: Position(LANE, "a", 1, "h3")}
        assert store.position(LANE, "b").upto == 2
        store.close()
    before = sqlite3.connect(path)
    assert before.execute("PRAGMA user_version").fetchone() == (2,), "an older program does not write here any more"
    before.close()


def test_a_store_that_takes_nothing_acknowledges_nothing_and_goes_on_when_it_can(in_a_file: Practice) -> None:
    desk, kept = Desk(in_a_file), in_a_file.journal()
    rows = recorded(kept, 2)
    desk.store.database.execute("PRAGMA busy_timeout = 1")
    other = sqlite3.connect(in_a_file.folder / "headquarters" / "headquarters.db", isolation_level=None)
    other.execute("BEGIN IMMEDIATE")
    with pytest.raises(StoreFailed, match="another program holds it"):
        desk.takes(*rows)
    other.execute("ROLLBACK")
    other.close()
    assert desk.store.counts() == (0, 0, 0)
    (ack,) = desk.takes(*rows)
    assert int(ack.upto) == 2
    kept.close()


def test_a_store_with_no_room_says_where_to_look_and_has_taken_nothing(in_a_file: Practice) -> None:
    desk, kept = Desk(in_a_file), in_a_file.journal()
    rows = recorded(kept, 30)
    pages = desk.store.database.execute("PRAGMA page_count")[0][0]
    desk.store.database.execute(f"PRAGMA max_page_count = {pages + 2}")
    with pytest.raises(StoreFailed, match=r"SQLITE_FULL.*df"):
        desk.takes(*rows)
    assert desk.store.counts() == (0, 0, 0)
    kept.close()


def test_a_receiver_whose_store_takes_nothing_says_so_and_has_all_in_the_end(in_a_file: Practice, caplog: pytest.LogCaptureFixture) -> None:
    broker = start_broker(in_a_file.folder / "broker")
    kept, headquarters = in_a_file.journal(), Headquarters(in_a_file, plain(broker))
    path = in_a_file.folder / "headquarters" / "headquarters.db"
    until(path.exists, bool)
    station = Station(in_a_file, plain(broker), kept)
    kept.recorded()
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    other = sqlite3.connect(path, isolation_level=None, timeout=GIVE_UP_S)
    other.execute("BEGIN IMMEDIATE")
    for _ in range(3):
        kept.recorded()
    until(lambda: caplog.text, lambda text: "the store took nothing (SQLITE_BUSY)" in text)
    other.execute("ROLLBACK")
    other.close()
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    assert len(list(stored_ids(in_a_file.store))) == 4
    station.link.close()
    kept.close()
    headquarters.stop()
    broker.stop()


def test_a_lane_that_came_into_the_key_set_later_is_believed_without_a_restart(practice: Practice) -> None:
    place = practice.founding.station(RECEIVER)
    newer = KeySetFile(place / "key-set.json", practice.receiver_keys().public.authority())
    desk = Desk(practice, newer.newer)
    enrol(practice.founding, "ut-nowhere-lane9")
    kept = Kept(practice.folder / "ninth", practice.keys("ut-nowhere-lane9"))
    (ack,) = desk.takes(*recorded(kept, 1), station="ut-nowhere-lane9")
    assert int(ack.upto) == 1
    kept.close()


def test_a_key_set_that_is_older_or_spoilt_does_not_take_the_place_of_the_newest(practice: Practice) -> None:
    path = practice.founding.station(RECEIVER) / "key-set.json"
    newer = KeySetFile(path, practice.receiver_keys().public.authority())
    desk, older = Desk(practice, newer.newer), path.read_bytes()
    enrol(practice.founding, "ut-nowhere-lane8")
    kept = Kept(practice.folder / "eighth", practice.keys("ut-nowhere-lane8"))
    rows = recorded(kept, 1)
    desk.takes(*rows, station="ut-nowhere-lane8")
    for content in (older, b"{}"):
        path.write_bytes(content)
        stranger = {**members(rows[0].content), "keyid": "0" * 16}
        assert desk.hears(Came(topic("ut-nowhere-lane8", Leaf.RECORD), canonical(stranger))) == []
    (ack,) = desk.takes(*rows, station="ut-nowhere-lane8")
    assert int(ack.upto) == 1
    kept.close()


def test_a_receiver_without_a_broker_waits_and_still_shows_that_it_lives(practice: Practice) -> None:
    stop, moved = threading.Event(), threading.Event()
    plan = ReceiverPlan(practice.receiver_keys(), BrokerAddress("127.0.0.1", 1, None), practice.store, SOON)
    thread = threading.Thread(target=run_headquarters, args=(plan, SystemClock(), stop, lambda part: moved.set()))
    thread.start()
    assert moved.wait(GIVE_UP_S)
    stop.set()
    thread.join()
    store = Store(plan.store)
    assert store.position(CONSOLE, "none").head == NOTHING_BEFORE
    store.close()


def test_a_sequence_that_no_journal_reaches_is_malformed_and_stops_nobody(practice: Practice) -> None:
    desk, kept = Desk(practice), practice.journal()
    (row,) = recorded(kept, 1)
    beyond = canonical({**members(row.content), "sequence": "9" * 20})
    (ack,) = desk.hears(Came(topic(LANE, Leaf.RECORD), beyond), Came(topic(LANE, Leaf.RECORD), row.content))
    assert int(ack.upto) == 1
    assert [finding.kind for finding in desk.store.findings()] == [FindingKind.MALFORMED]
    kept.close()


def test_in_one_batch_a_repeated_status_does_not_bring_back_a_lane_that_is_lost_and_a_new_one_does(practice: Practice) -> None:
    desk = Desk(practice)
    said = [Status(state=LaneState.OPEN, ts="2026-12-01T08:00:00Z", session=SESSIONS[0], seq=seq) for seq in range(3)]
    lost = Lost(state="lost", session=SESSIONS[0])

    def hears(*payloads: Status | Lost) -> str:
        desk.hears(*(Came(topic(LANE, Leaf.STATUS), encode(payload)) for payload in payloads))
        return desk.store.lanes()[0].state

    assert hears(said[0], said[1]) == "open"
    assert hears(lost, said[1]) == "lost"
    assert hears(said[2], lost) == "lost"
    assert hears(lost, said[0], said[1]) == "open"


def test_a_receiver_whose_postgresql_stops_says_so_and_has_all_in_the_end(
    tmp_path: Path, cluster: Cluster, caplog: pytest.LogCaptureFixture
) -> None:
    practice, broker = Practice(tmp_path, cluster.database()), start_broker(tmp_path / "broker")
    kept, headquarters = practice.journal(), Headquarters(practice, plain(broker))
    station = Station(practice, plain(broker), kept)
    kept.recorded(pictures=1)
    until(lambda: kept.asked(kept.journal.waiting).rows, lambda rows: rows == 0)
    cluster.stop()
    for _ in range(3):
        kept.recorded(pictures=1)
    until(lambda: caplog.text, lambda text: "the store took nothing" in text and "PostgreSQL does not answer there" in text)
    assert kept.asked(kept.journal.waiting).rows == 3
    cluster.start()
    until(lambda: kept.asked(kept.journal.waiting), lambda waiting: (waiting.rows, waiting.pictures) == (0, 0))
    assert len(list(stored_ids(practice.store))) == 4
    station.link.close()
    kept.close()
    headquarters.stop()
    broker.stop()
