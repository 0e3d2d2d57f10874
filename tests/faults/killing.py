"""A whole post whose parts are killed at random points: `python -m tests.faults.killing --kills 100 --seed 7`.

A lane and a console work without rest while kill -9 hits the lane, one of its hosts, the console, the broker or headquarters; what was killed is started again, as
systemd would (the lane starts its hosts itself). Then everything that a person was told is looked for at headquarters: there once, and no more than once.
"""

import argparse
import json
import os
import random
import signal
import subprocess
import sys
import tempfile
import time
from collections import Counter
from dataclasses import dataclass, field
from pathlib import Path

from kiosk.broker import Broker
from kiosk.clock import SystemClock
from kiosk.demo import post as posts
from kiosk.headquarters.database import StoreUnusable
from kiosk.headquarters.opener import OpeningPlan, open_records

VICTIMS = ("lane", "host", "console", "broker", "headquarters")
SETTLE_S = 60.0


@dataclass
class Verdict:
    """What became of what was accepted."""

    accepted: int = 0
    decided: int = 0
    kills: Counter[str] = field(default_factory=Counter)
    lost: list[str] = field(default_factory=list)
    doubled: list[str] = field(default_factory=list)


class KilledPost:
    """The processes of a post, and what has been accepted so far."""

    def __init__(self, folder: Path, seed: int) -> None:
        self._folder, self._chance = folder, random.Random(seed)
        self.broker: Broker = posts.start_demo_broker(folder)
        self.post = posts.lay_out(folder, self.broker.port, "lane10")
        # what matters here is records: two devices are enough to have hosts to kill
        settings = self.post.settings / "lane.toml"
        kept = settings.read_text().split("\n[devices.")
        settings.write_text("\n[devices.".join([kept[0], *(part for part in kept[1:] if part.startswith(("receipt", "passport")))]))
        self._pin = dict(self.post.made.pins)["O-1"].value
        self.processes = {name: self._start(name) for name in ("headquarters", "lane", "console")}

    def _start(self, name: str) -> "subprocess.Popen[bytes]":
        if name == "headquarters":
            return posts.start_headquarters(self.post)
        settings = str(self.post.settings / f"{name}.toml")
        command = ["tests.faults.busy_station", name, settings, str(self._folder / f"accepted-{name}")]
        return posts.start(name, command, self._folder, {"MPAKA_TEST_PIN": self._pin})

    def accepted(self, name: str) -> list[str]:
        """Ids that were accepted; a last line that a kill tore off was not yet told to anybody."""
        path = self._folder / f"accepted-{name}"
        whole = path.read_text().rpartition("\n")[0] if path.exists() else ""
        return whole.split()

    def wait_for(self, name: str, more: int, patience_s: float = 60.0) -> None:
        """Until so many more were accepted. Raises TimeoutError."""
        wanted, due = len(self.accepted(name)) + more, time.monotonic() + patience_s
        while len(self.accepted(name)) < wanted:
            if time.monotonic() > due:
                raise TimeoutError(f"{name} accepts nothing any more; see {self._folder}/logs")
            time.sleep(0.05)

    def kill(self, victim: str) -> None:
        """kill -9, after a moment by chance, and start again after another."""
        time.sleep(self._chance.uniform(0.0, 0.8))
        if victim == "broker":
            self.broker.kill()
            time.sleep(self._chance.uniform(0.0, 1.0))
            self.broker.start_again()
        elif victim == "host":
            hosts = _children(self.processes["lane"].pid)
            if hosts:
                os.kill(self._chance.choice(hosts), signal.SIGKILL)
        else:
            self.processes[victim].kill()
            self.processes[victim].wait()
            time.sleep(self._chance.uniform(0.0, 1.0))
            self.processes[victim] = self._start(victim)

    def close(self) -> None:
        """End everything."""
        for process in self.processes.values():
            process.kill()
            process.wait()
        self.broker.stop()


def run(folder: Path, kills: int, seed: int) -> Verdict:
    """Kill so many times, then judge."""
    post, chance, verdict = KilledPost(folder, seed), random.Random(seed + 1), Verdict()
    try:
        post.wait_for("lane", 2)
        post.wait_for("console", 1)
        order = [VICTIMS[number % len(VICTIMS)] for number in range(kills)]
        chance.shuffle(order)
        for victim in order:
            post.kill(victim)
            verdict.kills[victim] += 1
            post.wait_for("lane", 1)
        post.wait_for("console", 1)
        _judge(post, verdict)
    finally:
        post.close()
    return verdict


def _judge(post: KilledPost, verdict: Verdict) -> None:
    """Everything accepted up to now must reach headquarters; stations go on working meanwhile."""
    cases, decided = post.accepted("lane"), post.accepted("console")
    verdict.accepted, verdict.decided = len(cases), len(decided)
    due = time.monotonic() + SETTLE_S
    registrations: list[str] = []
    decisions: list[str] = []
    while time.monotonic() < due:
        registrations, decisions = _stored(post)
        if set(cases) <= set(registrations) and set(decided) <= set(decisions):
            break
        time.sleep(0.5)
    verdict.lost = sorted((set(cases) - set(registrations)) | (set(decided) - set(decisions)))
    verdict.doubled = sorted(id_ for found in (registrations, decisions) for id_, count in Counter(found).items() if count > 1)


def _stored(post: KilledPost) -> tuple[list[str], list[str]]:
    """What headquarters can read: ids of registrations, and the cases that the console decided."""
    lines: list[str] = []
    plan = OpeningPlan(post.post.store, post.post.folder / "openings", post.post.made.founding.opening_key, "test", "killed")
    try:
        open_records(plan, SystemClock(), lines.append)
    except StoreUnusable:
        return [], []
    records = [json.loads(line) for line in lines]
    registrations = [record["id"] for record in records if record["type"] == "mpaka.registration.v1"]
    decisions = [record for record in records if record["type"] == "mpaka.decision.v1" and record["station"] == posts.CONSOLE]
    return registrations, [record["payload"]["case_id"] for record in decisions]


def _children(pid: int) -> list[int]:
    found = Path(f"/proc/{pid}/task")
    try:
        return [int(child) for task in found.iterdir() for child in (task / "children").read_text().split()]
    except OSError:
        return []


def main() -> int:
    """Print the verdict; the exit status says whether anything was lost or doubled."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    chosen = parser.parse_args()
    with tempfile.TemporaryDirectory(prefix="mpaka-killing-") as folder:
        verdict = run(Path(folder), chosen.kills, chosen.seed)
    print(
        f"{sum(verdict.kills.values())} kills {dict(verdict.kills)}: {verdict.accepted} registrations accepted, {verdict.decided} decisions"
    )
    print(f"lost: {len(verdict.lost)}; doubled: {len(verdict.doubled)}")
    return 1 if verdict.lost or verdict.doubled else 0


if __name__ == "__main__":
    sys.exit(main())
