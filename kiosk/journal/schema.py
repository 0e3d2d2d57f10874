"""The journal's tables, how they are opened, and what SQLite's errors mean for the one who has to act.

Two files: records (`journal.db`) and sealed pictures (`media.db`), each with a cap of its own. WAL with synchronous=FULL: nothing that
was answered with Recorded is lost in a power cut (NORMAL loses some); EXCLUSIVE: no second program, and no shared-memory file.
"""

import os
import sqlite3
from collections.abc import Sequence
from pathlib import Path

from kiosk.folders import lasting_folder
from kiosk.journal.rows import Caps, JournalUnusable
from kiosk.registration.names import NotRecordedBecause

JOURNAL_FILE, MEDIA_FILE = "journal.db", "media.db"
PAGE_BYTES = 4096
# The write-ahead log is folded in at 1 MB, so that a small disk is not filled by it
CHECKPOINT_PAGES = 250

# One script a version of a file; what was released is never changed, only followed by the next
JOURNAL_FORMS: tuple[str, ...] = (
    """
    CREATE TABLE mark (name TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE record (
        sequence INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, made TEXT NOT NULL, content BLOB NOT NULL, hash TEXT NOT NULL
    );
    CREATE TABLE outbox (sequence INTEGER PRIMARY KEY);
    CREATE TABLE rejected (id TEXT PRIMARY KEY, why TEXT NOT NULL) WITHOUT ROWID;
    CREATE TABLE open_case (
        case_id TEXT PRIMARY KEY, sequence INTEGER NOT NULL, token TEXT NOT NULL, since TEXT NOT NULL,
        holder TEXT NOT NULL DEFAULT '', version INTEGER NOT NULL DEFAULT 0
    );
    CREATE TABLE decision (
        decision_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, code TEXT NOT NULL, outcome TEXT NOT NULL, sequence INTEGER NOT NULL
    );
    CREATE TABLE command (number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE, result TEXT NOT NULL, why TEXT NOT NULL);
    """,
    # when a command's result was kept; those that are there already count as kept with the newest record
    """
    ALTER TABLE command ADD COLUMN made TEXT NOT NULL DEFAULT '';
    UPDATE command SET made = coalesce((SELECT max(made) FROM record), '');
    """,
)
MEDIA_FORMS: tuple[str, ...] = (
    """
    CREATE TABLE media.picture (
        place INTEGER PRIMARY KEY AUTOINCREMENT, id TEXT NOT NULL UNIQUE, record TEXT NOT NULL, kind TEXT NOT NULL,
        made TEXT NOT NULL, content BLOB NOT NULL
    );
    CREATE INDEX media.of_record ON picture (record);
    CREATE TABLE media.outbox (place INTEGER PRIMARY KEY);
    """,
)

_PRIMARY = 0xFF
_REASONS = {
    sqlite3.SQLITE_FULL: NotRecordedBecause.FULL,
    sqlite3.SQLITE_READONLY: NotRecordedBecause.READ_ONLY,
    sqlite3.SQLITE_TOOBIG: NotRecordedBecause.TOO_LARGE,
}
_ADVICE = {
    sqlite3.SQLITE_BUSY: "another program holds it; stop that one (`systemctl status`) and start again",
    sqlite3.SQLITE_CANTOPEN: "the folder is missing or not writable; make it, owned by the station's user, mode 0700",
    sqlite3.SQLITE_READONLY: "the disk is read-only; look for disk errors (`dmesg`), then mount it writable or put in a new one",
    sqlite3.SQLITE_FULL: "the disk is full; make room on it, nothing of the journal may be removed by hand",
    sqlite3.SQLITE_NOTADB: "it is damaged at its beginning; put the file aside for headquarters and start with an empty folder",
    sqlite3.SQLITE_CORRUPT: "it is damaged; put the file aside for headquarters and start with an empty folder",
    sqlite3.SQLITE_IOERR: "the disk gives errors; look at `dmesg`, and replace the disk",
}


def reason_of(error: sqlite3.Error, folder: Path) -> NotRecordedBecause:
    """What an error of SQLite means for a record."""
    return NotRecordedBecause.READ_ONLY if _is_read_only(folder) else _REASONS.get(_code(error), NotRecordedBecause.BROKEN)


def unusable(path: Path, error: sqlite3.Error) -> JournalUnusable:
    """The error that stops a station from opening, with what to do."""
    advice = _ADVICE.get(_code(error), "it cannot be used; put the file aside for headquarters and start with an empty folder")
    if _is_read_only(path.parent):
        advice = _ADVICE[sqlite3.SQLITE_READONLY]
    return JournalUnusable(f"journal {path}: {advice} ({type(error).__name__} {_code(error)})")


def open_files(folder: Path, caps: Caps, forms: Sequence[str] = JOURNAL_FORMS) -> sqlite3.Connection:
    """The one connection, with both files in it, brought to the newest form. Raises JournalUnusable."""
    path = folder / JOURNAL_FILE
    try:
        lasting_folder(folder)
        connection = sqlite3.connect(path, isolation_level=None, timeout=0.5)
    except OSError as why:
        raise JournalUnusable(f"journal {path}: the folder cannot be made ({type(why).__name__}); see its rights") from None
    except sqlite3.Error as why:
        raise unusable(path, why) from None
    try:
        # before anything is read, and for both files: SQLite makes a shared-memory file at the first reading of a journal that is not exclusive
        connection.execute("PRAGMA locking_mode = EXCLUSIVE")
        connection.execute("ATTACH ? AS media", (str(folder / MEDIA_FILE),))
        for name, cap in (("main", caps.journal_bytes), ("media", caps.media_bytes)):
            _prepare(connection, name, cap)
        # pictures first: with two files no transaction spans both through a power cut
        migrate(connection, "media", MEDIA_FORMS)
        migrate(connection, "main", forms)
    except sqlite3.Error as why:
        connection.close()
        raise unusable(path, why) from None
    except JournalUnusable:
        connection.close()
        raise
    return connection


def migrate(connection: sqlite3.Connection, name: str, forms: Sequence[str]) -> None:
    """One file forward to the newest form, each step in one transaction. Raises JournalUnusable for a form of a newer version."""
    form = int(connection.execute(f"PRAGMA {name}.user_version").fetchone()[0])
    if form > len(forms):
        raise JournalUnusable(
            f"the journal has form {form}, this version knows {len(forms)}; install the version that wrote it, or a newer one"
        )
    for number in range(form, len(forms)):
        connection.executescript(f"BEGIN IMMEDIATE; {forms[number]} PRAGMA {name}.user_version = {number + 1}; COMMIT;")


def _prepare(connection: sqlite3.Connection, name: str, cap_bytes: int) -> None:
    connection.execute(f"PRAGMA {name}.journal_mode = WAL")
    connection.execute(f"PRAGMA {name}.synchronous = FULL")
    connection.execute(f"PRAGMA {name}.secure_delete = ON")
    connection.execute(f"PRAGMA {name}.max_page_count = {max(16, cap_bytes // PAGE_BYTES)}")
    connection.execute(f"PRAGMA {name}.journal_size_limit = {CHECKPOINT_PAGES * PAGE_BYTES}")
    connection.execute(f"PRAGMA wal_autocheckpoint = {CHECKPOINT_PAGES}")


def _is_read_only(folder: Path) -> bool:
    """SQLite calls a read-only disk by several names, by what it wanted to do there first."""
    try:
        return bool(os.statvfs(folder).f_flag & os.ST_RDONLY)
    except OSError:
        return False


def _code(error: sqlite3.Error) -> int:
    # errors that the module itself raises carry no code
    return getattr(error, "sqlite_errorcode", sqlite3.SQLITE_ERROR) & _PRIMARY
