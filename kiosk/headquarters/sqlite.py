"""A database of headquarters in one file: SQLite, for a machine alone and for the demo."""

import json
import sqlite3
import time
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

from kiosk.folders import lasting_folder
from kiosk.headquarters.sql import Database, Row, StoreUnusable

BUSY_S, AGAIN_S = 5.0, 0.01
# Before there was a table of forms, the store's stood here
PART_OF_USER_VERSION = "store"


class SqliteDatabase(Database):
    """One connection; WAL, synchronous=FULL."""

    for_update = ""
    serial = "INTEGER PRIMARY KEY AUTOINCREMENT"
    bytes = "BLOB"

    def __init__(self, path: Path) -> None:
        """Open the file, or make it. Raises StoreUnusable."""
        super().__init__()
        self.place = str(path)
        try:
            lasting_folder(path.parent)
            self._connection = sqlite3.connect(path, isolation_level=None, timeout=BUSY_S)
            self._write_ahead()
            self._connection.execute("PRAGMA synchronous = FULL")
        except (OSError, sqlite3.Error) as why:
            raise StoreUnusable(
                f"store {path}: cannot be opened ({type(why).__name__}); look at the disk and the folder's rights"
            ) from None

    def _write_ahead(self) -> None:
        """Into WAL mode. SQLite does not wait by itself where another program is doing the same to a new file."""
        until = time.monotonic() + BUSY_S
        while True:
            try:
                self._connection.execute("PRAGMA journal_mode = WAL")
            except sqlite3.OperationalError as why:
                if not why.sqlite_errorname.startswith("SQLITE_BUSY") or time.monotonic() > until:
                    raise
                time.sleep(AGAIN_S)
            else:
                return

    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        with self._translated():
            return self._connection.execute(sql, values).fetchall()

    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        if not rows:
            return
        if not self._within:
            with self.transaction():
                self.execute_many(sql, rows)
            return
        with self._translated():
            self._connection.executemany(sql, rows)

    def execute_with(self, sql: str, rows: Sequence[Sequence[str | int]]) -> list[Row]:
        if not rows:
            return []
        columns = ", ".join(f"json_extract(value, '$[{at}]')" for at in range(len(rows[0])))
        return self.execute(sql.replace("{rows}", f"SELECT {columns} FROM json_each(?)"), (json.dumps([list(row) for row in rows]),))

    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        with self._translated(), closing(self._connection.execute(sql, values)) as found:
            yield from found

    def writes_alone(self) -> None:
        """BEGIN IMMEDIATE has seen to it."""

    def has_table(self, name: str) -> bool:
        return bool(self.execute("SELECT 1 FROM sqlite_master WHERE type = 'table' AND name = ?", (name,)))

    def form(self, part: str) -> int:
        found = super().form(part)
        if not found and part == PART_OF_USER_VERSION:
            return int(self.execute("PRAGMA user_version")[0][0])
        return found

    def close(self) -> None:
        self._connection.close()

    def _begin(self) -> None:
        self.execute("BEGIN IMMEDIATE")

    def _commit(self) -> None:
        self.execute("COMMIT")

    def _rollback(self) -> None:
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK")

    @contextmanager
    def _translated(self) -> Iterator[None]:
        try:
            yield
        except sqlite3.Error as why:
            name = getattr(why, "sqlite_errorname", type(why).__name__)
            busy = name.startswith(("SQLITE_BUSY", "SQLITE_LOCKED"))
            raise self._failed(name, "another program holds it" if busy else "look at the disk: `df`, `dmesg`") from None
