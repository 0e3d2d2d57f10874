"""Where a station keeps its things: the data folder and its room, the runtime folder, which must be memory."""

import os
import shutil
from pathlib import Path

from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.journal.rows import MEGABYTE, Caps

# Below this nothing more can be counted on: SQLite's own log needs a few megabytes at once
LEAST_FREE = 20 * MEGABYTE
IN_MEMORY = ("tmpfs", "ramfs")
# The units make these, with the right owner, when they start (StateDirectory, RuntimeDirectory)
BY_UNIT = (Path("/var/lib/mpaka"), Path("/run/mpaka"))


def folder(part: str, path: Path) -> Finding:
    """A folder that must be there, or come to be there when the station starts, and be ours to write."""
    if not path.exists():
        return _not_there(part, path)
    if not path.is_dir():
        return Finding(part, State.NOT_READY, f"{path} is not a folder", "correct the path in the settings, or move that file away")
    if not os.access(path, os.W_OK | os.X_OK):
        return Finding(part, State.NOT_READY, f"{path} cannot be written", _why_not_written(path))
    return ready(part, str(path))


def data_folder(part: str, path: Path, caps: Caps) -> Finding:
    """The data folder: journal and pictures of records that are not yet at headquarters must find room there."""
    there = folder(part, path)
    if there.state is not State.READY:
        return there
    wanted, free = caps.journal_bytes + caps.media_bytes, shutil.disk_usage(path).free
    found = f"{path}, {free // MEGABYTE} MB free"
    if free < LEAST_FREE:
        return Finding(part, State.NOT_READY, found, "the disk is full: make room on it; nothing of the journal may be removed by hand")
    if free < wanted:
        to_do = "the lane pauses when the disk is nine tenths full, before these limits; lower journal.cap_mb and journal.media_cap_mb"
        return Finding(part, State.WARNING, f"{found}; the journal may take {wanted // MEGABYTE} MB", to_do)
    return ready(part, found)


def memory_folder(part: str, path: Path, mounts: str) -> Finding:
    """The runtime folder: pictures of travellers pass through it, so it must live in memory (law 5). `mounts` is /proc/mounts."""
    there = folder(part, path)
    if there.state is State.NOT_READY:
        return there
    if _filesystem(_nearest(path.resolve()), mounts) not in IN_MEMORY:
        to_do = "put it on a tmpfs such as /run: what a session needs must not reach a disk"
        return Finding(part, State.WARNING, f"{path} is on a disk", to_do)
    return there


def _not_there(part: str, path: Path) -> Finding:
    by_unit = any(path.is_relative_to(place) for place in BY_UNIT)
    if by_unit or os.access(_nearest(path), os.W_OK | os.X_OK):
        return Finding(
            part, State.WARNING, f"{path} is not there yet", "it is made when the station starts; if you meant another, correct places"
        )
    to_do = f"make it: install -d -m 0700 -o $(id -un) {path}; or correct places in the settings"
    return Finding(part, State.NOT_READY, f"{path} is not there, and its parent cannot be written", to_do)


def _why_not_written(path: Path) -> str:
    if os.statvfs(path).f_flag & os.ST_RDONLY:
        return "the disk is read-only: look for disk errors (`dmesg`), then mount it writable or put in a new one"
    return f"give it to the station's user: chown $(id -un) {path} && chmod 0700 {path}"


def _nearest(path: Path) -> Path:
    """The path, or the nearest folder over it that is there."""
    return next(place for place in (path, *path.parents) if place.exists())


def _filesystem(path: Path, mounts: str) -> str:
    rows = [line.split() for line in mounts.splitlines()]
    holding = [row for row in rows if len(row) > 2 and path.is_relative_to(row[1])]
    # of two mounts on the same place the later one is what one sees
    return max(enumerate(holding), key=lambda at: (len(at[1][1]), at[0]))[1][2] if holding else ""
