"""Findings of a readiness check: one line each, with what to do where something is not ready."""

import os
import shutil
import socket
import stat
from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.settings import LinkSettings

FULL_WARNING, FULL_STOP = 0.70, 0.90
TMPFS_MAGIC_NAME = "tmpfs"


class State(StrEnum):
    """How a part stands. WARNING works and should be looked at; NOT_READY does not work."""

    READY = "ready"
    WARNING = "warning"
    NOT_READY = "not ready"


@dataclass(frozen=True)
class Finding:
    """One part of the station: its name, its state, what was found, and what to do about it. Nothing of a person."""

    part: str
    state: State
    found: str
    to_do: str = ""


def ready(part: str, found: str) -> Finding:
    """A part that works."""
    return Finding(part, State.READY, found)


def report(findings: Iterable[Finding]) -> str:
    """The findings as text for a terminal, worst last so that it is what one sees."""
    order = list(State)
    rows = sorted(findings, key=lambda finding: order.index(finding.state))
    signs = {State.READY: "●", State.WARNING: "▲", State.NOT_READY: "■"}
    width = max((len(row.part) for row in rows), default=0)
    lines = []
    for row in rows:
        lines.append(f"{signs[row.state]} {row.state:<9}  {row.part:<{width}}  {row.found}")
        if row.to_do:
            lines.append(f"{'':13}{'':{width}}  → {row.to_do}")
    counts = {state: sum(row.state is state for row in rows) for state in State}
    verdict = "Ready." if not counts[State.NOT_READY] else f"NOT READY: {counts[State.NOT_READY]} of {len(rows)} parts."
    lines.append(f"{verdict} {counts[State.READY]} ready, {counts[State.WARNING]} to look at, {counts[State.NOT_READY]} not ready.")
    return "\n".join(lines)


def folder(part: str, path: Path) -> Finding:
    """A folder that must be there, be ours to write, and have room."""
    if not path.is_dir():
        return Finding(part, State.NOT_READY, f"{path} is not there", f"make it: install -d -m 0700 -o $(id -un) {path}")
    if not os.access(path, os.W_OK | os.X_OK):
        return Finding(
            part,
            State.NOT_READY,
            f"{path} cannot be written",
            "give it to the station's user, and see that the disk is not mounted read-only",
        )
    usage = shutil.disk_usage(path)
    full = 1 - usage.free / usage.total
    found = f"{path}, {usage.free // 1_000_000} MB free"
    if full >= FULL_STOP:
        return Finding(part, State.NOT_READY, found, "make room: at 90 % self-registration is paused")
    if full >= FULL_WARNING:
        return Finding(part, State.WARNING, found, "make room soon: at 90 % self-registration is paused")
    return ready(part, found)


def memory_folder(part: str, path: Path, mounts: str) -> Finding:
    """The runtime folder: pictures of travellers pass through it, so it must live in memory (law 5). `mounts` is /proc/mounts."""
    there = folder(part, path)
    if there.state is State.NOT_READY:
        return there
    if _filesystem(path.resolve(), mounts) != TMPFS_MAGIC_NAME:
        return Finding(
            part, State.WARNING, f"{path} is on a disk", "put it on a tmpfs such as /run: what a session needs must not reach a disk"
        )
    return there


def private_file(part: str, path: Path) -> Finding:
    """A key that must be there and be readable by its owner alone."""
    try:
        mode = path.stat().st_mode
    except OSError as why:
        return Finding(part, State.NOT_READY, f"{path}: {type(why).__name__}", "make keys for this station: mpaka keys --help")
    if stat.S_IMODE(mode) & 0o077:
        return Finding(part, State.NOT_READY, f"{path} is readable by others", f"chmod 600 {path}")
    return ready(part, f"{path}")


def broker(part: str, link: LinkSettings, patience_s: float = 3.0) -> Finding:
    """Whether something listens where the broker should be. Says nothing about certificates."""
    where = f"{link.host}:{link.port}"
    try:
        with socket.create_connection((link.host, link.port), timeout=patience_s):
            return ready(part, f"{where} answers")
    except OSError as why:
        reason = "no such name" if isinstance(why, socket.gaierror) else type(why).__name__
        return Finding(
            part, State.WARNING, f"{where}: {reason}", "records are kept and sent later; check cable, network and the broker's name"
        )


def _filesystem(path: Path, mounts: str) -> str:
    rows = [line.split() for line in mounts.splitlines()]
    holding = [row for row in rows if len(row) > 2 and path.is_relative_to(row[1])]
    return max(holding, key=lambda row: len(row[1]))[2] if holding else ""
