"""A rollout: one thing ordered of many stations in stages, each begun only when the one before has been well for a while. PURE.

What is known of the stations comes in, what follows comes out: wait, begin the next stage, stop, or be done. rollouts.py keeps and does it.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from kiosk.board.state import LaneSeen, Shown
from kiosk.board.troubles import Level, moment
from kiosk.board.words import length
from kiosk.headquarters.commands import CommandState
from kiosk.messages.topics import parse_station

STAGES = (1, 10)
"""How many stations have their turn first; all the others follow in a last stage."""
# A status comes each 10 s; after this one that does not show what was rolled out is the trouble
SHOWS_WITHIN = timedelta(seconds=45)
# A version is taken when no traveller is there, and may be gone back from
VERSION_WITHIN, BACK_WITHIN = timedelta(hours=2), timedelta(minutes=10)
LIST_TOLERANCE_S = 60
# A few rows are always on their way
ROWS_RISE, ROW_WAITS_S = 20, 60


class RolloutState(StrEnum):
    """STOPPED: trouble came, nothing more is sent until an operator goes on or gives up."""

    RUNNING = "running"
    STOPPED = "stopped"
    DONE = "done"
    ABORTED = "aborted"


class Stand(StrEnum):
    """Where a station stands in a rollout. AWAY: not heard when its turn came, and not since. LEFT: an operator went on without it."""

    HELD = "held"
    WAITING = "waiting"
    HAS = "has it"
    AWAY = "away"
    TROUBLE = "trouble"
    LEFT = "left out"


@dataclass(frozen=True)
class Goal:
    """What a station's status says once it has it: of a list when it was made, of the program its version. Both empty: its result is enough."""

    kind: str = ""
    made: str = ""
    version: str = ""


@dataclass(frozen=True)
class Before:
    """How a station was when its turn came: its state (empty: never heard), the rows it had not sent, what it was in trouble with."""

    state: str = ""
    rows: int = 0
    troubles: tuple[str, ...] = ()

    @property
    def away(self) -> bool:
        """Whether it was not heard."""
        return self.state in ("", Shown.LOST, Shown.STOPPED)


@dataclass(frozen=True)
class Member:
    """A station of a rollout: its stage, counted from 1, and where its command stands since when. `before` None: its turn has not come.

    `had`: since when it has it; `left`: an operator went on without it."""

    station: str
    stage: int
    command: CommandState
    since: datetime
    why: str = ""
    before: Before | None = None
    had: datetime | None = None
    left: bool = False


@dataclass(frozen=True)
class Rollout:
    """Which commands, in how many stages; `stage` is the one that was begun last, 0 before the first. `since`: in this state."""

    number: int
    what: str
    goal: Goal
    state: RolloutState
    stages: int
    stage: int
    well: timedelta
    since: datetime
    expires: datetime
    operator: str
    reason: str = ""
    station: str = ""
    why: str = ""


@dataclass(frozen=True)
class Found:
    """Where a station stands, and what is wrong with it."""

    member: Member
    stand: Stand
    why: str = ""


@dataclass(frozen=True)
class Wait:
    """Nothing is to be done now. `well_since`: since when all of the stage have it; None: not all yet."""

    well_since: datetime | None = None


@dataclass(frozen=True)
class Begin:
    """Send the commands of this stage."""

    stage: int


@dataclass(frozen=True)
class Stop:
    """Trouble: send nothing more. `station` is empty where it is none's."""

    station: str
    why: str


@dataclass(frozen=True)
class Finish:
    """All have it, or will when they come back."""


Decision = Wait | Begin | Stop | Finish


def in_stages(stations: Iterable[str], sizes: Sequence[int], first: Sequence[str], well: frozenset[str]) -> tuple[tuple[str, ...], ...]:
    """The stations in stages of these sizes, the rest in a last one.

    `first` come first, in their order; then those that are `well`, one a post in turn, so that the first stages lie at different posts."""
    named = [name for name in dict.fromkeys(first) if name in set(stations)]
    turns: dict[str, int] = {}
    ranked = []
    for name in sorted(set(stations) - set(named), key=lambda name: (name not in well, name)):
        post = parse_station(name).post
        turns[post] = turns.get(post, 0) + 1
        ranked.append((name not in well, turns[post], name))
    left = [*named, *(name for _, _, name in sorted(ranked))]
    stages = []
    for size in sizes:
        stages.append(tuple(left[:size]))
        left = left[size:]
    return tuple(stage for stage in (*stages, tuple(left)) if stage)


def before_of(lane: LaneSeen | None) -> Before:
    """How this station is now, to be held against how it will be."""
    if lane is None:
        return Before()
    return Before(str(lane.state), lane.outbox.rows if lane.outbox is not None else 0, _troubles(lane))


def found(member: Member, lane: LaneSeen | None, goal: Goal, now: datetime) -> Found:
    """Where a station stands, by its command's result and what it says of itself."""
    stand, why = _stand(member, lane, goal, now)
    return Found(member, stand, why)


def decide(rollout: Rollout, found: Sequence[Found], now: datetime) -> Decision:
    """What follows. A stage that has only stations that are away proves nothing: the next one is not begun on its word."""
    if rollout.state is not RolloutState.RUNNING:
        return Wait()
    for one in found:
        if one.stand is Stand.TROUBLE:
            return Stop(one.member.station, one.why)
    here = [one for one in found if one.member.stage == rollout.stage]
    # what was seen just now is written down first: from then on its time counts
    if any(one.stand is Stand.WAITING or (one.stand is Stand.HAS and one.member.had is None) for one in here):
        return Wait()
    settled = [one for one in here if one.stand in (Stand.HAS, Stand.LEFT)]
    last = rollout.stage == rollout.stages
    if here and not settled and not last:
        return Stop(here[0].member.station, "no station of this stage is heard: it proves nothing; go on without them, or give up")
    since = max((one.member.had for one in settled if one.member.had is not None), default=None)
    if rollout.stage and since is not None and now - max(since, rollout.since) < rollout.well:
        return Wait(since)
    if last:
        return Finish()
    if rollout.expires <= now:
        return Stop("", "the commands that are left have lapsed: give it up, and begin another rollout")
    return Begin(rollout.stage + 1)


def progress(rollout: Rollout, found: Sequence[Found], now: datetime) -> str:
    """stage 2 of 3: 7 of 10 have it, well since 12 min."""
    here = [one for one in found if one.member.stage == max(1, rollout.stage)]
    have = sum(one.stand is Stand.HAS for one in here)
    said = f"stage {rollout.stage} of {rollout.stages}: {have} of {len(here)} have it" if rollout.stage else "not begun yet"
    if rollout.state is RolloutState.STOPPED:
        return f"{said}, stopped {length((now - rollout.since).total_seconds())} ago"
    if rollout.state is not RolloutState.RUNNING:
        return f"{sum(one.stand is Stand.HAS for one in found)} of {len(found)} have it, {rollout.state}"
    decision = decide(rollout, found, now)
    since = decision.well_since if isinstance(decision, Wait) else None
    return said + (f", well since {length((now - since).total_seconds())}" if since is not None else "")


def _stand(member: Member, lane: LaneSeen | None, goal: Goal, now: datetime) -> tuple[Stand, str]:
    if member.left:
        return Stand.LEFT, ""
    if member.before is None:
        return Stand.HELD, ""
    if member.command in (CommandState.REFUSED, CommandState.FAILED):
        return Stand.TROUBLE, f"{member.command}: {member.why}"
    if member.before.away and member.had is None and (lane is None or not lane.heard or member.command is CommandState.EXPIRED):
        return Stand.AWAY, ""
    if member.command is CommandState.EXPIRED:
        return Stand.TROUBLE, f"expired: {member.why}"
    if ails := _ails(lane, member, now):
        return Stand.TROUBLE, ails
    if member.command is not CommandState.DONE or lane is None:
        return Stand.WAITING, ""
    return _shows(lane, goal, member, now)


def _ails(lane: LaneSeen | None, member: Member, now: datetime) -> str:
    """What is wrong with a station that was not wrong before; empty where nothing is."""
    before = member.before
    if lane is None or before is None:
        return ""
    if lane.state is Shown.LOST:
        return f"lost: {lane.troubles[0].says}"
    if lane.state is Shown.FAULT and before.state != Shown.FAULT:
        return "closed by a fault"
    if lane.state is Shown.STOPPED and member.had is None and now - lane.seen > BACK_WITHIN:
        return "was stopped and did not come back"
    if new := sorted(set(_troubles(lane)) - set(before.troubles)):
        return "; ".join(f"{trouble.what}: {trouble.says}" for trouble in lane.troubles if trouble.what in new)
    if lane.outbox is not None and lane.outbox.rows > before.rows + ROWS_RISE and lane.outbox.oldest_s >= ROW_WAITS_S:
        return f"records waiting rose from {before.rows} to {lane.outbox.rows}"
    return ""


def _shows(lane: LaneSeen, goal: Goal, member: Member, now: datetime) -> tuple[Stand, str]:
    """Whether a station that has done it also says so, and nothing else."""
    if goal.version:
        runs = lane.status.versions.get("mpaka", "") if isinstance(lane.status.versions, dict) else ""
        tried = lane.status.versions.get("switch", "") if isinstance(lane.status.versions, dict) else ""
        wrong, patience = f"runs version {runs or 'unknown'}", VERSION_WITHIN
        if runs == goal.version and lane.heard:
            return Stand.HAS, ""
        if tried.startswith(f"{goal.version}: ") and lane.heard:
            return Stand.TROUBLE, f"version {tried}"
    else:
        age_s = _age(lane, goal)
        wrong, patience = f"says that its {goal.kind} list is {length(age_s or 0)} old, which is another one", SHOWS_WITHIN
        if age_s is None or abs(age_s - _wanted_age(lane, goal)) <= LIST_TOLERANCE_S:
            return (Stand.HAS, "") if member.had is not None or lane.seen >= member.since else (Stand.WAITING, "")
    if member.had is None and now - member.since <= patience:
        return Stand.WAITING, ""
    if member.had is not None and not lane.heard:
        return Stand.HAS, ""
    return Stand.TROUBLE, wrong


def _age(lane: LaneSeen, goal: Goal) -> int | None:
    """The age of the list that is rolled out, where there is one and the station's clock lets it say so."""
    ages: Mapping[str, int] = lane.status.lists if isinstance(lane.status.lists, dict) else {}
    return ages.get(goal.kind) if goal.made else None


def _wanted_age(lane: LaneSeen, goal: Goal) -> float:
    said, made = moment(lane.status.ts), moment(goal.made)
    return (said - made).total_seconds() if said is not None and made is not None else 0.0


def _troubles(lane: LaneSeen) -> tuple[str, ...]:
    return tuple(trouble.what for trouble in lane.troubles if trouble.level >= Level.WARN)
