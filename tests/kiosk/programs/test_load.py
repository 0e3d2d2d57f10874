"""`mpaka load`: a lane without a screen, through the very journal and link of a lane, with headquarters beside it, as a newcomer starts them."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.broker import Broker, free_port, mosquitto, start_broker
from kiosk.clock import SystemClock
from kiosk.fleet.synthetic import synthetic
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.keys import Founding
from kiosk.record import read
from tests.kiosk.practice import GIVE_UP_S, until

LANE = "ut-nowhere-lane1"
Capsys = pytest.CaptureFixture[str]


class Here:
    """A folder, a broker's address, and the commands of a newcomer in it."""

    def __init__(self, folder: Path, port: int, tls: bool = False) -> None:
        self.folder, self.port = folder, port
        self._more = [f"--founding={folder / 'keys'}", *(["--tls"] if tls else [])]
        self._started: list[subprocess.Popen[str]] = []

    @property
    def ledger(self) -> Path:
        return self.folder / "ledger"

    def load(self, records: int, lane: str = LANE, **other: str) -> list[str]:
        words = {"broker": f"127.0.0.1:{self.port}", "lane": lane, "ledger": str(self.ledger), "state": str(self.folder / "state"), **other}
        return ["load", f"--records={records}", "--rate=0", *(f"--{name}={value}" for name, value in words.items()), *self._more]

    def headquarters(self) -> list[str]:
        return ["headquarters", f"--broker=127.0.0.1:{self.port}", f"--database=sqlite:///{self.folder / 'hq.db'}", *self._more]

    def broker(self) -> list[str]:
        return ["broker", f"--port={self.port}", *self._more]

    def start(self, words: list[str]) -> "subprocess.Popen[str]":
        process = subprocess.Popen([sys.executable, "-m", "kiosk", *words], stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self._started.append(process)
        return process

    def runs(self, words: list[str]) -> tuple[int, str]:
        said = self.start(words).communicate(timeout=GIVE_UP_S)[0]
        return self._started[-1].returncode, said

    def ids(self, capsys: Capsys) -> list[str]:
        capsys.readouterr()
        assert main(["headquarters", "ids", f"--database=sqlite:///{self.folder / 'hq.db'}"]) == 0
        return capsys.readouterr().out.split()

    def told(self) -> list[str]:
        return self.ledger.read_text().split() if self.ledger.exists() else []

    def close(self) -> None:
        for process in self._started:
            process.kill()
            process.communicate()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker")
    yield started
    started.stop()


@pytest.fixture
def here(tmp_path: Path, broker: Broker) -> Iterator[Here]:
    made = Here(tmp_path, broker.port)
    yield made
    made.close()


def test_what_was_told_done_is_stored_in_that_order_and_started_again_it_has_nothing_to_do(here: Here, capsys: Capsys) -> None:
    here.start(here.headquarters())
    status, said = here.runs(here.load(12))
    assert (status, "12 records told, all acknowledged by headquarters" in said) == (0, True), said
    assert len(here.told()) == 12
    assert here.ids(capsys) == here.told()
    assert here.runs(here.load(12))[0] == 0
    assert len(here.told()) == 12


def test_a_lane_that_was_ended_half_way_goes_on_and_tells_as_many_as_were_asked_for(here: Here, capsys: Capsys) -> None:
    status, said = _ended_after(here, 3)
    assert status == 1
    assert "started again with the same arguments it goes on" in said
    first = here.told()
    assert 3 <= len(first) < 200
    here.start(here.headquarters())
    assert here.runs(here.load(len(first) + 5))[0] == 0
    assert here.told()[: len(first)] == first
    assert here.ids(capsys) == here.told()
    assert len(here.told()) == len(first) + 5


def _ended_after(here: Here, told: int) -> tuple[int, str]:
    process = here.start([*here.load(200), "--rate=50"])
    until(here.told, lambda ids: len(ids) >= told)
    process.terminate()
    said = process.communicate(timeout=GIVE_UP_S)[0]
    return process.returncode, said


def test_a_record_is_a_registration_of_nobody_that_headquarters_can_open(here: Here) -> None:
    here.start(here.headquarters())
    assert here.runs(here.load(1))[0] == 0
    lines: list[str] = []
    plan = OpeningPlan(str(here.folder / "hq.db"), here.folder / "openings", Founding(here.folder / "keys").opening_key, "O-1", "test")
    assert open_records(plan, SystemClock(), lines.append).opened == 1
    assert "UTOERIKSSON" in lines[0]
    assert read(synthetic("UT-NOWHERE", 7)).post == "UT-NOWHERE"


def test_a_second_lane_is_added_to_the_founding_while_headquarters_runs(here: Here, capsys: Capsys) -> None:
    here.start(here.headquarters())
    assert here.runs(here.load(3))[0] == 0
    elsewhere = {"ledger": str(here.folder / "second"), "state": str(here.folder / "second-state")}
    status, said = here.runs(here.load(3, "ut-elsewhere-lane7", **elsewhere))
    assert status == 0, said
    assert sorted(here.ids(capsys)) == sorted([*here.told(), *(here.folder / "second").read_text().split()])


@pytest.mark.skipif(mosquitto() is None, reason="mutual TLS needs mosquitto")
def test_three_commands_bring_lane_broker_and_headquarters_together_with_mutual_tls(tmp_path: Path, capsys: Capsys) -> None:
    here = Here(tmp_path, free_port(), tls=True)
    broker = here.start(here.broker())
    assert broker.stdout is not None
    assert broker.stdout.readline() == f"mosquitto listens on 127.0.0.1:{here.port}, mutual TLS\n"
    here.start(here.headquarters())
    status, said = here.runs(here.load(4))
    assert status == 0, said
    assert here.ids(capsys) == here.told()
    plain = Here(tmp_path, here.port)
    # without a certificate nobody is let in: records are told and wait
    process = plain.start(plain.load(6))
    until(plain.told, lambda ids: len(ids) == 6)
    process.terminate()
    assert "2 not yet at headquarters" in process.communicate(timeout=GIVE_UP_S)[0]
    plain.close()
    here.close()


MISTAKES = [
    ({"broker": "127.0.0.1"}, "is not HOST:PORT, as in 127.0.0.1:1883"),
    ({"broker": "127.0.0.1:99999"}, "is not HOST:PORT"),
    ({"broker": "mqtt.example:1883"}, "without --tls only on the loopback address"),
    ({"lane": "Lane 1"}, "as in tz-tunduma-lane1"),
    ({"lane": "tz-hq-headquarters1"}, "that is the receiver of this founding"),
    ({"records": "-1"}, "neither is below 0"),
    ({"rate": "inf"}, "neither is below 0"),
]


@pytest.mark.parametrize(("wrong", "says"), MISTAKES, ids=[next(iter(wrong)) + str(at) for at, (wrong, _) in enumerate(MISTAKES)])
def test_what_was_asked_wrongly_is_said_with_how_to_ask(tmp_path: Path, capsys: Capsys, wrong: dict[str, str], says: str) -> None:
    words = [*Here(tmp_path, 1).load(1), *(f"--{name}={value}" for name, value in wrong.items())]
    assert main(words) == 1
    assert says in capsys.readouterr().err


def test_a_ledger_that_is_none_or_of_another_run_is_refused_and_left_alone(tmp_path: Path, capsys: Capsys) -> None:
    here = Here(tmp_path, 1)
    here.ledger.write_text("a shopping list\n")
    assert main(here.load(1)) == 1
    assert "line 1 is not the id of a record" in capsys.readouterr().err
    assert here.ledger.read_text() == "a shopping list\n"
    here.ledger.write_text("018f8a8e-1111-7111-8111-111111111111\n")
    assert main(here.load(1)) == 1
    assert "they are not of one run" in capsys.readouterr().err


def test_a_store_that_cannot_be_named_is_refused_with_how_to_name_it(tmp_path: Path, capsys: Capsys) -> None:
    assert main(["headquarters", "ids", "--database=mysql://db.example/mpaka"]) == 1
    assert "no such kind" in capsys.readouterr().err
    assert main(["headquarters", "ids", f"--database={tmp_path}"]) == 1
    assert "name a file in it" in capsys.readouterr().err
    assert main(["headquarters", "ids", f"--database={tmp_path / 'none.db'}"]) == 1
    assert "makes the sealed store" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["headquarters", "--broker=127.0.0.1:1883"])
    assert "--broker and --database go together" in capsys.readouterr().err
    with pytest.raises(SystemExit):
        main(["headquarters", "--tls"])
    assert "--tls and --founding go with --broker" in capsys.readouterr().err


def test_without_a_named_store_the_settings_say_where_it_is(tmp_path: Path, capsys: Capsys) -> None:
    settings = tmp_path / "headquarters.toml"
    settings.write_text('station = "tz-hq-headquarters1"\n[link]\nhost = "127.0.0.1"\n[places]\ndata = "data"\n')
    assert main(["headquarters", "ids", f"--settings={settings}"]) == 1
    assert f"store {tmp_path / 'data' / 'headquarters.db'}: there is none" in capsys.readouterr().err


def test_a_founding_that_cannot_be_made_or_was_cut_short_is_named(tmp_path: Path, capsys: Capsys) -> None:
    (tmp_path / "file").write_bytes(b"")
    assert main([*Here(tmp_path, 1).load(1), f"--founding={tmp_path / 'file' / 'keys'}"]) == 1
    assert "name another folder with --founding" in capsys.readouterr().err
    (tmp_path / "half" / "stations").mkdir(parents=True)
    assert main([*Here(tmp_path, 1).load(1), f"--founding={tmp_path / 'half'}"]) == 1
    assert "cut short" in capsys.readouterr().err
