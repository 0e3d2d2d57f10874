"""The receiver's store as the opener sees it: read only, beside a running receiver, with no right to change anything in it.

In SQLite that needs the right to read the folder and its files, as a member of the receiver's group. While no program has the store open there is
no shared memory of it to read by, and none can be made; then it is read as a file that nobody writes, and `still` says whether that held.
"""

import sqlite3
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from kiosk.crossings.opened import Sealed
from kiosk.crossings.progress import Span
from kiosk.headquarters.database import file_of, open_database
from kiosk.headquarters.sql import Database, Row, StoreUnusable
from kiosk.headquarters.sqlite import BUSY_S, SqliteDatabase
from kiosk.headquarters.store import STORE_FILE

TABLES = ("chain", "record", "media", "rejected")
"""What an opener may read, and all that it may."""
AT_ONCE, CHAINS_AT_ONCE = 200, 1000
_RECORD = "SELECT id, station, chain, sequence, content, hash, received FROM record"
_APART = "SELECT id, station, chain, sequence, content, hash, received, why FROM rejected"


@dataclass(frozen=True)
class SealedPicture:
    """A picture as headquarters keeps it: the signed message."""

    id: str
    record_id: str
    station: str
    content: bytes


class ReadOnlySqlite(SqliteDatabase):
    """A file of SQLite that is only read."""

    def __init__(self, path: Path) -> None:
        """Open it. Raises StoreUnusable."""
        Database.__init__(self)
        self.place = str(path)
        self._log = path.with_name(f"{path.name}-wal")
        self._alone = False
        try:
            self._connection = self._connect(path, "mode=ro")
        except sqlite3.OperationalError:
            self._alone = not self._log.exists()
            if not self._alone:
                raise _unusable(path) from None
            try:
                self._connection = self._connect(path, "mode=ro&immutable=1")
            except sqlite3.Error:
                raise _unusable(path) from None
        except sqlite3.Error:
            raise _unusable(path) from None

    def still(self) -> None:
        """What was read is whole. Raises StoreUnusable where it may not be: a receiver has begun to write."""
        if self._alone and self._log.exists():
            raise StoreUnusable(f"store {self.place}: the receiver was started while it was read; run this again")

    @staticmethod
    def _connect(path: Path, how: str) -> sqlite3.Connection:
        connection = sqlite3.connect(f"{path.as_uri()}?{how}", uri=True, isolation_level=None, timeout=BUSY_S)
        try:
            connection.execute("SELECT count(*) FROM sqlite_master")
        except sqlite3.Error:
            connection.close()
            raise
        return connection


class SealedStore:
    """The records and pictures of a receiver's store. `url`: that of its database, a file, or the receiver's folder."""

    def __init__(self, url: str) -> None:
        """Open it. Raises StoreUnusable."""
        self._database = _readable(url)
        try:
            ready = all(self._database.has_table(name) for name in TABLES)
        except BaseException:
            self._database.close()
            raise
        if not ready:
            self._database.close()
            raise StoreUnusable(f"store {self._database.place}: no receiver has stored here yet (`mpaka headquarters`)")

    def chains(self) -> list[tuple[str, str]]:
        """Every chain that has begun: station and chain. Raises StoreFailed."""
        found = self._database.execute("SELECT station, chain FROM chain ORDER BY station, chain")
        return [(station, chain) for station, chain in found]

    def beyond(self, reached: dict[tuple[str, str], int]) -> set[tuple[str, str]]:
        """Those of these chains that have a record beyond the number that each has reached. Raises StoreFailed."""
        sql = (
            "WITH wanted (station, chain, upto) AS ({rows}) SELECT station, chain FROM wanted WHERE EXISTS (SELECT 1 FROM record"
            " WHERE record.station = wanted.station AND record.chain = wanted.chain AND record.sequence > wanted.upto)"
        )
        rows = [(*names, upto) for names, upto in reached.items()]
        portions = (rows[at : at + CHAINS_AT_ONCE] for at in range(0, len(rows), CHAINS_AT_ONCE))
        return {(station, chain) for portion in portions for station, chain in self._database.execute_with(sql, portion)}

    def after(self, station: str, chain: str, sequence: int) -> list[Sealed]:
        """The next records of a chain, in order; at most AT_ONCE. Raises StoreFailed."""
        return self._rows(
            f"{_RECORD} WHERE station = ? AND chain = ? AND sequence > ? ORDER BY sequence LIMIT ?", station, chain, sequence, AT_ONCE
        )

    def within(self, station: str, chain: str, span: Span) -> list[Sealed]:
        """Those of a span that are there, in order; at most AT_ONCE. Raises StoreFailed."""
        sql = f"{_RECORD} WHERE station = ? AND chain = ? AND sequence BETWEEN ? AND ? ORDER BY sequence LIMIT ?"
        return self._rows(sql, station, chain, *span, AT_ONCE)

    def apart(self, known: frozenset[str]) -> Iterator[list[Sealed]]:
        """Those stored apart whose hash is not known yet, some at a time. Raises StoreFailed."""
        hashes = [found for (found,) in self._database.execute("SELECT hash FROM rejected ORDER BY received, hash") if found not in known]
        for at in range(0, len(hashes), AT_ONCE):
            yield self._of(f"{_APART} WHERE hash IN (SELECT name FROM wanted)", hashes[at : at + AT_ONCE])

    def named(self, records: Iterable[str]) -> list[Sealed]:
        """The records with these ids, those stored apart as well. Raises StoreFailed."""
        wanted = list(records)
        return [row for sql in (_RECORD, _APART) for row in self._of(f"{sql} WHERE id IN (SELECT name FROM wanted)", wanted)]

    def kept(self, records: Iterable[str]) -> frozenset[str]:
        """Those of these records that are not erased by now. Raises StoreFailed."""
        sql = (
            "WITH wanted (name) AS ({rows}) SELECT id FROM record WHERE id IN (SELECT name FROM wanted) AND length(content) > 0"
            " UNION SELECT id FROM rejected WHERE id IN (SELECT name FROM wanted) AND length(content) > 0"
        )
        return frozenset(found for (found,) in self._database.execute_with(sql, [(record,) for record in records]))

    def media(self, records: Iterable[str]) -> list[SealedPicture]:
        """The sealed pictures of these records, of the record's own station alone; an erased one has no content. Raises StoreFailed."""
        sql = (
            "WITH wanted (record) AS ({rows}) SELECT media.id, media.record, media.station, media.content"
            " FROM wanted JOIN media ON media.record = wanted.record"
            " WHERE media.station = coalesce((SELECT station FROM record WHERE record.id = media.record),"
            " (SELECT min(station) FROM rejected WHERE rejected.id = media.record)) ORDER BY media.record, media.id"
        )
        found = self._database.execute_with(sql, [(record,) for record in records])
        return [SealedPicture(id_, record_id, station, bytes(content)) for id_, record_id, station, content in found]

    def still(self) -> None:
        """What was read so far is whole. Raises StoreUnusable."""
        if isinstance(self._database, ReadOnlySqlite):
            self._database.still()

    def close(self) -> None:
        """Close it."""
        self._database.close()

    def _rows(self, sql: str, *values: str | int) -> list[Sealed]:
        return [_sealed(row) for row in self._database.execute(sql, values)]

    def _of(self, sql: str, names: list[str]) -> list[Sealed]:
        found = self._database.execute_with(f"WITH wanted (name) AS ({{rows}}) {sql}", [(name,) for name in names])
        return sorted((_sealed(row) for row in found), key=lambda one: (one.station, one.chain, one.sequence))


def grants(role: str) -> str:
    """What gives a role of PostgreSQL the right to read the receiver's tables, and nothing else; for `psql`, as the receiver's role."""
    quoted = '"' + role.replace('"', '""') + '"'
    lines = (
        f"GRANT USAGE ON SCHEMA public TO {quoted};",
        *(f"GRANT SELECT ON {table} TO {quoted};" for table in TABLES),
    )
    return "\n".join(lines) + "\n"


def _readable(url: str) -> Database:
    path = file_of(url)
    if path is None:
        return open_database(url)
    try:
        path = path / STORE_FILE if path.is_dir() else path
        there = path.exists()
    except PermissionError:
        raise _unusable(path) from None
    if not there:
        raise StoreUnusable(
            f"store {path}: there is none; `mpaka headquarters` makes the sealed store, `mpaka headquarters open --into` the opened one"
        )
    return ReadOnlySqlite(path)


def _unusable(path: Path) -> StoreUnusable:
    return StoreUnusable(
        f"store {path}: cannot be read; this user must be in the receiver's group, and the folder and its files readable by that group"
    )


def _sealed(row: Row) -> Sealed:
    record_id, station, chain, sequence, content, hash_, received, *apart = row
    return Sealed(record_id, station, chain, sequence, bytes(content), hash_, received, *apart)
