"""How fast a receiver stores, without broker and line: python -m tests.benches.receiver [--lanes 10000] [--seconds 10] [--rate 1333] [--database URL ...]

A status of every lane each ten seconds, and a record for every three statuses. First as fast as it goes, in batches of 200 messages. Then at `--rate`
messages a second, as they come: how long from a message's coming until it is committed and its acknowledgement made. Without `--database`: SQLite in a
file, and a PostgreSQL of its own. `--memory` puts both where files cost no time, to see what the disk costs.
"""

import argparse
import os
import sys
import tempfile
import time
from base64 import b64encode
from collections.abc import Iterator
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from itertools import islice
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey

from kiosk.clock import SystemClock
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.receiver import Receiver
from kiosk.headquarters.store import Store
from kiosk.journal.ids import uuid7
from kiosk.link.connection import Came
from kiosk.messages.payloads import ClockFacts, ClockSource, DeviceState, LaneState, Outbox, Record, RecordType, Status, encode
from kiosk.messages.topics import Leaf, parse_station, topic
from kiosk.sealing.key_set import PublicKeys
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, signed
from kiosk.sealing.station import ReceiverKeys
from tests.benches.figures import cpu_s, machine, percentile, with_children
from tests.faults.power_cuts import in_memory
from tests.kiosk.practice import Practice
from tests.postgres import Cluster, programs

BATCH, SEALED_BYTES, STATUSES = 200, 1800, 3
DEVICES = dict.fromkeys(("passport_reader", "camera", "fingerprint", "receipt_printer", "lane_io"), DeviceState.OK)


class OneKey(PublicKeys):
    """A key set in which one key is every station's: making ten thousand takes longer than the bench."""

    def __init__(self, key: Ed25519PublicKey) -> None:
        self.number, self._key = 1, key

    def station_key(self, station: str, named: str) -> Ed25519PublicKey | None:
        return self._key

    def names_station(self, station: str) -> bool:
        return True


@dataclass
class Lane:
    """What a lane has said so far."""

    name: str
    chain: str
    session: str
    sequence: int = 0
    head: str = NOTHING_BEFORE
    said: int = 0


def messages(lanes: int, key: Ed25519PrivateKey) -> Iterator[Came]:
    """Without end: each lane in its turn says its status, and every third of them has a record."""
    now = datetime.now(UTC)
    there = [Lane(f"ut-nowhere-lane{number}", uuid7(now), uuid7(now)) for number in range(lanes)]
    while True:
        for number, lane in enumerate(there):
            yield status(lane)
            if number % STATUSES == 0:
                yield record(lane, key)


def status(lane: Lane) -> Came:
    """A status as large as a lane's."""
    lane.said += 1
    said = Status(
        state=LaneState.OPEN,
        ts=SystemClock().now().text,
        session=lane.session,
        seq=lane.said,
        devices=DEVICES,
        consumables={"paper": "ok"},
        lists={"staff": 3, "legal": 12},
        clock=ClockFacts(source=ClockSource.NTP, uncertainty_s=0.01),
        outbox=Outbox(rows=1, bytes=4000, oldest_s=1),
        versions={"mpaka": "0.1.0"},
    )
    return Came(topic(lane.name, Leaf.STATUS), encode(said))


def record(lane: Lane, key: Ed25519PrivateKey) -> Came:
    """The next record of its chain, sealed by nobody."""
    stamp = SystemClock().now()
    lane.sequence += 1
    made = Record(
        specversion="1.0",
        id=uuid7(stamp.utc),
        source=parse_station(lane.name).source,
        type=RecordType.REGISTRATION,
        time=stamp.text,
        clocksource=ClockSource.NTP,
        uncertaintys=0.01,
        bootid="boot",
        monotonicms=1,
        sequence=f"{lane.sequence:020d}",
        chain=lane.chain,
        prevhash=lane.head,
        keyid="0" * 16,
        sig="",
        data_base64=b64encode(os.urandom(SEALED_BYTES)).decode(),
    )
    content = encode(signed(made, key))
    lane.head = chain_hash(content)
    return Came(topic(lane.name, Leaf.RECORD), content)


def bench(url: str, keys: ReceiverKeys, key: Ed25519PrivateKey, lanes: int, seconds: float, rate: float, server: list[int]) -> str:
    """Two lines of figures."""
    store = Store(url)
    receiver, coming = Receiver(store, keys, SystemClock()), messages(lanes, key)
    for _ in range(max(1, 2 * lanes // BATCH)):
        # every chain is begun and every lane known
        receiver.take(list(islice(coming, BATCH)))
    lines = [_fastest(receiver, coming, seconds, server), _paced(receiver, coming, seconds, rate, server)]
    store.close()
    return "\n".join(lines)


def _fastest(receiver: Receiver, coming: Iterator[Came], seconds: float, server: list[int]) -> str:
    taken, spent, own, theirs = 0, 0.0, 0.0, _cpu(server)
    while spent < seconds:
        batch = list(islice(coming, BATCH))
        began, cpu = time.perf_counter(), time.process_time()
        receiver.take(batch)
        spent, own = spent + time.perf_counter() - began, own + time.process_time() - cpu
        taken += BATCH
    theirs = _cpu(server) - theirs
    records = taken / (STATUSES + 1)
    return (
        f"  as fast as it goes: {records / spent:.0f} records/s and {(taken - records) / spent:.0f} statuses/s; "
        f"cpu of the receiver {own / spent:.0%} of a core, of PostgreSQL {theirs / spent:.0%}"
    )


def _paced(receiver: Receiver, coming: Iterator[Came], seconds: float, rate: float, server: list[int]) -> str:
    batch = list(islice(coming, int(rate * seconds)))
    own, theirs, began, at, took = time.process_time(), _cpu(server), time.perf_counter(), 0, []
    while at < len(batch):
        due = min(len(batch), int((time.perf_counter() - began) * rate))
        if due == at:
            time.sleep(1 / rate)
            continue
        receiver.take(batch[at:due])
        now = time.perf_counter() - began
        took.extend(now - number / rate for number in range(at, due))
        at = due
    spent = time.perf_counter() - began
    return (
        f"  at {len(batch) / spent:.0f} messages/s: median {percentile(took, 50) * 1000:.0f} ms, p99 {percentile(took, 99) * 1000:.0f} ms; "
        f"cpu of the receiver {(time.process_time() - own) / spent:.0%} of a core, of PostgreSQL {(_cpu(server) - theirs) / spent:.0%}"
    )


def _cpu(server: list[int]) -> float:
    return sum(cpu_s(pid) for parent in server for pid in with_children(parent))


def main(arguments: list[str]) -> int:
    """Print the figures."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--lanes", type=int, default=10_000)
    parser.add_argument("--seconds", type=float, default=10.0)
    parser.add_argument("--rate", type=float, default=1333.0)
    parser.add_argument("--database", action="append", default=[])
    parser.add_argument("--memory", action="store_true")
    chosen = parser.parse_args(arguments)
    print(machine())
    with ExitStack() as stack:
        place = in_memory() if chosen.memory else None
        folder = Path(stack.enter_context(tempfile.TemporaryDirectory(prefix="mpaka-bench-", dir=place)))
        stores: list[tuple[str, list[int]]] = [(url, []) for url in chosen.database]
        if not stores:
            stores.append((sqlite_url(folder / "headquarters.db"), []))
            if programs() is not None:
                cluster = Cluster(place)
                stack.callback(cluster.close)
                stores.append((cluster.database(), [cluster.process_id]))
        practice = Practice(folder / "practice")
        keys = replace(practice.receiver_keys(), public=OneKey(practice.keys().signing.public_key()))
        for url, server in stores:
            print(
                url.partition("://")[0],
                bench(url, keys, practice.keys().signing, chosen.lanes, chosen.seconds, chosen.rate, server),
                sep="\n",
                flush=True,
            )
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
