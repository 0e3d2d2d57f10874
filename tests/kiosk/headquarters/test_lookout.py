"""From the store to the board: what is kept of the stations, what was found in their records, and the commands that show it."""

import http.client
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.board.state import Shown
from kiosk.board.troubles import Level
from kiosk.broker import start_broker
from kiosk.clock import SystemClock, utc_text
from kiosk.headquarters.commands import CommandBook, Wish
from kiosk.headquarters.database import StoreUnusable, sqlite_url
from kiosk.headquarters.judging import FindingKind, Found
from kiosk.headquarters.lookout import GAP_STANDS, Lookout, NotReady, Spy, look_once
from kiosk.headquarters.receiver import Receiver
from kiosk.headquarters.store import STORE_FILE, Says, Store
from kiosk.link.connection import Came
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import CommandName, LaneState, Lost, Status, encode, members
from kiosk.messages.topics import Leaf, topic
from kiosk.programs.headquarters import store_of
from kiosk.sealing.station import read_signing_key
from tests.kiosk.board.boards import AT, SESSION, status, text
from tests.kiosk.practice import GIVE_UP_S, LANE, OTHER_LANE, Headquarters, Practice, Station, StillClock, plain, until

NOW = utc_text(AT)


def says(store: Store, station: str, payload: Status | Lost, now: str = NOW) -> None:
    state = None if isinstance(payload, Lost) else payload.state
    with store.transaction():
        store.hear([Says(station, payload.session, state, encode(payload))], now)


@pytest.fixture
def store(database_url: str) -> Iterator[Store]:
    made = Store(database_url)
    yield made
    made.close()


def test_words_that_a_broker_repeats_do_not_make_a_lane_seen_anew(store: Store) -> None:
    later, much_later = text(AT + timedelta(minutes=5)), text(AT + timedelta(minutes=9))
    says(store, LANE, status())
    says(store, LANE, status(), later)
    assert store.lanes()[0].seen == NOW
    says(store, LANE, Lost(state="lost", session=SESSION), later)
    says(store, LANE, Lost(state="lost", session=SESSION), much_later)
    (lane,) = store.lanes()
    assert (lane.state, lane.seen) == ("lost", later), "since when it is lost is not moved by a will that comes again"
    says(store, LANE, status(), much_later)
    assert store.lanes()[0].state == "lost", "a repeated old status does not bring it back"
    says(store, LANE, status(seq=8), much_later)
    assert store.lanes()[0].state == "open"


def test_the_board_knows_what_was_ordered_of_a_station_and_what_came_of_it(tmp_path: Path, store: Store) -> None:
    authority = read_signing_key(Practice(tmp_path).founding.authority)
    says(store, LANE, status(LaneState.CLOSED, closed_by_headquarters=text(AT - timedelta(minutes=9))))
    assert Spy(store).board(AT).lanes[0].commands == (), "nothing was ever ordered here"
    book = CommandBook(store.database)
    for minutes, name in ((40, CommandName.REBIRTH), (9, CommandName.CLOSE)):
        now = AT - timedelta(minutes=minutes)
        book.order([LANE], Wish(name, now + timedelta(hours=1), "O-1"), authority, now)
    book.due(AT - timedelta(minutes=8))
    (lane,) = Spy(store).board(AT).lanes
    assert [(one.name, one.state, one.by) for one in lane.commands] == [("close", "waiting", "O-1"), ("rebirth", "sent", "O-1")]
    assert [(trouble.level, trouble.says) for trouble in lane.troubles] == [(Level.NOTE, "closed by headquarters")]


def test_a_gap_is_told_at_once_and_has_to_be_looked_at_when_it_stays(tmp_path: Path, database_url: str) -> None:
    practice = Practice(tmp_path)
    kept, there = practice.journal(), Store(database_url)
    receiver = Receiver(there, practice.receiver_keys(), StillClock(AT))
    for _ in range(4):
        kept.recorded()
    rows = kept.asked(kept.journal.unsent, 0, 9)
    receiver.take([Came(topic(LANE, Leaf.RECORD), row.content) for row in (rows[0], rows[3])])
    receiver.take([Came(topic(LANE, Leaf.STATUS), encode(status()))])
    spy = Spy(there)
    (lane,) = spy.board(AT).lanes
    assert [(trouble.says, trouble.level) for trouble in lane.troubles] == [("number 2 to 3 did not come", Level.NOTE)]
    # heard in the meantime, so that it is not the silence that is told
    says(there, LANE, status(seq=9), text(AT + GAP_STANDS))
    (lane,) = spy.board(AT + GAP_STANDS).in_trouble
    assert (lane.troubles[0].level, lane.troubles[0].since) == (Level.WARN, AT)
    receiver.take([Came(topic(LANE, Leaf.RECORD), row.content) for row in rows[1:3]])
    assert spy.board(AT + GAP_STANDS).in_trouble == ()
    kept.close()
    there.close()


def test_a_record_that_nobody_signed_is_news_for_a_day(tmp_path: Path, database_url: str) -> None:
    practice = Practice(tmp_path)
    kept, there = practice.journal(), Store(database_url)
    receiver = Receiver(there, practice.receiver_keys(), StillClock(AT))
    kept.recorded()
    forged = canonical({**members(kept.asked(kept.journal.unsent, 0, 1)[0].content), "sig": ""})
    receiver.take([Came(topic(LANE, Leaf.RECORD), forged), Came(topic(LANE, Leaf.STATUS), encode(status()))])
    assert [trouble.level for lane in Spy(there).board(AT).lanes for trouble in lane.troubles] == [Level.WARN]
    tomorrow = AT + timedelta(days=1)
    says(there, LANE, status(seq=9), text(tomorrow))
    assert [trouble.level for lane in Spy(there).board(tomorrow).lanes for trouble in lane.troubles] == [Level.NOTE]
    kept.close()
    there.close()


def test_a_disk_that_was_put_back_is_to_be_looked_at_until_the_station_writes_a_new_journal(store: Store) -> None:
    says(store, LANE, status())
    names, other = "018f8a8e-2222-7222-8222-222222222222", "018f8a8e-3333-7333-8333-333333333333"
    insert = "INSERT INTO chain (station, chain, upto, head) VALUES (?, ?, 0, '')"
    store.database.execute(insert, (LANE, names))
    store.note([Found(FindingKind.ROLLBACK, LANE, names, 5)], NOW)
    assert [lane.level for lane in Spy(store).board(AT).lanes] == [Level.WARN]
    store.database.execute(insert, (LANE, other))
    assert [lane.level for lane in Spy(store).board(AT).lanes] == [Level.NOTE]


def test_whoever_looks_sees_what_is_stored_now(database_url: str) -> None:
    clock = SystemClock()
    lookout = Lookout(database_url, clock)
    lookout.start()
    assert lookout.board().lanes == ()
    there = Store(database_url)
    says(there, LANE, status(), clock.now().text)
    seen = until(lookout.board, lambda seen: bool(seen.lanes))
    assert seen.lanes[0].state is Shown.OPEN
    there.close()
    lookout.close()


def test_a_folder_that_is_none_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    lookout = Lookout(sqlite_url(tmp_path / "file" / STORE_FILE), SystemClock())
    lookout.start()
    with pytest.raises(NotReady, match="cannot be read"):
        lookout.board()
    lookout.close()
    with pytest.raises(StoreUnusable, match="there is none"):
        look_once(sqlite_url(tmp_path / "nowhere" / STORE_FILE), AT)
    assert not (tmp_path / "nowhere").exists()


def test_a_lane_comes_onto_the_board_goes_and_is_seen_to_be_lost(tmp_path: Path, database_url: str) -> None:
    practice, broker = Practice(tmp_path, database_url), start_broker(tmp_path / "broker")
    headquarters = Headquarters(practice, plain(broker))
    lookout = Lookout(practice.store, SystemClock())
    lookout.start()
    station, other = Station(practice, plain(broker), None), Station(practice, plain(broker), None, OTHER_LANE)

    def states() -> dict[str, Shown]:
        return {lane.station.id: lane.state for lane in lookout.board().lanes}

    until(states, lambda seen: seen == {LANE: Shown.OPEN, OTHER_LANE: Shown.OPEN})
    other.link.close()
    # the connection breaks and does not come back
    station.link._closing.set()
    assert station.link._connection is not None
    station.link._connection.cut()
    until(states, lambda seen: seen == {LANE: Shown.LOST, OTHER_LANE: Shown.STOPPED})
    station.link.close()
    lookout.close()
    headquarters.stop()
    broker.stop()


# the commands

SETTINGS = """\
station = "ut-hq-headquarters1"
[link]
host = "127.0.0.1"
port = 1
tls = false
[places]
data = "headquarters"
"""
STORE = 'store = "{}"\n'


@pytest.fixture
def laid_out(tmp_path: Path, store: Store, database_url: str) -> Path:
    now = datetime.now(UTC)
    says(store, LANE, status(since={"state": text(now - timedelta(minutes=5))}), text(now))
    says(store, OTHER_LANE, status(LaneState.FAULT), text(now))
    path = tmp_path / "headquarters.toml"
    path.write_text(STORE.format(database_url) + SETTINGS)
    return path


def test_the_lanes_are_printed_plain_into_a_pipe(laid_out: Path) -> None:
    command = [sys.executable, "-m", "kiosk", "headquarters", "lanes", "--settings", str(laid_out)]
    told = subprocess.run(command, capture_output=True, text=True, timeout=GIVE_UP_S, check=True).stdout
    assert [line.split()[:2] for line in told.splitlines()[1:3]] == [[OTHER_LANE, "fault"], [LANE, "open"]]
    assert "\x1b" not in told
    only = subprocess.run([*command, "--show", "fault"], capture_output=True, text=True, timeout=GIVE_UP_S, check=True).stdout
    assert LANE not in only


def test_the_board_is_served_by_its_command_and_ends_in_order(laid_out: Path) -> None:
    command = [sys.executable, "-m", "kiosk", "headquarters", "board", "--settings", str(laid_out), "--port", "0"]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    assert process.stderr is not None
    told = next(line for line in process.stderr if "the board is at" in line)
    port = int(told.split("127.0.0.1:")[1].split("/")[0])
    line = http.client.HTTPConnection("127.0.0.1", port, timeout=GIVE_UP_S)
    line.request("GET", "/")
    content = line.getresponse().read().decode()
    line.close()
    assert f'id="l-{LANE}"' in content
    process.send_signal(signal.SIGTERM)
    assert process.wait(GIVE_UP_S) == 0
    process.stderr.close()


def test_lanes_and_board_look_into_a_database_that_is_named_without_settings(tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    named = Store(f"sqlite:///{tmp_path / 'hq.db'}")
    says(named, LANE, status(), text(datetime.now(UTC)))
    named.close()
    where = f"--database=sqlite:///{tmp_path / 'hq.db'}"
    assert main(["headquarters", "lanes", where]) == 0
    assert LANE in capfd.readouterr().out
    lookout = Lookout(store_of(tmp_path / "none.toml", f"sqlite:///{tmp_path / 'hq.db'}"), SystemClock())
    lookout.start()
    assert [lane.station.id for lane in lookout.board().lanes] == [LANE]
    lookout.close()
    assert not (tmp_path / STORE_FILE).exists()
    assert main(["headquarters", "lanes", f"--database={tmp_path / 'other.db'}"]) == 1
    assert "makes the sealed store" in capfd.readouterr().err


def test_a_port_that_is_taken_or_that_does_not_exist_is_said_in_words(laid_out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        for port, status, why in ((taken.getsockname()[1], 1, "choose another with --port"), (99_999, 2, "99999 is no port")):
            command = [sys.executable, "-m", "kiosk", "headquarters", "board", "--settings", str(laid_out), "--port", str(port)]
            told = subprocess.run(command, capture_output=True, text=True, timeout=GIVE_UP_S, check=False)
            assert (told.returncode, why in told.stderr) == (status, True)
