"""What a station says of itself: birth and status, built from its facts. Nothing of a person is in either."""

from msgspec import UNSET

from kiosk.clock import Stamp
from kiosk.journal.rows import Waiting
from kiosk.link.words import Facts
from kiosk.messages.payloads import CONTRACT, Birth, ClockFacts, LaneState, Outbox, Status
from kiosk.sealing.station import StationKeys


def birth(facts: Facts, session: str, now: Stamp, keys: StationKeys, chain: str) -> Birth:
    """What the station is made of; `chain` is empty on a link that carries no journal."""
    return Birth(
        session=session,
        ts=now.text,
        versions=facts.versions,
        devices=list(facts.parts),
        keys={"signing": keys.id, "key_set": str(keys.public.number)},
        schema=CONTRACT,
        chain=chain or UNSET,
    )


def status(facts: Facts, state: LaneState, session: str, number: int, now: Stamp, waiting: Waiting | None) -> Status:
    """How the station is; `waiting` None on a link that carries no journal."""
    return Status(
        state=state,
        ts=now.text,
        session=session,
        seq=number,
        self_registration=facts.self_registration or UNSET,
        devices=facts.devices,
        consumables=facts.consumables,
        lists=facts.lists,
        clock=ClockFacts(source=now.source, uncertainty_s=now.uncertainty_s),
        outbox=UNSET if waiting is None else _outbox(waiting, now),
        versions=facts.versions,
    )


def _outbox(waiting: Waiting, now: Stamp) -> Outbox:
    age_s = (now.utc - waiting.oldest).total_seconds() if waiting.oldest is not None else 0.0
    return Outbox(rows=waiting.rows, bytes=waiting.bytes, oldest_s=max(0, int(age_s)), rejected=waiting.rejected)
