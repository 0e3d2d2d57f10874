"""What the processor time of a load is spent on: this program, and the programs beside it that are named by process id."""

import os
import time
from collections.abc import Mapping
from pathlib import Path

from kiosk.settings import SettingsWrong


def parse_watched(words: list[str]) -> dict[str, int]:
    """`NAME=PID` words. Raises SettingsWrong for one that is none, or whose process is not there."""
    found = {}
    for word in words:
        name, _, number = word.partition("=")
        if not name or not (number.isascii() and number.isdigit()):
            raise SettingsWrong(f'--watch "{word}": is not NAME=PID, as in broker=1234')
        if not Path(f"/proc/{number}/stat").exists():
            raise SettingsWrong(f"--watch {word}: there is no such process")
        found[name] = int(number)
    return found


class Watched:
    """Seconds of processor time since `begin`, by part: this process as `loader`, the others with all that they started."""

    def __init__(self, parts: Mapping[str, int]) -> None:
        self._parts = parts
        self.begin()

    def begin(self) -> None:
        """Count from now on."""
        self._at, self._before = time.monotonic(), self._now()

    def text(self) -> str:
        """Each part's seconds and share of one core."""
        passed, now = max(0.001, time.monotonic() - self._at), self._now()
        used = {name: max(0.0, now[name] - self._before[name]) for name in now}
        return ", ".join(f"{name} {seconds:.1f} s ({seconds / passed:.0%} of a core)" for name, seconds in used.items())

    def _now(self) -> dict[str, float]:
        return {"loader": time.process_time(), **{name: sum(_cpu_s(one) for one in _family(pid)) for name, pid in self._parts.items()}}


def _cpu_s(pid: int) -> float:
    """Its own time and that of its ended children; 0 once it is gone (proc_pid_stat(5))."""
    try:
        values = Path(f"/proc/{pid}/stat").read_text(encoding="utf-8").rpartition(")")[2].split()
    except (FileNotFoundError, ProcessLookupError):
        return 0.0
    return sum(int(value) for value in values[11:15]) / os.sysconf("SC_CLK_TCK")


def _family(pid: int) -> list[int]:
    """A process and all that it started and that lives: a database answers each connection in a process of its own."""
    try:
        children = [int(child) for task in Path(f"/proc/{pid}/task").glob("*/children") for child in task.read_text().split()]
    except (FileNotFoundError, ProcessLookupError):
        return []
    return [pid, *(one for child in children for one in _family(child))]
