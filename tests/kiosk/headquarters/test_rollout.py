"""Rollouts: who comes first, what counts as trouble, when a stage is well, and what is kept of it; two receivers begin a stage once."""

import threading
from collections.abc import Callable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from hypothesis import given
from hypothesis import strategies as st

from kiosk.board.state import LaneSeen, Row, lane_of
from kiosk.clock import utc_text
from kiosk.headquarters.commands import LEFT_FREE, CommandState, Ordered, OrderWrong, Wish
from kiosk.headquarters.rollout import (
    Before,
    Begin,
    Finish,
    Found,
    Goal,
    Member,
    Rollout,
    RolloutState,
    Stand,
    Stop,
    Wait,
    before_of,
    decide,
    found,
    in_stages,
    progress,
)
from kiosk.headquarters.rollouts import Plan, RolloutBook, rollouts_of
from kiosk.headquarters.store import Says, Store
from kiosk.link.commands import refusal
from kiosk.messages.payloads import Command, CommandName, CommandResult, DeviceState, LaneState, Outbox, Result, decode, encode
from tests.kiosk.board.boards import AT, SESSION, ago, status
from tests.kiosk.practice import StillClock, until

A, B, C, D = (f"ut-north-lane{number}" for number in range(1, 5))
E1 = "ut-south-lane1"
WELL = timedelta(minutes=30)
KEY = Ed25519PrivateKey.generate()


# who comes when


def test_the_first_stages_lie_at_different_posts_and_take_stations_that_are_well() -> None:
    stations = [f"ut-{post}-lane{number}" for post in ("east", "north", "west") for number in (1, 2, 3)]
    well = frozenset(stations) - {"ut-east-lane1"}
    stages = in_stages(stations, (1, 3), (), well)
    assert stages[0] == ("ut-east-lane2",)
    assert stages[1] == ("ut-north-lane1", "ut-west-lane1", "ut-east-lane3")
    assert stages[2][-1] == "ut-east-lane1", "who is in trouble proves nothing, and comes last"
    assert in_stages(stations, (1,), ("ut-west-lane3",), well)[0] == ("ut-west-lane3",)


@given(
    st.sets(st.builds("ut-{}-lane{}".format, st.sampled_from(["east", "north", "west"]), st.integers(1, 40)), min_size=1),
    st.lists(st.integers(1, 12), max_size=4),
)
def test_each_station_has_its_turn_once_and_no_stage_is_empty(stations: set[str], sizes: list[int]) -> None:
    stages = in_stages(stations, sizes, sorted(stations)[:2], frozenset(sorted(stations)[::2]))
    assert sorted(name for stage in stages for name in stage) == sorted(stations)
    assert all(stages)
    assert [len(stage) for stage in stages[: len(sizes)]] == sizes[: len(stages) - 1] or len(stages) <= len(sizes)


# where a station stands


def lane(said: Any = None, *, seen_s: float = 3.0, lost: bool = False, station: str = A) -> LaneSeen:
    said = said or status()
    seen = lane_of(Row(station, "lost" if lost else said.state, ago(seconds=seen_s), encode(said)), AT)
    assert seen is not None
    return seen


def member(command: CommandState = CommandState.DONE, *, since_s: float = 60.0, **more: Any) -> Member:
    plain: dict[str, Any] = {"before": Before("open")}
    return Member(A, 1, command, AT - timedelta(seconds=since_s), **{**plain, **more})


STAFF = Goal("staff", made=ago(days=3))
VERSION = Goal(version="0.1.0")


@pytest.mark.parametrize(
    ("who", "seen", "goal", "stand", "why"),
    [
        (member(), lane(), Goal(), Stand.HAS, ""),
        (member(), lane(), STAFF, Stand.HAS, ""),
        (member(), lane(), VERSION, Stand.HAS, ""),
        (member(before=None), lane(), Goal(), Stand.HELD, ""),
        (member(CommandState.SENT), lane(), Goal(), Stand.WAITING, ""),
        (member(since_s=1.0), lane(), Goal(), Stand.WAITING, ""),
        (member(left=True), lane(lost=True), Goal(), Stand.LEFT, ""),
        (member(CommandState.REFUSED, why="is older"), lane(), Goal(), Stand.TROUBLE, "refused: is older"),
        (member(CommandState.FAILED, why="the disk"), lane(), Goal(), Stand.TROUBLE, "failed: the disk"),
        (member(CommandState.EXPIRED, why="no result"), lane(), Goal(), Stand.TROUBLE, "expired: no result"),
        (member(), lane(lost=True), Goal(), Stand.TROUBLE, "lost: the connection broke"),
        (member(CommandState.SENT), lane(seen_s=40.0), Goal(), Stand.TROUBLE, "lost: no word from it any more"),
        (member(), lane(status(LaneState.FAULT)), Goal(), Stand.TROUBLE, "closed by a fault"),
        (member(before=Before("fault", troubles=("lane",))), lane(status(LaneState.FAULT)), Goal(), Stand.HAS, ""),
        (
            member(),
            lane(status(devices={"receipt_printer": DeviceState.FAILED})),
            Goal(),
            Stand.TROUBLE,
            "receipt printer: failed",
        ),
        (
            member(before=Before("open", troubles=("receipt printer",))),
            lane(status(devices={"receipt_printer": DeviceState.FAILED})),
            Goal(),
            Stand.HAS,
            "",
        ),
        (
            member(),
            lane(status(outbox=Outbox(rows=40, bytes=1, oldest_s=70))),
            Goal(),
            Stand.TROUBLE,
            "records waiting rose from 0 to 40",
        ),
        (member(), lane(status(outbox=Outbox(rows=40, bytes=1, oldest_s=2))), Goal(), Stand.HAS, ""),
        (member(before=Before("open", rows=30)), lane(status(outbox=Outbox(rows=40, bytes=1, oldest_s=70))), Goal(), Stand.HAS, ""),
        (
            member(),
            lane(status(lists={"staff": 9 * 86_400})),
            STAFF,
            Stand.TROUBLE,
            "says that its staff list is 9 days old, which is another one",
        ),
        (member(since_s=20.0), lane(status(lists={"staff": 9 * 86_400})), STAFF, Stand.WAITING, ""),
        (member(), lane(status(lists={})), STAFF, Stand.HAS, ""),
        (member(), lane(status(versions={"mpaka": "0.0.9"})), VERSION, Stand.WAITING, ""),
        (member(since_s=7300), lane(status(versions={"mpaka": "0.0.9"})), VERSION, Stand.TROUBLE, "runs version 0.0.9"),
        (
            member(had=AT - timedelta(minutes=5)),
            lane(status(versions={"mpaka": "0.0.9"})),
            VERSION,
            Stand.TROUBLE,
            "runs version 0.0.9",
        ),
        (
            member(),
            lane(status(versions={"mpaka": "0.0.9", "switch": "0.1.0: went back: not up within 2 min"})),
            VERSION,
            Stand.TROUBLE,
            "version 0.1.0: went back: not up within 2 min",
        ),
        (member(), lane(status(LaneState.STOPPED), seen_s=60), VERSION, Stand.WAITING, ""),
        (
            member(CommandState.SENT),
            lane(status(LaneState.STOPPED), seen_s=700),
            VERSION,
            Stand.TROUBLE,
            "was stopped and did not come back",
        ),
        (member(CommandState.SENT, before=Before()), None, Goal(), Stand.AWAY, ""),
        (member(CommandState.SENT, before=Before("lost")), lane(lost=True), Goal(), Stand.AWAY, ""),
        (member(CommandState.EXPIRED, before=Before("lost")), lane(), Goal(), Stand.AWAY, ""),
        (member(CommandState.SENT, before=Before("lost")), lane(), Goal(), Stand.WAITING, ""),
        (member(had=AT, before=Before("lost")), lane(lost=True), Goal(), Stand.TROUBLE, "lost: the connection broke"),
    ],
)
def test_where_a_station_stands(who: Member, seen: LaneSeen | None, goal: Goal, stand: Stand, why: str) -> None:
    assert found(who, seen, goal, AT) == Found(who, stand, why)


def test_what_a_station_was_in_trouble_with_before_is_remembered() -> None:
    said = status(devices={"receipt_printer": DeviceState.FAILED}, outbox=Outbox(rows=7, bytes=1, oldest_s=400))
    assert before_of(lane(said)) == Before("open", 7, ("receipt printer", "records"))
    assert before_of(None).away
    assert before_of(lane(lost=True)).away


# what follows


ROLLOUT = Rollout(3, "staff list 7", Goal(), RolloutState.RUNNING, 3, 2, WELL, AT - timedelta(hours=1), AT + timedelta(days=1), "O-1")


def stands(*found: tuple[int, Stand, float | None]) -> list[Found]:
    """(stage, stand, minutes since it has it)."""
    return [
        Found(Member(f"{A}{at}", stage, CommandState.DONE, AT, had=None if had is None else AT - timedelta(minutes=had)), stand, "because")
        for at, (stage, stand, had) in enumerate(found)
    ]


@pytest.mark.parametrize(
    ("rollout", "found", "decision"),
    [
        (replace(ROLLOUT, stage=0), stands((1, Stand.HELD, None)), Begin(1)),
        (ROLLOUT, stands((1, Stand.HAS, 90), (2, Stand.HAS, 40), (2, Stand.HAS, 31), (3, Stand.HELD, None)), Begin(3)),
        (ROLLOUT, stands((2, Stand.HAS, 40), (2, Stand.HAS, 29)), Wait(AT - timedelta(minutes=29))),
        (ROLLOUT, stands((2, Stand.HAS, 40), (2, Stand.WAITING, None)), Wait()),
        (ROLLOUT, stands((1, Stand.TROUBLE, 90), (2, Stand.HAS, 40)), Stop(f"{A}0", "because")),
        (ROLLOUT, stands((2, Stand.HAS, 40), (2, Stand.AWAY, None), (2, Stand.LEFT, None)), Begin(3)),
        (
            ROLLOUT,
            stands((2, Stand.AWAY, None)),
            Stop(f"{A}0", "no station of this stage is heard: it proves nothing; go on without them, or give up"),
        ),
        (ROLLOUT, stands((2, Stand.LEFT, None)), Begin(3)),
        (replace(ROLLOUT, stage=3), stands((3, Stand.HAS, 40), (3, Stand.AWAY, None)), Finish()),
        (replace(ROLLOUT, stage=3), stands((3, Stand.HAS, 4)), Wait(AT - timedelta(minutes=4))),
        (
            replace(ROLLOUT, expires=AT),
            stands((2, Stand.HAS, 40)),
            Stop("", "the commands that are left have lapsed: give it up, and begin another rollout"),
        ),
        (replace(ROLLOUT, since=AT - timedelta(minutes=9)), stands((2, Stand.HAS, 40)), Wait(AT - timedelta(minutes=40))),
        (replace(ROLLOUT, state=RolloutState.STOPPED), stands((2, Stand.HAS, 40)), Wait()),
        (replace(ROLLOUT, state=RolloutState.ABORTED), stands((2, Stand.TROUBLE, 40)), Wait()),
    ],
)
def test_what_follows(rollout: Rollout, found: list[Found], decision: object) -> None:
    assert decide(rollout, found, AT) == decision


def test_how_far_it_is_in_words() -> None:
    here = [(2, Stand.HAS, 12.0)] * 7
    assert progress(ROLLOUT, stands(*here, *[(2, Stand.WAITING, None)] * 3), AT) == "stage 2 of 3: 7 of 10 have it"
    assert progress(ROLLOUT, stands(*here), AT) == "stage 2 of 3: 7 of 7 have it, well since 12 min"
    stopped = replace(ROLLOUT, state=RolloutState.STOPPED)
    assert progress(stopped, stands(*here, (2, Stand.TROUBLE, None)), AT) == "stage 2 of 3: 7 of 8 have it, stopped 1 h 00 ago"
    assert progress(replace(ROLLOUT, stage=0), stands((1, Stand.HELD, None)), AT) == "not begun yet"
    assert progress(replace(ROLLOUT, state=RolloutState.DONE), stands(*here, (3, Stand.AWAY, None)), AT) == "7 of 8 have it, done"


# kept in the database


class Hall:
    """A store, its rollouts, stations that say what they are told to, and a clock that is moved."""

    def __init__(self, url: str) -> None:
        self.store, self.clock = Store(url), StillClock(AT)
        self.book = RolloutBook(self.store)
        self.lists = {"staff": 86_400}

    @property
    def now(self) -> datetime:
        return self.clock.utc

    def passes(self, **length: float) -> None:
        self.clock.utc += timedelta(**length)

    def begins(self, *stages: tuple[str, ...], name: CommandName = CommandName.RELOAD_SETTINGS, **args: Any) -> int:
        wish = Wish(name, self.now + timedelta(days=2), "O-1", "a test", args)
        return self.book.begin(Plan("settings", wish, stages, WELL), KEY, self.now)

    def hears(self, *stations: str, state: LaneState = LaneState.OPEN, **more: Any) -> None:
        self.number = getattr(self, "number", 0) + 1
        said = status(state, ts=utc_text(self.now), seq=self.number, **more)
        with self.store.transaction():
            self.store.hear([Says(station, SESSION, said.state, encode(said)) for station in stations], utc_text(self.now))

    def loses(self, station: str) -> None:
        with self.store.transaction():
            self.store.hear([Says(station, SESSION)], utc_text(self.now))

    def turns(self) -> list[str]:
        """A receiver looks, writes down what it saw, and looks again; returns whom it sends something."""
        for rollout in (*self.book.running(), *self.book.running()):
            self.book.turn(self.book.one(rollout.number), self.now)
        return [due.station for due in self.book.commands.due(self.now)]

    def sent(self, station: str) -> list[Ordered]:
        return [one for one in self.book.commands.unanswered(station) if one.state is CommandState.SENT]

    def answers(self, *stations: str, result: Result = Result.DONE, why: str = "") -> None:
        for station in stations:
            for one in self.sent(station):
                said = CommandResult(id=one.id, number=one.number, result=result, why=why, sig="")
                assert self.book.commands.answered(station, said, self.now)

    def state(self, number: int) -> tuple[str, int, str, str]:
        one = self.book.one(number)
        return one.state, one.stage, one.station, one.why

    def stand(self, number: int) -> dict[str, str]:
        return {one.member.station: str(one.stand) for one in self.book.look(self.book.one(number), self.now).found}


@pytest.fixture
def hall(database_url: str) -> Iterator[Hall]:
    made = Hall(database_url)
    yield made
    made.store.close()


def test_one_then_two_then_all_each_when_the_stage_before_was_well_for_its_time(hall: Hall) -> None:
    everyone = (A, B, C, D, E1)
    hall.hears(*everyone)
    number = hall.begins((A,), (B, E1), (C, D))
    assert hall.turns() == [A]
    assert hall.turns() == [], "sent, and nothing else follows"
    hall.answers(A)
    hall.passes(seconds=20)
    hall.hears(*everyone)
    assert hall.turns() == []
    assert hall.stand(number) == {A: "has it", B: "held", C: "held", D: "held", E1: "held"}
    hall.passes(minutes=29)
    hall.hears(*everyone)
    assert hall.turns() == [], "30 minutes since the last result of the stage"
    hall.passes(minutes=1)
    hall.hears(*everyone)
    assert hall.turns() == [B, E1]
    hall.answers(B)
    hall.passes(minutes=40)
    hall.hears(*everyone)
    assert hall.turns() == [B, E1][1:], "asked again, and waited for"
    hall.answers(E1)
    hall.passes(minutes=31)
    hall.hears(*everyone)
    assert hall.turns() == [C, D]
    hall.answers(C, D)
    hall.passes(minutes=31)
    hall.hears(*everyone)
    hall.turns()
    assert hall.turns() == []
    assert hall.state(number) == ("done", 3, "", "")


@pytest.mark.parametrize(
    ("trouble", "why"),
    [
        (lambda hall: hall.answers(B, result=Result.REFUSED, why="no room"), "refused: no room"),
        (lambda hall: hall.loses(B), "lost: the connection broke"),
        (lambda hall: hall.hears(B, state=LaneState.FAULT), "closed by a fault"),
        (lambda hall: hall.hears(B, consumables={"paper": "out"}), "paper: used up"),
    ],
)
def test_trouble_stops_it_and_an_operator_goes_on_without_that_station_or_gives_up(
    hall: Hall, trouble: Callable[[Hall], None], why: str
) -> None:
    hall.hears(A, B, C)
    number = hall.begins((A, B), (C,))
    assert hall.turns() == [A, B]
    hall.answers(A)
    trouble(hall)
    hall.turns()
    assert hall.state(number) == ("stopped", 1, B, why)
    hall.passes(hours=2)
    hall.hears(A, C)
    assert C not in hall.turns(), "nothing more is sent"
    assert hall.book.resume(number, hall.now) == (B,)
    with pytest.raises(OrderWrong, match="only a stopped one is resumed"):
        hall.book.resume(number, hall.now)
    assert C not in hall.turns(), "the time in which it must be well begins anew"
    hall.passes(minutes=31)
    hall.hears(A, C)
    assert C in hall.turns()
    assert hall.stand(number)[B] == "left out"


def test_who_gives_it_up_sends_nothing_more_and_the_same_stations_are_free_for_another(hall: Hall) -> None:
    hall.hears(A, B)
    number = hall.begins((A,), (B,))
    with pytest.raises(OrderWrong, match=f"{B}: another command is held for it; one rollout at a time"):
        hall.begins((B,), (C,))
    assert hall.book.one(1).number == number
    assert len(hall.book.listed()) == 1, "all of it or nothing"
    hall.turns()
    assert hall.book.abort(number, "a mistake", hall.now) == 1
    assert hall.state(number) == ("aborted", 1, "", "a mistake")
    assert [one.state for one in hall.book.commands.listed(B)] == [CommandState.DROPPED]
    with pytest.raises(OrderWrong, match="is aborted already"):
        hall.book.abort(number, "", hall.now)
    hall.begins((B,), (C,))
    assert B in hall.turns()


def test_stations_that_are_away_hold_nobody_up_and_get_it_when_they_come_back(hall: Hall) -> None:
    hall.hears(A, B, C)
    hall.loses(B)
    number = hall.begins((A, B), (C, D))
    hall.turns()
    hall.answers(A)
    hall.passes(minutes=31)
    hall.hears(A, C)
    assert C in hall.turns()
    hall.answers(C)
    hall.passes(minutes=31)
    hall.hears(A, C)
    hall.turns()
    hall.turns()
    assert hall.state(number)[:2] == ("done", 2)
    assert hall.stand(number) == {A: "has it", B: "away", C: "has it", D: "away"}
    hall.hears(B)
    hall.book.commands.born([B], hall.now)
    assert B in hall.turns()


def test_a_stage_that_nobody_hears_proves_nothing(hall: Hall) -> None:
    hall.hears(B)
    number = hall.begins((A,), (B,))
    assert hall.turns() == [A]
    hall.turns()
    assert hall.state(number)[0] == "stopped"
    assert hall.book.resume(number, hall.now) == (A,)
    assert B in hall.turns()


def test_two_receivers_begin_a_stage_once(hall: Hall, database_url: str) -> None:
    hall.hears(A, B)
    number = hall.begins((A,), (B,))
    other = Hall(database_url)
    stale = other.book.one(number)
    assert hall.turns() == [A]
    other.book.turn(stale, hall.now)
    assert other.book.commands.due(hall.now) == ()
    assert other.state(number)[:2] == ("running", 1)
    hall.answers(A)
    hall.passes(minutes=31)
    hall.hears(A, B)
    hall.turns()
    other.clock.utc = hall.now
    assert [*other.turns(), *hall.turns()] in ([B], []), "each command is one receiver's, once"
    assert other.state(number)[:2] == ("running", 2)
    other.store.close()


def test_an_operator_s_word_and_a_receiver_s_do_not_cross(hall: Hall) -> None:
    hall.hears(A, B)
    number = hall.begins((A,), (B,))
    before = hall.book.one(number)
    hall.book.abort(number, "", hall.now)
    hall.book.turn(before, hall.now)
    assert hall.state(number)[:2] == ("aborted", 0)
    assert hall.book.commands.due(hall.now) == ()


def test_what_is_ordered_meanwhile_is_neither_held_up_nor_makes_the_station_refuse_what_is_held(hall: Hall) -> None:
    """Numbers are left free below a held one."""
    hall.hears(A, B)
    (first,) = hall.book.commands.order([B], Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2"), KEY, hall.now)
    hall.begins((A,), (B,))
    hall.passes(hours=1)
    between = [
        hall.book.commands.order([B], Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2"), KEY, hall.now)[0] for _ in range(3)
    ]
    carried: list[int] = []
    for _ in range(9):
        hall.hears(A, B)
        hall.turns()
        hall.answers(A)
        hall.passes(minutes=31)
        carried += [one.number for one in hall.sent(B)]
        hall.answers(B)
    (last,) = hall.book.commands.order([B], Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2"), KEY, hall.now)
    assert carried == sorted(carried)
    assert [first.number, *(one.number for one in between)] == carried[:4]
    assert len(carried) == 5, "the held one came last"
    assert last.number == int(hall.now.timestamp()), "and the clock counts again"


def test_a_lane_takes_the_held_command_after_those_that_came_between(hall: Hall) -> None:
    hall.hears(A)
    hall.begins((A,))
    (between,) = hall.book.commands.order([A], Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2"), KEY, hall.now)
    highest = 0
    for _ in range(3):
        hall.turns()
        for (content,) in hall.store.database.execute("SELECT content FROM command WHERE state = 'sent' ORDER BY number LIMIT 1"):
            command = decode(bytes(content), Command)
            assert refusal(command, highest, hall.clock.now()) is None
            highest = command.number
        hall.answers(A)
    assert highest == between.number + LEFT_FREE


def test_orders_that_come_just_while_a_command_is_released_do_not_overtake_it(hall: Hall, database_url: str) -> None:
    hall.begins((A,))
    orders = 15

    def order() -> None:
        other = Hall(database_url)
        for _ in range(orders):
            other.book.commands.order([A], Wish(CommandName.REBIRTH, other.now + timedelta(days=1), "O-2"), KEY, other.now)
        other.store.close()

    thread = threading.Thread(target=order)
    thread.start()
    carried: list[int] = []

    def carries() -> bool:
        for rollout in hall.book.running() if len(carried) > 3 else ():
            hall.book.turn(rollout, hall.now)
        for due in hall.book.commands.due(hall.now):
            carried.append(decode(due.content, Command).number)
            hall.answers(due.station)
        return len(carried) == orders + 1

    until(carries, bool)
    thread.join()
    assert carried == sorted(carried)


def test_room_for_orders_below_a_held_one_ends_with_a_word(hall: Hall, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.headquarters.commands.LEFT_FREE", 2)
    hall.begins((B,), (A,))
    wish = Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2")
    hall.book.commands.order([A], wish, KEY, hall.now)
    hall.book.commands.order([A], wish, KEY, hall.now)
    with pytest.raises(OrderWrong, match="2 orders came while a rollout holds one for it; abort the rollout first"):
        hall.book.commands.order([A], wish, KEY, hall.now)


def test_after_an_abort_numbers_are_above_all_that_a_restored_store_may_have_forgotten(hall: Hall) -> None:
    hall.begins((A,))
    hall.book.abort(1, "restored from a backup", hall.now)
    hall.passes(minutes=11)
    (one,) = hall.book.commands.order([A], Wish(CommandName.REBIRTH, hall.now + timedelta(days=1), "O-2"), KEY, hall.now)
    assert one.number == int(hall.now.timestamp())


def test_a_list_that_a_station_does_not_show_stops_it(hall: Hall) -> None:
    made = utc_text(hall.now - timedelta(days=1))
    hall.hears(A, B)
    number = hall.begins((A,), (B,), name=CommandName.LISTS, kind="staff", list={"list": {"number": 7, "made": made}})
    hall.turns()
    hall.answers(A)
    hall.passes(seconds=10)
    hall.hears(A, lists={"staff": 86_410})
    hall.turns()
    assert hall.stand(number)[A] == "has it"
    hall.passes(seconds=100)
    hall.hears(A, lists={"staff": 40 * 86_400})
    hall.turns()
    assert hall.state(number) == ("stopped", 1, A, "says that its staff list is 40 days old, which is another one")


def test_a_version_goes_back_at_all_that_were_sent_it_and_a_list_does_not(hall: Hall) -> None:
    hall.hears(A, B, C)
    number = hall.begins((A, B), (C,), name=CommandName.VERSION, version="0.2.0", manifest={})
    hall.turns()
    hall.answers(A, B)
    wish = Wish(CommandName.VERSION, hall.now + WELL, "O-1", args={"version": "0.1.0", "manifest": {}})
    made = hall.book.back(number, wish, KEY, hall.now)
    assert [one.station for one in made] == [A, B]
    assert hall.turns() == [A, B]
    assert hall.state(number)[0] == "aborted"
    other = hall.begins((A,), (C,))
    with pytest.raises(OrderWrong, match="only a version goes back; of a list make one with a newer number"):
        hall.book.back(other, wish, KEY, hall.now)


def test_the_board_gets_those_that_go_on_and_those_that_ended_lately(hall: Hall) -> None:
    assert rollouts_of(hall.store, hall.now - timedelta(days=1), hall.now) == ()
    first = hall.begins((A,))
    hall.book.abort(first, "", hall.now)
    second = hall.begins((A,), (B,))
    seen = rollouts_of(hall.store, hall.now - timedelta(days=1), hall.now)
    assert [one.rollout.number for one in seen] == [second, first]
    hall.passes(days=1.1)
    assert [one.rollout.number for one in rollouts_of(hall.store, hall.now - timedelta(days=1), hall.now)] == [second]


def test_a_store_without_rollouts_is_only_read(tmp_path: Path) -> None:
    store = Store(f"sqlite:///{tmp_path}/hq.db")
    assert rollouts_of(store, AT, AT) == ()
    assert not store.database.has_table("rollout")
    store.close()
    with pytest.raises(OrderWrong, match="there is no rollout 4"):
        RolloutBook(Store(f"sqlite:///{tmp_path}/hq.db")).one(4)
