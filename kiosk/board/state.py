"""The board's state: the last status of each station, folded into posts and lanes with what is broken since when. PURE.

Nothing here comes from a record: statuses hold no field of a person, and neither does the board. Times are given, never asked for.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from types import MappingProxyType

from msgspec import UnsetType

from kiosk.board.troubles import Level, Trouble, moment, since, troubles_of
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import LaneState, Outbox, Queue, Status, decode
from kiosk.messages.topics import Station, parse_station

# Three statuses that did not come. The broker's last will says so earlier, after 18 s at the latest, unless the broker itself is gone
SILENT = timedelta(seconds=30)
HOUR, HOURS_SHOWN = timedelta(hours=1), 6


class Shown(StrEnum):
    """The state of a station on the board: what it says of itself, or that it is not heard. The worst first."""

    LOST = "lost"
    FAULT = "fault"
    MAINTENANCE = "maintenance"
    CLOSED = "closed"
    STOPPED = "stopped"
    STARTING = "starting"
    OPEN = "open"


@dataclass(frozen=True)
class Row:
    """What headquarters keeps of a station: its last status as bytes, the state (`lost` after a last will), and when that was heard."""

    station: str
    state: str
    seen: str
    status: bytes


@dataclass(frozen=True)
class Remark:
    """Something that headquarters found in the records of a station, to be looked at."""

    station: str
    says: str
    since: str
    level: Level = Level.WARN


@dataclass(frozen=True)
class CommandSeen:
    """What headquarters ordered of a station, and where that stands since when. `why` and `by` are empty where nothing is said."""

    number: int
    name: str
    state: str
    since: str
    why: str = ""
    by: str = ""


@dataclass(frozen=True)
class MemberSeen:
    """A station of a rollout and where it stands, since when and why."""

    station: str
    stage: int
    stand: str
    since: datetime | None = None
    why: str = ""


@dataclass(frozen=True)
class RolloutSeen:
    """A rollout: of what, how far it is in words, by whom and what for; `station` and `why` say what stopped it. Its members by stage."""

    number: int
    what: str
    state: str
    progress: str
    members: tuple[MemberSeen, ...]
    by: str = ""
    reason: str = ""
    station: str = ""
    why: str = ""


@dataclass(frozen=True)
class HourSeen:
    """One hour of a lane or a post. `wait_s` None: nobody was decided in it."""

    begins: datetime
    registered: int = 0
    decided: int = 0
    wait_s: int | None = None


@dataclass(frozen=True)
class LaneSeen:
    """One station on the board. `status` is the last that it said, also where it is lost."""

    station: Station
    state: Shown
    since: datetime | None
    seen: datetime
    status: Status
    hours: tuple[HourSeen, ...]
    troubles: tuple[Trouble, ...] = ()
    commands: tuple[CommandSeen, ...] = ()

    @property
    def level(self) -> Level:
        """How bad the worst of it is."""
        return max((trouble.level for trouble in self.troubles), default=Level.FINE)

    @property
    def heard(self) -> bool:
        """Whether what it says of itself holds now."""
        return self.state not in (Shown.LOST, Shown.STOPPED)

    @property
    def queue(self) -> Queue | None:
        """Its queue, where it is heard and says so."""
        return None if isinstance(self.status.queue, UnsetType) or not self.heard else self.status.queue

    @property
    def outbox(self) -> Outbox | None:
        """What waited for headquarters when it was last heard."""
        return None if isinstance(self.status.outbox, UnsetType) else self.status.outbox


@dataclass(frozen=True)
class PostSeen:
    """One post with its stations."""

    code: str
    lanes: tuple[LaneSeen, ...]

    @property
    def cases(self) -> int:
        """Registrations that wait for an officer at this post."""
        return sum(lane.queue.cases for lane in self.lanes if lane.queue is not None)

    @property
    def longest_s(self) -> int:
        """How long the one that waits longest has waited."""
        return max((lane.queue.longest_s for lane in self.lanes if lane.queue is not None), default=0)

    @property
    def rows(self) -> int:
        """Records that wait for headquarters."""
        return sum(lane.outbox.rows for lane in self.lanes if lane.outbox is not None)

    @property
    def hours(self) -> tuple[HourSeen, ...]:
        """The lanes' hours taken together; the wait is the mean of their medians, each counted as often as it decided."""
        return tuple(_together(hours) for hours in zip(*(lane.hours for lane in self.lanes), strict=True))

    @property
    def level(self) -> Level:
        """How bad the worst lane is."""
        return max((lane.level for lane in self.lanes), default=Level.FINE)


@dataclass(frozen=True)
class Other:
    """Who never said how it is, and of whom something is to be looked at all the same: a receiver, or whoever takes a station's name."""

    station: str
    troubles: tuple[Trouble, ...]


@dataclass(frozen=True)
class Board:
    """All posts, by their code, and the rollouts that matter, the newest first, at one moment."""

    at: datetime
    posts: tuple[PostSeen, ...] = ()
    total: int = 0
    others: tuple[Other, ...] = ()
    rollouts: tuple[RolloutSeen, ...] = ()

    @property
    def lanes(self) -> tuple[LaneSeen, ...]:
        """All stations, by post and name."""
        return tuple(lane for post in self.posts for lane in post.lanes)

    def count(self, state: Shown) -> int:
        """How many stations are in this state."""
        return sum(lane.state is state for lane in self.lanes)

    @property
    def in_trouble(self) -> tuple[LaneSeen, ...]:
        """The stations that somebody has to look at, the worst first, then those that have been so for longest."""
        found = [lane for lane in self.lanes if lane.level >= Level.WARN]
        return tuple(sorted(found, key=lambda lane: (-lane.level, lane.troubles[0].since or self.at, lane.station.id)))

    @property
    def silent_since(self) -> datetime | None:
        """Since when no station at all was heard: then the receiver or the broker is the trouble, not the lanes."""
        newest = max((lane.seen for lane in self.lanes), default=None)
        return newest if newest is not None and self.at - newest > SILENT else None


NO_COMMANDS: Mapping[str, tuple[CommandSeen, ...]] = MappingProxyType({})


def board_of(
    rows: Iterable[Row], remarks: Iterable[Remark], at: datetime, commands: Mapping[str, tuple[CommandSeen, ...]] = NO_COMMANDS
) -> Board:
    """The board at this moment. A row that cannot be read is left out: headquarters has refused and counted it before.

    `commands`: the last ones of each station, newest first."""
    said: dict[str, list[Trouble]] = {}
    for remark in remarks:
        said.setdefault(remark.station, []).append(Trouble(remark.level, "records", remark.says, moment(remark.since)))
    posts: dict[str, list[LaneSeen]] = {}
    for row in rows:
        lane = lane_of(row, at)
        if lane is not None:
            troubles = sorted((*lane.troubles, *said.pop(row.station, ())), key=lambda trouble: -trouble.level)
            posts.setdefault(lane.station.post, []).append(replace(lane, troubles=tuple(troubles), commands=commands.get(row.station, ())))
    seen = tuple(PostSeen(code, tuple(sorted(posts[code], key=_name))) for code in sorted(posts))
    urgent = {station: tuple(trouble for trouble in found if trouble.level >= Level.WARN) for station, found in sorted(said.items())}
    others = tuple(Other(station, found) for station, found in urgent.items() if found)
    return Board(at, seen, sum(len(post.lanes) for post in seen), others)


def lane_of(row: Row, at: datetime) -> LaneSeen | None:
    """One station; None where the row is none."""
    seen = moment(row.seen)
    try:
        station, status = parse_station(row.station), decode(row.status, Status)
    except BadMessage:
        return None
    if seen is None:
        return None
    hours = _hours(status, at)
    silent = at - seen > SILENT and status.state is not LaneState.STOPPED
    if row.state == Shown.LOST or silent:
        words = "the connection broke" if row.state == Shown.LOST else "no word from it any more"
        return LaneSeen(station, Shown.LOST, seen, seen, status, hours, (Trouble(Level.STOP, "lane", words, seen),))
    # a lane that was shut down says nothing more; what it said last is of no use to anybody
    troubles = () if status.state is LaneState.STOPPED else troubles_of(status, seen)
    return LaneSeen(station, Shown(status.state), since(status, "state"), seen, status, hours, troubles)


def _hours(status: Status, at: datetime) -> tuple[HourSeen, ...]:
    """The present hour and those before it, oldest first, also those of which nothing was said."""
    known = {}
    for hour in status.hours if isinstance(status.hours, list) else ():
        begins = moment(hour.hour)
        if begins is not None:
            known[begins] = HourSeen(begins, hour.registered, hour.decided, None if isinstance(hour.wait_s, UnsetType) else hour.wait_s)
    now = at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    shown = [now - HOUR * back for back in reversed(range(HOURS_SHOWN))]
    return tuple(known.get(begins, HourSeen(begins)) for begins in shown)


def _together(hours: tuple[HourSeen, ...]) -> HourSeen:
    decided = sum(hour.decided for hour in hours)
    timed = [(hour.wait_s, hour.decided) for hour in hours if hour.wait_s is not None and hour.decided]
    weight = sum(times for _, times in timed)
    wait_s = round(sum(wait_s * times for wait_s, times in timed) / weight) if weight else None
    return HourSeen(hours[0].begins, sum(hour.registered for hour in hours), decided, wait_s)


def _name(lane: LaneSeen) -> tuple[str, int, str]:
    """lane2 before lane10."""
    name = lane.station.name
    word = name.rstrip("0123456789")
    number = name[len(word) :]
    return (word, int(number) if number else 0, name)
