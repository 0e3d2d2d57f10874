"""A rollout over a real broker, with real receivers, links and journals: to one, then three, then all; what stops it, and who goes on after a kill."""

import json
import queue
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import UTC, date, datetime
from pathlib import Path

import pytest

from kiosk.__main__ import main
from kiosk.broker import Broker, start_broker
from kiosk.clock import SystemClock
from kiosk.headquarters import rollouts
from kiosk.headquarters.commands import CommandBook, CommandState, Ordered
from kiosk.headquarters.database import open_database
from kiosk.headquarters.lookout import look_once
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.rollout import Stand
from kiosk.headquarters.rollouts import RolloutBook
from kiosk.headquarters.store import Store
from kiosk.journal.rows import Answer
from kiosk.journal.writer import Journal
from kiosk.keys import Founding, found
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import Commanded, Facts, LinkPlan, LinkUp, Word
from kiosk.messages.payloads import Command, LaneState, Result
from kiosk.roles import Role
from kiosk.sealing.station import load_receiver_keys, load_station_keys, read_signing_key
from kiosk.staff import Newcomer, draw_pin, make_list
from tests.faults.proxy import Line
from tests.kiosk.practice import RECEIVER, SOON, until

ROOT = Path(__file__).parents[2]
LANES = ("ut-east-lane1", "ut-east-lane2", "ut-east-lane3", "ut-west-lane1", "ut-west-lane2", "ut-west-lane3")


class Obeying:
    """A lane with a journal and a link, behind a line that can be cut: it obeys, refuses, or does nothing."""

    def __init__(self, folder: Path, founding: Founding, broker: Broker, name: str, carried: list[str]) -> None:
        self.name, self.line, self._carried = name, Line(broker.port), carried
        self.does: Callable[[Command], Result | None] = lambda command: Result.DONE
        self.facts = Facts(LaneState.OPEN, versions={"mpaka": "0.1.0"}, lists={"staff": 9 * 86_400})
        self.up = threading.Event()
        told: queue.Queue[Answer] = queue.Queue()
        keys, clock = load_station_keys(founding.station(name), name), SystemClock()
        self.journal = Journal(folder / name, keys, clock, told.put)
        address = BrokerAddress("127.0.0.1", self.line.port, None, broker.speaks)
        self.link = Link(LinkPlan(keys, address, (), SOON), clock, lambda: self.facts, self._hears, self.journal)
        self.link.start()

    def close(self) -> None:
        self.link.close()
        self.journal.close()
        self.line.cut()

    def _hears(self, word: Word) -> None:
        if isinstance(word, LinkUp):
            self.up.set()
        if isinstance(word, Commanded):
            result = self.does(word.command)
            if result is not None:
                self._carried.append(self.name)
                self.link.answer(word.command, result, "because")
                self.link.changed()


class Receiving:
    """A receiver in a thread."""

    def __init__(self, plan: ReceiverPlan) -> None:
        self._stop = threading.Event()
        self._thread = threading.Thread(target=run_headquarters, args=(plan, SystemClock(), self._stop))
        self._thread.start()

    def stop(self) -> None:
        self._stop.set()
        self._thread.join()


class Fleet:
    """Six lanes at two posts, a broker, and as many receivers as are wanted."""

    def __init__(self, folder: Path) -> None:
        self.founding, self.url = found(folder / "founding", LANES, [], RECEIVER), f"sqlite:///{folder}/hq.db"
        self.folder, self.broker = folder, start_broker(folder / "broker")
        self.address = BrokerAddress(self.broker.host, self.broker.port, None, self.broker.speaks)
        self.carried: list[str] = []
        self.receivers: list[Receiving] = []
        self.processes: list[subprocess.Popen[bytes]] = []
        self.receives()
        self.lanes = {name: Obeying(folder, self.founding, self.broker, name, self.carried) for name in LANES}
        self.store = Store(self.url)
        self.book = RolloutBook(self.store)
        until(lambda: {lane.station for lane in self.store.lanes()}, lambda names: names == set(LANES))

    def receives(self) -> None:
        """One more receiver, under a name of its own."""
        keys = load_receiver_keys(self.founding.station(RECEIVER), f"ut-hq-headquarters{len(self.receivers) + 1}")
        self.receivers.append(Receiving(ReceiverPlan(keys, self.address, self.url, SOON)))

    def receives_apart(self) -> "subprocess.Popen[bytes]":
        """A receiver in a process of its own, which can be killed."""
        words = [str(self.folder), str(self.broker.port), str(self.broker.speaks), self.url, "ut-hq-headquarters9"]
        process = subprocess.Popen([sys.executable, "-m", "tests.faults.receiver", *words], cwd=ROOT)
        self.processes.append(process)
        return process

    def rollout(self, *words: str) -> int:
        return main(["headquarters", f"--database={self.url}", f"--founding={self.founding.folder}", "rollout", *words])

    def begins(self, name: str, *more: str) -> int:
        words = ["--all", "--stages", "1", "3", "--well=0s", f"--key={self.founding.authority}", "--operator=O-1"]
        assert self.rollout("begin", name, *words, *more) == 0
        return self.book.listed()[0].number

    def state(self, number: int) -> str:
        return self.book.one(number).state

    def until(self, ask: Callable[[], bool]) -> None:
        """Meanwhile the lanes say all the time how they are, so that nobody waits for the next ten seconds."""

        def looks() -> bool:
            for lane in self.lanes.values():
                lane.link.changed()
            return ask()

        until(looks, bool)

    def comes_to(self, number: int, state: str) -> None:
        self.until(lambda: self.state(number) == state)

    def stands(self, number: int) -> dict[str, Stand]:
        looked = self.book.look(self.book.one(number), datetime.now(UTC))
        return {one.member.station: one.stand for one in looked.found}

    def ordered(self) -> list[Ordered]:
        return list(self.book.commands.listed())

    def close(self) -> None:
        for lane in self.lanes.values():
            lane.close()
        for receiver in self.receivers:
            receiver.stop()
        for process in self.processes:
            process.kill()
            process.wait()
        self.store.close()
        self.broker.stop()


@pytest.fixture
def fleet(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Fleet]:
    monkeypatch.setattr(rollouts, "LOOK_S", 0.05)
    monkeypatch.setattr(rollouts, "REST_TIMES", 1)
    made = Fleet(tmp_path)
    yield made
    made.close()


def test_to_one_then_three_then_all_and_everybody_sees_how_far_it_is(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    made = datetime.now(UTC)
    authority = read_signing_key(fleet.founding.authority)
    content = make_list(2, [Newcomer("T-7", (Role.TECHNICIAN,), draw_pin())], ["UT-EAST"], date(2099, 1, 1), authority, made)
    (fleet.folder / "staff.json").write_bytes(content)
    for lane in fleet.lanes.values():
        lane.does = lambda command, lane=lane: takes(lane, command, json.loads(content))  # type: ignore[misc]
    number = fleet.begins("lists", f"--list={fleet.folder / 'staff.json'}", "--first", "ut-west-lane3")
    assert capsys.readouterr().out == f"rollout {number} of staff list 2: to 1, then 3, then 2\n"
    fleet.comes_to(number, "done")
    assert fleet.carried[0] == "ut-west-lane3"
    assert set(fleet.carried[1:4]) == {"ut-east-lane1", "ut-east-lane2", "ut-west-lane1"}, "at different posts"
    assert sorted(fleet.carried) == sorted(LANES), "each once"
    assert fleet.rollout("show", str(number)) == 0
    said = capsys.readouterr().out
    assert f"{number} staff list 2: 6 of 6 have it, done" in said
    assert said.count("has it") == 6
    board = look_once(fleet.url, datetime.now(UTC))
    assert [(one.what, one.progress, len(one.members)) for one in board.rollouts] == [("staff list 2", "6 of 6 have it, done", 6)]


def takes(lane: Obeying, command: Command, wanted: object) -> Result:
    """The list's age is seen in the status from now on."""
    assert isinstance(command.args, dict)
    assert command.args["list"] == wanted
    lane.facts = replace(lane.facts, lists={"staff": 1})
    return Result.DONE


def test_a_lane_that_refuses_stops_it_and_the_operator_goes_on_without_it(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    fleet.lanes["ut-east-lane1"].does = lambda command: Result.REFUSED
    number = fleet.begins("reload-settings", "--first", "ut-west-lane3", "ut-east-lane1")
    fleet.comes_to(number, "stopped")
    assert len([one for one in fleet.ordered() if one.state is CommandState.HELD]) == 2, "the last stage is not begun"
    capsys.readouterr()
    assert fleet.rollout("show", str(number)) == 1
    assert "(ut-east-lane1: refused: because)" in capsys.readouterr().out
    assert fleet.rollout("back", str(number), f"--key={fleet.founding.authority}", "--operator=O-1") == 1
    assert "only a version goes back; of a list make one with a newer number" in capsys.readouterr().err
    assert fleet.rollout("resume", str(number)) == 0
    assert "goes on without ut-east-lane1" in capsys.readouterr().out
    fleet.comes_to(number, "done")
    stands = fleet.stands(number)
    assert stands.pop("ut-east-lane1") is Stand.LEFT
    assert set(stands.values()) == {Stand.HAS}


def test_a_lane_that_gets_lost_stops_it_and_an_operator_gives_it_up(fleet: Fleet) -> None:
    lane = fleet.lanes["ut-east-lane2"]

    def goes(command: Command) -> None:
        lane.line.cut()

    lane.does = goes
    number = fleet.begins("languages", "--languages", "en", "--first", lane.name)
    fleet.comes_to(number, "stopped")
    assert fleet.book.one(number).station == lane.name
    assert fleet.book.one(number).why.startswith("lost: ")
    assert fleet.carried == []
    assert fleet.rollout("abort", str(number), "--reason=a bad idea") == 0
    assert [one.state for one in fleet.ordered()].count(CommandState.DROPPED) == 5
    assert fleet.state(number) == "aborted"


def test_a_version_that_a_lane_goes_back_from_stops_it_and_goes_back_everywhere(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    key = f"--key={fleet.founding.authority}"
    for version in ("0.1.0", "0.2.0"):
        (fleet.folder / version).mkdir()
        (fleet.folder / version / "program").write_text(version)
        assert main(["headquarters", "manifest", str(fleet.folder / version), key]) == 0
        (fleet.folder / f"{version}.json").write_text(capsys.readouterr().out)
    for lane in fleet.lanes.values():
        lane.does = lambda command, lane=lane: runs(lane, command)  # type: ignore[misc]
    weak = fleet.lanes["ut-west-lane2"]
    weak.does = lambda command: runs(weak, command, "0.2.0: back: it was not up within 120 s")
    number = fleet.begins("version", f"--file={fleet.folder / '0.2.0.json'}", "--first", "ut-east-lane1", weak.name)
    fleet.comes_to(number, "stopped")
    one = fleet.book.one(number)
    assert (one.what, one.stage, one.station) == ("version 0.2.0", 2, weak.name)
    assert one.why == "version 0.2.0: back: it was not up within 120 s"
    sent = len(fleet.carried)
    assert sent == 4
    assert fleet.rollout("back", str(number), f"--file={fleet.folder / '0.1.0.json'}", key, "--operator=O-1") == 0
    fleet.until(lambda: len(fleet.carried) == 2 * sent)
    assert {lane.facts.versions["mpaka"] for lane in fleet.lanes.values()} == {"0.1.0"}
    assert fleet.state(number) == "aborted"


def runs(lane: Obeying, command: Command, fails: str = "") -> Result:
    """The version is seen in the status from now on, or why it is not."""
    assert isinstance(command.args, dict)
    lane.facts = replace(lane.facts, versions={"mpaka": "0.1.0", "switch": fails} if fails else {"mpaka": command.args["version"]})
    return Result.DONE


def test_two_receivers_share_it_and_nothing_is_carried_out_twice(fleet: Fleet) -> None:
    fleet.receives()
    number = fleet.begins("reload-settings")
    fleet.comes_to(number, "done")
    assert sorted(fleet.carried) == sorted(LANES)
    assert {one.tries for one in fleet.ordered()} == {1}


def test_a_receiver_that_is_killed_goes_on_where_it_was(fleet: Fleet) -> None:
    fleet.receivers.pop().stop()
    first = fleet.receives_apart()
    waits = threading.Event()

    def killed(command: Command) -> Result:
        """Between the release of a stage and its result."""
        first.kill()
        first.wait()
        waits.set()
        return Result.DONE

    fleet.lanes["ut-west-lane1"].does = killed
    number = fleet.begins("reload-settings", "--first", "ut-east-lane1", "ut-west-lane1")
    fleet.until(waits.is_set)
    assert fleet.state(number) == "running"
    fleet.receives()
    fleet.comes_to(number, "done")
    assert sorted(fleet.carried) == sorted(LANES)


def test_what_cannot_be_rolled_out_is_said_and_nothing_is_held(fleet: Fleet, capsys: pytest.CaptureFixture[str]) -> None:
    words = ["begin", "reload-settings", f"--key={fleet.founding.authority}", "--operator=O-1"]
    for more, why in (
        (["--all", "--well=30h"], "do not fit before it lapses"),
        (["--all", "--stages", "0"], "a stage has one station at least"),
        (["--to", LANES[0], "--first", LANES[1]], f"{LANES[1]} is none"),
        (["--to", LANES[0], "--but", LANES[0]], "no station is left"),
        (["--post", "ut-south"], "has no station there"),
    ):
        assert fleet.rollout(*words, *more) == 1
        assert why in capsys.readouterr().err
    station_key = fleet.founding.station(LANES[0]) / "signing.key"
    assert fleet.rollout("begin", "reload-settings", "--all", f"--key={station_key}", "--operator=O-1") == 1
    assert "stations obey the authority's key" in capsys.readouterr().err
    assert fleet.rollout("abort", "7") == 1
    assert "there is no rollout 7" in capsys.readouterr().err
    with_database = open_database(fleet.url)
    assert CommandBook(with_database).listed() == ()
    with_database.close()
