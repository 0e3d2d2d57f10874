"""The journal of openings: what is opened, with which key, by whom and why, on the disk before the first byte is opened."""

import sqlite3
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import Clock
from kiosk.headquarters.database import StoreUnusable

OPENINGS_FILE = "openings.db"


@dataclass(frozen=True)
class Opener:
    """Who opens, as a pseudonym, and why."""

    operator: str
    reason: str


class Openings:
    """The journal in its folder."""

    def __init__(self, folder: Path, opener: Opener, clock: Clock) -> None:
        """Open it, or make it. Raises StoreUnusable."""
        self._path, self._opener, self._clock = folder / OPENINGS_FILE, opener, clock
        try:
            folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            self._connection = sqlite3.connect(self._path, isolation_level=None, timeout=5)
            self._connection.execute("PRAGMA synchronous = FULL")
            self._connection.execute(
                "CREATE TABLE IF NOT EXISTS opening (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, record TEXT NOT NULL,"
                " key TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL)"
            )
        except (OSError, sqlite3.Error) as why:
            raise self._unusable(why) from None

    def note(self, names: Sequence[str], keys: Sequence[str]) -> None:
        """These records or pictures, by their ids, are about to be opened with these keys. Raises StoreUnusable: then nothing may be opened."""
        now, key = self._clock.now().text, " ".join(keys)
        rows = [(now, name, key, self._opener.operator, self._opener.reason) for name in names]
        try:
            self._connection.execute("BEGIN IMMEDIATE")
            self._connection.executemany("INSERT INTO opening (time, record, key, operator, reason) VALUES (?, ?, ?, ?, ?)", rows)
            self._connection.execute("COMMIT")
        except sqlite3.Error as why:
            raise self._unusable(why) from None

    def close(self) -> None:
        """Close it."""
        self._connection.close()

    def _unusable(self, why: Exception) -> StoreUnusable:
        return StoreUnusable(f"journal of openings {self._path}: cannot be written ({type(why).__name__}); nothing is opened without it")
