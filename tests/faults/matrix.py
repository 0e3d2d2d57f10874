"""The fault matrix: what a lane told its travellers against what headquarters has, after each fault; plain paho at QoS 1 beside it.

    python -m tests.faults.matrix [--trials 20] [--records 300] [--fault "lane killed"] [--jobs 2] [--alone] [--seed 1]
Each trial starts a lane (100 records a second), a broker (mosquitto) and headquarters as processes, plays the fault at a moment by chance, starts
again what was killed, and waits until the lane says that all is delivered. Then: `lost` was told "done" and is not stored; `doubled` is stored
twice; `out of order`: what is given out is not in the order in which it was told, or a sequence is missing; `late`: arrived after a later one.
"""

import argparse
import random
import sqlite3
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from kiosk.broker import mosquitto
from kiosk.headquarters.database import file_of
from tests.benches.figures import machine
from tests.faults.reporting_scene import Ours, Plain, Scene, Verdict, Way
from tests.postgres import Cluster, programs

LOCKED_S, CUT_S, SMALL_DISK = 7.0, 3.0, "4m"


def nothing(scene: Scene) -> None:
    scene.begin()


def lane_killed(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.kill("lane")
    scene.start("lane")


def headquarters_killed(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.kill("headquarters")
    scene.rest(0.0, 1.0)
    scene.start("headquarters")


def broker_killed(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.broker.kill()
    scene.rest(0.0, 1.0)
    scene.broker.start_again()


def broker_restarted(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.broker.stop()
    scene.broker.start_again()


def offline_then_lane_killed(scene: Scene) -> None:
    scene.line.cut()
    scene.begin()
    scene.somewhere()
    scene.kill("lane")
    scene.start("lane")
    scene.line.mend()


def line_cut(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.line.cut()
    scene.rest(CUT_S, CUT_S)
    scene.line.mend()


def line_half_open(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.line.swallow()


def headquarters_away_and_broker_killed(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    scene.kill("headquarters")
    scene.until_told(1.0)
    scene.rest(0.0, 0.5)
    scene.broker.kill()
    scene.broker.start_again()
    scene.start("headquarters")


def database_locked(scene: Scene) -> None:
    scene.begin()
    scene.somewhere()
    file = file_of(scene.way.database(scene.folder))
    assert file is not None
    other = sqlite3.connect(file, isolation_level=None, timeout=30)
    other.execute("BEGIN EXCLUSIVE")
    scene.rest(LOCKED_S, LOCKED_S)
    other.execute("ROLLBACK")
    other.close()


def database_down(scene: Scene) -> None:
    """PostgreSQL stops as at a power cut, and comes back."""
    cluster = Cluster(None)
    scene.at_end.append(cluster.close)
    assert isinstance(scene.way, Ours)
    scene.way = scene.way.stored_in(cluster.database())
    scene.begin()
    scene.somewhere()
    cluster.stop()
    scene.rest(0.0, CUT_S)
    cluster.start()


def clock_jumps(scene: Scene) -> None:
    """The clock of the lane is set to another time twice a second, and once more while the lane is away."""
    scene.program = ("tests.faults.jumping_lane",)
    lane_killed(scene)


def disk_full(scene: Scene) -> None:
    """The lane's disk is filled to its last byte, and has room again a second after the first refusal. Needs the right to mount."""
    state = scene.folder / "state"
    state.mkdir()
    subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={SMALL_DISK}", "none", str(state)], check=True)
    scene.at_end.append(lambda: subprocess.run(["umount", "-l", str(state)], check=True))
    scene.begin()
    scene.until_told(0.1)
    with (state / "fill").open("wb", buffering=0) as file, suppress(OSError):
        while True:
            file.write(bytes(4096))
    scene.until_said("lane", b"not recorded (full)")
    scene.rest(1.0, 1.0)
    (state / "fill").unlink()


@dataclass(frozen=True)
class Fault:
    """One row: what is played, whether plain paho can be played it too, and whether it can be played on this machine."""

    play: Callable[[Scene], None]
    beside: bool = True
    here: Callable[[], object] = lambda: True


FAULTS = {
    "none": Fault(nothing),
    "lane killed": Fault(lane_killed),
    "broker killed": Fault(broker_killed),
    "broker restarted": Fault(broker_restarted),
    "headquarters killed": Fault(headquarters_killed),
    "offline, then lane killed": Fault(offline_then_lane_killed),
    "line cut 3 s": Fault(line_cut),
    "line half open": Fault(line_half_open),
    "headquarters away, broker killed": Fault(headquarters_away_and_broker_killed),
    "database locked 7 s": Fault(database_locked),
    "database down": Fault(database_down, beside=False, here=programs),
    "clock jumps, lane killed": Fault(clock_jumps, beside=False),
    "disk full 1 s": Fault(disk_full, beside=False),
}


@dataclass(frozen=True)
class Row:
    """All trials of one fault on one way."""

    fault: str
    way: str
    verdicts: tuple[Verdict, ...]
    failed: tuple[str, ...] = ()

    @property
    def clean(self) -> bool:
        """Nothing lost, doubled or out of order, in every trial."""
        return not self.failed and not any(verdict.lost or verdict.doubled or verdict.out_of_order for verdict in self.verdicts)

    def cell(self) -> str:
        """As it is printed."""
        sums = [
            sum(getattr(verdict, name) for verdict in self.verdicts)
            for name in ("told", "lost", "doubled", "out_of_order", "late", "untold")
        ]
        seconds = max((verdict.seconds for verdict in self.verdicts), default=0.0)
        failed = f"  FAILED {len(self.failed)}: {self.failed[0]}" if self.failed else ""
        return (
            f"{self.fault:<34}{self.way:<7}{len(self.verdicts):>6}"
            + "".join(f"{number:>9}" for number in sums)
            + f"{seconds:>9.1f}{failed}"
        )


HEAD = f"{'fault':<34}{'way':<7}{'trials':>6}" + "".join(
    f"{name:>9}" for name in ("told", "lost", "doubled", "disorder", "late", "untold", "worst s")
)


def trial(way: Way, fault: str, folder: Path, records: int, seed: int) -> Verdict:
    """One trial. Raises TimeoutError or RuntimeError where it does not come to its end."""
    scene = Scene(way, folder, records, random.Random(seed))
    try:
        FAULTS[fault].play(scene)
        return scene.finish()
    finally:
        scene.close()


def play(way: Way, fault: str, folder: Path, trials: int, records: int, seed: int, jobs: int = 1) -> Row:
    """All trials of a fault, some of them side by side."""

    def one(number: int) -> Verdict | str:
        try:
            return trial(way, fault, folder / f"{way.name}-{fault.replace(' ', '-')}-{number}", records, seed * 1000 + number)
        except (TimeoutError, RuntimeError, OSError, subprocess.SubprocessError) as why:
            return f"{type(why).__name__}: {why}"

    with ThreadPoolExecutor(jobs) as pool:
        done = list(pool.map(one, range(trials)))
    verdicts = tuple(verdict for verdict in done if isinstance(verdict, Verdict))
    return Row(fault, way.name, verdicts, tuple(why for why in done if isinstance(why, str)))


def main(arguments: list[str]) -> int:
    """Print the table as it comes; the exit status says whether ours lost, doubled or disordered anything."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trials", type=int, default=1)
    parser.add_argument("--records", type=int, default=100)
    parser.add_argument("--fault", choices=list(FAULTS), action="append", help="may be given several times; without it all")
    parser.add_argument("--jobs", type=int, default=1, help="trials at the same time")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--alone", action="store_true", help="without plain paho beside")
    chosen = parser.parse_args(arguments)
    if mosquitto() is None:
        print("the matrix needs mosquitto: apt-get install mosquitto", file=sys.stderr)
        return 2
    print(machine(), HEAD, sep="\n", flush=True)
    clean, began = True, time.monotonic()
    with tempfile.TemporaryDirectory(prefix="mpaka-matrix-") as place:
        for fault in chosen.fault or [name for name, fault in FAULTS.items() if fault.here()]:
            ways: list[Way] = [Ours(Path(place) / "founding")]
            if FAULTS[fault].beside and not chosen.alone:
                ways.append(Plain())
            for way in ways:
                row = play(way, fault, Path(place), chosen.trials, chosen.records, chosen.seed, chosen.jobs)
                print(row.cell(), flush=True)
                clean = clean and (way.name != "mpaka" or row.clean)
    print(f"{time.monotonic() - began:.0f} s; mpaka: {'nothing lost, doubled or out of order' if clean else 'NOT CLEAN'}")
    return 0 if clean else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
