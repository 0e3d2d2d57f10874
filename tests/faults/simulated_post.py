"""The parts of the simulation: the product's journal, link and receiver, driven by virtual time instead of threads and sockets.

Real are Link, Drain, Window, what comes in and its signatures (kiosk/link), Journal, its store and delivery (kiosk/journal), Receiver and its
store (kiosk/headquarters), sealing and clock. Played are the writer's and the link's thread, the lines and the broker, and the people.
"""

import shutil
import sqlite3
from collections import deque
from collections.abc import Callable
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import Clock
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.receiver import SHARED, Receiver
from kiosk.headquarters.store import STORE_FILE
from kiosk.headquarters.store import Store as HeadquartersStore
from kiosk.journal.rows import AckRefused, AckTaken, Answer, Caps, Kind, NewPicture, Opened, Recorded
from kiosk.journal.store import Store
from kiosk.journal.writer import Journal, Work
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import TURN_S, Link
from kiosk.link.words import LinkPlan, Patience
from kiosk.messages.payloads import Ack, Picture
from kiosk.messages.topics import Leaf, of_everyone
from kiosk.private import Private
from kiosk.sealing.station import ReceiverKeys, StationKeys
from tests.faults.simulated_world import Broker, Line, World
from tests.kiosk.practice import FACTS

NOWHERE = BrokerAddress("nowhere", 0, None)


class SteppedJournal(Journal):
    """The journal without its thread: what is asked is done a moment later, one after the other, as the writer would."""

    def __init__(
        self,
        world: World,
        woken: Callable[[], None],
        folder: Path,
        keys: StationKeys,
        clock: Clock,
        tell: Callable[[Answer], None],
        caps: Caps,
    ) -> None:
        self.world, self.woken = world, woken
        self.left: Callable[[], None] = lambda: None
        self.slow_s, self.dead, self.free_at = 0.02, False, 0.0
        self._pending: deque[Work] = deque()
        super().__init__(folder, keys, clock, tell, caps)

    def acknowledged(self, ack: Ack, then: Callable[[AckTaken | AckRefused], None]) -> None:
        """As the journal does; then what left the outbox is looked at."""

        def judged(judgement: AckTaken | AckRefused) -> None:
            self.left()
            then(judgement)

        super().acknowledged(ack, judged)

    def kill(self, at_work: bool) -> None:
        """The process is gone. `at_work`: a commit was just made, and nobody was told of it."""
        self.dead, self._tell = True, lambda answer: None
        if at_work and self._pending:
            self._pending.popleft()(self.store)
        self.store.close()

    def _begin(self) -> Opened:
        self.store = Store(self._folder, self._keys, self._clock, self._caps)
        self._measure(self.store)
        return self.store.opened()

    def _put(self, work: Work) -> bool:
        if not self.dead:
            self._pending.append(work)
            self.free_at = max(self.free_at, self.world.now) + self.world.chance.uniform(0.0005, self.slow_s)
            self.world.after(self.free_at - self.world.now, self._next)
        return not self.dead

    def _next(self) -> None:
        if not self.dead:
            self._pending.popleft()(self.store)
            self.woken()


@dataclass(frozen=True)
class Accepted:
    """A record of which somebody was told that it is done."""

    chain: str
    sequence: int
    record_id: str
    pictures: int


@dataclass(frozen=True)
class Image:
    """A copy of a lane's disk, and how far its journal had come."""

    folder: Path
    chain: str
    last: int


class SimulatedLane:
    """A lane: its disk, and whatever runs on it at the moment."""

    def __init__(self, world: World, broker: Broker, keys: StationKeys, folder: Path, caps: Caps) -> None:
        self.world, self.broker, self.keys, self.folder, self.caps = world, broker, keys, folder, caps
        self.name = keys.station
        self.wall = world.clock(known=world.chance.random() < 0.5)
        self.accepted: list[Accepted] = []
        self.lost_with_disk: set[str] = set()
        self.image: Image | None = None
        self.line: Line | None = None
        self.looked: Callable[[SimulatedLane], None] = lambda lane: None
        self._ticket, self._tries, self._turning = 0, 0, False
        self._taken: dict[int, int] = {}
        self._patience = Patience(0.5, 8.0, 3.0, world.chance.random)
        self.start()

    def start(self) -> None:
        """The program starts on what is on the disk."""
        self.world.tell(f"{self.name} starts")
        clock = self.wall.started()
        self.journal = SteppedJournal(self.world, self.wake, self.folder, self.keys, clock, self._told, self.caps)
        self.journal.left = lambda: self.looked(self)
        plan = LinkPlan(self.keys, NOWHERE, (), self._patience)
        self.link = Link(plan, clock, lambda: FACTS, lambda word: None, self.journal, monotonic=lambda: self.world.now)
        self._tries = 0
        self._connect(self.link)

    def kill(self) -> None:
        """kill -9; what is on the disk stays."""
        self.world.tell(f"{self.name} is killed")
        self.journal.kill(self.world.chance.random() < 0.4)
        self.link.close()
        if self.line is not None:
            self.line.cut()
        self.line = None

    def restart(self) -> None:
        """Killed, and started again."""
        self.kill()
        self.start()

    def record(self, pictures: int) -> None:
        """A traveller registers."""
        self._ticket += 1
        self._taken[self._ticket] = pictures
        drawn = [NewPicture(Picture.FACE, Private(b"picture")) for _ in range(pictures)]
        self.journal.record(self._ticket, Kind.REGISTRATION, Private(b"{}"), drawn)

    def copy_disk(self) -> None:
        """Somebody takes an image of the disk."""
        self.world.tell(f"{self.name}: an image of its disk is taken")
        where = self.folder.with_name(f"{self.folder.name}-image")
        shutil.rmtree(where, ignore_errors=True)
        shutil.copytree(self.folder, where)
        self.image = Image(where, self.journal.store.chain, self.journal.store.head().sequence)

    def restore_disk(self) -> None:
        """The disk is replaced by the image: what came after it is lost here, and may be at headquarters."""
        if self.image is None:
            return
        self.world.tell(f"{self.name}: its disk is restored to row {self.image.last}")
        self.kill()
        shutil.rmtree(self.folder)
        shutil.copytree(self.image.folder, self.folder)
        gone = [told for told in self.accepted if told.chain != self.image.chain or told.sequence > self.image.last]
        self.lost_with_disk |= {told.record_id for told in gone}
        self.start()

    def new_journal(self) -> None:
        """Somebody puts the journal aside, and the lane begins an empty one."""
        self.world.tell(f"{self.name}: its journal is put aside")
        self.kill()
        self.folder = self.folder.with_name(f"{self.folder.name}-new")
        self.start()

    def trim(self) -> None:
        """The minute's look for rows that may go."""
        self.journal._put(self.journal._trim)

    def waiting(self) -> tuple[set[int], int]:
        """Sequences of the records that wait, and the number of pictures."""
        connection = self.journal.store.connection
        rows = {row[0] for row in connection.execute("SELECT sequence FROM main.outbox")}
        return rows, int(connection.execute("SELECT count(*) FROM media.outbox").fetchone()[0])

    def wake(self) -> None:
        """Something came: the link's thread looks in a moment."""
        if not self._turning:
            self._turning = True
            link = self.link
            self.world.after(self.world.chance.uniform(0.0001, 0.003), lambda: self._turn(link))

    def _told(self, answer: Answer) -> None:
        if isinstance(answer, Recorded):
            told = Accepted(self.journal.store.chain, answer.sequence, answer.record_id, self._taken[answer.ticket])
            self.world.tell(f"{self.name}: row {answer.sequence} is accepted")
            self.accepted.append(told)

    def _connect(self, link: Link) -> None:
        if link is not self.link or self.line is not None:
            return
        will = link._new_session()
        self.line = self.broker.connect(self.name, will, self.wake)
        if self.line is None:
            link._let_lapse()
            self._tries += 1
            self.world.after(self._patience.wait_s(self._tries), lambda: self._connect(link))
            return
        self._tries = 0
        link._connection = self.line  # type: ignore[assignment]
        link._begin(self.line)  # type: ignore[arg-type]
        self._tick(self.line, link)

    def _tick(self, line: Line, link: Link) -> None:
        if self.line is line and self.link is link:
            self._turn(link)
            self.world.after(TURN_S, lambda: self._tick(line, link))

    def _turn(self, link: Link) -> None:
        self._turning = False
        if link is not self.link or self.line is None:
            return
        if self.line.alive:
            link._say_status()
            link._turn(self.line)  # type: ignore[arg-type]
            return
        self.line = None
        self.world.after(self._patience.wait_s(0), lambda: self._connect(link))


class SimulatedReceiver:
    """One receiver of headquarters: takes what came since the last look, commits, and then says so."""

    def __init__(self, world: World, broker: Broker, keys: ReceiverKeys, folder: Path, number: int) -> None:
        self.world, self.broker, self.keys, self.folder, self.name = world, broker, keys, folder, f"receiver{number}"
        self.wall = world.clock(known=True)
        self.stored: Callable[[], None] = lambda: None
        self.line: Line | None = None
        self.running, self._turning = False, False
        self.start()

    def start(self) -> None:
        """The program starts on what is in the store."""
        self.world.tell(f"{self.name} starts")
        self.store = HeadquartersStore(sqlite_url(self.folder / STORE_FILE))
        self.clock = self.wall.started()
        self.receiver = Receiver(self.store, self.keys, self.clock)
        self.running = True
        self._connect(self.receiver)

    def kill(self) -> None:
        """kill -9: what came and was not committed is gone, and so is what was committed and not yet said."""
        if self.running:
            self.world.tell(f"{self.name} is killed")
            self.running = False
            self.store.close()
            if self.line is not None:
                self.line.cut()
            self.line = None

    def wake(self) -> None:
        """Something came."""
        if not self._turning:
            self._turning = True
            receiver = self.receiver
            self.world.after(self.world.chance.uniform(0.0001, 0.02), lambda: self._turn(receiver))

    def _connect(self, receiver: Receiver) -> None:
        if receiver is not self.receiver or not self.running:
            return
        self.line = self.broker.connect(self.name, None, self.wake)
        if self.line is None:
            self.world.after(self.world.chance.uniform(0.1, 2.0), lambda: self._connect(receiver))
        else:
            self.line.subscribe([SHARED + of_everyone(Leaf.RECORD), SHARED + of_everyone(Leaf.MEDIA), of_everyone(Leaf.STATUS)])

    def _turn(self, receiver: Receiver) -> None:
        self._turning = False
        if receiver is not self.receiver or not self.running or self.line is None:
            return
        if not self.line.alive:
            self.line = None
            self.world.after(self.world.chance.uniform(0.0, 1.0), lambda: self._connect(receiver))
            return
        acks = receiver.take(self.line.take_messages())
        self.stored()
        line = self.line
        # between the commit and the word there is time to be killed
        self.world.after(self.world.chance.uniform(0.0, 0.05), lambda: self._say(receiver, line, acks))

    def _say(self, receiver: Receiver, line: Line, acks: list[tuple[str, bytes]]) -> None:
        if receiver is self.receiver and self.running:
            for where, content in acks:
                line.publish(where, content)


def back_up(folder: Path) -> Path:
    """A backup of headquarters' store, made while it runs."""
    copy = folder / "backup.db"
    copy.unlink(missing_ok=True)
    with closing(sqlite3.connect(folder / STORE_FILE)) as source, closing(sqlite3.connect(copy)) as target:
        source.backup(target)
    return copy


def restore(folder: Path, copy: Path) -> None:
    """The backup takes the store's place."""
    for name in (STORE_FILE, f"{STORE_FILE}-wal", f"{STORE_FILE}-shm"):
        (folder / name).unlink(missing_ok=True)
    shutil.copy(copy, folder / STORE_FILE)
