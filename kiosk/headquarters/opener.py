"""The opener: run by another user, with the key, apart from the receiver. Each opening is journalled before anything is shown.

It reads the receiver's store and writes one JSON line a record: {id, station, type, time, sequence, chain, rejected, payload, media}.
`payload` is the record's JSON, or base64 where it is none; `media` lists {id, file} of pictures, where a folder for them is given.
"""

import json
import sqlite3
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from kiosk.clock import Clock
from kiosk.headquarters.database import StoreUnusable
from kiosk.headquarters.store import Store
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Media, Record, decode
from kiosk.private import Private
from kiosk.sealing.envelope import CannotOpen, open_envelope
from kiosk.sealing.signing import key_id
from kiosk.sealing.station import raw_public, read_opening_key, write_private

OPENINGS_FILE = "openings.db"


@dataclass(frozen=True)
class OpeningPlan:
    """What is opened and by whom. `store` is the URL of the receiver's; `reason` is kept with each opening; `pictures` is where
    pictures go (None: they stay sealed)."""

    store: str
    journal: Path
    key: Path
    operator: str
    reason: str
    pictures: Path | None = None


@dataclass(frozen=True)
class Tally:
    """How it went."""

    opened: int
    not_opened: int


def open_records(plan: OpeningPlan, clock: Clock, write: Callable[[str], None]) -> Tally:
    """Open every stored record; `write` gets one JSON line each. Raises KeysWrong for the key, StoreUnusable or StoreFailed for the store."""
    key = read_opening_key(plan.key)
    keys = {key_id(raw_public(key)): key}
    openings = _openings(plan.journal)
    opened = not_opened = 0
    try:
        for content, rejected, media in _stored(plan.store):
            try:
                line = _opened(plan, keys, content, rejected, media, _noting(openings, plan, next(iter(keys)), clock))
            except (CannotOpen, BadMessage):
                not_opened += 1
                continue
            write(line)
            opened += 1
    finally:
        openings.close()
    return Tally(opened, not_opened)


def _opened(
    plan: OpeningPlan,
    keys: dict[str, X25519PrivateKey],
    content: bytes,
    rejected: str,
    media: list[bytes],
    note: Callable[[str], None],
) -> str:
    record = decode(content, Record)
    station = record.source.rsplit("/", 1)[-1]
    note(record.id)
    payload = open_envelope(keys, b64decode(record.data_base64), station, record.id)
    facts = {"id": record.id, "station": station, "type": str(record.type), "time": record.time, "sequence": int(record.sequence)}
    pictures = [_picture(plan.pictures, keys, station, sealed) for sealed in media] if plan.pictures is not None else []
    return json.dumps(
        {**facts, "chain": record.chain, "rejected": rejected, "payload": _plain(payload), "media": pictures}, ensure_ascii=False
    )


def _picture(folder: Path, keys: dict[str, X25519PrivateKey], station: str, content: bytes) -> dict[str, str]:
    media = decode(content, Media)
    opened = open_envelope(keys, b64decode(media.data_base64), station, media.id)
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    path = folder / f"{media.id}{_ending(opened.value)}"
    path.unlink(missing_ok=True)
    write_private(path, opened.value)
    return {"id": media.id, "file": path.name}


def _ending(content: bytes) -> str:
    if content.startswith(b"\x89PNG"):
        return ".png"
    return ".jpg" if content.startswith(b"\xff\xd8") else ".bin"


def _plain(payload: Private[bytes]) -> Any:
    try:
        return json.loads(payload.value)
    except ValueError:
        return b64encode(payload.value).decode("ascii")


def _stored(url: str) -> Iterator[tuple[bytes, str, list[bytes]]]:
    """Every record with its pictures, in the order of stations and sequences; those stored apart come with their reason."""
    store = Store(url, make=False)
    try:
        for record_id, content, why in store.contents():
            yield content, why, store.pictures(record_id)
    finally:
        store.close()


def _openings(folder: Path) -> sqlite3.Connection:
    path = folder / OPENINGS_FILE
    try:
        folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        connection = sqlite3.connect(path, isolation_level=None, timeout=5)
        connection.execute("PRAGMA synchronous = FULL")
        connection.execute(
            "CREATE TABLE IF NOT EXISTS opening (number INTEGER PRIMARY KEY AUTOINCREMENT, time TEXT NOT NULL, record TEXT NOT NULL,"
            " key TEXT NOT NULL, operator TEXT NOT NULL, reason TEXT NOT NULL)"
        )
    except (OSError, sqlite3.Error) as why:
        raise StoreUnusable(f"journal of openings {path}: cannot be written ({type(why).__name__}); nothing is opened without it") from None
    return connection


def _noting(openings: sqlite3.Connection, plan: OpeningPlan, key: str, clock: Clock) -> Callable[[str], None]:
    def note(record_id: str) -> None:
        row = (clock.now().text, record_id, key, plan.operator, plan.reason)
        openings.execute("INSERT INTO opening (time, record, key, operator, reason) VALUES (?, ?, ?, ?, ?)", row)

    return note
