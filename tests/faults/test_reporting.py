"""Killed at any moment, nothing that was accepted is lost and nothing is doubled at headquarters.

MPAKA_FAULTS=N plays N rounds of kills instead of two (`MPAKA_FAULTS=50 ./mpaka test tests/faults/test_reporting.py`).
"""

import os
import random
import subprocess
import sys
import threading
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.broker import Broker, BrokerKind, mosquitto, start_broker
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.store import STORE_FILE, Store
from kiosk.journal.rows import Waiting
from tests.kiosk.practice import LANE, Headquarters, Kept, Practice, Station, plain, until

ROUNDS = int(os.environ.get("MPAKA_FAULTS", "2"))
# as many as are recorded while the kills go on
RECORDS = 40 * ROUNDS
KINDS = [BrokerKind.MOSQUITTO, BrokerKind.AMQTT] if mosquitto() is not None else [BrokerKind.AMQTT]


class Scene:
    """A station, a broker and a receiver, each in a process of its own."""

    def __init__(self, folder: Path, broker: Broker) -> None:
        self.practice = Practice(folder)
        self.folder, self.broker = folder, broker
        self.station = self.started("station", str(RECORDS))
        self.receiver = self.started("receiver")

    def started(self, name: str, *more: str) -> "subprocess.Popen[bytes]":
        command = [sys.executable, "-m", f"tests.faults.{name}", str(self.folder), str(self.broker.port), str(self.broker.speaks), *more]
        return subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, cwd=Path(__file__).parents[2])

    def kill(self, name: str) -> None:
        """kill -9, then start it again."""
        if name == "broker":
            self.broker.kill()
            self.broker.start_again()
            return
        end(getattr(self, name))
        setattr(self, name, self.started(name, *([str(RECORDS)] if name == "station" else [])))

    def finish(self) -> None:
        """Wait until everything was recorded, then end the station's process; what is left is delivered by the test."""
        assert self.station.stdout is not None
        assert self.station.stdout.readline() == b"done\n"

    def stop(self) -> None:
        end(self.station)
        end(self.receiver)


def end(process: "subprocess.Popen[bytes]") -> None:
    process.kill()
    process.communicate()


@pytest.fixture
def broker(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Broker]:
    if request.param is BrokerKind.AMQTT:
        pytest.importorskip("amqtt")
    started = start_broker(tmp_path / "broker", kind=request.param)
    yield started
    started.stop()


def delivered(folder: Path) -> tuple[int, int]:
    """Records and pictures at headquarters, read beside the receiver."""
    if not (folder / "headquarters" / "headquarters.db").exists():
        return 0, 0
    store = Store(sqlite_url(folder / "headquarters" / STORE_FILE))
    records, pictures, _ = store.counts()
    store.close()
    return records, pictures


def judge(folder: Path) -> None:
    """What headquarters has is what was accepted, each once, in one chain without a gap."""
    accepted = (folder / "accepted").read_text().split()
    store = Store(sqlite_url(folder / "headquarters" / STORE_FILE))
    found = [row[0] for row in store.database.execute("SELECT id FROM record ORDER BY sequence")]
    position = store.newest_chains([LANE]).get(LANE)
    assert set(accepted) <= set(found), "nothing accepted is lost"
    assert len(found) == len(set(found)) == RECORDS + len(set(found) - set(accepted)), "nothing is doubled"
    assert position is not None
    assert position.upto == len(found)
    assert store.gaps() == ()
    assert store.findings() == ()
    store.close()


@pytest.mark.parametrize(
    ("broker", "victim"),
    [(KINDS[0], "station"), (KINDS[0], "receiver"), *((kind, "broker") for kind in KINDS)],
    indirect=["broker"],
)
def test_whoever_is_killed_nothing_accepted_is_lost_or_doubled(tmp_path: Path, broker: Broker, victim: str) -> None:
    scene = Scene(tmp_path, broker)
    pause = threading.Event()
    for _ in range(ROUNDS):
        pause.wait(random.uniform(0.05, 0.8))
        scene.kill(victim)
    scene.finish()
    # a record whose commit was the last thing before the kill is at headquarters without having been told: more than accepted, never fewer
    until(lambda: delivered(tmp_path)[0], lambda count: count >= RECORDS)
    scene.stop()
    drain(scene)
    judge(tmp_path)


def test_everybody_is_killed_in_turn(tmp_path: Path) -> None:
    broker = start_broker(tmp_path / "broker")
    scene = Scene(tmp_path, broker)
    pause = threading.Event()
    for number in range(ROUNDS * 3):
        pause.wait(random.uniform(0.05, 0.6))
        scene.kill(("station", "receiver", "broker")[number % 3])
    scene.finish()
    scene.stop()
    drain(scene)
    judge(tmp_path)
    broker.stop()


@pytest.mark.parametrize("broker", KINDS[:1], indirect=True)
def test_headquarters_away_while_the_broker_is_killed_loses_nothing(tmp_path: Path, broker: Broker) -> None:
    """The fault that costs records where a broker's confirmation counts as delivery."""
    scene = Scene(tmp_path, broker)
    end(scene.receiver)
    scene.finish()
    scene.kill("broker")
    scene.receiver = scene.started("receiver")
    until(lambda: delivered(tmp_path), lambda counts: counts == (RECORDS, -(-RECORDS // 3)))
    scene.stop()
    drain(scene)
    judge(tmp_path)


def drain(scene: Scene) -> None:
    """Let the last rows and pictures out, in this process: the outbox is empty in the end."""
    kept = Kept(scene.folder / "journal", scene.practice.keys())
    headquarters = Headquarters(scene.practice, plain(scene.broker))
    station = Station(scene.practice, plain(scene.broker), kept)

    def left(waiting: Waiting) -> bool:
        return (waiting.rows, waiting.pictures) == (0, 0)

    until(lambda: kept.asked(kept.journal.waiting), left)
    station.link.close()
    kept.close()
    headquarters.stop()
