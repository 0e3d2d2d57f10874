"""A fleet at headquarters: `python -m tests.benches.fleet [--lanes 10000 --rate 333 --seconds 60 --postgres --storm]`.

Broker, receiver, database and `mpaka load --lanes` as processes of their own on this machine, the processor time of each told apart. First a steady
load: each lane says how it is each ten seconds, and records come at the rate of the whole fleet. With --storm the broker is then killed and started
again while the load goes on, and at last the fleet itself: until its lanes' wills are all in the store. In the end the ledger is held against what is
stored. The store lies on the disk that TMPDIR names.
"""

import argparse
import os
import signal
import subprocess
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from pathlib import Path

from kiosk.broker import Broker, start_broker, start_tls_broker
from kiosk.headquarters.store import Store, stored_ids
from kiosk.programs.practice import broker_files, fleet_of
from kiosk.sealing.station import tls_files
from tests.benches.figures import machine, memory_mb, table
from tests.postgres import Cluster

GIVE_UP_S, LOOK_S, AWAY_S, STORM_S = 600.0, 0.2, 1.0, 30.0


class Headquarters:
    """A founding, a broker, a store and a receiver in one folder."""

    def __init__(self, folder: Path, chosen: argparse.Namespace, stack: ExitStack) -> None:
        self.folder, self.chosen = folder, chosen
        fleet_of(folder / "keys", chosen.lanes, chosen.tls)
        self.broker = self._broker()
        stack.callback(self.broker.stop)
        self.parts = {"broker": self.broker.process_id}
        self.database = f"sqlite:///{folder / 'hq.db'}"
        if chosen.postgres:
            cluster = Cluster(folder.parent)
            stack.callback(cluster.close)
            self.parts["database"], self.database = cluster.process_id, cluster.database()
        with (folder / "receiver.log").open("wb") as log:
            receiver = subprocess.Popen([*self._mpaka("headquarters"), f"--database={self.database}"], stdout=log, stderr=subprocess.STDOUT)
        stack.callback(receiver.wait)
        stack.callback(receiver.terminate)
        self.parts["receiver"] = receiver.pid

    def _broker(self) -> Broker:
        folder = self.folder / "broker"
        if not self.chosen.tls:
            return start_broker(folder)
        place, receiver = broker_files(self.folder / "keys")
        return start_tls_broker(folder, tls_files(place), receiver, ())

    def _mpaka(self, command: str) -> list[str]:
        tls = ["--tls"] if self.chosen.tls else []
        address = f"--broker={self.broker.host}:{self.broker.port}"
        return [sys.executable, "-m", "kiosk", command, address, f"--founding={self.folder / 'keys'}", *tls]

    @contextmanager
    def load(self, seconds: float, rate: float) -> Iterator["Load"]:
        """The fleet for so long."""
        watch = [f"--watch={name}={pid}" for name, pid in self.parts.items()]
        place = [f"--ledger={self.folder / 'ledger'}", f"--state={self.folder / 'state'}"]
        more = [f"--lanes={self.chosen.lanes}", f"--seconds={seconds}", f"--rate={rate}"]
        started = Load([*self._mpaka("load"), *more, *place, *watch])
        try:
            yield started
        finally:
            started.end()

    def lost(self) -> int:
        """How many lanes headquarters knows to be lost."""
        store = Store(self.database, make=False)
        found = store.database.execute("SELECT count(*) FROM lane WHERE state = 'lost'")
        store.close()
        return int(found[0][0])

    def sizes(self) -> dict[str, str]:
        """What PostgreSQL has on its disk."""
        if not self.chosen.postgres:
            return {}
        store = Store(self.database, make=False)
        [(records, table_bytes, lane_bytes, log)] = store.database.execute(
            "SELECT (SELECT count(*) FROM record), pg_total_relation_size('record'), pg_total_relation_size('lane'),"
            " (pg_current_wal_lsn() - '0/0'::pg_lsn)::bigint"
        )
        store.close()
        return {
            "a record in the store, with its indexes": f"{table_bytes / max(1, records):.0f} bytes",
            "the lanes' statuses in the store": f"{lane_bytes / 1e6:.0f} MB",
            "write-ahead log since the beginning": f"{log / 1e6:.0f} MB",
        }

    def judged(self) -> str:
        """The ledger against the store."""
        told, stored = (self.folder / "ledger").read_text().split(), list(stored_ids(self.database))
        lost, doubled = len(set(told) - set(stored)), len(stored) - len(set(stored))
        return f"{len(told)} told, {len(stored)} stored; {lost} lost, {doubled} doubled"


class Load:
    """A running `mpaka load --lanes`, and what it has said so far."""

    def __init__(self, words: list[str]) -> None:
        self.process = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.said: list[str] = []
        self._reading = threading.Thread(target=self._read, daemon=True)
        self._reading.start()

    def until(self, what: str) -> str:
        """The line with these words, once it is said."""
        return until(lambda: next((line for line in self.said if what in line), "") or (self._over() and "it ended before"))

    def end(self) -> int:
        """Its exit status, once it has ended."""
        status = self.process.wait(GIVE_UP_S)
        self._reading.join()
        return status

    def _over(self) -> bool:
        return not self._reading.is_alive()

    def _read(self) -> None:
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line.rstrip().removeprefix("mpaka.load INFO "))
                sys.stdout.write(f"    {self.said[-1]}\n")
                sys.stdout.flush()


def until(ask: Callable[[], object]) -> str:
    """What is answered, once it is something. Raises TimeoutError."""
    due = time.monotonic() + GIVE_UP_S
    while time.monotonic() < due:
        if answer := ask():
            return str(answer)
        time.sleep(LOOK_S)
    raise TimeoutError("waited for too long")


def main(arguments: list[str]) -> int:
    """Measure and print. Returns the exit status: 0 where nothing was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--lanes", type=int, default=50)
    parser.add_argument("--rate", type=float, default=20.0, help="records a second of the whole fleet")
    parser.add_argument("--seconds", type=float, default=3.0)
    parser.add_argument("--postgres", action="store_true")
    parser.add_argument("--tls", action="store_true")
    parser.add_argument("--storm", action="store_true")
    chosen = parser.parse_args(arguments)
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place, ExitStack() as stack:
        # the receiver's rights end at the database's folder; that one is the database user's
        Path(place).chmod(0o711)
        (folder := Path(place) / "headquarters").mkdir()
        headquarters = Headquarters(folder, chosen, stack)
        statuses = _steady(headquarters)
        if chosen.storm:
            statuses += _storm(headquarters) + _wills(headquarters)
        verdict = headquarters.judged()
        table("in the end", {"ledger against store": verdict, **headquarters.sizes(), "load at the end": f"{os.getloadavg()[0]:.1f}"})
    return 0 if not any(statuses) and verdict.endswith("0 lost, 0 doubled") else 1


def _steady(headquarters: Headquarters) -> list[int]:
    print("\nsteady")
    with headquarters.load(headquarters.chosen.seconds, headquarters.chosen.rate) as load:
        load.until("are connected")
        memory = {"loader": load.process.pid, **headquarters.parts}
        table("memory with all lanes connected", {name: f"{memory_mb(pid):.0f} MB" for name, pid in memory.items()})
    return [load.end()]


def _storm(headquarters: Headquarters) -> list[int]:
    print("\nthe broker is killed, and back a second later")
    with headquarters.load(max(headquarters.chosen.seconds, STORM_S), headquarters.chosen.rate) as load:
        load.until("are connected")
        headquarters.broker.kill()
        time.sleep(AWAY_S)
        headquarters.broker.start_again()
        headquarters.parts["broker"] = headquarters.broker.process_id
        load.until("all lanes are back")
    return [load.end()]


def _wills(headquarters: Headquarters) -> list[int]:
    print("\nthe fleet is killed: until each of its lanes is lost in the store")
    with headquarters.load(GIVE_UP_S, 0) as load:
        load.until("are connected")
        load.process.send_signal(signal.SIGKILL)
        began = time.monotonic()
        until(lambda: headquarters.lost() >= headquarters.chosen.lanes)
        print(f"    {headquarters.chosen.lanes} wills stored after {time.monotonic() - began:.1f} s")
    return []


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
