"""A lane, a broker and headquarters as processes, with a line between lane and broker that can be cut: what one trial of the matrix plays on.

Two ways of reporting can be put on it: ours (`mpaka load`, `mpaka headquarters`), and plain paho at QoS 1 (plain_paho.py).
"""

import random
import signal
import subprocess
import sys
import time
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Protocol

from kiosk.broker import Broker, BrokerKind, start_broker
from kiosk.headquarters.database import file_of, open_database, sqlite_url
from kiosk.headquarters.store import STORE_FILE, stored_ids
from tests.faults.proxy import Line

ROOT = Path(__file__).parents[2]
LANE = "ut-nowhere-lane1"
RATE = 100
GIVE_UP_S, SETTLE_S, LOOK_S = 150.0, 4.0, 0.05


@dataclass(frozen=True)
class Verdict:
    """What became of one trial. `late`: stored after a record of a higher sequence; `untold`: stored, but a kill came before "done"."""

    told: int
    lost: int
    doubled: int
    out_of_order: int
    late: int
    untold: int
    seconds: float


class Way(Protocol):
    """A way of reporting."""

    name: str

    def lane(self, port: int, records: int, folder: Path, program: Sequence[str]) -> list[str]:
        """The command of the lane."""

    def headquarters(self, port: int, folder: Path) -> list[str]:
        """The command of headquarters."""

    def database(self, folder: Path) -> str:
        """The URL of the database that headquarters stores in."""

    def broker(self, folder: Path) -> Broker:
        """A broker as this way wants it."""

    def arrivals(self, folder: Path) -> list[tuple[str, int]]:
        """What is stored, (id, sequence), in the order of its arrival."""

    def ids(self, folder: Path) -> list[str]:
        """What is stored, in the order that is given out."""


class Ours:
    """Mpaka. One founding for all trials; `database` is the URL of the store of one trial, none: a file in its folder."""

    name = "mpaka"

    def __init__(self, founding: Path, database: str = "") -> None:
        self._founding, self._database = founding, database

    def stored_in(self, database: str) -> "Ours":
        """The same with another store."""
        return Ours(self._founding, database)

    def lane(self, port: int, records: int, folder: Path, program: Sequence[str]) -> list[str]:
        wanted = {"broker": f"127.0.0.1:{port}", "lane": LANE, "records": records, "rate": RATE, "founding": self._founding}
        places = {"ledger": folder / "ledger", "state": folder / "state"}
        return [*(program or ("kiosk", "load")), *(f"--{name}={value}" for name, value in {**wanted, **places}.items())]

    def headquarters(self, port: int, folder: Path) -> list[str]:
        where = [f"--broker=127.0.0.1:{port}", f"--database={self.database(folder)}", f"--founding={self._founding}"]
        return ["kiosk", "headquarters", *where]

    def database(self, folder: Path) -> str:
        return self._database or sqlite_url(folder / STORE_FILE)

    def broker(self, folder: Path) -> Broker:
        return start_broker(folder / "broker", kind=BrokerKind.MOSQUITTO)

    def arrivals(self, folder: Path) -> list[tuple[str, int]]:
        return _rows(self.database(folder), "SELECT id, sequence FROM record ORDER BY received, sequence")

    def ids(self, folder: Path) -> list[str]:
        return list(stored_ids(self.database(folder)))


class Plain:
    """paho at QoS 1. The broker keeps what it confirmed, as far as mosquitto does: on a clean end and each half hour."""

    name = "paho"

    def lane(self, port: int, records: int, folder: Path, program: Sequence[str]) -> list[str]:
        return ["tests.faults.plain_paho", "lane", str(port), str(records), str(RATE), str(folder / "ledger")]

    def headquarters(self, port: int, folder: Path) -> list[str]:
        return ["tests.faults.plain_paho", "headquarters", str(port), str(file_of(self.database(folder)))]

    def database(self, folder: Path) -> str:
        return sqlite_url(folder / "plain.db")

    def broker(self, folder: Path) -> Broker:
        broker = start_broker(folder / "broker", kind=BrokerKind.MOSQUITTO)
        broker.stop()
        settings = folder / "broker" / "mosquitto.conf"
        kept = f"persistence true\npersistence_location {folder / 'broker'}/"
        settings.write_text(settings.read_text().replace("persistence false", kept))
        broker.start_again()
        return broker

    def arrivals(self, folder: Path) -> list[tuple[str, int]]:
        return _rows(self.database(folder), "SELECT id, sequence FROM arrival ORDER BY rowid")

    def ids(self, folder: Path) -> list[str]:
        return [record_id for record_id, _ in self.arrivals(folder)]


class Scene:
    """One trial's processes. `lane` and `headquarters` are started by `begin`, or by the fault."""

    def __init__(self, way: Way, folder: Path, records: int, chance: random.Random) -> None:
        folder.mkdir(parents=True)
        self.way, self.folder, self.records, self.chance = way, folder, records, chance
        self.program: Sequence[str] = ()
        self.broker = way.broker(folder)
        self.line = Line(self.broker.port)
        self._began = time.monotonic()
        self.at_end: list[Callable[[], object]] = []
        self._processes: dict[str, subprocess.Popen[bytes]] = {}
        self._watched: set[str] = set()

    def begin(self) -> None:
        """Headquarters first, then the lane."""
        self.start("headquarters")
        self.start("lane")

    def start(self, part: str) -> None:
        """Start one part; headquarters is waited for where its way cannot do without."""
        command = self._command(part)
        with (self.folder / f"{part}.log").open("ab") as log:
            self._processes[part] = subprocess.Popen([sys.executable, "-m", *command], stdout=log, stderr=log, cwd=ROOT)
        self._watched.add(part)
        if part == "headquarters" and self.way.name == "paho":
            self.until_said("headquarters", b"ready")

    def kill(self, part: str) -> None:
        """kill -9; it stays away until it is started."""
        self._watched.discard(part)
        self._processes[part].send_signal(signal.SIGKILL)
        self._processes[part].wait()

    def told(self) -> list[str]:
        """The ledger's whole lines."""
        path = self.folder / "ledger"
        return path.read_text().rpartition("\n")[0].split() if path.exists() else []

    def until_told(self, share: float) -> None:
        """Until so many of the records were told, 0 to 1."""
        _until(lambda: len(self.told()) >= int(self.records * share), f"the lane in {self.folder}")

    def until_said(self, part: str, what: bytes) -> None:
        """Until this stands in the log of a part."""
        _until(lambda: what in (self.folder / f"{part}.log").read_bytes(), f"{part} in {self.folder}, for its words,")

    def somewhere(self) -> None:
        """A moment by chance in the middle of it."""
        self.until_told(self.chance.uniform(0.1, 0.8))
        self.rest(0.0, 0.05)

    def rest(self, least_s: float, most_s: float) -> None:
        """The fault lasts so long."""
        time.sleep(self.chance.uniform(least_s, most_s))

    def finish(self) -> Verdict:
        """Until the lane says that all is delivered; who ended by itself is started again, as systemd would."""
        _until(self._ended, f"the trial in {self.folder}")
        told, stored, due = self.told(), 0, time.monotonic() + SETTLE_S
        # where a broker's word ended the lane, headquarters is still at it: what does not come while nothing else comes is lost
        while set(told) - set(ids := self.way.ids(self.folder)) and (len(ids) != stored or time.monotonic() < due):
            if len(ids) != stored:
                stored, due = len(ids), time.monotonic() + SETTLE_S
            self._tend()
            time.sleep(LOOK_S)
        return self._judge(told)

    def close(self) -> None:
        """End all of it."""
        self._watched.clear()
        for process in self._processes.values():
            process.kill()
            process.wait()
        self.line.cut()
        self.broker.stop()
        for call in self.at_end:
            call()

    def _command(self, part: str) -> list[str]:
        if part == "lane":
            return self.way.lane(self.line.port, self.records, self.folder, self.program)
        return self.way.headquarters(self.broker.port, self.folder)

    def _tend(self) -> None:
        if "headquarters" in self._watched and self._processes["headquarters"].poll() is not None:
            self.start("headquarters")

    def _ended(self) -> bool:
        self._tend()
        status = self._processes["lane"].poll()
        if status is not None and status != 0:
            raise RuntimeError(f"the lane ended with {status}; see {self.folder}/lane.log")
        return status == 0

    def _judge(self, told: list[str]) -> Verdict:
        ids, arrived = self.way.ids(self.folder), self.way.arrivals(self.folder)
        place = {record_id: number for number, record_id in reversed(list(enumerate(ids)))}
        known = [place[record_id] for record_id in told if record_id in place]
        sequences = [sequence for _, sequence in arrived]
        return Verdict(
            told=len(told),
            lost=len(set(told) - set(ids)),
            doubled=sum(times - 1 for times in Counter(ids).values()),
            out_of_order=_falls(known) + (sorted(sequences) != list(range(1, len(ids) + 1)) if self.way.name == "mpaka" else 0),
            late=_falls(sequences),
            untold=len(set(ids) - set(told)),
            seconds=time.monotonic() - self._began,
        )


def _falls(numbers: list[int]) -> int:
    return sum(later < earlier for earlier, later in zip(numbers, numbers[1:], strict=False))


def _rows(url: str, query: str) -> list[tuple[str, int]]:
    database = open_database(url)
    try:
        return database.execute(query)
    finally:
        database.close()


def _until(done: Callable[[], bool], what: str) -> None:
    due = time.monotonic() + GIVE_UP_S
    while not done():
        if time.monotonic() > due:
            raise TimeoutError(f"{what} does not come to its end after {GIVE_UP_S:.0f} s")
        time.sleep(LOOK_S)
