"""A whole lane with six simulated devices, broker and headquarters: `python -m tests.benches.lane [--display kiosk21|lane10|both]`.

Start: from starting the program to the attract screen drawn and ready for a finger. Reaction: from a finger coming down to the picture that
shows it. Screen change: from letting go to the next state drawn. Document: from laying it down to the next state drawn. Frames: from one
callback of each frame to the next. Memory: proportional set size. Waiting: processor time at the attract screen. One process a
display. Software OpenGL where no display is there: the table names what drew. `--rounds`, `--seconds` say how much is measured.
"""

import argparse
import json
import os
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

from kiosk.demo import post as posts
from tests.benches.figures import machine, table

DISPLAYS, STARTS = ("lane10", "kiosk21"), 3


def main(arguments: list[str]) -> int:
    """Measure and print; the status is not zero where a display failed."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--display", choices=[*DISPLAYS, "both"], default="both")
    parser.add_argument("--rounds", type=int, default=4)
    parser.add_argument("--seconds", type=float, default=20.0)
    chosen = parser.parse_args(arguments)
    print(machine())
    for display in DISPLAYS if chosen.display == "both" else (chosen.display,):
        with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as folder, _post(Path(folder), display) as post:
            if not _one_display(post, display, chosen.rounds, chosen.seconds):
                return 1
    return 0


def _one_display(post: posts.Post, display: str, rounds: int, seconds: float) -> bool:
    starts: list[dict[str, Any]] = []
    # as an installed kiosk: modules are compiled, which the first start does, into a folder of the bench
    environment = {name: value for name, value in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    environment["PYTHONPYCACHEPREFIX"] = str(post.folder / "compiled")
    for number in range(STARTS):
        last = number == STARTS - 1
        command = [sys.executable, "-m", "tests.benches.lane_inside", str(post.folder), str(time.monotonic())]
        command += [str(rounds if last else 0), str(seconds)]
        done = subprocess.run(command, capture_output=True, text=True, check=False, env=environment)
        if done.returncode:
            sys.stderr.write(done.stderr)
            return False
        starts.append(json.loads(done.stdout.splitlines()[-1]))
    figures = starts[-1]
    usable = ", ".join(f"{start['usable'][0]:.2f}" for start in starts)
    cpu = min(start["usable"][1] for start in starts)
    rows = {
        "program started to a first screen that can be touched": f"{usable} s (CPU {cpu:.2f} s)",
        "program started to all six devices ready": ", ".join(f"{start['devices']:.2f}" for start in starts) + " s",
    }
    table(f"{display} · drawn by {figures['renderer']}", rows | figures["rows"])
    return True


@contextmanager
def _post(folder: Path, display: str) -> Iterator[posts.Post]:
    """A post with its broker and headquarters running."""
    broker = posts.start_demo_broker(folder)
    headquarters = None
    try:
        post = posts.lay_out(folder, broker.port, display)
        headquarters = posts.start_headquarters(post)
        yield post
    finally:
        if headquarters is not None:
            headquarters.terminate()
            headquarters.wait()
        broker.stop()


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
