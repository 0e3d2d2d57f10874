"""Headquarters' store: SQLite here, one row a record, its chain verified. It holds envelopes and no key to open them.

`upto` of a chain is the highest sequence with nothing missing before it, moved in the transaction that stores; `head` is the hash there.
What a station signed but what does not fit its chain is stored apart (`rejected`), whole and with its reason. What nobody signed is
never stored nor answered: answering it would let a broker talk a station into dropping rows.
"""

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from kiosk.folders import lasting_folder
from kiosk.headquarters.database import StoreFailed, StoreUnusable
from kiosk.messages.payloads import LaneState, Media, Record
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash

STORE_FILE = "headquarters.db"
FORM = 1

SCHEMA = """
CREATE TABLE IF NOT EXISTS chain (
    station TEXT NOT NULL, chain TEXT NOT NULL, upto INTEGER NOT NULL, head TEXT NOT NULL, forked INTEGER NOT NULL DEFAULT 0,
    PRIMARY KEY (station, chain)
);
CREATE TABLE IF NOT EXISTS record (
    id TEXT PRIMARY KEY, chain TEXT NOT NULL, sequence INTEGER NOT NULL, station TEXT NOT NULL, type TEXT NOT NULL, time TEXT NOT NULL,
    content BLOB NOT NULL, hash TEXT NOT NULL, prevhash TEXT NOT NULL, received TEXT NOT NULL, UNIQUE (station, chain, sequence)
);
CREATE TABLE IF NOT EXISTS media (
    id TEXT PRIMARY KEY, record TEXT NOT NULL, station TEXT NOT NULL, content BLOB NOT NULL, received TEXT NOT NULL
);
CREATE INDEX IF NOT EXISTS media_of_record ON media (record);
CREATE TABLE IF NOT EXISTS rejected (
    hash TEXT PRIMARY KEY, id TEXT NOT NULL, station TEXT NOT NULL, chain TEXT NOT NULL, sequence INTEGER NOT NULL, why TEXT NOT NULL,
    content BLOB NOT NULL, received TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS finding (
    kind TEXT NOT NULL, station TEXT NOT NULL, chain TEXT NOT NULL, sequence INTEGER NOT NULL, first_seen TEXT NOT NULL,
    times INTEGER NOT NULL DEFAULT 1, PRIMARY KEY (kind, station, chain, sequence)
);
CREATE TABLE IF NOT EXISTS lane (
    station TEXT PRIMARY KEY, state TEXT NOT NULL, session TEXT NOT NULL, seen TEXT NOT NULL, status BLOB NOT NULL
);
"""


class Why(StrEnum):
    """Why a signed record is stored apart. FORK: this chain has gone another way before (a restored disk); TAKEN: the id is another's."""

    FORK = "fork"
    TAKEN = "id taken"


class FindingKind(StrEnum):
    """What somebody has to look at."""

    FORK = "fork"
    ROLLBACK = "rollback"
    UNSIGNED = "unsigned"
    MALFORMED = "malformed"
    GAP_ACCEPTED = "gap accepted"


@dataclass(frozen=True)
class Position:
    """How far a chain is stored without a gap, and its hash there."""

    station: str
    chain: str
    upto: int
    head: str


@dataclass(frozen=True)
class Gap:
    """Rows of a chain are missing: those after `upto` and before `next_sequence`."""

    station: str
    chain: str
    upto: int
    next_sequence: int


@dataclass(frozen=True)
class Finding:
    """Something to look at."""

    kind: FindingKind
    station: str
    chain: str
    sequence: int
    first_seen: str
    times: int


@dataclass(frozen=True)
class Lane:
    """The last known state of a station."""

    station: str
    state: str
    seen: str
    status: bytes


@dataclass(frozen=True)
class Signed:
    """A record whose signature was verified: as read, and the canonical bytes that were signed."""

    station: str
    record: Record
    content: bytes


def stored_ids(path: Path) -> Iterator[str]:
    """The ids of all stored records, by station, then chain in the order in which they began, then sequence. Read beside a receiver.

    Raises StoreUnusable."""
    if not path.exists():
        raise StoreUnusable(f"store {path}: there is none; has the receiver run (`mpaka headquarters`)?")
    connection = sqlite3.connect(path, isolation_level=None, timeout=5)
    try:
        for row in connection.execute(
            "SELECT id FROM record JOIN chain USING (station, chain) ORDER BY record.station, chain.rowid, record.sequence"
        ):
            yield row[0]
    except sqlite3.Error as why:
        raise StoreUnusable(f"store {path}: cannot be read ({type(why).__name__})") from None
    finally:
        connection.close()


class Store:
    """One connection, used by the thread that opened it."""

    def __init__(self, folder: Path, file: str = STORE_FILE) -> None:
        """Open or make the store. Raises StoreUnusable."""
        path = folder / file
        try:
            lasting_folder(folder)
            self.connection = sqlite3.connect(path, isolation_level=None, timeout=5)
            self.connection.execute("PRAGMA journal_mode = WAL")
            self.connection.execute("PRAGMA synchronous = FULL")
            form = int(self.connection.execute("PRAGMA user_version").fetchone()[0])
            if form > FORM:
                raise StoreUnusable(
                    f"store {path}: form {form}, this version knows {FORM}; install the version that wrote it, or a newer one"
                )
            self.connection.executescript(f"BEGIN IMMEDIATE; {SCHEMA} PRAGMA user_version = {FORM}; COMMIT;")
        except (OSError, sqlite3.Error) as why:
            raise StoreUnusable(
                f"store {path}: cannot be opened ({type(why).__name__}); look at the disk and the folder's rights"
            ) from None

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, synced when this returns. Raises StoreFailed where the disk or another program does not let it."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
            yield
            self.connection.execute("COMMIT")
        except sqlite3.Error as why:
            name = getattr(why, "sqlite_errorname", type(why).__name__)
            advice = "another program holds it" if name == "SQLITE_BUSY" else "look at the disk: `df`, `dmesg`"
            raise StoreFailed(f"the store took nothing ({name}): {advice}") from None
        finally:
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def take_record(self, signed: Signed, now: str) -> Why | None:
        """Store a record, or store it apart and say why. Within `transaction`; a record that is here already changes nothing."""
        record, sequence = signed.record, int(signed.record.sequence)
        digest = chain_hash(signed.content)
        names = (signed.station, record.chain)
        self.connection.execute("INSERT OR IGNORE INTO chain (station, chain, upto, head) VALUES (?, ?, 0, ?)", (*names, NOTHING_BEFORE))
        upto, head, forked = self.connection.execute(
            "SELECT upto, head, forked FROM chain WHERE station = ? AND chain = ?", names
        ).fetchone()
        beyond = sequence > upto
        known = self.connection.execute("SELECT hash FROM record WHERE id = ?", (record.id,)).fetchone()
        if known is not None and known[0] != digest:
            return self._apart(signed, digest, Why.TAKEN, now)
        if known is not None:
            # also where it came early and its chain forked since: stored once is stored
            return None
        if forked and beyond:
            return self._apart(signed, digest, Why.FORK, now)
        taken = self.connection.execute(
            "SELECT 1 FROM record WHERE station = ? AND chain = ? AND sequence = ?", (*names, sequence)
        ).fetchone()
        if taken is not None or (sequence == upto + 1 and record.prevhash != head):
            self._fork(signed.station, record.chain, sequence, FindingKind.FORK if beyond else FindingKind.ROLLBACK, now)
            return self._apart(signed, digest, Why.FORK, now)
        row = (record.id, record.chain, sequence, signed.station, record.type, record.time, signed.content, digest, record.prevhash, now)
        self.connection.execute("INSERT INTO record VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)", row)
        return None

    def advance(self, station: str, chain: str, now: str) -> Position:
        """Move `upto` over what is there without a gap. Within the transaction that stored."""
        at = self.position(station, chain)
        upto, head = at.upto, at.head
        query = "SELECT sequence, hash, prevhash FROM record WHERE station = ? AND chain = ? AND sequence > ? ORDER BY sequence LIMIT 1000"
        for sequence, digest, prevhash in self.connection.execute(query, (station, chain, at.upto)).fetchall():
            if sequence != upto + 1:
                break
            if prevhash != head:
                # it came early, and what came before it is of another branch
                self._fork(station, chain, sequence, FindingKind.FORK, now)
                break
            upto, head = sequence, digest
        self.connection.execute("UPDATE chain SET upto = ?, head = ? WHERE station = ? AND chain = ?", (upto, head, station, chain))
        return Position(station, chain, upto, head)

    def position(self, station: str, chain: str) -> Position:
        """How far this chain is stored; nothing of it: 0."""
        found = self.connection.execute("SELECT upto, head FROM chain WHERE station = ? AND chain = ?", (station, chain)).fetchone()
        return Position(station, chain, *(found or (0, NOTHING_BEFORE)))

    def is_forked(self, station: str, chain: str) -> bool:
        """Whether this chain has gone two ways."""
        found = self.connection.execute("SELECT forked FROM chain WHERE station = ? AND chain = ?", (station, chain)).fetchone()
        return found is not None and bool(found[0])

    def newest_chain(self, station: str) -> Position | None:
        """The chain of a station that began last."""
        found = self.connection.execute("SELECT chain FROM chain WHERE station = ? ORDER BY rowid DESC LIMIT 1", (station,)).fetchone()
        return self.position(station, found[0]) if found else None

    def take_media(self, station: str, media: Media, content: bytes, now: str) -> None:
        """Store a sealed picture; one that is here already changes nothing."""
        self.connection.execute("INSERT OR IGNORE INTO media VALUES (?, ?, ?, ?, ?)", (media.id, media.record, station, content, now))

    def note(self, kind: FindingKind, station: str, chain: str, sequence: int, now: str) -> None:
        """List something to look at; the same again is counted."""
        self.connection.execute(
            "INSERT INTO finding (kind, station, chain, sequence, first_seen) VALUES (?, ?, ?, ?, ?)"
            " ON CONFLICT DO UPDATE SET times = times + 1",
            (kind, station, chain, sequence, now),
        )

    def note_lane(self, station: str, state: LaneState, session: str, status: bytes, now: str) -> None:
        """A station says how it is. The very same words again (a broker repeats what it retains) do not make it seen anew."""
        self.connection.execute(
            "INSERT INTO lane VALUES (?, ?, ?, ?, ?) ON CONFLICT (station) DO UPDATE"
            " SET state = excluded.state, session = excluded.session, seen = excluded.seen, status = excluded.status"
            " WHERE status <> excluded.status",
            (station, state, session, now, status),
        )

    def note_lost(self, station: str, session: str, now: str) -> None:
        """A last will came; `seen` is then since when it is lost. One of an older session is late news and changes nothing."""
        self.connection.execute(
            "UPDATE lane SET state = 'lost', seen = ? WHERE station = ? AND session = ? AND state <> 'lost'", (now, station, session)
        )

    def lanes(self) -> tuple[Lane, ...]:
        """Every station that was ever heard of."""
        return tuple(Lane(*row) for row in self.connection.execute("SELECT station, state, seen, status FROM lane ORDER BY station"))

    def gaps(self) -> tuple[Gap, ...]:
        """Chains with rows missing. Rows on their way look alike for a moment."""
        found = self.connection.execute(
            "SELECT station, chain, upto, (SELECT min(sequence) FROM record"
            " WHERE record.station = chain.station AND record.chain = chain.chain AND sequence > upto) AS next"
            " FROM chain WHERE forked = 0 AND next > upto + 1 ORDER BY station"
        )
        return tuple(Gap(*row) for row in found)

    def findings(self) -> tuple[Finding, ...]:
        """All that somebody has to look at, oldest first."""
        found = self.connection.execute("SELECT kind, station, chain, sequence, first_seen, times FROM finding ORDER BY first_seen, rowid")
        return tuple(Finding(FindingKind(row[0]), *row[1:]) for row in found)

    def accept_gap(self, gap: Gap, now: str) -> Position:
        """An operator knows that these rows are lost (the store was restored, the station had removed them): go on after them; listed."""
        with self.transaction():
            self.note(FindingKind.GAP_ACCEPTED, gap.station, gap.chain, gap.upto + 1, now)
            names = (gap.station, gap.chain)
            before = self.connection.execute(
                "SELECT prevhash FROM record WHERE station = ? AND chain = ? AND sequence = ?", (*names, gap.next_sequence)
            ).fetchone()
            at = (gap.next_sequence - 1, before[0], *names)
            self.connection.execute("UPDATE chain SET upto = ?, head = ? WHERE station = ? AND chain = ?", at)
            return self.advance(*names, now)

    def counts(self) -> tuple[int, int, int]:
        """Records, pictures, records stored apart."""
        query = "SELECT (SELECT count(*) FROM record), (SELECT count(*) FROM media), (SELECT count(*) FROM rejected)"
        records, media, rejected = self.connection.execute(query).fetchone()
        return records, media, rejected

    def close(self) -> None:
        """Close the store."""
        self.connection.close()

    def _fork(self, station: str, chain: str, sequence: int, kind: FindingKind, now: str) -> None:
        """From here on everything of this chain is stored apart: the station needs a new journal."""
        self.connection.execute("UPDATE chain SET forked = 1 WHERE station = ? AND chain = ?", (station, chain))
        self.note(kind, station, chain, sequence, now)

    def _apart(self, signed: Signed, digest: str, why: Why, now: str) -> Why:
        record = signed.record
        row = (digest, record.id, signed.station, record.chain, int(record.sequence), why, signed.content, now)
        self.connection.execute("INSERT OR IGNORE INTO rejected VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return why
