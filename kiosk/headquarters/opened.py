"""The second database: opened crossings as plain columns, pictures, decisions. It belongs to the opener; the receiver has no way into it.

`change` rises with each change of a crossing, in the order in which changes were committed: who has read up to a number misses nothing after it,
also where the database is put back to a backup meanwhile.
"""

import time
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

from kiosk.crossings.columns import STORED, Kind
from kiosk.crossings.opened import Crossing, Decided, OpenedPicture, Sealed, Values
from kiosk.crossings.permits import Permit, PermitKind, Status
from kiosk.crossings.progress import Progress
from kiosk.headquarters.database import StoreFailed, StoreUnusable, carry_forward, open_database
from kiosk.headquarters.sql import Database
from kiosk.messages.topics import parse_station

PART = "opened"
_TYPES = {Kind.TEXT: "TEXT", Kind.JSON: "TEXT", Kind.INTEGER: "BIGINT", Kind.REAL: "DOUBLE PRECISION"}
_NEEDED = frozenset({"change", "record_id", "member", "station", "post", "time", "received", "record_hash"})
_COLUMNS = ", ".join(f"{column.name} {_TYPES[column.kind]}{' NOT NULL' if column.name in _NEEDED else ''}" for column in STORED)

SCHEMA = f"""
CREATE TABLE IF NOT EXISTS crossing ({_COLUMNS}, PRIMARY KEY (record_hash, member));
CREATE UNIQUE INDEX IF NOT EXISTS crossing_change ON crossing (change);
CREATE INDEX IF NOT EXISTS crossing_record ON crossing (record_id);
CREATE INDEX IF NOT EXISTS crossing_document ON crossing (document_state, document_number);
CREATE INDEX IF NOT EXISTS crossing_received ON crossing (received);
CREATE TABLE IF NOT EXISTS decision (
    decision_id TEXT PRIMARY KEY, case_id TEXT NOT NULL, code TEXT NOT NULL, officer TEXT NOT NULL, second_officer TEXT NOT NULL,
    console TEXT NOT NULL, time TEXT NOT NULL, record_id TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS decision_case ON decision (case_id);
CREATE TABLE IF NOT EXISTS picture (
    id TEXT PRIMARY KEY, record_id TEXT NOT NULL, member BIGINT NOT NULL, kind TEXT NOT NULL, encoding TEXT NOT NULL, width BIGINT NOT NULL,
    height BIGINT NOT NULL, note TEXT NOT NULL, image {{bytes}} NOT NULL, opened TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS picture_record ON picture (record_id);
CREATE TABLE IF NOT EXISTS rising (name TEXT PRIMARY KEY, value BIGINT NOT NULL);
CREATE TABLE IF NOT EXISTS progress (station TEXT NOT NULL, chain TEXT NOT NULL, upto BIGINT NOT NULL, PRIMARY KEY (station, chain));
CREATE TABLE IF NOT EXISTS missing (
    station TEXT NOT NULL, chain TEXT NOT NULL, first BIGINT NOT NULL, last BIGINT NOT NULL, PRIMARY KEY (station, chain, first)
);
CREATE TABLE IF NOT EXISTS apart (hash TEXT PRIMARY KEY);
CREATE TABLE IF NOT EXISTS awaited (record_id TEXT PRIMARY KEY, pictures BIGINT NOT NULL, since TEXT NOT NULL);
CREATE TABLE IF NOT EXISTS unopened (
    name TEXT PRIMARY KEY, record_id TEXT NOT NULL, picture BIGINT NOT NULL, why TEXT NOT NULL, time TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS permit (
    kind TEXT NOT NULL, number TEXT NOT NULL, issuer TEXT NOT NULL, document_state TEXT NOT NULL, document_number TEXT NOT NULL,
    category TEXT NOT NULL, valid_from TEXT NOT NULL, valid_until TEXT NOT NULL, status TEXT NOT NULL, ended TEXT NOT NULL,
    replaced_by TEXT NOT NULL, imported TEXT NOT NULL, PRIMARY KEY (kind, issuer, number)
);
CREATE INDEX IF NOT EXISTS permit_document ON permit (document_state, document_number)
"""
_NAMES = ", ".join(column.name for column in STORED)
_MARKS = ", ".join("?" for _ in STORED)
_INSERT = f"INSERT INTO crossing ({_NAMES}) VALUES ({_MARKS}) ON CONFLICT (record_hash, member) DO NOTHING"
_DECIDE = (
    "UPDATE crossing SET change = ?, decision_code = ?, decision_officer = ?, decision_second_officer = ?, decision_console = ?,"
    " decision_time = ?, decision_conflict = ? WHERE record_hash = ? AND member = ?"
)


@dataclass(frozen=True)
class Awaited:
    """A record whose pictures have not all come: how many belong to it, and since when they are waited for."""

    record_id: str
    pictures: int
    since: str


@dataclass(frozen=True)
class Unopened:
    """What could not be opened: a record by its hash, or a picture by its id."""

    name: str
    record_id: str
    picture: bool


class Opened:
    """A connection to it. `url` as for the receiver's store."""

    def __init__(self, url: str, make: bool = True) -> None:
        """Open it; with `make` it is laid out where it is new. Raises StoreUnusable."""
        self.database: Database = open_database(url, make)
        try:
            if not make and not self.database.form(PART):
                raise StoreUnusable(f"store {self.database.place}: nothing was opened into it yet (`mpaka headquarters open --into`)")
            carry_forward(self.database, PART, SCHEMA, (), make)
        except StoreFailed as why:
            self.database.close()
            raise StoreUnusable(f"store {self.database.place}: cannot be opened: {why}") from None
        except StoreUnusable:
            self.database.close()
            raise

    def progress(self) -> dict[tuple[str, str], Progress]:
        """How far each chain is opened. Raises StoreFailed."""
        return self._progress("", ())

    def _progress(self, where: str, values: Sequence[str]) -> dict[tuple[str, str], Progress]:
        holes: dict[tuple[str, str], list[tuple[int, int]]] = {}
        for station, chain, first, last in self.database.execute(
            f"SELECT station, chain, first, last FROM missing{where} ORDER BY first", values
        ):
            holes.setdefault((station, chain), []).append((first, last))
        found = self.database.execute(f"SELECT station, chain, upto FROM progress{where}", values)
        return {(station, chain): Progress(upto, tuple(holes.get((station, chain), ()))) for station, chain, upto in found}

    def apart(self) -> frozenset[str]:
        """The hashes of records stored apart that are through. Raises StoreFailed."""
        return frozenset(found for (found,) in self.database.execute("SELECT hash FROM apart"))

    def keep_progress(self, station: str, chain: str, before: Progress, now: Progress) -> None:
        """This chain is opened so far, and was so far `before`. Within the transaction that stored, after `writes_alone`. Raises StoreFailed."""
        if self._progress(" WHERE station = ? AND chain = ?", (station, chain)).get((station, chain), Progress()) != before:
            raise StoreFailed(
                "another program opens into the same database; this one has stopped, and what it had not stored is opened next time"
            )
        sql = "INSERT INTO progress VALUES (?, ?, ?) ON CONFLICT (station, chain) DO UPDATE SET upto = excluded.upto"
        self.database.execute(sql, (station, chain, now.upto))
        if now.missing != before.missing:
            self.database.execute("DELETE FROM missing WHERE station = ? AND chain = ?", (station, chain))
            self.database.execute_many("INSERT INTO missing VALUES (?, ?, ?, ?)", [(station, chain, *span) for span in now.missing])

    def keep_apart(self, hashes: Iterable[str]) -> None:
        """These are through. Within the transaction that stored."""
        self.database.execute_many("INSERT INTO apart VALUES (?) ON CONFLICT DO NOTHING", [(one,) for one in hashes])

    def take_crossing(self, sealed: Sealed, crossing: Crossing, now: str) -> None:
        """Store a registration; one that is here already changes nothing. Within a transaction."""
        change = self.rises(len(crossing.rows))
        rows = [[{**values, "change": change + at}.get(column.name) for column in STORED] for at, values in enumerate(crossing.rows)]
        self.database.execute_many(_INSERT, rows)
        if crossing.pictures:
            sql = "INSERT INTO awaited VALUES (?, ?, ?) ON CONFLICT DO NOTHING"
            self.database.execute(sql, (sealed.record_id, crossing.pictures, now))
        self._decide(sealed.record_id)

    def take_decision(self, decided: Decided) -> None:
        """Store a decision, which console and lane both report: the second time changes nothing. Within a transaction."""
        made = decided.decision
        if self.database.execute("SELECT 1 FROM decision WHERE decision_id = ?", (made.decision_id,)):
            return
        second = made.second_officer if isinstance(made.second_officer, str) else ""
        row = (made.decision_id, made.case_id, made.code, made.officer, second, made.console, decided.time, decided.record_id)
        self.database.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        self._decide(made.case_id)

    def take_picture(self, picture_id: str, record_id: str, picture: OpenedPicture, now: str) -> None:
        """Store a picture; one that is here already changes nothing. Within a transaction."""
        head = (picture_id, record_id, picture.member, picture.kind, picture.encoding, picture.width, picture.height, picture.note)
        sql = "INSERT INTO picture VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ON CONFLICT DO NOTHING"
        self.database.execute(sql, (*head, picture.image, now))

    def awaited(self) -> list[Awaited]:
        """Records whose pictures have not all come. Raises StoreFailed."""
        return [Awaited(*row) for row in self.database.execute("SELECT record_id, pictures, since FROM awaited ORDER BY since, record_id")]

    def pictures_of(self, records: Sequence[str]) -> frozenset[str]:
        """The ids of the pictures of these records that are here, or were and are erased. Raises StoreFailed."""
        sql = "WITH wanted (record) AS ({rows}) SELECT picture.id FROM wanted JOIN picture ON picture.record_id = wanted.record"
        if self.database.has_table("erasure"):
            sql += " UNION SELECT name FROM wanted JOIN erasure ON erasure.record_id = wanted.record AND erasure.deed = 'picture'"
        return frozenset(found for (found,) in self.database.execute_with(sql, [(record,) for record in records]))

    def is_erased(self, record_id: str, member: int) -> bool:
        """Whether this traveller was erased. Raises StoreFailed."""
        sql = "SELECT erased FROM crossing WHERE record_id = ? AND member = ?"
        found = [erased for (erased,) in self.database.execute(sql, (record_id, member))]
        return bool(found) and None not in found

    def listed_pictures(self, records: Sequence[str]) -> dict[tuple[str, int], list[Values]]:
        """What pictures there are of these records, by record and member, without the pictures themselves. Raises StoreFailed."""
        sql = "SELECT id, record_id, member, kind, encoding FROM picture WHERE record_id IN ({rows}) ORDER BY id"
        held: dict[tuple[str, int], list[Values]] = {}
        for id_, record_id, member, kind, encoding in self.database.execute_with(sql, [(record,) for record in records]):
            held.setdefault((record_id, member), []).append({"id": id_, "kind": kind, "encoding": encoding})
        return held

    def waits_no_more(self, records: Iterable[str]) -> None:
        """Their pictures have come, or will not. Within a transaction."""
        self.database.execute_many("DELETE FROM awaited WHERE record_id = ?", [(record,) for record in records])

    def awaits_again(self, pictures: Sequence[Unopened], now: str) -> None:
        """Pictures that could not be opened are tried once more. Within a transaction."""
        self.forget_unopened(one.name for one in pictures)
        rows = [(record, now) for record in sorted({one.record_id for one in pictures})]
        self.database.execute_many("INSERT INTO awaited VALUES (?, 0, ?) ON CONFLICT DO NOTHING", rows)

    def unopened(self) -> list[Unopened]:
        """What could not be opened. Raises StoreFailed."""
        found = self.database.execute("SELECT name, record_id, picture FROM unopened ORDER BY name")
        return [Unopened(name, record_id, bool(picture)) for name, record_id, picture in found]

    def keep_unopened(self, what: Unopened, why: str, now: str) -> None:
        """This could not be opened. Within a transaction."""
        sql = "INSERT INTO unopened VALUES (?, ?, ?, ?, ?) ON CONFLICT (name) DO UPDATE SET why = excluded.why, time = excluded.time"
        self.database.execute(sql, (what.name, what.record_id, int(what.picture), why, now))

    def forget_unopened(self, names: Iterable[str]) -> None:
        """They are opened after all, or tried again. Within a transaction."""
        self.database.execute_many("DELETE FROM unopened WHERE name = ?", [(name,) for name in names])

    def permits(self, kind: PermitKind, documents: Sequence[tuple[str, str]]) -> dict[tuple[str, str], list[Permit]]:
        """The visas or permits for these travel documents (state and number). Raises StoreFailed."""
        sql = (
            "SELECT number, issuer, document_state, document_number, category, valid_from, valid_until, status, ended, replaced_by"
            f" FROM permit WHERE kind = '{kind}' AND (document_state, document_number) IN ({{rows}})"
        )
        held: dict[tuple[str, str], list[Permit]] = {}
        for number, issuer, state, document, category, begins, ends, status, ended, replaced_by in self.database.execute_with(
            sql, documents
        ):
            last = date.fromisoformat(ended) if ended else None
            days = (date.fromisoformat(begins), date.fromisoformat(ends))
            permit = Permit(number, issuer, state, document, category, *days, Status(status), last, replaced_by)
            held.setdefault((state, document), []).append(permit)
        return held

    def rises(self, by: int) -> int:
        """The next of `by` numbers that rise. Until the transaction ends nobody else gets one, so that they are committed in their order.

        They rise with the milliseconds of the clock as well: a database that was restored from a backup gives none that somebody has read past."""
        sql = (
            "INSERT INTO rising VALUES ('change', ?) ON CONFLICT (name) DO UPDATE SET value ="
            " CASE WHEN rising.value + ? > excluded.value THEN rising.value + ? ELSE excluded.value END RETURNING value"
        )
        return int(self.database.execute(sql, (time.time_ns() // 1_000_000 + by, by, by))[0][0]) - by + 1

    def touch(self, rows: Sequence[tuple[str, int]]) -> None:
        """These crossings (hash and member) have changed. Within the transaction that changed them."""
        first = self.rises(len(rows)) if rows else 0
        changed = [(first + at, *row) for at, row in enumerate(rows)]
        self.database.execute_many("UPDATE crossing SET change = ? WHERE record_hash = ? AND member = ?", changed)

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing. Raises StoreFailed."""
        with self.database.transaction():
            yield

    def close(self) -> None:
        """Close it."""
        self.database.close()

    def _decide(self, case_id: str) -> None:
        """What was decided on this case stands in its rows: the first decision of its own post, and whether another differs."""
        decided = self._decisions(case_id)
        if not decided:
            return
        rows = self.database.execute(
            "SELECT post, record_hash, member FROM crossing WHERE record_id = ? AND erased IS NULL ORDER BY member", (case_id,)
        )
        told = [(decided[post], *row) for post, *row in rows if post in decided]
        change = self.rises(len(told)) if told else 0
        self.database.execute_many(_DECIDE, [(change + at, *says, *row) for at, (says, *row) in enumerate(told)])

    def _decisions(self, case_id: str) -> dict[str, tuple[Any, ...]]:
        """What stands in the rows of each post that decided on it."""
        sql = "SELECT code, officer, second_officer, console, time FROM decision WHERE case_id = ? ORDER BY time, decision_id"
        found: dict[str, list[tuple[Any, ...]]] = {}
        for row in self.database.execute(sql, (case_id,)):
            found.setdefault(parse_station(row[3]).post, []).append(row)
        return {post: (*rows[0], int(any(other[0] != rows[0][0] for other in rows))) for post, rows in found.items()}
