"""Rollouts in headquarters' database, and what carries them on: `Releaser`, in the receiver's loop.

All commands of a rollout are signed when it is begun and held; a receiver releases them stage by stage. It can release, and invent nothing: it has
no key. Any number of receivers may do so at once: whoever moves the stage in the database releases it, in the same transaction.
"""

import logging
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

import msgspec

from kiosk.board.state import LaneSeen, Row, lane_of
from kiosk.clock import Clock, parse_utc, utc_text
from kiosk.headquarters.commands import CommandBook, CommandState, Ordered, OrderWrong, Wish
from kiosk.headquarters.database import carry_forward
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
    before_of,
    decide,
    found,
)
from kiosk.headquarters.store import Store
from kiosk.link.connection import Came
from kiosk.messages.payloads import CommandName
from kiosk.sealing.signing import Signer

log = logging.getLogger(__name__)

PART = "rollouts"
SCHEMA = """
CREATE TABLE IF NOT EXISTS rollout (
    number {serial}, what TEXT NOT NULL, goal TEXT NOT NULL, state TEXT NOT NULL, stages BIGINT NOT NULL, stage BIGINT NOT NULL, well_s BIGINT NOT NULL,
    since TEXT NOT NULL, expires TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL, station TEXT NOT NULL, why TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS rollout_member (
    rollout BIGINT NOT NULL, station TEXT NOT NULL, stage BIGINT NOT NULL, command TEXT NOT NULL, before TEXT NOT NULL DEFAULT '',
    had TEXT NOT NULL DEFAULT '', left_out BIGINT NOT NULL DEFAULT 0, PRIMARY KEY (rollout, station)
)
"""
COLUMNS = "number, what, goal, state, stages, stage, well_s, since, expires, operator, reason, station, why"
# Looking at ten thousand stations takes most of a second: looking is a small part of the receiver's time
LOOK_S, REST_TIMES = 2.0, 20


@dataclass(frozen=True)
class Plan:
    """What is rolled out, in words and as a command, and which stations have their turn in which stage."""

    what: str
    wish: Wish
    stages: tuple[tuple[str, ...], ...]
    well: timedelta


@dataclass(frozen=True)
class Looked:
    """A rollout and where each of its stations stands, by stage and name."""

    rollout: Rollout
    found: tuple[Found, ...]


class RolloutBook:
    """Rollouts in the store's database. Every method may raise StoreFailed."""

    def __init__(self, store: Store) -> None:
        """Lay the tables out where they are missing. Raises StoreUnusable."""
        self._store, self._database = store, store.database
        self.commands = CommandBook(store.database)
        carry_forward(store.database, PART, SCHEMA, ())

    def begin(self, plan: Plan, key: Signer, now: datetime) -> int:
        """Sign a command for each station and hold it; a receiver begins the first stage. Returns its number. Raises OrderWrong."""
        wish, moment = plan.wish, utc_text(now)
        goal = msgspec.json.encode(goal_of(wish.name, wish.args)).decode()
        row = (plan.what, goal, RolloutState.RUNNING, len(plan.stages), 0, int(plan.well.total_seconds()), moment)
        with self._database.transaction():
            # two that begin at once do not both hold a command for a station
            self._database.writes_alone()
            ((number,),) = self._database.execute(
                "INSERT INTO rollout (what, goal, state, stages, stage, well_s, since, expires, operator, reason, station, why)"
                " VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, '', '') RETURNING number",
                (*row, utc_text(wish.expires), wish.operator, wish.reason),
            )
            for stage, stations in enumerate(plan.stages, 1):
                held = self.commands.hold(stations, wish, key, now)
                self._database.execute_many(
                    "INSERT INTO rollout_member (rollout, station, stage, command) VALUES (?, ?, ?, ?)",
                    [(number, one.station, stage, one.id) for one in held],
                )
        return int(number)

    def listed(self, limit: int = 50) -> tuple[Rollout, ...]:
        """The newest rollouts, newest first."""
        rows = self._database.execute(f"SELECT {COLUMNS} FROM rollout ORDER BY number DESC LIMIT ?", (limit,))
        return tuple(_rollout(row) for row in rows)

    def running(self) -> tuple[Rollout, ...]:
        """Those that go on by themselves."""
        rows = self._database.execute(f"SELECT {COLUMNS} FROM rollout WHERE state = ? ORDER BY number", (RolloutState.RUNNING,))
        return tuple(_rollout(row) for row in rows)

    def one(self, number: int) -> Rollout:
        """This rollout. Raises OrderWrong where there is none."""
        rows = self._database.execute(f"SELECT {COLUMNS} FROM rollout WHERE number = ?", (number,))
        if not rows:
            raise OrderWrong(f"there is no rollout {number}; `mpaka headquarters rollout show` lists them")
        return _rollout(rows[0])

    def look(self, rollout: Rollout, now: datetime) -> Looked:
        """Where its stations stand."""
        members = self._members(rollout.number)
        lanes = self._lanes([member.station for member in members], now)
        return Looked(rollout, tuple(found(member, lanes.get(member.station), rollout.goal, now) for member in members))

    def turn(self, rollout: Rollout, now: datetime) -> None:
        """Carry a rollout on as far as it goes now."""
        looked = self.look(rollout, now)
        self._had(looked, now)
        match decide(rollout, looked.found, now):
            case Begin(stage=stage):
                self._begin_stage(rollout, stage, now)
            case Stop(station=station, why=why):
                if self._move(rollout, RolloutState.STOPPED, now, station, why):
                    log.warning("headquarters: rollout %d is stopped: %s %s", rollout.number, station, why)
            case Finish():
                if self._move(rollout, RolloutState.DONE, now):
                    log.info("headquarters: rollout %d is done", rollout.number)
            case _:
                return

    def resume(self, number: int, now: datetime) -> tuple[str, ...]:
        """Go on with a rollout that trouble stopped: without the stations in trouble, which are returned. Raises OrderWrong."""
        rollout = self.one(number)
        if rollout.state is not RolloutState.STOPPED:
            raise OrderWrong(f"rollout {number} is {rollout.state}; only a stopped one is resumed")
        looked = self.look(rollout, now)
        left = [one.member.station for one in looked.found if _without(one, rollout)]
        with self._database.transaction():
            self._database.execute_many(
                "UPDATE rollout_member SET left_out = 1 WHERE rollout = ? AND station = ?", [(number, station) for station in left]
            )
            self._state(rollout, RolloutState.RUNNING, now, "", "")
        return tuple(left)

    def abort(self, number: int, why: str, now: datetime) -> int:
        """Give a rollout up: what is held is never sent. Returns how many that were. Raises OrderWrong where it is over."""
        rollout = self.one(number)
        if rollout.state in (RolloutState.DONE, RolloutState.ABORTED):
            raise OrderWrong(f"rollout {number} is {rollout.state} already")
        with self._database.transaction():
            self._state(rollout, RolloutState.ABORTED, now, rollout.station, why or rollout.why)
            held = [command for command, state in self._commands(number) if state is CommandState.HELD]
            self.commands.drop(held, f"rollout {number} was given up", now)
        return len(held)

    def goes_back(self, number: int) -> Rollout:
        """This rollout, of a version. Raises OrderWrong for one of anything else."""
        rollout = self.one(number)
        if not rollout.goal.version:
            what = f"rollout {number} is of {rollout.what}"
            raise OrderWrong(f"{what}: only a version goes back; of a list make one with a newer number and roll that out")
        return rollout

    def back(self, number: int, wish: Wish, key: Signer, now: datetime) -> tuple[Ordered, ...]:
        """Give a rollout of a version up and order the earlier one, at once, of all that were sent the newer one. Raises OrderWrong."""
        rollout = self.goes_back(number)
        if rollout.state in (RolloutState.RUNNING, RolloutState.STOPPED):
            self.abort(number, f"back to version {wish.args['version']}", now)
        sent = [member.station for member in self._members(number) if member.before is not None]
        if not sent:
            raise OrderWrong(f"rollout {number} was sent to no station; it is given up")
        return self.commands.order(sent, wish, key, now)

    def _begin_stage(self, rollout: Rollout, stage: int, now: datetime) -> None:
        members = [member for member in self._members(rollout.number) if member.stage == stage]
        lanes = self._lanes([member.station for member in members], now)
        before = [
            (msgspec.json.encode(before_of(lanes.get(member.station))).decode(), rollout.number, member.station) for member in members
        ]
        with self._database.transaction():
            # whoever moves the stage releases it; another receiver finds it moved
            moved = self._database.execute(
                "UPDATE rollout SET stage = ?, since = ? WHERE number = ? AND stage = ? AND state = ? RETURNING number",
                (stage, utc_text(now), rollout.number, stage - 1, RolloutState.RUNNING),
            )
            if not moved:
                return
            self._database.execute_many("UPDATE rollout_member SET before = ? WHERE rollout = ? AND station = ?", before)
            self.commands.release([command for command, _ in self._commands(rollout.number, stage)], now)
        log.info("headquarters: rollout %d begins stage %d of %d: %d stations", rollout.number, stage, rollout.stages, len(members))

    def _had(self, looked: Looked, now: datetime) -> None:
        """Remember since when each station has it: its result's moment, or where more is to be seen, when it was seen."""
        new = [one.member for one in looked.found if one.stand is Stand.HAS and one.member.had is None]
        if not new:
            return
        seen = looked.rollout.goal.version != ""
        with self._database.transaction():
            self._database.execute_many(
                "UPDATE rollout_member SET had = ? WHERE rollout = ? AND station = ? AND had = ''",
                [(utc_text(now if seen else member.since), looked.rollout.number, member.station) for member in new],
            )

    def _move(self, rollout: Rollout, state: RolloutState, now: datetime, station: str = "", why: str = "") -> bool:
        """Another state, if it still runs in the stage that was looked at."""
        with self._database.transaction():
            moved = self._database.execute(
                "UPDATE rollout SET state = ?, since = ?, station = ?, why = ? WHERE number = ? AND stage = ? AND state = ? RETURNING number",
                (state, utc_text(now), station, why, rollout.number, rollout.stage, RolloutState.RUNNING),
            )
        return bool(moved)

    def _state(self, rollout: Rollout, state: RolloutState, now: datetime, station: str, why: str) -> None:
        """Another state, by an operator. Within a transaction. Raises OrderWrong where it changed meanwhile."""
        moved = self._database.execute(
            "UPDATE rollout SET state = ?, since = ?, station = ?, why = ? WHERE number = ? AND stage = ? AND state = ? RETURNING number",
            (state, utc_text(now), station, why, rollout.number, rollout.stage, rollout.state),
        )
        if not moved:
            raise OrderWrong(f"rollout {rollout.number} went on meanwhile; look at it again")

    def _commands(self, number: int, stage: int = 0) -> list[tuple[str, CommandState]]:
        rows = self._database.execute(
            "SELECT command.id, command.state, stage FROM rollout_member JOIN command ON command.id = rollout_member.command WHERE rollout = ?",
            (number,),
        )
        return [(row[0], CommandState(row[1])) for row in rows if stage in (0, row[2])]

    def _members(self, number: int) -> list[Member]:
        rows = self._database.execute(
            "SELECT member.station, stage, command.state, since, why, before, had, left_out FROM rollout_member AS member"
            " JOIN command ON command.id = member.command WHERE rollout = ? ORDER BY stage, member.station",
            (number,),
        )
        return [_member(row) for row in rows]

    def _lanes(self, stations: Sequence[str], now: datetime) -> dict[str, LaneSeen]:
        rows = [Row(lane.station, lane.state, lane.seen, lane.status) for lane in self._store.lanes_of(stations)]
        lanes = [(row.station, lane_of(row, now)) for row in rows]
        return {station: lane for station, lane in lanes if lane is not None}


class Releaser:
    """Carries all running rollouts on. In the receiver's thread; has no line of its own."""

    def __init__(self, book: RolloutBook, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._book, self._clock, self._monotonic = book, clock, monotonic
        self._look_at = 0.0

    def turn(self, _: Sequence[Came]) -> list[tuple[str, bytes]]:
        """Look each few seconds; says nothing itself: the courier sends what is released. Raises StoreFailed."""
        began = self._monotonic()
        if began < self._look_at:
            return []
        for rollout in self._book.running():
            self._book.turn(rollout, self._clock.now().utc)
        self._look_at = self._monotonic() + max(LOOK_S, REST_TIMES * (self._monotonic() - began))
        return []


def _without(one: Found, rollout: Rollout) -> bool:
    """Whether an operator who goes on goes on without this station: it is in trouble, or was away when it should have proved something."""
    return one.stand is Stand.TROUBLE or (one.stand is Stand.AWAY and one.member.stage == rollout.stage < rollout.stages)


def rollouts_of(store: Store, after: datetime, now: datetime) -> tuple[Looked, ...]:
    """Those that go on, are stopped, or have ended after this moment, newest first; read beside a receiver. Raises StoreFailed."""
    if not store.database.has_table("rollout"):
        return ()
    book = RolloutBook(store)
    ended = (RolloutState.DONE, RolloutState.ABORTED)
    return tuple(book.look(rollout, now) for rollout in book.listed() if rollout.state not in ended or rollout.since > after)


def goal_of(name: CommandName, args: dict[str, Any]) -> Goal:
    """What is to be seen of a command in a station's status."""
    match name:
        case CommandName.LISTS:
            return Goal("staff", str(args["list"].get("list", {}).get("made", "")))
        case CommandName.KEY_SET:
            return Goal("key_set", str(args["key_set"].get("made", "")))
        case CommandName.VERSION:
            return Goal(version=str(args["version"]))
        case _:
            return Goal()


def _rollout(row: Sequence[Any]) -> Rollout:
    number, what, goal, state, stages, stage, well_s, since, expires, *said = row
    operator, reason, station, why = said
    wanted, well = msgspec.json.decode(goal, type=Goal), timedelta(seconds=well_s)
    moments = parse_utc(since), parse_utc(expires)
    return Rollout(number, what, wanted, RolloutState(state), stages, stage, well, *moments, operator, reason, station, why)


def _member(row: Sequence[Any]) -> Member:
    station, stage, state, since, why, before, had, left = row
    was = msgspec.json.decode(before, type=Before) if before else None
    return Member(station, stage, CommandState(state), parse_utc(since), why, was, parse_utc(had) if had else None, bool(left))
