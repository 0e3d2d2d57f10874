"""Reading the second database for other systems: crossings in the order of their changes, with what visas and permits say of each.

Who has read up to a cursor asks for what is after it. A crossing comes again when it changes (its decision came, a visa was imported, its person was
erased): the last one counts, by `record_hash` and `member`.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import date
from enum import StrEnum
from pathlib import Path
from typing import Any, TextIO

from kiosk.crossings.columns import COLUMNS, STORED, Column
from kiosk.crossings.opened import Values
from kiosk.crossings.permits import PermitKind, standing
from kiosk.crossings.tables import csv_head, csv_row, json_line
from kiosk.headquarters.opened import Opened
from kiosk.messages.payloads import ClockSource

AT_ONCE = 500
_NAMES = ", ".join(column.name for column in STORED)
JOINED = ((PermitKind.VISAS, "visa"), (PermitKind.PERMITS, "permit"))


class Format(StrEnum):
    """How an export is written."""

    CSV = "csv"
    JSONL = "jsonl"


@dataclass(frozen=True)
class Wanted:
    """Which crossings: those that changed after a cursor; `since` (within) and `until` (not within) are moments as `time` has them; `posts`: all
    where there are none."""

    after: int = 0
    since: str = ""
    until: str = ""
    posts: tuple[str, ...] = ()


class ExportFailed(RuntimeError):
    """Nothing was written; the text says why and what to do."""


def newest(opened: Opened) -> int:
    """The cursor of the last change that was committed. Raises StoreFailed."""
    found = opened.database.execute("SELECT value FROM rising WHERE name = 'change'")
    return int(found[0][0]) if found else 0


def page(opened: Opened, wanted: Wanted, upto: int, limit: int) -> list[Values]:
    """The next crossings, at most `limit`, none beyond `upto`; all columns by name. Raises StoreFailed."""
    where = ["change > ?", "change <= ?"]
    values: list[str | int] = [wanted.after, upto]
    for text, sql in ((wanted.since, "time >= ?"), (wanted.until, "time < ?")):
        if text:
            where.append(sql)
            values.append(text)
    if wanted.posts:
        where.append(f"post IN ({', '.join('?' for _ in wanted.posts)})")
        values.extend(wanted.posts)
    found = opened.database.execute(f"SELECT {_NAMES} FROM crossing WHERE {' AND '.join(where)} ORDER BY change LIMIT ?", (*values, limit))
    rows = [dict(zip((column.name for column in STORED), row, strict=True)) for row in found]
    return _joined(opened, rows)


def pages(opened: Opened, wanted: Wanted, upto: int) -> Iterator[list[Values]]:
    """All of them, a page at a time. Raises StoreFailed."""
    while rows := page(opened, wanted, upto, AT_ONCE):
        yield rows
        wanted = replace(wanted, after=rows[-1]["change"])


def export(opened: Opened, wanted: Wanted, form: Format, out: Path | None, columns: Sequence[Column] = COLUMNS) -> tuple[int, int]:
    """Write them to a file, whole or not at all, or to standard output. Returns how many, and the cursor to go on from.

    Raises StoreFailed, ExportFailed."""
    upto, count = max(newest(opened), wanted.after), 0
    write = csv_row if form is Format.CSV else json_line
    with written(out) as file:
        if form is Format.CSV:
            file.write(csv_head(columns))
        for rows in pages(opened, wanted, upto):
            file.writelines(write(columns, [row[column.name] for column in columns]) for row in rows)
            count += len(rows)
    return count, upto


def _joined(opened: Opened, rows: list[Values]) -> list[Values]:
    """With what visas and permits say of the document on that day."""
    documents = sorted({(row["document_state"], row["document_number"]) for row in rows if row["document_number"]})
    for kind, name in JOINED:
        held = opened.permits(kind, documents)
        for row in rows:
            document = (row["document_state"], row["document_number"])
            found: tuple[Any, str] = standing(held.get(document, ()), _day(row)) if row["document_number"] else ("", "")
            row[name], row[f"{name}_number"] = str(found[0]), found[1]
    return rows


def _day(row: Values) -> date | None:
    return None if row["time_source"] == ClockSource.UNKNOWN else date.fromisoformat(row["time"][:10])


@contextmanager
def written(out: Path | None) -> Iterator[TextIO]:
    """A file for text that is in its place when it is whole and on the disk; readable by its owner alone from its first byte."""
    if out is None:
        yield sys.stdout
        return
    part = out.with_name(f".{out.name}.part")
    try:
        # what was left there by a cut, or laid there by somebody else, who would have it open
        part.unlink(missing_ok=True)
        with os.fdopen(os.open(part, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "w", encoding="utf-8", newline="") as file:
            yield file
            file.flush()
            os.fsync(file.fileno())
        part.replace(out)
        above = os.open(out.parent, os.O_RDONLY | os.O_DIRECTORY)
        try:
            os.fsync(above)
        finally:
            os.close(above)
    except OSError as why:
        raise ExportFailed(f"{out}: cannot be written ({type(why).__name__}); what was there before is unchanged") from None
    finally:
        part.unlink(missing_ok=True)
