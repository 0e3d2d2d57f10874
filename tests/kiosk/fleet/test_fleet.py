"""A fleet beside a real broker and a real receiver: what was told arrives, whatever is restarted."""

import os
import resource
import signal
import subprocess
from collections.abc import Iterator
from pathlib import Path

import msgspec
import pytest

from kiosk.__main__ import main
from kiosk.broker import Broker, free_port, mosquitto, start_broker
from kiosk.clock import SystemClock
from kiosk.fleet.keys import fleet_keys
from kiosk.fleet.lane import facts_at
from kiosk.fleet.watched import Watched, parse_watched
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.journal.rows import Waiting
from kiosk.keys import Founding
from kiosk.link import speech
from kiosk.messages.payloads import LaneState, encode, members
from kiosk.programs.fleet import room_for_files
from kiosk.sealing.key_set import KeysWrong
from kiosk.settings import SettingsWrong
from tests.kiosk.practice import Practice, until
from tests.kiosk.programs.test_load import Capsys, Here

LANES = 25


class Fleet(Here):
    """A fleet's commands."""

    def fleet(self, *more: str, lanes: int = LANES) -> list[str]:
        place = [f"--broker=127.0.0.1:{self.port}", f"--ledger={self.ledger}", f"--state={self.folder / 'state'}"]
        return ["load", f"--lanes={lanes}", *place, *more, *self._more]

    def arrived(self, capsys: Capsys) -> bool:
        return sorted(self.ids(capsys)) == sorted(self.told())


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker")
    yield started
    started.stop()


@pytest.fixture
def here(tmp_path: Path, broker: Broker) -> Iterator[Fleet]:
    made = Fleet(tmp_path, broker.port)
    yield made
    made.close()


def test_what_a_fleet_told_is_stored_and_its_lanes_are_on_the_board(here: Fleet, broker: Broker, capsys: Capsys) -> None:
    here.start(here.headquarters())
    status, said = here.runs(here.fleet("--records=60", "--rate=60", f"--watch=broker={broker.process_id}"))
    assert status == 0, said
    for words in ("60 records told, all acknowledged", f"{LANES} connects, 0 lines lost", "statuses and", "p99", "loader", "broker 0."):
        assert words in said
    assert (len(here.told()), here.arrived(capsys)) == (60, True)
    assert main(["headquarters", "lanes", f"--database=sqlite:///{here.folder / 'hq.db'}"]) == 0
    listed = capsys.readouterr().out
    assert "tz-load0001-lane1" in listed
    assert "tz-load0002-lane5" in listed
    # sealed, signed and chained as a lane's own: headquarters' key opens it
    lines: list[str] = []
    plan = OpeningPlan(str(here.folder / "hq.db"), here.folder / "openings", Founding(here.folder / "keys").opening_key, "O-1", "test")
    assert open_records(plan, SystemClock(), lines.append).opened == 60
    assert "UTOERIKSSON" in lines[0]


def test_nothing_is_lost_when_receiver_broker_and_fleet_itself_are_killed_and_started_again(
    here: Fleet, broker: Broker, capsys: Capsys
) -> None:
    receiver = here.start(here.headquarters())
    words = here.fleet("--records=300", "--rate=100")
    first = here.start(words)
    until(here.told, lambda ids: len(ids) >= 40)
    receiver.send_signal(signal.SIGKILL)
    until(here.told, lambda ids: len(ids) >= 80)
    first.send_signal(signal.SIGKILL)
    first.wait()
    here.start(here.headquarters())
    second = here.start(words)
    until(here.told, lambda ids: len(ids) >= 150)
    broker.kill()
    broker.start_again()
    said = second.communicate(timeout=120)[0]
    assert (second.returncode, "300 records told, all acknowledged" in said) == (0, True), said
    assert "goes on after" in said
    # what the kill caught between commit and ledger is stored and was told to nobody
    stored = here.ids(capsys)
    assert set(here.told()) <= set(stored)
    assert len(set(here.told())) == len(here.told()) == 300
    assert len(stored) <= 332


@pytest.mark.skipif(mosquitto() is None, reason="mutual TLS needs mosquitto")
def test_each_lane_of_a_fleet_has_a_certificate_of_its_own_where_tls_is_asked_for(tmp_path: Path, capsys: Capsys) -> None:
    here = Fleet(tmp_path, free_port(), tls=True)
    broker = here.start(here.broker())
    assert broker.stdout is not None
    assert "mutual TLS" in broker.stdout.readline()
    here.start(here.headquarters())
    status, said = here.runs(here.fleet("--records=10", "--rate=50", lanes=4))
    assert (status, "4 connects" in said, here.arrived(capsys)) == (0, True, True), said
    here.close()


def test_statuses_alone_for_a_time_and_then_a_goodbye(here: Fleet, capsys: Capsys) -> None:
    here.start(here.headquarters())
    status, said = here.runs(here.fleet("--seconds=0.5", "--rate=0", lanes=5))
    assert (status, "0 records told" in said) == (0, True), said
    until(lambda: _shown(here, capsys), lambda text: "5 stations: 5 stopped" in text)


def _shown(here: Fleet, capsys: Capsys) -> str:
    capsys.readouterr()
    # its status says that somebody has to look: nobody is heard any more
    main(["headquarters", "lanes", f"--database=sqlite:///{here.folder / 'hq.db'}"])
    return capsys.readouterr().out


def test_a_fleet_is_enrolled_once_by_one_key_set_and_its_keys_stay(tmp_path: Path) -> None:
    practice = Practice(tmp_path)
    first = fleet_keys(practice.founding, "ut", 30, tls=False)
    again = fleet_keys(practice.founding, "ut", 30, tls=False)
    assert [keys.id for keys in first] == [keys.id for keys in again]
    assert first[0].public.number == again[0].public.number == 2
    assert practice.receiver_keys().public.station_key(first[29].station, first[29].id) is not None
    assert (first[29].station, len(first[29].readers())) == ("ut-load0002-lane10", 3)
    more = fleet_keys(practice.founding, "ut", 31, tls=False)
    assert (more[30].public.number, len({keys.id for keys in more})) == (3, 31)
    (practice.founding.folder / "fleet" / "seed").write_bytes(b"short")
    with pytest.raises(KeysWrong, match="is not the secret of a fleet"):
        fleet_keys(practice.founding, "ut", 1, tls=False)


def test_a_simulated_status_says_what_a_lane_writes() -> None:
    now = SystemClock().now()
    status = speech.status(
        facts_at(now, "0.1.0"), LaneState.OPEN, "018f8a8e-1111-4111-8111-111111111111", 1, now, Waiting(3, 0, None, 0, 0)
    )
    assert members(msgspec.json.encode(status, order="sorted")) == members(encode(status))


MISTAKES = [
    (["--lanes=0", "--records=1"], "a fleet has 1 to"),
    (["--lanes=2"], "say how many records in all"),
    (["--lanes=2", "--records=1", "--rate=0"], "say for how long"),
    (["--lanes=2", "--records=-1"], "none is below 0"),
    (["--lanes=2", "--seconds=nan"], "none is below 0"),
    (["--lanes=2", "--records=1", "--watch=broker"], "is not NAME=PID"),
    (["--lanes=2", "--records=1", "--watch=broker=999999999"], "no such process"),
]


@pytest.mark.parametrize(("words", "says"), MISTAKES, ids=[" ".join(words) for words, _ in MISTAKES])
def test_what_was_asked_wrongly_is_said_with_how_to_ask(tmp_path: Path, capsys: Capsys, words: list[str], says: str) -> None:
    place = ["--broker=127.0.0.1:1", f"--ledger={tmp_path / 'l'}", f"--state={tmp_path / 's'}", f"--founding={tmp_path / 'keys'}"]
    assert main(["load", *words, *place]) == 1
    assert says in capsys.readouterr().err


def test_one_lane_needs_a_count_and_nobody_is_both_a_lane_and_a_fleet(tmp_path: Path, capsys: Capsys) -> None:
    place = ["load", "--broker=127.0.0.1:1", f"--ledger={tmp_path / 'l'}", f"--state={tmp_path / 's'}"]
    for words, says in ((["--lane=tz-a-lane1"], "--lane needs --records"), (["--lane=tz-a-lane1", "--lanes=3"], "not allowed with")):
        with pytest.raises(SystemExit):
            main([*place, *words])
        assert says in capsys.readouterr().err


def test_too_low_a_limit_of_open_files_is_said_with_what_to_set() -> None:
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    room_for_files(min(soft, 64))
    assert resource.getrlimit(resource.RLIMIT_NOFILE) == (soft, hard)
    if hard != resource.RLIM_INFINITY:
        with pytest.raises(SettingsWrong, match=f"LimitNOFILE={hard + 1}"):
            room_for_files(hard + 1)


def test_a_program_is_watched_with_all_that_it_started() -> None:
    script = "i=0; while [ $i -lt 300000 ]; do i=$((i+1)); done; echo done; read x"
    busy = subprocess.Popen(["sh", "-c", f"sh -c '{script}'; true"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
    assert busy.stdout is not None
    watched = Watched(parse_watched([f"busy={busy.pid}", f"me={os.getpid()}"]))
    assert busy.stdout.readline() == "done\n"
    assert "busy 0.0 s" not in watched.text()
    assert "loader" in watched.text()
    busy.communicate("\n")
    assert "busy" in watched.text()
