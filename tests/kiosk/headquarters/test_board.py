"""Headquarters' board over a real socket: from a lane's status in the store to the page, on the loopback address and nowhere else."""

import http.client
import signal
import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from kiosk.board.state import Board, Shown
from kiosk.board.troubles import Level
from kiosk.broker import start_broker
from kiosk.clock import SystemClock, utc_text
from kiosk.headquarters.board import BoardServer, Site
from kiosk.headquarters.lookout import GAP_STANDS, Lookout, NotReady, Spy, look_once
from kiosk.headquarters.receiver import Receiver
from kiosk.headquarters.store import FindingKind, Store, StoreUnusable
from kiosk.link.connection import Came
from kiosk.messages.canonical import canonical
from kiosk.messages.payloads import LaneState, Lost, Status, encode, members
from kiosk.messages.topics import Leaf, topic
from tests.kiosk.board.boards import AT, SESSION, board, many, row, status, text
from tests.kiosk.practice import GIVE_UP_S, LANE, OTHER_LANE, Headquarters, Practice, Station, StillClock, plain, until

NOW = utc_text(AT)


class Web:
    """A board that is served, and someone who asks."""

    def __init__(self, shown: Board | None) -> None:
        self.shown = shown
        self.server = BoardServer(Site(self._board, UTC), 0)
        self.server.start()

    def asks(self, path: str, method: str = "GET", **headers: str) -> tuple[int, dict[str, str], str]:
        line = http.client.HTTPConnection("127.0.0.1", self.server.server_port, timeout=GIVE_UP_S)
        line.request(method, path, headers={name.replace("_", "-"): value for name, value in headers.items()})
        answer = line.getresponse()
        found = (answer.status, dict(answer.getheaders()), answer.read().decode())
        line.close()
        return found

    def _board(self) -> Board:
        if self.shown is None:
            raise NotReady("the store cannot be read: practice")
        return self.shown


@pytest.fixture
def web() -> Iterator[Web]:
    made = Web(many(12))
    yield made
    made.server.stop()


def test_the_page_its_style_its_script_and_the_metrics_are_served(web: Web) -> None:
    for path, kind, told in (
        ("/", "text/html", "ut-north"),
        ("/?lane=ut-north-lane1", "text/html", "passport reader"),
        ("/board.css", "text/css", "--ground"),
        ("/board.js", "text/javascript", "visibilityState"),
        ("/metrics", "text/plain; version=0.0.4", "mpaka_station_up{"),
    ):
        code, headers, content = web.asks(path)
        assert (code, headers["Content-Type"].startswith(kind), told in content) == (200, True, True), path
        assert headers["Cache-Control"] == "no-store"
        assert "default-src 'none'" in headers["Content-Security-Policy"]


def test_it_listens_on_the_loopback_address_alone(web: Web) -> None:
    assert web.server.server_address[0] == "127.0.0.1"


def test_a_page_from_elsewhere_cannot_read_the_board_through_a_name_of_its_own(web: Web) -> None:
    assert web.asks("/", Host="rebound.example")[0] == 421
    assert web.asks("/metrics", Host="rebound.example:8480")[0] == 421
    assert web.asks("/", Host=f"localhost:{web.server.server_port}")[0] == 200


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH"])
def test_the_board_is_only_looked_at(web: Web, method: str) -> None:
    assert web.asks("/", method)[0] == 405


def test_a_question_for_the_head_is_answered_without_a_body(web: Web) -> None:
    code, headers, content = web.asks("/", "HEAD")
    assert (code, content) == (200, "")
    assert int(headers["Content-Length"]) > 1000


@pytest.mark.parametrize("path", ["/nothing", "/../etc/passwd", "/%2e%2e/store", "/board.css/"])
def test_what_is_not_there_is_not_served(web: Web, path: str) -> None:
    assert web.asks(path)[0] == 404


@pytest.mark.parametrize("path", ["/?" + "a=1&" * 50, "/?q=%ff%fe&lane=%00", "/?" + "q=" + "x" * 30_000, "/?show[]=1&post=%3Cscript%3E"])
def test_a_strange_address_is_answered_in_words(web: Web, path: str) -> None:
    code, _, content = web.asks(path)
    assert code in (200, 400)
    assert "<script>" not in content


def test_a_store_that_cannot_be_read_is_said_and_not_hidden_behind_an_old_board(web: Web) -> None:
    web.shown = None
    code, _, content = web.asks("/")
    assert (code, "cannot be read" in content) == (503, True)


def test_nonsense_on_the_line_ends_that_line_and_no_other(web: Web) -> None:
    for nonsense in (b"\x16\x03\x01\x00\xa5", b"GET\r\n\r\n", b"GET / HTTP/9.9\r\n\r\n", b"\r\n" * 50, b"A" * 70_000 + b"\r\n\r\n"):
        with socket.create_connection(("127.0.0.1", web.server.server_port), GIVE_UP_S) as line:
            line.sendall(nonsense)
            line.shutdown(socket.SHUT_WR)
            while line.recv(4096):
                continue
    assert web.asks("/")[0] == 200


# the store


def says(store: Store, station: str, payload: Status | Lost, now: str = NOW) -> None:
    with store.transaction():
        if isinstance(payload, Lost):
            store.note_lost(station, payload.session, now)
        else:
            store.note_lane(station, payload.state, payload.session, encode(payload), now)


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    made = Store(tmp_path / "headquarters")
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


def test_a_gap_is_told_at_once_and_has_to_be_looked_at_when_it_stays(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    kept, there = practice.journal(), Store(tmp_path / "headquarters")
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


def test_a_record_that_nobody_signed_is_news_for_a_day(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    kept, there = practice.journal(), Store(tmp_path / "headquarters")
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
    store.connection.execute(insert, (LANE, names))
    store.note(FindingKind.ROLLBACK, LANE, names, 5, NOW)
    assert [lane.level for lane in Spy(store).board(AT).lanes] == [Level.WARN]
    store.connection.execute(insert, (LANE, other))
    assert [lane.level for lane in Spy(store).board(AT).lanes] == [Level.NOTE]


def test_whoever_looks_sees_what_is_stored_now_and_a_store_that_is_broken_is_told(tmp_path: Path) -> None:
    clock = SystemClock()
    lookout = Lookout(tmp_path / "headquarters", clock)
    lookout.start()
    assert lookout.board().lanes == ()
    there = Store(tmp_path / "headquarters")
    says(there, LANE, status(), clock.now().text)
    seen = until(lookout.board, lambda seen: bool(seen.lanes))
    assert seen.lanes[0].state is Shown.OPEN
    there.close()
    lookout.close()


def test_a_folder_that_is_none_is_said_to_be_unreadable(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    lookout = Lookout(tmp_path / "file", SystemClock())
    lookout.start()
    with pytest.raises(NotReady, match="cannot be read"):
        lookout.board()
    lookout.close()
    with pytest.raises(StoreUnusable, match="there is none"):
        look_once(tmp_path / "nowhere", AT)
    assert not (tmp_path / "nowhere").exists()


def test_a_lane_comes_onto_the_board_goes_and_is_seen_to_be_lost(tmp_path: Path) -> None:
    practice, broker = Practice(tmp_path), start_broker(tmp_path / "broker")
    headquarters = Headquarters(practice, plain(broker))
    lookout = Lookout(headquarters.folder, SystemClock())
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


@pytest.fixture
def laid_out(tmp_path: Path, store: Store) -> Path:
    now = datetime.now(UTC)
    says(store, LANE, status(since={"state": text(now - timedelta(minutes=5))}), text(now))
    says(store, OTHER_LANE, status(LaneState.FAULT), text(now))
    path = tmp_path / "headquarters.toml"
    path.write_text(SETTINGS)
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


def test_a_port_that_is_taken_is_said_in_words(laid_out: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        command = [
            sys.executable,
            "-m",
            "kiosk",
            "headquarters",
            "board",
            "--settings",
            str(laid_out),
            "--port",
            str(taken.getsockname()[1]),
        ]
        told = subprocess.run(command, capture_output=True, text=True, timeout=GIVE_UP_S, check=False)
    assert (told.returncode, "choose another with --port" in told.stderr) == (1, True)


def test_many_who_look_at_once_are_all_answered(web: Web) -> None:
    codes: list[int] = []
    threads = [threading.Thread(target=lambda: codes.append(web.asks("/")[0])) for _ in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert codes == [200] * 20


def test_an_empty_board_is_a_board(web: Web) -> None:
    web.shown = board()
    assert web.asks("/")[0] == 200
    web.shown = board(row(lost=True))
    assert 'class="lane lost stop"' in web.asks("/")[2]
