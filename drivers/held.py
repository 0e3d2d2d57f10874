"""What this process holds: open files, threads, child processes. Linux."""

import threading
from collections import Counter
from pathlib import Path

OURS = ("/dev/null", "/dev/ptmx")


def device_files() -> set[str]:
    """The device files that are open."""
    return {name for name in _files() if name.startswith("/dev/") and name not in OURS}


def held() -> Counter[str]:
    """Everything that would be left over if a driver forgot it, and how often."""
    children = [f"process {pid}" for task in Path("/proc/self/task").glob("*/children") for pid in task.read_text().split()]
    return Counter([*_files(), *(f"thread {thread.name}" for thread in threading.enumerate()), *children])


def _files() -> list[str]:
    found = []
    for file in Path("/proc/self/fd").iterdir():
        try:
            found.append(str(file.readlink()))
        except FileNotFoundError:
            # the one that the listing itself used
            continue
    return found
