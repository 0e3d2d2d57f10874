"""Lane, link, broker and headquarters under a seed, with a virtual clock: `python -m tests.faults.simulation --seeds 10000 --first 1`.

Each seed is a world of its own (simulated_world.py, simulated_post.py): some minutes of records while lines delay, drop, double and break and parts are killed,
restored from images and backups, and lied to; then quiet, in which people do what the handbook says; then the judgement. The same seed plays the
same story: `--story` prints it.
"""

import argparse
import logging
import shutil
import sys
import tempfile
import uuid
from collections import Counter
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

from msgspec import structs

from kiosk.headquarters.judging import FindingKind
from kiosk.headquarters.store import Gap
from kiosk.headquarters.store import Store as HeadquartersStore
from kiosk.journal.rows import Caps
from kiosk.link.inbound import hear
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Ack, Command, CommandName, CommandResult, Record, decode, encode
from kiosk.messages.topics import Leaf, of_everyone, topic
from kiosk.sealing.signing import chain_hash, signed
from kiosk.sealing.station import ReceiverKeys, StationKeys, read_signing_key
from tests.faults.power_cuts import in_memory
from tests.faults.simulated_ending import Ending, Wrong
from tests.faults.simulated_post import SimulatedLane, SimulatedReceiver, back_up, restore
from tests.faults.simulated_world import Broker, Line, Weather, World
from tests.kiosk.practice import LANE, OTHER_LANE, Practice

FORKS = frozenset({FindingKind.FORK, FindingKind.ROLLBACK})
CHAOS_S, QUIET_S, LOOK_S = 90.0, 900.0, 5.0
ROOMY, TIGHT = Caps(), Caps(keep_bytes=0)


class Founding:
    """Keys, made once for all seeds."""

    def __init__(self, folder: Path) -> None:
        practice = Practice(folder)
        self.lanes: dict[str, StationKeys] = {name: practice.keys(name) for name in (LANE, OTHER_LANE)}
        self.receiver: ReceiverKeys = practice.receiver_keys()
        self.authority = read_signing_key(practice.founding.authority)


@dataclass
class Operator:
    """Whoever sits at headquarters: sends commands again until their result comes, and looks after gaps."""

    scene: "Scene"
    line: Line | None = None
    number: int = 0
    owed: dict[str, Command] = field(default_factory=dict)
    asked: dict[tuple[str, str, int], float] = field(default_factory=dict)
    awake: bool = False

    def look(self) -> None:
        """Every few seconds."""
        if self.line is None or not self.line.alive:
            self.line = self.scene.broker.connect("operator", None, lambda: None)
            if self.line is not None:
                self.line.subscribe([of_everyone(Leaf.RESULT)])
        if self.line is not None:
            self._hear(self.line)
            for command in self.owed.values():
                self.line.publish(topic(command.station, Leaf.COMMAND), encode(command))
        if self.awake:
            self._look_at_gaps()
        self.scene.world.after(LOOK_S, self.look)

    def ask_again(self, station: str, first: int) -> None:
        """Rows are wanted again."""
        self.scene.world.tell(f"headquarters wants the rows of {station} from {first} on again")
        self.number += 1
        after = self.scene.receivers[0].clock.now().text
        identity = str(uuid.UUID(int=self.scene.world.chance.getrandbits(128), version=4))
        made = Command(
            id=identity,
            station=station,
            number=self.number,
            name=CommandName.REPLAY,
            expires="2099-01-01T00:00:00Z",
            sig="",
            args={"from": first, "after": after},
        )
        self.owed[station] = signed(made, self.scene.founding.authority)

    def _hear(self, line: Line) -> None:
        for came in line.take_messages():
            heard = hear(came.topic, came.payload, self.scene.founding.receiver.public)
            owed = self.owed.get(heard.station)
            if isinstance(heard.message, CommandResult) and owed is not None and owed.id == heard.message.id:
                del self.owed[heard.station]

    def _look_at_gaps(self) -> None:
        """A gap that stands is asked for; one that is there still a good while later is lost, and accepted."""
        receiver = self.scene.receivers[0]
        for gap in receiver.store.gaps() if receiver.running else ():
            key = (gap.station, gap.chain, gap.upto)
            since = self.asked.setdefault(key, self.scene.world.now)
            if since == self.scene.world.now:
                self.ask_again(gap.station, gap.upto + 1)
            elif self.scene.world.now - since > 200 and gap.station not in self.owed:
                self._accept(gap)

    def _accept(self, gap: Gap) -> None:
        receiver = self.scene.receivers[0]
        self.scene.world.tell(f"headquarters accepts that rows {gap.upto + 1} to {gap.next_sequence - 1} of {gap.station} are lost")
        receiver.store.accept_gap(gap, receiver.clock.now().text)


class Scene:
    """Everything of one seed."""

    def __init__(self, seed: int, founding: Founding, folder: Path) -> None:
        self.world, self.founding, self.folder = World(seed), founding, folder
        chance = self.world.chance
        self.weather = Weather(
            chance.choice((0.02, 0.1, 1.0)), *(chance.choice((0.0, 0.0, often)) for often in (0.2, 0.2, 0.1))
        )  # fmt: skip
        self.broker = Broker(self.world, self.weather)
        self.spoken: list[tuple[str, bytes]] = []
        self.ever_stored: set[str] = set()
        self.backup: Path | None = None
        self.restored_headquarters = False
        # rows that a backup holds may have had pictures that it does not hold: who asks for later rows only does not get those again
        self.pictures_forgotten = False
        store = folder / "headquarters"
        self.receivers = [SimulatedReceiver(self.world, self.broker, founding.receiver, store, n) for n in range(chance.choice((1, 1, 2)))]
        for receiver in self.receivers:
            receiver.stored = self._stored
        self.tight = chance.random() < 0.25
        names = (LANE, OTHER_LANE)[: chance.choice((1, 1, 2))]
        caps = TIGHT if self.tight else ROOMY
        self.lanes = [SimulatedLane(self.world, self.broker, founding.lanes[name], folder / name, caps) for name in names]
        for lane in self.lanes:
            lane.looked = self._look_at_outbox
        self.operator = Operator(self)
        self.world.after(LOOK_S, self.operator.look)
        self._eavesdrop()

    def play(self) -> None:
        """Chaos, quiet, judgement. Raises Wrong."""
        self._plan()
        self.world.run_until(CHAOS_S)
        self._quiet()
        forgotten = self.pictures_forgotten or (self.restored_headquarters and self.tight)
        Ending(self._store, self.lanes, self.ever_stored, self.restored_headquarters, forgotten).judge()

    def met(self) -> Counter[str]:
        """What this seed had in it, by kind."""
        kinds = (
            "accepted",
            "is killed",
            "line is cut",
            "half open",
            "disk is restored",
            "is restored from its backup",
            "forges",
            "old acknowledgement",
            "are lost",
        )
        found = Counter({kind: sum(kind in line for line in self.world.story) for kind in kinds})
        found["forked chains"] = len({finding.chain for finding in self._store.findings() if finding.kind in FORKS})
        return found

    def close(self) -> None:
        """End what still runs."""
        for lane in self.lanes:
            lane.kill()
        for receiver in self.receivers:
            receiver.kill()

    # Chaos

    def _plan(self) -> None:
        chance, world = self.world.chance, self.world
        for lane in self.lanes:
            for _ in range(chance.randint(3, 10)):
                world.after(chance.uniform(0, CHAOS_S), lambda lane=lane: lane.record(chance.choice((0, 0, 1, 2))))
            if self.tight:
                for moment in range(10, int(CHAOS_S), 10):
                    world.after(moment, lane.trim)
        everything = self._faults()
        kinds = chance.sample(everything, chance.randint(1, 6))
        for _ in range(chance.randint(2, 14)):
            world.after(chance.uniform(0, CHAOS_S), chance.choice(kinds))

    def _faults(self) -> list[Callable[[], None]]:
        chance = self.world.chance

        def lane() -> SimulatedLane:
            return chance.choice(self.lanes)

        def receiver() -> SimulatedReceiver:
            return chance.choice(self.receivers)

        return [
            lambda: lane().restart(),
            lambda: self._cut(lane().line),
            lambda: self._deafen(lane().line),
            lambda: self._cut(receiver().line),
            lambda: self._deafen(receiver().line),
            lambda: self._kill_receiver(receiver()),
            self._kill_broker,
            lambda: self._slow_disk(lane()),
            lambda: self._set_clock(lane()),
            lambda: self._image(lane()),
            self._headquarters_backup,
            lambda: self._forge(lane()),
            self._say_again,
            lambda: self._lie_to_headquarters(lane()),
        ]

    def _later(self, call: Callable[[], None]) -> None:
        """In a while, and before the quiet: a disk that was put back is noticed with the first row that is recorded on it."""
        self.world.after(self.world.chance.uniform(0, CHAOS_S - self.world.now), call)

    def _cut(self, line: Line | None) -> None:
        if line is not None:
            self.world.tell(f"{line.client}: its line is cut")
            line.cut()

    def _deafen(self, line: Line | None) -> None:
        if line is not None and line.alive:
            self.world.tell(f"{line.client}: its line is half open")
            line.go_deaf()

    def _kill_receiver(self, receiver: SimulatedReceiver) -> None:
        receiver.kill()
        self.world.after(self.world.chance.choice((0.1, 5.0, 40.0)), lambda: receiver.running or receiver.start())

    def _kill_broker(self) -> None:
        if self.broker.up:
            self.world.tell("the broker is killed")
            self.broker.stop(forgets=self.world.chance.random() < 0.7)
            self.world.after(self.world.chance.choice((0.5, 5.0, 30.0)), self._start_broker)

    def _start_broker(self) -> None:
        self.world.tell("the broker is back")
        self.broker.up = True

    def _slow_disk(self, lane: SimulatedLane) -> None:
        lane.journal.free_at = self.world.now + self.world.chance.choice((1.0, 6.0, 25.0))

    def _set_clock(self, lane: SimulatedLane) -> None:
        """Only a clock that nobody disciplines is set wrong: what a time service steps back is believed, and order is that of sequences."""
        if not lane.wall.known:
            self.world.tell(f"{lane.name}: its clock jumps")
            lane.wall.wrong_by = timedelta(hours=self.world.chance.uniform(-100, 100))

    def _image(self, lane: SimulatedLane) -> None:
        if lane.image is None:
            lane.copy_disk()
            # two thirds are only copies
            if self.world.chance.random() < 0.4:
                self._later(lane.restore_disk)

    def _headquarters_backup(self) -> None:
        if self.backup is None:
            self.world.tell("headquarters makes a backup")
            self.backup = back_up(self.folder / "headquarters")
            if self.world.chance.random() < 0.6:
                self._later(self._restore_headquarters)

    def _restore_headquarters(self) -> None:
        if self.backup is None:
            return
        self.world.tell("headquarters is restored from its backup")
        for receiver in self.receivers:
            receiver.kill()
        restore(self.folder / "headquarters", self.backup)
        self.restored_headquarters = True
        for receiver in self.receivers:
            receiver.start()
        everything = self.world.chance.random() < 0.5
        self.pictures_forgotten |= not everything
        for lane in self.lanes:
            position = self.receivers[0].store.newest_chains([lane.name]).get(lane.name)
            self.operator.ask_again(lane.name, 1 if everything or position is None else position.upto + 1)

    # Lies

    def _eavesdrop(self) -> None:
        """Whoever sits at the broker keeps each acknowledgement that was ever spoken."""
        heard = self.broker.hand_on

        def keep(where: str, payload: bytes) -> None:
            if where.endswith(f"/{Leaf.ACK}"):
                self.spoken.append((where, payload))
            heard(where, payload)

        self.broker.hand_on = keep  # type: ignore[method-assign]

    def _forge(self, lane: SimulatedLane) -> None:
        """The right rows, the right head, the wrong hand."""
        head = lane.journal.store.head()
        made = Ack(
            station=lane.name,
            chain=lane.journal.store.chain,
            upto=f"{head.sequence:020d}",
            head=head.hash,
            time="2027-06-01T00:00:00.000Z",
            sig="",
        )
        hand = self.world.chance.choice([keys.signing for keys in self.founding.lanes.values()])
        self.world.tell(f"somebody forges an acknowledgement for {lane.name} up to {head.sequence}")
        self.broker.hand_on(topic(lane.name, Leaf.ACK), encode(signed(made, hand)))

    def _say_again(self) -> None:
        """A true acknowledgement, late, and perhaps to another lane."""
        if self.spoken:
            where, payload = self.world.chance.choice(self.spoken)
            to = self.world.chance.choice([where, *(topic(lane.name, Leaf.ACK) for lane in self.lanes)])
            self.world.tell("somebody says an old acknowledgement again")
            self.broker.hand_on(to, payload)

    def _lie_to_headquarters(self, lane: SimulatedLane) -> None:
        """A record that nobody signed, in the place of the next."""
        found = lane.journal.store.connection.execute("SELECT content FROM record ORDER BY sequence DESC LIMIT 1").fetchone()
        if found is not None:
            record = decode(found[0], Record)
            chance = self.world.chance
            lie = structs.replace(record, sequence=f"{int(record.sequence) + chance.randint(0, 2):020d}", prevhash=chain_hash(found[0]))
            lie = structs.replace(lie, id=chance.choice((record.id, "0" + record.id[1:])))
            self.world.tell(f"somebody makes a record of {lane.name} up")
            self.broker.hand_on(topic(lane.name, Leaf.RECORD), encode(lie))

    # Quiet

    def _quiet(self) -> None:
        """Everything is mended; the people at headquarters do their work; each lane records once more."""
        self.world.tell("quiet")
        for name, value in vars(Weather(0.05)).items():
            setattr(self.weather, name, value)
        if not self.broker.up:
            self._start_broker()
        for receiver in self.receivers:
            if not receiver.running:
                receiver.start()
        for lane in self.lanes:
            lane.journal.free_at = min(lane.journal.free_at, self.world.now + 1)
            lane.record(1)
        self.operator.awake = True
        until = self.world.now + QUIET_S
        while self.world.now < until and not (self.world.now > CHAOS_S + 30 and self._settled()):
            self.world.run_until(self.world.now + 10)
        if not self._settled():
            left = {lane.name: lane.waiting() for lane in self.lanes}
            raise Wrong(
                f"after {QUIET_S:.0f} quiet seconds there still wait {left}, gaps {self._store.gaps()}, commands {len(self.operator.owed)}"
            )

    def _settled(self) -> bool:
        return not self.operator.owed and not self._store.gaps() and all(lane.waiting() == (set(), 0) for lane in self.lanes)

    @property
    def _store(self) -> HeadquartersStore:
        return self.receivers[0].store

    def _stored(self) -> None:
        running = next((receiver for receiver in self.receivers if receiver.running), None)
        if running is not None:
            self.ever_stored |= {row[0] for row in running.store.database.execute("SELECT id FROM record UNION SELECT id FROM rejected")}

    def _look_at_outbox(self, lane: SimulatedLane) -> None:
        """What left must have been stored: an acknowledgement was signed for it."""
        waiting, _ = lane.waiting()
        chain = lane.journal.store.chain
        for told in lane.accepted:
            gone = told.chain == chain and told.sequence not in waiting and told.record_id not in lane.lost_with_disk
            if gone and told.record_id not in self.ever_stored:
                raise Wrong(f"{lane.name}: row {told.sequence} left the outbox and was never stored")


@contextmanager
def scene(seed: int, founding: Founding, folder: Path) -> Iterator[Scene]:
    """The world of a seed, in a folder that goes away."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    made = Scene(seed, founding, folder)
    try:
        yield made
    finally:
        made.close()
        shutil.rmtree(folder, ignore_errors=True)


def run(seeds: range, folder: Path, story: bool = False, met: Counter[str] | None = None) -> dict[int, str]:
    """Play these seeds; what went wrong, by seed. `met` counts what was met on the way."""
    founding, wrong = Founding(folder / "founding"), dict[int, str]()
    for seed in seeds:
        with scene(seed, founding, folder / "world") as world:
            try:
                world.play()
            except (Wrong, BadMessage) as why:
                wrong[seed] = str(why)
            if met is not None:
                met.update(world.met())
            if story:
                print("\n".join(world.world.story))
    return wrong


def main() -> int:
    """Print what went wrong; the exit status says whether anything did."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--seeds", type=int, default=200)
    parser.add_argument("--first", type=int, default=1)
    parser.add_argument("--story", action="store_true", help="print what happened")
    chosen = parser.parse_args()
    logging.disable()
    with tempfile.TemporaryDirectory(prefix="mpaka-simulation-", dir=in_memory()) as folder:
        met: Counter[str] = Counter()
        wrong = run(range(chosen.first, chosen.first + chosen.seeds), Path(folder), chosen.story, met)
    for seed, why in list(wrong.items())[:20]:
        print(f"seed {seed}: {why}\n  again: python -m tests.faults.simulation --first {seed} --seeds 1 --story")
    print(", ".join(f"{kind}: {count}" for kind, count in met.items()))
    print(f"{chosen.seeds} seeds from {chosen.first}: {len(wrong)} with a broken promise")
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
