"""A lane's program in a process of its own, without a window, for tests that kill it while it obeys.

    python -m tests.faults.commanded_lane FOLDER KEYS PORT [DIES]
DIES: `before` its journal has kept what became of a command, or `after`, before headquarters is told. It says `ready` when it is open.
"""

import os
import signal
import sys
from collections.abc import Callable, Mapping
from pathlib import Path

from kiosk.journal.rows import Obeys
from kiosk.keys import Founding
from kiosk.programs.keys import Made
from tests.kiosk.stations import LaneAtHand, Post


def die(*_: object) -> None:
    """As if the power went."""
    os.kill(os.getpid(), signal.SIGKILL)


def dies_when_it_obeys(lane: LaneAtHand, when: str) -> None:
    """With its next command."""
    keep = lane.journal.keep_command

    def kept(obeys: Obeys, facts: Mapping[str, str | int], then: Callable[[bool], None]) -> None:
        if when == "before":
            die()
        keep(obeys, facts, die)

    lane.journal.keep_command = kept  # type: ignore[method-assign]


if __name__ == "__main__":
    folder, keys, port = Path(sys.argv[1]), Path(sys.argv[2]), int(sys.argv[3])
    post = Post(folder, Made(Founding(keys), keys / "staff.json", ()), broker_port=port)
    station = post.lane()
    if len(sys.argv) > 4:
        dies_when_it_obeys(station, sys.argv[4])
    print("ready", flush=True)
    while True:
        post.bell.wait(0.2)
        post.bell.clear()
        station.glass.work()
