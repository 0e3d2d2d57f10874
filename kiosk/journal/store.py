"""The journal's work on its tables: one object, one connection, one thread (the writer's; see writer.py).

Every record is a link of one chain: `prevhash` is the hash of the one before, sequences have no gap, and the station signs each.
"""

import secrets
import sqlite3
import uuid
from base64 import b64encode
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import BUILD, Clock, Stamp, parse_utc
from kiosk.journal.events import Place, record_event
from kiosk.journal.ids import uuid7
from kiosk.journal.rows import (
    LARGEST_PICTURE,
    LARGEST_RECORD,
    Caps,
    CaseWork,
    Expires,
    JournalUnusable,
    Kind,
    NewPicture,
    Obeys,
    Opened,
    Opens,
    Settles,
)
from kiosk.journal.schema import open_files
from kiosk.messages.payloads import Media, Outcome, Record, decode, encode
from kiosk.messages.topics import parse_station
from kiosk.private import Private
from kiosk.registration.names import NotRecordedBecause
from kiosk.sealing.envelope import seal
from kiosk.sealing.signing import NOTHING_BEFORE, chain_hash, signed
from kiosk.sealing.station import StationKeys

# Rows at the end of the chain that are looked at when the journal is opened
LOOKED_AT = 50
# Marks that hold what headquarters ordered
ORDERED = "ordered."


class NoRoom(Exception):
    """A record was not even tried, for this reason."""

    def __init__(self, reason: NotRecordedBecause) -> None:
        super().__init__(str(reason))
        self.reason = reason


@dataclass(frozen=True)
class Committed:
    """A record that is on the disk."""

    sequence: int
    record_id: str


@dataclass(frozen=True)
class Head:
    """The end of the chain."""

    sequence: int
    hash: str


class Store:
    """Owns the connection. Every method may raise sqlite3.Error, and then has changed nothing."""

    def __init__(self, folder: Path, keys: StationKeys, clock: Clock, caps: Caps) -> None:
        """Opens the files, makes them where there are none, looks at the end of the chain. Raises JournalUnusable."""
        self.connection = open_files(folder, caps)
        self._folder, self._keys, self._clock = folder, keys, clock
        try:
            self._chain = self._mark_once("chain", lambda: str(uuid.UUID(bytes=secrets.token_bytes(16), version=4)))
            if (station := self._mark_once("station", lambda: keys.station)) != keys.station:
                raise JournalUnusable(f"journal {folder}: it is the journal of {station}, not of {keys.station}; see `places.data`")
            self._see_key_set(keys.public.number)
            self._look_at_the_end()
            self._head = self.head()
        except (JournalUnusable, sqlite3.Error):
            self.connection.close()
            raise

    def _see_key_set(self, number: int) -> None:
        """Key sets only rise: an older one could bring a withdrawn key back."""
        seen = int(self.mark("key_set") or 0)
        if number < seen:
            raise JournalUnusable(f"journal {self._folder}: key set {number} is older than number {seen}, seen before; take the newest")
        if number > seen:
            self.set_mark("key_set", str(number))

    @property
    def chain(self) -> str:
        """The random id of this journal."""
        return self._chain

    def opened(self) -> Opened:
        """How the journal was found."""
        last = self.connection.execute("SELECT made FROM record ORDER BY sequence DESC LIMIT 1").fetchone()
        moments = [BUILD, *(parse_utc(text) for text in (last[0] if last else "", self.mark("acknowledged_at")) if text)]
        return Opened(self._chain, self._head.sequence, max(moments), self._ordered())

    def append(self, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture], work: CaseWork | Obeys | None) -> Committed:
        """Seal, sign and commit one record, its outbox row, its pictures and what it does to a case or a command. Raises NoRoom."""
        stamp = self._clock.now()
        record_id = uuid7(stamp.utc)
        envelope = seal(payload, self._keys.station, record_id, self._keys.readers())
        if len(envelope) > LARGEST_RECORD:
            raise NoRoom(NotRecordedBecause.TOO_LARGE)
        place = Place(self._chain, self._head.sequence + 1, self._head.hash)
        content = record_event(self._keys, kind, record_id, stamp, place, envelope)
        media = [self._picture(picture, record_id, stamp) for picture in pictures]
        head = Head(self._head.sequence + 1, chain_hash(content))
        if media:
            # Before the record, in a commit of their own: a power cut leaves pictures without a record (swept at the next start), never
            # a record without its pictures
            with self.transaction():
                self._keep_pictures(media, record_id, stamp)
        with self.transaction():
            row = (head.sequence, record_id, stamp.text, content, head.hash)
            self.connection.execute("INSERT INTO record (sequence, id, made, content, hash) VALUES (?, ?, ?, ?, ?)", row)
            self.connection.execute("INSERT INTO main.outbox (sequence) VALUES (?)", (head.sequence,))
            if isinstance(work, Obeys):
                self.obey(work)
            else:
                self._work_on_case(work, record_id, stamp, head.sequence)
        self._head = head
        return Committed(head.sequence, record_id)

    def head(self) -> Head:
        """The end of the chain as it lies on the disk."""
        found = self.connection.execute("SELECT sequence, hash FROM record ORDER BY sequence DESC LIMIT 1").fetchone()
        return Head(*found) if found else self.cut()

    def cut(self) -> Head:
        """Where the chain was cut: the last row that was removed, and its hash."""
        return Head(int(self.mark("cut_sequence") or 0), self.mark("cut_hash") or NOTHING_BEFORE)

    def mark(self, name: str) -> str:
        """One of the journal's own facts; empty where it is not there."""
        found = self.connection.execute("SELECT value FROM mark WHERE name = ?", (name,)).fetchone()
        return str(found[0]) if found else ""

    def set_mark(self, name: str, value: str) -> None:
        """Keep a fact."""
        self.connection.execute("INSERT INTO mark VALUES (?, ?) ON CONFLICT (name) DO UPDATE SET value = excluded.value", (name, value))

    def obey(self, obeys: Obeys) -> None:
        """Keep a command's result, and what of it holds over a restart. Within `transaction`; the first result of a command stands."""
        kept = obeys.kept
        row = (kept.number, kept.command_id, kept.result, kept.why, self._clock.now().text)
        self.connection.execute("INSERT OR IGNORE INTO command (number, id, result, why, made) VALUES (?, ?, ?, ?, ?)", row)
        for name, value in obeys.ordered.items():
            self.set_mark(ORDERED + name, value)

    def use_keys(self, keys: StationKeys) -> None:
        """From now on seal to the readers of a newer key set."""
        self._see_key_set(keys.public.number)
        self._keys = keys

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing; COMMIT has synced when this returns."""
        with self._begun():
            yield

    @contextmanager
    def unsynced_transaction(self) -> Iterator[None]:
        """All or nothing; a power cut before the next synced one may undo it, whole. For what comes again by itself."""
        levels = {name: self.connection.execute(f"PRAGMA {name}.synchronous").fetchone()[0] for name in ("main", "media")}
        try:
            for name in levels:
                self.connection.execute(f"PRAGMA {name}.synchronous = NORMAL")
            with self._begun():
                yield
        finally:
            for name, level in levels.items():
                self.connection.execute(f"PRAGMA {name}.synchronous = {level}")

    @contextmanager
    def _begun(self) -> Iterator[None]:
        self.connection.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.connection.execute("COMMIT")
        finally:
            # after an error, which SQLite may have rolled back by itself
            if self.connection.in_transaction:
                self.connection.execute("ROLLBACK")

    def close(self) -> None:
        """Fold the write-ahead log in and close."""
        self.connection.close()

    def _picture(self, picture: NewPicture, record_id: str, stamp: Stamp) -> tuple[str, str, bytes]:
        """Id, kind and CloudEvent of a picture, sealed and signed."""
        picture_id = uuid7(stamp.utc)
        envelope = seal(picture.content, self._keys.station, picture_id, self._keys.readers())
        if len(envelope) > LARGEST_PICTURE:
            raise NoRoom(NotRecordedBecause.TOO_LARGE)
        unsigned = Media(
            specversion="1.0",
            id=picture_id,
            source=parse_station(self._keys.station).source,
            type="mpaka.media.v1",
            record=record_id,
            keyid=self._keys.id,
            sig="",
            data_base64=b64encode(envelope).decode("ascii"),
        )
        return picture_id, picture.kind, encode(signed(unsigned, self._keys.signing))

    def _keep_pictures(self, media: list[tuple[str, str, bytes]], record_id: str, stamp: Stamp) -> None:
        for picture_id, kind, content in media:
            row = (picture_id, record_id, kind, stamp.text, content)
            place = self.connection.execute(
                "INSERT INTO media.picture (id, record, kind, made, content) VALUES (?, ?, ?, ?, ?) RETURNING place", row
            ).fetchone()
            self.connection.execute("INSERT INTO media.outbox (place) VALUES (?)", place)

    def _work_on_case(self, work: CaseWork | None, record_id: str, stamp: Stamp, sequence: int) -> None:
        match work:
            case Opens(token_code=token):
                row = (record_id, sequence, token, stamp.text)
                self.connection.execute("INSERT INTO open_case (case_id, sequence, token, since) VALUES (?, ?, ?, ?)", row)
            case Settles(decision_id, case_id, code, outcome):
                self.connection.execute("INSERT INTO decision VALUES (?, ?, ?, ?, ?)", (decision_id, case_id, code, outcome, sequence))
                if outcome is Outcome.ACCEPTED:
                    self.connection.execute("DELETE FROM open_case WHERE case_id = ?", (case_id,))
            case Expires(case_id=case_id):
                self.connection.execute("DELETE FROM open_case WHERE case_id = ?", (case_id,))
            case None:
                pass

    def _ordered(self) -> dict[str, str]:
        found = self.connection.execute("SELECT name, value FROM mark WHERE name LIKE ? AND value <> ''", (f"{ORDERED}%",))
        return {name.removeprefix(ORDERED): value for name, value in found}

    def _mark_once(self, name: str, make: Callable[[], str]) -> str:
        found = self.mark(name)
        if not found:
            found = make()
            self.set_mark(name, found)
        return found

    def _look_at_the_end(self) -> None:
        """The last rows fit together; pictures whose record never came to be are swept."""
        query = "SELECT sequence, content, hash FROM record ORDER BY sequence DESC LIMIT ?"
        after: Head | None = None
        for sequence, content, kept in self.connection.execute(query, (LOOKED_AT,)):
            if not isinstance(content, bytes) or chain_hash(content) != kept or (after is not None and after != Head(sequence, kept)):
                raise JournalUnusable(
                    f"journal {self._folder}: row {sequence} is damaged; put the folder aside for headquarters and start with an empty one"
                )
            after = Head(sequence - 1, decode(content, Record).prevhash)
        with self.transaction():
            self.connection.execute(
                "DELETE FROM media.picture WHERE place IN (SELECT place FROM media.outbox) AND record NOT IN (SELECT id FROM main.record)"
            )
            self.connection.execute("DELETE FROM media.outbox WHERE place NOT IN (SELECT place FROM media.picture)")
