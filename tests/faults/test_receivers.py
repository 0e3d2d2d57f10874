"""Several receivers on one PostgreSQL: they share the work, wait for each other in one order, and one of them may die."""

import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.broker import Broker, BrokerKind, mosquitto, start_broker
from kiosk.headquarters.store import Store
from tests.kiosk.practice import LANE, OTHER_LANE, Kept, Practice, Station, plain, until
from tests.postgres import Cluster

pytestmark = pytest.mark.skipif(mosquitto() is None, reason="sharing needs mosquitto, which speaks MQTT 5")
ROOT = Path(__file__).parents[2]
RECORDS = 120


class Receivers:
    """Receivers as processes, each with a name and a log of its own."""

    def __init__(self, practice: Practice, broker: Broker, count: int) -> None:
        self.logs = [practice.folder / f"receiver{number}.log" for number in range(count)]
        self.processes = [self._start(practice, broker, number) for number in range(count)]

    def _start(self, practice: Practice, broker: Broker, number: int) -> subprocess.Popen[bytes]:
        name = f"ut-hq-headquarters{number + 2}"
        words = [practice.folder, broker.port, broker.speaks, practice.store, name]
        with self.logs[number].open("wb") as log:
            return subprocess.Popen([sys.executable, "-m", "tests.faults.receiver", *map(str, words)], stdout=log, stderr=log, cwd=ROOT)

    def took(self) -> list[int]:
        """How many messages each has taken."""
        return [sum(int(line) for line in log.read_text().split("\n")[:-1] if line.isdigit()) for log in self.logs]

    def kill(self, number: int) -> None:
        self.processes[number].kill()
        self.processes[number].wait()


@pytest.fixture
def broker(tmp_path: Path) -> Iterator[Broker]:
    started = start_broker(tmp_path / "broker", kind=BrokerKind.MOSQUITTO)
    yield started
    started.stop()


@pytest.mark.parametrize(("count", "victim"), [(2, None), (3, 1)])
def test_what_two_lanes_record_is_stored_once_and_without_a_gap(
    tmp_path: Path, cluster: Cluster, broker: Broker, count: int, victim: int | None
) -> None:
    practice = Practice(tmp_path, cluster.database())
    receivers = Receivers(practice, broker, count)
    kepts = [Kept(tmp_path / name, practice.keys(name)) for name in (LANE, OTHER_LANE)]
    stations = [Station(practice, plain(broker), kept, name) for kept, name in zip(kepts, (LANE, OTHER_LANE), strict=True)]
    until(receivers.took, all)
    recorders = [threading.Thread(target=_record, args=(kept,)) for kept in kepts]
    for recorder in recorders:
        recorder.start()
    if victim is not None:
        before = receivers.took()[victim]
        until(lambda: receivers.took()[victim], lambda took: took > before + 10)
        receivers.kill(victim)
    for recorder in recorders:
        recorder.join()
    for kept in kepts:
        until(lambda kept=kept: kept.asked(kept.journal.waiting), lambda waiting: (waiting.rows, waiting.pictures) == (0, 0))
    for station, kept in zip(stations, kepts, strict=True):
        station.link.close()
        kept.close()
    for number in range(count):
        receivers.kill(number)
    assert all(took > 10 for took in receivers.took()), "each had its share"
    assert not any("took nothing" in log.read_text() for log in receivers.logs), "nobody waited for another in vain"
    _judge(practice.store)


def _record(kept: Kept) -> None:
    for number in range(RECORDS):
        kept.recorded(pictures=number % 2)


def _judge(url: str) -> None:
    store = Store(url)
    assert store.counts() == (2 * RECORDS, RECORDS, 0)
    assert (store.gaps(), store.findings()) == ((), ())
    newest = store.newest_chains([LANE, OTHER_LANE])
    assert [position.upto for position in newest.values()] == [RECORDS] * 2
    store.close()
