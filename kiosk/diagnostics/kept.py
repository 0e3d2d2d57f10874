"""The journal: whether it opens, how full it is, what waits. A journal that a running station holds is left alone."""

import fcntl
import os
import sqlite3
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from kiosk.clock import Clock
from kiosk.diagnostics.readiness import Finding, State, ready
from kiosk.journal.book import case_book
from kiosk.journal.delivery import pressure_at, used, waiting
from kiosk.journal.rows import Caps, JournalUnusable, Pressure
from kiosk.journal.schema import JOURNAL_FILE, unusable
from kiosk.journal.store import Store
from kiosk.sealing.station import StationKeys

# Where SQLite locks a database file (its file format, "the lock-byte page"): a running station holds all of it
SHARED_FIRST, SHARED_SIZE = 0x40000002, 510


@dataclass(frozen=True)
class Look:
    """What was found; whether a running station holds the journal; the latest moment that the journal knows of."""

    finding: Finding
    held: bool = False
    floor: datetime | None = None


def journal(part: str, folder: Path, keys: StationKeys | None, clock: Clock, caps: Caps) -> Look:
    """Look at the journal in this folder, as the station itself would open it. Not for a process that has this journal open."""
    path = folder / JOURNAL_FILE
    try:
        owner = path.stat().st_uid
        held = _is_held(path)
    except FileNotFoundError:
        return Look(ready(part, "none yet: it is made when the station starts"))
    except OSError as why:
        return Look(
            Finding(part, State.NOT_READY, f"{path}: {type(why).__name__}", "check as the station's user (sudo -u); see its rights")
        )
    if held:
        return Look(ready(part, "in use by the running station"), held=True)
    if owner != os.geteuid():
        # opened by another user it would leave files that the station cannot write
        return Look(Finding(part, State.WARNING, f"{path} belongs to another user: not opened", "check as the station's user (sudo -u)"))
    if keys is None:
        return Look(Finding(part, State.WARNING, f"{path}: not opened, since the keys cannot be used", "see the keys first"))
    return _opened(part, folder, keys, clock, caps)


def _opened(part: str, folder: Path, keys: StationKeys, clock: Clock, caps: Caps) -> Look:
    try:
        store = Store(folder, keys, clock, caps)
        try:
            floor = store.opened().floor
            share, rows, cases = used(store, caps, folder), waiting(store), len(case_book(store).cases)
        finally:
            store.close()
    except JournalUnusable as why:
        return Look(Finding(part, State.NOT_READY, str(why), "the station stays closed until then; no record is lost"))
    except sqlite3.Error as why:
        return Look(Finding(part, State.NOT_READY, str(unusable(folder, why)), "the station stays closed until then"))
    found = f"{share:.0%} full, {rows.rows} rows and {rows.pictures} pictures wait for headquarters, {cases} cases open"
    if rows.rejected:
        found += f", {rows.rejected} rows stored apart there"
    match pressure_at(share):
        case Pressure.OK:
            return Look(ready(part, found), floor=floor)
        case Pressure.WARN:
            to_do = "at 90 % self-registration pauses: find out why headquarters does not take the records, or make room on the disk"
            return Look(Finding(part, State.WARNING, found, to_do), floor=floor)
        case Pressure.PAUSED:
            to_do = "self-registration is paused: make room on the disk, and let the station reach headquarters; remove nothing by hand"
            return Look(Finding(part, State.NOT_READY, found, to_do), floor=floor)


def _is_held(path: Path) -> bool:
    """Whether another process has the database for itself; nothing is opened or written. Raises OSError."""
    with path.open("rb") as file:
        try:
            fcntl.lockf(file, fcntl.LOCK_SH | fcntl.LOCK_NB, SHARED_SIZE, SHARED_FIRST)
        except BlockingIOError:
            return True
    return False
