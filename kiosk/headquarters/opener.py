"""The opener: run by another user, with the key, apart from the receiver. Each opening is journalled before anything is shown.

It reads the receiver's store and writes one JSON line a record: {id, station, type, time, sequence, chain, rejected, payload, media}.
`payload` is the record's JSON, or base64 where it is none; `media` lists {id, file} of pictures, where a folder for them is given.
`filling.py` fills a second database instead.
"""

import json
from base64 import b64decode, b64encode
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.crossings.opened import Sealed
from kiosk.headquarters.openings import Opener, Openings
from kiosk.headquarters.sealed import SealedPicture, SealedStore
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Media, Record, decode
from kiosk.private import Private
from kiosk.sealing.envelope import CannotOpen
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.opening import OpeningKey, opening_key
from kiosk.sealing.protected import Ask
from kiosk.sealing.station import write_private


def _nobody(what: str) -> Private[str]:
    raise KeysWrong(f"nobody is here to be asked for {what}")


@dataclass(frozen=True)
class OpeningPlan:
    """What is opened and by whom. `store` is the URL of the receiver's database, a file, or the receiver's folder; `journal` is the folder of
    the journal of openings; `key` is where the opening key is, `ask` asks for what it is under; `pictures` is where pictures go (None: they stay sealed)."""

    store: Path | str
    journal: Path
    key: Path | str
    operator: str
    reason: str
    pictures: Path | None = None
    ask: Ask = _nobody


@dataclass(frozen=True)
class Tally:
    """How it went."""

    opened: int
    not_opened: int


def open_records(plan: OpeningPlan, clock: Clock, write: Callable[[str], None]) -> Tally:
    """Open every stored record; `write` gets one JSON line each. Raises KeysWrong for the key, StoreUnusable, StoreFailed for the store."""
    key = opening_key(str(plan.key), plan.ask)
    opened = not_opened = 0
    opener = Opener(plan.operator, plan.reason)
    with closing(Openings(plan.journal, opener, clock)) as openings, closing(SealedStore(str(plan.store))) as sealed:
        for one in _stored(sealed):
            openings.note([one.record_id], key.ids)
            try:
                line = _line(plan.pictures, key, one, sealed.media([one.record_id]) if plan.pictures is not None else [])
            except (CannotOpen, BadMessage):
                not_opened += 1
                continue
            write(line)
            opened += 1
    return Tally(opened, not_opened)


def _stored(sealed: SealedStore) -> Iterator[Sealed]:
    """Every record that was not erased, chain by chain; those stored apart come last."""
    for station, chain in sealed.chains():
        after = 0
        while rows := sealed.after(station, chain, after):
            yield from (row for row in rows if row.content)
            after = rows[-1].sequence
    for rows in sealed.apart(frozenset()):
        yield from (row for row in rows if row.content)
    sealed.still()


def _line(folder: Path | None, key: OpeningKey, one: Sealed, media: list[SealedPicture]) -> str:
    record = decode(one.content, Record)
    payload = key.open(b64decode(record.data_base64), one.station, record.id)
    facts = {"id": record.id, "station": one.station, "type": str(record.type), "time": record.time, "sequence": int(record.sequence)}
    pictures = [_picture(folder, key, sealed) for sealed in media if sealed.content] if folder is not None else []
    return json.dumps(
        {**facts, "chain": record.chain, "rejected": one.apart, "payload": _plain(payload), "media": pictures}, ensure_ascii=False
    )


def _picture(folder: Path, key: OpeningKey, sealed: SealedPicture) -> dict[str, str]:
    media = decode(sealed.content, Media)
    opened = key.open(b64decode(media.data_base64), sealed.station, media.id)
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
