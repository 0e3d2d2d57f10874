"""The journal of erasures: what was erased, when, by whom, why, under which rule; each entry names the hash of the one before.

It stands in the database from which is erased, in the same transaction, so there is no erasure without its entry and no entry without its erasure.
It holds ids and hashes, and nothing of a person. A hold is an entry too: it keeps a record from being erased until it is released.
A chain shows any change within it; that its end was cut off shows only who kept the last hash elsewhere.
"""

import hashlib
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from enum import StrEnum

from kiosk.headquarters.sql import Database, Row, carry_forward
from kiosk.messages.canonical import canonical
from kiosk.sealing.signing import NOTHING_BEFORE

PART = "erasures"
SCHEMA = """
CREATE TABLE IF NOT EXISTS erasure (
    number BIGINT PRIMARY KEY, time TEXT NOT NULL, deed TEXT NOT NULL, name TEXT NOT NULL, record_id TEXT NOT NULL, content_hash TEXT NOT NULL,
    operator TEXT NOT NULL, rule TEXT NOT NULL, reason TEXT NOT NULL, prevhash TEXT NOT NULL, hash TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS erasure_record ON erasure (record_id);
CREATE TABLE IF NOT EXISTS hold (record_id TEXT PRIMARY KEY)
"""
_COLUMNS = "number, time, deed, name, record_id, content_hash, operator, rule, reason, prevhash, hash"


class Deed(StrEnum):
    """What was done: erased from the sealed store (RECORD, APART, MEDIA, ROLLOUT, COMMAND) or from the opened one (CROSSING, PICTURE, PERMIT, PULL),
    held, released."""

    RECORD = "record"
    APART = "apart"
    MEDIA = "media"
    ROLLOUT = "rollout"
    COMMAND = "command"
    CROSSING = "crossing"
    PICTURE = "picture"
    PERMIT = "permit"
    PULL = "pull"
    HOLD = "hold"
    RELEASE = "release"


@dataclass(frozen=True)
class Target:
    """One thing to erase. `content_hash`: SHA-256 of the sealed message; of a crossing that of the record it was opened from, of a picture its own."""

    deed: Deed
    name: str
    record_id: str
    content_hash: str


@dataclass(frozen=True)
class Order:
    """Who erases, under which rule, and why."""

    operator: str
    rule: str
    reason: str


@dataclass(frozen=True)
class Entry:
    """An entry as it stands in the journal; `hash` is SHA-256 of the RFC 8785 form of all the others."""

    number: int
    time: str
    deed: str
    name: str
    record_id: str
    content_hash: str
    operator: str
    rule: str
    reason: str
    prevhash: str
    hash: str

    def fits(self) -> bool:
        """Whether its hash is that of what it says."""
        return self.hash == _hash(self)


class Erasures:
    """The journal in a database."""

    def __init__(self, database: Database, make: bool = True) -> None:
        """With `make` it is laid out where it is new. Raises StoreUnusable, StoreFailed."""
        self._database = database
        if make:
            carry_forward(database, PART, SCHEMA, ())
        self._there = make or database.has_table("erasure")

    def add(self, targets: Sequence[Target], order: Order, now: str) -> None:
        """Write these down. Within the transaction that erases, after `writes_alone`. Raises StoreFailed."""
        last = self._database.execute("SELECT number, hash FROM erasure ORDER BY number DESC LIMIT 1")
        number, before = last[0] if last else (0, NOTHING_BEFORE)
        rows = []
        for target in targets:
            number += 1
            said = (target.deed, target.name, target.record_id, target.content_hash, order.operator, order.rule, order.reason)
            entry = Entry(number, now, *said, before, "")
            before = _hash(entry)
            rows.append((number, now, *map(str, said), entry.prevhash, before))
        self._database.execute_many("INSERT INTO erasure VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", rows)

    def of(self, record_id: str) -> list[Entry]:
        """What was done to a record. Raises StoreFailed."""
        if not self._there:
            return []
        found = self._database.execute(f"SELECT {_COLUMNS} FROM erasure WHERE record_id = ? ORDER BY number", (record_id,))
        return [_entry(row) for row in found]

    def all(self) -> Iterator[Entry]:
        """The whole journal, from its beginning. Raises StoreFailed."""
        if self._there:
            yield from map(_entry, self._database.each(f"SELECT {_COLUMNS} FROM erasure ORDER BY number"))

    def head(self) -> str:
        """The hash of the last entry: kept elsewhere it shows that none was cut off. Raises StoreFailed."""
        last = self._database.execute("SELECT hash FROM erasure ORDER BY number DESC LIMIT 1")
        return str(last[0][0]) if last else NOTHING_BEFORE

    def hold(self, record_id: str, order: Order, now: str) -> bool:
        """Keep a record from being erased. Returns whether that is new. Raises StoreFailed."""
        return self._turn(record_id, Deed.HOLD, "INSERT INTO hold VALUES (?)", order, now)

    def release(self, record_id: str, order: Order, now: str) -> bool:
        """It may be erased again. Returns whether it was held. Raises StoreFailed."""
        return self._turn(record_id, Deed.RELEASE, "DELETE FROM hold WHERE record_id = ?", order, now)

    def is_held(self, record_id: str) -> bool:
        """Whether it must not be erased. Raises StoreFailed."""
        return bool(self._database.execute("SELECT 1 FROM hold WHERE record_id = ?", (record_id,)))

    def _turn(self, record_id: str, deed: Deed, sql: str, order: Order, now: str) -> bool:
        with self._database.transaction():
            self._database.writes_alone()
            if self.is_held(record_id) is (deed is Deed.HOLD):
                return False
            self._database.execute(sql, (record_id,))
            self.add([Target(deed, record_id, record_id, "")], order, now)
            return True


def broken(entries: Iterator[Entry]) -> tuple[int, str]:
    """How many entries there are, and what is wrong with the first that does not fit; empty: nothing."""
    count, before = 0, NOTHING_BEFORE
    for entry in entries:
        if entry.number != count + 1:
            return count, f"entry {count + 1} is missing"
        if entry.prevhash != before or not entry.fits():
            return count, f"entry {entry.number} was changed, or one before it"
        count, before = entry.number, entry.hash
    return count, ""


def _entry(row: Row) -> Entry:
    return Entry(*row)


def _hash(entry: Entry) -> str:
    said = {name: value for name, value in asdict(entry).items() if name != "hash"}
    return hashlib.sha256(canonical(said)).hexdigest()
