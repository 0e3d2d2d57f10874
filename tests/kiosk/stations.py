"""A lane and consoles as their programs put them together, without windows and without a broker: real keys, journals, device processes.

Two seams are replaced. `Glass` stands for the window: it remembers what it was shown and lends out the test's own thread. `Wire` stands for
the broker: it carries signed bytes, which the other end verifies as it does those of a broker.
"""

import json
import queue
import shutil
import threading
from base64 import b64decode
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from drivers.contract import Answer, Answered, Kind, Notice, Order
from drivers.simulated.scene import Scene
from kiosk.console import HEARD as CONSOLE_HEARS
from kiosk.desk.states import Desk
from kiosk.devices import Back, Lost, Told
from kiosk.journal.rows import CommandKept, Obeys, Row
from kiosk.journal.writer import Journal
from kiosk.lane_desks import HEARD as LANE_HEARS
from kiosk.link.inbound import hear
from kiosk.link.speech import birth, status
from kiosk.link.words import Facts, Word
from kiosk.messages.payloads import Command, Payload, Record, Result, decode, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.pad import Digit, PersonChosen, Submit
from kiosk.private import Private
from kiosk.programs.console import ConsoleStation
from kiosk.programs.keys import Made
from kiosk.programs.lane import LaneStation
from kiosk.registration.states import State
from kiosk.sealing.envelope import open_envelope
from kiosk.sealing.signing import key_id, signed
from kiosk.sealing.station import StationKeys, raw_public, read_opening_key
from tests.kiosk.contract import keeps_to_it

LANE, CONSOLE, OTHER_CONSOLE, RECEIVER = "tz-tunduma-lane1", "tz-tunduma-console1", "tz-tunduma-console2", "tz-hq-headquarters1"
PROFILE = Path(__file__).parents[2] / "config" / "posts" / "tz-tunduma.toml"
SESSION = "00000000-0000-0000-0000-000000000000"
SIMULATED = {kind: f"simulated-{kind.replace('_', '-')}" for kind in Kind}
GIVE_UP_S = 20.0
SETTINGS = """\
station = "{station}"
post = "tz-tunduma.toml"
direction = "exit"
staff = "{keys}/staff.json"
{more}
[window]
display = "{display}"
[places]
data = "{folder}/data"
runtime = "{folder}/run"
keys = "{keys}/stations/{station}"
[journal]
cap_mb = {cap_mb}
[links.headquarters]
host = "127.0.0.1"
port = {port}
tls = false
"""


class Glass:
    """A window that remembers: what it was shown last, and all of it. Work for the screen's thread waits until the test does it."""

    def __init__(self, bell: threading.Event) -> None:
        self.views: list[Any] = []
        self.board_view: Any = None
        self.live_pictures = 0
        self._bell = bell
        self._jobs: queue.SimpleQueue[Callable[[], None]] = queue.SimpleQueue()

    def call(self, job: Callable[[], None]) -> None:
        self._jobs.put(job)
        self._bell.set()

    def work(self) -> None:
        while not self._jobs.empty():
            self._jobs.get()()

    def show(self, view: Any) -> None:
        self.views.append(view)

    def live(self, *picture: Any) -> None:
        self.live_pictures += 1

    def board(self, view: Any) -> None:
        self.board_view = view


class Wire:
    """Between the stations of a post: signs, carries bytes, verifies. `cut` loses everything, `lost` what is said on these leaves."""

    def __init__(self, post: "Post", keys: StationKeys, hears: tuple[tuple[str, Leaf], ...], tell: Callable[[Word], None]) -> None:
        self.cut = False
        self.lost: set[Leaf] = set()
        self.answers: list[tuple[Command, Result]] = []
        self.whys: list[str] = []
        self.journal: Journal | None = None
        self.keys, self.hears, self.tell = keys, hears, tell
        self.facts: Callable[[], Facts] | None = None
        self._post = post

    def start(self) -> None:
        self._post.wires.append(self)

    def close(self) -> None:
        if self in self._post.wires:
            self._post.wires.remove(self)

    def say(self, leaf: Leaf, message: Payload, station: str = "") -> None:
        where, content = station or self.keys.station, encode(signed(message, self.keys.signing))
        keeps_to_it(topic(where, leaf), content)
        self._post.published.append((where, leaf, content))
        if self.cut or leaf in self.lost:
            return
        for other in list(self._post.wires):
            if (where, leaf) in other.hears and not other.cut:
                other.tell(hear(topic(where, leaf), content, other.keys.public))

    def changed(self) -> None:
        """The status as the real link builds it."""
        if self.facts is None:
            return
        facts, now = self.facts(), self._post.clock.now()
        said = status(facts, facts.state, SESSION, 0, now, None)
        born = birth(facts, SESSION, now, self.keys, "")
        for leaf, content in ((Leaf.STATUS, encode(said)), (Leaf.BIRTH, encode(born))):
            keeps_to_it(topic(self.keys.station, leaf), content)
            self._post.published.append((self.keys.station, leaf, content))

    def answer(self, command: Command, result: Result, why: str = "", ordered: Mapping[str, str] | None = None) -> None:
        """Kept as the real link keeps it."""
        self.answers.append((command, result))
        self.whys.append(why)
        facts = {"event": "command", "name": str(command.name), "number": command.number, "result": str(result), "why": why}
        if self.journal is not None:
            self.journal.keep_command(Obeys(CommandKept(command.number, command.id, result, why), ordered or {}), facts, lambda kept: None)

    def use_keys(self, keys: StationKeys) -> None:
        self.keys = keys


class HandDevice:
    """A device in the test's hands: it takes orders down and says what the test says."""

    def __init__(self, kind: Kind, lane: Callable[[Told], None]) -> None:
        self.kind, self.identity, self.last_good, self.ready = kind, f"{kind} by hand", None, False
        self.orders: list[tuple[int, Order]] = []
        self.when_ordered: Callable[[Order], None] = lambda order: None
        self._tell = lane

    def start(self) -> None:
        self.comes_back()

    def hang_up(self) -> None:
        self.ready = False

    def close(self) -> None:
        self.ready = False

    def order(self, ticket: int, order: Order, deadline_s: float) -> None:
        if self.ready:
            self.orders.append((ticket, order))
            self.when_ordered(order)

    def comes_back(self) -> None:
        self.ready = True
        self._tell(Told(self.kind, Back(self.identity)))

    def is_lost(self) -> None:
        self.ready = False
        self._tell(Told(self.kind, Lost("unplugged")))

    def notes(self, notice: Notice) -> None:
        self._tell(Told(self.kind, notice))

    def answers(self, answer: Answer, image: bytes | None = None) -> None:
        """To the last order of a traveller's session."""
        ticket, order = next((ticket, order) for ticket, order in reversed(self.orders) if ticket > 0)
        self._tell(Told(self.kind, Answered(ticket, answer), order, None if image is None else Private(image)))


class LaneAtHand(LaneStation):
    """The lane's program with a Glass and a Wire. `by_hand`: every device is a HandDevice, else the simulated ones of the settings."""

    def __init__(self, post: "Post", path: Path, *, by_hand: bool) -> None:
        self._post = post
        self.glass = Glass(post.bell)
        self.states: list[State] = []
        super().__init__(path)
        self.hands = {kind: HandDevice(kind, self.lane.put) for kind in Kind} if by_hand else {}
        devices: dict[Kind, Any] = self.devices
        devices |= self.hands

    @property
    def wire(self) -> Wire:
        wire: Any = self.links[0]
        assert isinstance(wire, Wire)
        return wire

    def touch(self, *touched: object) -> None:
        """What the screen sends for each touch, one after the other, each on the screen that the one before led to."""
        for event in touched:
            self._sent(event)
            self.glass.work()

    def show(self, state: State) -> None:
        self.states.append(state)
        super().show(state)

    def _window(self, legal_folder: Path, *, offscreen: bool) -> Any:
        return self.glass

    def _links(self, keys: StationKeys) -> list[Any]:
        if self._post.broker_port:
            return super()._links(keys)
        wire = Wire(self._post, keys, tuple((LANE, leaf) for leaf in LANE_HEARS), self._link_says)
        wire.facts, wire.journal = self.facts, self.journal
        return [wire]


class ConsoleAtHand(ConsoleStation):
    """The console's program with a Glass and a Wire."""

    def __init__(self, post: "Post", path: Path) -> None:
        self._post = post
        self.glass = Glass(post.bell)
        super().__init__(path)

    @property
    def wire(self) -> Wire:
        wire: Any = self.links[0]
        assert isinstance(wire, Wire)
        return wire

    @property
    def now(self) -> Desk:
        return self.console.desk

    def touch(self, *touched: object) -> None:
        for event in touched:
            self.console.touched(event)
            self.glass.work()

    def officer_comes(self, person: str = "O-1") -> None:
        self.touch(PersonChosen(person), *keyed(self._post.pins[person]), Submit())
        assert self.now.person is not None

    def _window(self, people: tuple[str, ...], *, offscreen: bool) -> Any:
        return self.glass

    def _links(self, keys: StationKeys) -> list[Any]:
        wire = Wire(self._post, keys, tuple((LANE, leaf) for leaf in CONSOLE_HEARS), self._link_says)
        wire.journal = self.journal
        return [wire]


def keyed(pin: str) -> tuple[Digit, ...]:
    """The digits of a PIN as they are touched."""
    return tuple(Digit(Private(digit)) for digit in pin)


@dataclass
class Post:
    """A post in a folder, with what was published in it. Stations that run are worked whenever the test waits.

    With a `broker_port` its lane has the real link to that broker in place of the wire."""

    folder: Path
    made: Made
    broker_port: int = 0
    published: list[tuple[str, Leaf, bytes]] = field(default_factory=list)
    wires: list[Wire] = field(default_factory=list)
    running: list[Any] = field(default_factory=list)
    bell: threading.Event = field(default_factory=threading.Event)

    def __post_init__(self) -> None:
        shutil.copy(PROFILE, self.folder)

    @property
    def pins(self) -> dict[str, str]:
        return {who: pin.value for who, pin in self.made.pins}

    @property
    def keys(self) -> Path:
        return self.made.founding.folder

    @property
    def scene(self) -> Scene:
        return Scene(self.folder / "scene")

    @property
    def clock(self) -> Any:
        return self.running[0].clock

    def lane(self, *, by_hand: bool = True, cap_mb: int = 2048, kinds: tuple[Kind, ...] = tuple(Kind)) -> LaneAtHand:
        """A lane that runs. With `by_hand` no process is started."""
        place = f'settings = {{ scene = "{self.folder}/scene", output = "{self.folder}/slips" }}'
        devices = "".join(f'[devices.{kind}]\ndriver = "{SIMULATED[kind]}"\n{place}\n' for kind in kinds if not by_hand)
        text = SETTINGS.format(
            station=LANE, keys=self.keys, more="", display="lane10", folder=self.folder / LANE, cap_mb=cap_mb, port=self.broker_port or 1
        )
        path = self.folder / "lane.toml"
        path.write_text(text + (devices or "[devices]\n"), encoding="utf-8")
        for place_of_it in ("scene", "slips"):
            (self.folder / place_of_it).mkdir(exist_ok=True)
        lane = LaneAtHand(self, path, by_hand=by_hand)
        self.running.append(lane)
        lane.start()
        return lane

    def console(self, name: str = CONSOLE) -> ConsoleAtHand:
        """A console that runs; nobody is signed on."""
        more = f'lanes = ["{LANE}"]\ndesk = {{ name = "4" }}\n'
        text = SETTINGS.format(station=name, keys=self.keys, more=more, display="console10", folder=self.folder / name, cap_mb=2048, port=1)
        path = self.folder / f"{name}.toml"
        path.write_text(text, encoding="utf-8")
        console = ConsoleAtHand(self, path)
        self.running.append(console)
        console.start()
        return console

    def ends(self, station: Any) -> None:
        """The program ends in order."""
        self.running.remove(station)
        station.close()

    def until(self, wanted: Callable[[], Any], what: str = "") -> Any:
        """Let every screen's thread work until this holds; woken by what happens, not by the clock."""
        for _ in range(int(GIVE_UP_S / 0.05)):
            self.bell.clear()
            for station in self.running:
                station.glass.work()
            if found := wanted():
                return found
            self.bell.wait(0.05)
        raise AssertionError(f"gave up after {GIVE_UP_S} s waiting for {what or wanted}")

    def rows(self, journal: Journal) -> list[tuple[str, bytes]]:
        """What a journal holds that headquarters does not have yet, opened with headquarters' key: (kind, payload), oldest first."""
        answered: queue.Queue[tuple[Row, ...]] = queue.Queue()
        journal.unsent(0, 10_000, answered.put)
        key = read_opening_key(self.made.founding.opening_key)
        keys = {key_id(raw_public(key)): key}
        records = [decode(row.content, Record) for row in answered.get(timeout=GIVE_UP_S)]
        return [
            (
                record.type.split(".")[1],
                open_envelope(keys, b64decode(record.data_base64), record.source.rsplit("/", 1)[-1], record.id).value,
            )
            for record in records
        ]

    def audited(self, journal: Journal) -> list[dict[str, Any]]:
        """The audit rows of a journal."""
        return [json.loads(payload) for kind, payload in self.rows(journal) if kind == "audit"]

    def said(self, leaf: Leaf) -> list[bytes]:
        """What was published on this leaf, in order."""
        return [content for _, said_on, content in self.published if said_on is leaf]
