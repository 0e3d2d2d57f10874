"""Which slips were begun, sent and confirmed: so that a second one is marked COPY, also after a power cut of the kiosk.

A file of a few lines, written whole and renamed before the first byte of a slip goes out. It holds numbers and fingerprints of slips, nothing
of a person. A disk that takes nothing more does not keep a slip from being printed: then the memory of this process must do.
"""

import json
import logging
import os
from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from pathlib import Path

import msgspec

MOST_KEPT = 200

log = logging.getLogger(__name__)


class Stage(StrEnum):
    """How far a slip has come. SENT: all bytes are on their way; CONFIRMED: the printer said that it is printed."""

    QUEUED = "queued"
    SENT = "sent"
    CONFIRMED = "confirmed"


@dataclass(frozen=True)
class Entry:
    """One slip: its job number and its fingerprint."""

    number: int
    slip: str
    stage: Stage


class JobJournal:
    """The last slips, oldest first. Without a path they are forgotten with the process."""

    def __init__(self, path: Path | None) -> None:
        """Read what is there; a file that cannot be understood is put aside."""
        self._path = path
        self._entries = self._read() if path is not None else []

    def knows(self, slip: str) -> bool:
        """Whether this slip was begun before: it may lie in a tray or in somebody's hand."""
        return any(entry.slip == slip for entry in self._entries)

    @property
    def last_is_open(self) -> bool:
        """Whether the last slip may hang out of the printer by half."""
        return bool(self._entries) and self._entries[-1].stage is not Stage.CONFIRMED

    @property
    def last_number(self) -> int | None:
        """The job number that was used last."""
        return self._entries[-1].number if self._entries else None

    def begin(self, number: int, slip: str) -> None:
        """On disk before the first byte goes out."""
        self._entries = [*self._entries, Entry(number, slip, Stage.QUEUED)][-MOST_KEPT:]
        self._write()

    def reached(self, stage: Stage) -> None:
        """The last slip has come so far."""
        *before, last = self._entries
        self._entries = [*before, Entry(last.number, last.slip, stage)]
        self._write()

    def drop(self) -> None:
        """Of the last slip not one byte went out: it never was."""
        self._entries.pop()
        self._write()

    def _read(self) -> list[Entry]:
        path = self._path
        if path is None or not path.exists():
            return []
        try:
            return msgspec.json.decode(path.read_bytes(), type=list[Entry])
        except (OSError, msgspec.DecodeError) as why:
            log.error("the journal of slips cannot be read and is put aside: %s", type(why).__name__)
            self._try(lambda: path.replace(path.with_suffix(".unreadable")))
            return []

    def _write(self) -> None:
        path = self._path
        if path is not None:
            self._try(lambda: _replace(path, json.dumps([asdict(entry) for entry in self._entries])))

    def _try(self, work: Callable[[], object]) -> None:
        try:
            work()
        except OSError as why:
            log.error("the journal of slips cannot be written: %s", type(why).__name__)


def _replace(path: Path, text: str) -> None:
    fresh = path.with_suffix(".new")
    with fresh.open("w", encoding="utf-8") as file:
        file.write(text)
        file.flush()
        os.fsync(file.fileno())
    fresh.replace(path)
    # the new name, too, has to outlive a power cut
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        os.fsync(folder)
    finally:
        os.close(folder)
