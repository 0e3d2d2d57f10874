"""A world for the simulation: time that passes when it is told to, chance by a seed, and a broker whose lines delay, drop, double and break.

Nothing here is the product's. A line stands where the link and the receiver have their connection (kiosk/link/connection.py): it takes and
gives the same bytes, and confirms what the broker took.
"""

import heapq
import random
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from itertools import count

from kiosk.clock import SystemClock
from kiosk.link.connection import Came, Will

BEGAN = datetime(2027, 1, 1, 8, 0, tzinfo=UTC)
# how long the broker waits for a silent line, and how long a station does (REPORTING: last will after 1.5 to 1.8 times the keep-alive)
KEEPALIVE_S = 18.0


class World:
    """Virtual time in seconds, and what happens when."""

    def __init__(self, seed: int) -> None:
        self.chance = random.Random(seed)
        self.now = 0.0
        self.story: list[str] = []
        self._number = count()
        self._coming: list[tuple[float, int, Callable[[], None]]] = []

    def after(self, seconds: float, call: Callable[[], None]) -> None:
        """Call this so many seconds from now; at the same moment in the order of asking."""
        heapq.heappush(self._coming, (self.now + seconds, next(self._number), call))

    def run_until(self, moment: float) -> None:
        """Let time pass."""
        while self._coming and self._coming[0][0] <= moment:
            self.now, _, call = heapq.heappop(self._coming)
            call()
        self.now = moment

    def tell(self, what: str) -> None:
        """A line of the story of this seed, for the one who replays it."""
        self.story.append(f"{self.now:9.3f} {what}")

    def clock(self, known: bool) -> "WallClock":
        """A machine's clock, disciplined or not."""
        return WallClock(self, known)


class WallClock:
    """A machine's wall clock, which may be set wrong."""

    def __init__(self, world: World, known: bool) -> None:
        self.wrong_by, self.known = timedelta(0), known
        self._world = world

    def started(self) -> SystemClock:
        """What a program that starts now makes of it."""
        return SystemClock(self._wall, lambda: self._world.now, lambda: 0.01 if self.known else None, has_rtc=False)

    def _wall(self) -> datetime:
        return BEGAN + timedelta(seconds=self._world.now) + self.wrong_by


@dataclass
class Weather:
    """How bad the lines are; each seed has its own."""

    slow_s: float = 0.05
    dropped: float = 0.0
    doubled: float = 0.0
    lingering: float = 0.0

    def delay(self, chance: random.Random) -> float:
        """Seconds that a message takes."""
        return chance.uniform(0.001, self.slow_s) if chance.random() >= self.lingering else chance.uniform(1.0, 40.0)


@dataclass
class Line:
    """One connection from its beginning to its end, on the client's side."""

    broker: "Broker"
    client: str
    will: Will | None
    woken: Callable[[], None]
    alive: bool = True
    # half-open: both ends believe in it, nothing gets through
    deaf: bool = False
    # what is under way when the line breaks is taken in up to this moment
    heard_until: float = float("inf")
    hears: list[str] = field(default_factory=list)
    came: list[Came] = field(default_factory=list)
    confirmed: set[int] = field(default_factory=set)
    number: int = 0
    up_at: float = 0.0
    down_at: float = 0.0

    def subscribe(self, topics: Sequence[str]) -> None:
        """As the product's connection."""
        self.hears.extend(topics)
        self.broker.retained_for(self)

    def publish(self, topic: str, payload: bytes, retain: bool = False) -> int:
        """As the product's connection."""
        if not self.alive:
            return 0
        self.number += 1
        number, world = self.number, self.broker.world
        self.up_at = max(self.up_at, world.now + self.broker.weather.delay(world.chance))
        if not self.deaf:
            world.after(self.up_at - world.now, lambda: self.broker.take(self, number, topic, payload, retain))
        return number

    def take_messages(self) -> list[Came]:
        """As the product's connection."""
        came, self.came = self.came, []
        return came

    def take_confirmed(self) -> set[int]:
        """As the product's connection."""
        confirmed, self.confirmed = self.confirmed, set()
        return confirmed

    def take_denied(self) -> int:
        """As the product's connection; this broker lets everybody write."""
        return 0

    def down(self, arrives: Callable[[], None]) -> None:
        """Something for the client: it arrives in the order of sending, if the line still stands."""
        world = self.broker.world
        self.down_at = max(self.down_at, world.now + self.broker.weather.delay(world.chance) / 2)
        world.after(self.down_at - world.now, lambda: self._arrives(arrives))

    def cut(self) -> None:
        """The line breaks; of what was under way up, some still arrives."""
        if self.alive:
            world = self.broker.world
            self.alive = False
            self.heard_until = world.now + world.chance.choice((0.0, 0.0, 0.02, 20.0))
            self.broker.lost(self)
            self.woken()

    def go_deaf(self) -> None:
        """Nothing gets through from here on; it is noticed at the end of the keep-alive."""
        self.deaf = True
        self.heard_until = self.broker.world.now
        self.broker.world.after(KEEPALIVE_S, self.cut)

    def _arrives(self, arrives: Callable[[], None]) -> None:
        if self.alive and not self.deaf:
            arrives()
            self.woken()


class Broker:
    """Takes, confirms and hands on. Sessions are clean: what waits for a line that breaks is gone, though it was confirmed."""

    def __init__(self, world: World, weather: Weather) -> None:
        self.world, self.weather = world, weather
        self.up = True
        self.lines: dict[str, Line] = {}
        self._retained: dict[str, bytes] = {}

    def connect(self, client: str, will: Will | None, woken: Callable[[], None]) -> Line | None:
        """A new line; an older one of the same client is closed, its will told. None: the broker is not there."""
        if not self.up:
            return None
        if (older := self.lines.get(client)) is not None:
            older.cut()
        self.lines[client] = Line(self, client, will, woken)
        return self.lines[client]

    def take(self, line: Line, number: int, topic: str, payload: bytes, retain: bool) -> None:
        """A message arrived here."""
        if not self.up or self.world.now > line.heard_until:
            return
        line.down(lambda: line.confirmed.add(number))
        if retain:
            self._retained[topic] = payload
        self.hand_on(topic, payload)

    def hand_on(self, topic: str, payload: bytes) -> None:
        """To everyone who wants it; of those who share a subscription, to one."""
        listeners = list(self.lines.values())
        plain = [line for line in listeners if any(matches(wanted, topic) for wanted in line.hears)]
        sharing = [line for line in listeners if any(matches(_shared(wanted), topic) for wanted in line.hears)]
        for line in plain + ([self.world.chance.choice(sharing)] if sharing else []):
            self._deliver(line, topic, payload)

    def lost(self, line: Line) -> None:
        """A line broke: its will is told, at once or when the keep-alive has passed."""
        if self.lines.get(line.client) is line:
            del self.lines[line.client]
        if line.will is not None and self.up:
            self.world.after(self.world.chance.choice((0.0, KEEPALIVE_S)), lambda: self._tell_will(line))

    def stop(self, forgets: bool) -> None:
        """Killed: every line breaks, what waits is gone, and perhaps what was retained as well."""
        self.up = False
        for line in list(self.lines.values()):
            line.heard_until = self.world.now
            line.alive = False
            line.woken()
        self.lines.clear()
        if forgets:
            self._retained.clear()

    def retained_for(self, line: Line) -> None:
        """What a new listener is told at once."""
        for topic, payload in self._retained.items():
            if any(matches(wanted, topic) for wanted in line.hears):
                self._deliver(line, topic, payload)

    def _tell_will(self, line: Line) -> None:
        if line.will is not None and self.up:
            self._retained[line.will.topic] = line.will.payload
            self.hand_on(line.will.topic, line.will.payload)

    def _deliver(self, line: Line, topic: str, payload: bytes) -> None:
        chance = self.world.chance
        if chance.random() < self.weather.dropped:
            return
        for _ in range(2 if chance.random() < self.weather.doubled else 1):
            # a message that lingers does not hold up those behind it: between two lines there is no order
            self.world.after(self.weather.delay(chance), lambda: line.down(lambda: line.came.append(Came(topic, payload))))


def matches(wanted: str, topic: str) -> bool:
    """Whether a topic is one of those that are wanted; `+` stands for any one part."""
    parts, found = wanted.split("/"), topic.split("/")
    return len(parts) == len(found) and all(part in ("+", name) for part, name in zip(parts, found, strict=True))


def _shared(wanted: str) -> str:
    return wanted.split("/", 2)[2] if wanted.startswith("$share/") else ""
