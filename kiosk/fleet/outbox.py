"""What a fleet must not forget: for each lane its chain and how far it is acknowledged, and the rows that wait. One SQLite file for all lanes.

A real lane has a journal of its own; ten thousand of those on one disk would measure that disk. Written as the journal is, WAL with
synchronous=FULL: what was told is on the disk. Many lanes' rows share a commit. Two connections: one writes, in a thread of its own,
one reads, in the loop's.
"""

import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.folders import lasting_folder
from kiosk.journal.rows import JournalUnusable

FILE = "fleet.db"
SCHEMA = """
CREATE TABLE IF NOT EXISTS mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE IF NOT EXISTS lane (
    number INTEGER PRIMARY KEY, chain TEXT NOT NULL, sequence INTEGER NOT NULL, hash TEXT NOT NULL, upto INTEGER NOT NULL, head TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS waiting (
    lane INTEGER NOT NULL, sequence INTEGER NOT NULL, id TEXT NOT NULL, hash TEXT NOT NULL, content BLOB NOT NULL, UNIQUE (lane, sequence)
);
CREATE TABLE IF NOT EXISTS rejected (id TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
"""


@dataclass(frozen=True)
class Chain:
    """A lane's chain: its end (`sequence`, `hash`) and the last row that headquarters has (`upto`, `head`)."""

    chain: str
    sequence: int
    hash: str
    upto: int
    head: str


@dataclass(frozen=True)
class NewRow:
    """A record to keep until headquarters has it."""

    lane: int
    sequence: int
    record_id: str
    hash: str
    content: bytes


@dataclass(frozen=True)
class KnownRow:
    """A row that waited when the program was ended."""

    lane: int
    sequence: int
    record_id: str
    hash: str


class FleetOutbox:
    """The file. Every method may raise JournalUnusable, which says what to do; then nothing of the call is kept."""

    def __init__(self, folder: Path, founded: str) -> None:
        """Open or make it. `founded` names the founding that signs here: rows of another one would never be acknowledged."""
        self._path, self._torn = folder / FILE, False
        with self._guarded():
            lasting_folder(folder)
            self._writer, self._reader = (self._connected() for _ in range(2))
            self._writer.executescript(f"BEGIN IMMEDIATE; {SCHEMA} COMMIT;")
            known = self._writer.execute("SELECT value FROM mark WHERE name = 'founding'").fetchone()
            if known is None:
                self._writer.execute("INSERT INTO mark VALUES ('founding', ?)", (founded,))
        if known is not None and known[0] != founded:
            self.close()
            raise JournalUnusable(f"--state {folder}: it is of a fleet with other keys; name another folder, or the --founding that it had")

    def chains(self) -> dict[int, Chain]:
        """Every lane that ever recorded."""
        with self._guarded():
            found = self._reader.execute("SELECT number, chain, sequence, hash, upto, head FROM lane").fetchall()
        return {row[0]: Chain(*row[1:]) for row in found}

    def rows(self) -> Sequence[KnownRow]:
        """The rows that wait, lowest first in each lane."""
        with self._guarded():
            return [KnownRow(*row) for row in self._reader.execute("SELECT lane, sequence, id, hash FROM waiting ORDER BY lane, sequence")]

    def content(self, lane: int, sequence: int) -> bytes:
        """One waiting row as it is sent."""
        with self._guarded():
            found = self._reader.execute("SELECT content FROM waiting WHERE lane = ? AND sequence = ?", (lane, sequence)).fetchone()
        if found is None:
            raise JournalUnusable(f"{self._path}: a row that waits is not in it; was the file changed? Start with an empty folder")
        content: bytes = found[0]
        return content

    def rejected(self) -> int:
        """How many rows headquarters stored apart."""
        with self._guarded():
            return int(self._reader.execute("SELECT count(*) FROM rejected").fetchone()[0])

    def commit(self, chains: Mapping[int, Chain], rows: Sequence[NewRow], apart: Mapping[str, str]) -> None:
        """Keep new rows, where the lanes stand now, and what was stored apart (id: why); let go what is acknowledged. Synced on return.

        After one that failed none is taken: a later one would leave a hole in a chain."""
        if self._torn:
            raise JournalUnusable(f"{self._path}: an earlier commit failed; start again, it goes on")
        with self._guarded(), self._transaction() as connection:
            connection.executemany(
                "INSERT INTO waiting VALUES (?, ?, ?, ?, ?)",
                [(row.lane, row.sequence, row.record_id, row.hash, row.content) for row in rows],
            )
            connection.executemany(
                "INSERT OR REPLACE INTO lane VALUES (?, ?, ?, ?, ?, ?)",
                [(lane, at.chain, at.sequence, at.hash, at.upto, at.head) for lane, at in chains.items()],
            )
            connection.executemany("DELETE FROM waiting WHERE lane = ? AND sequence <= ?", [(lane, at.upto) for lane, at in chains.items()])
            connection.executemany("DELETE FROM waiting WHERE id = ?", [(record_id,) for record_id in apart])
            connection.executemany("INSERT OR IGNORE INTO rejected VALUES (?, ?)", apart.items())

    def close(self) -> None:
        """Fold the write-ahead log in and close."""
        self._reader.close()
        self._writer.close()

    def _connected(self) -> sqlite3.Connection:
        # the writer works in a thread of its own, one call after the other
        connection = sqlite3.connect(self._path, isolation_level=None, timeout=5, check_same_thread=False)
        connection.execute("PRAGMA journal_mode = WAL")
        connection.execute("PRAGMA synchronous = FULL")
        return connection

    @contextmanager
    def _transaction(self) -> Iterator[sqlite3.Connection]:
        self._torn = True
        self._writer.execute("BEGIN IMMEDIATE")
        try:
            yield self._writer
            self._writer.execute("COMMIT")
            self._torn = False
        finally:
            if self._writer.in_transaction:
                self._writer.execute("ROLLBACK")

    @contextmanager
    def _guarded(self) -> Iterator[None]:
        try:
            yield
        except (OSError, sqlite3.Error) as why:
            raise JournalUnusable(
                f"{self._path}: cannot be used ({type(why).__name__}); look at the disk and the folder's rights, or whether another runs there"
            ) from None
