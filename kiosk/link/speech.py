"""What a station says of itself: birth and status, built from its facts. Nothing of a person is in either."""

from collections.abc import Mapping
from datetime import timedelta

from msgspec import UNSET

from kiosk.clock import Stamp, utc_text
from kiosk.journal.rows import Waiting
from kiosk.link.certificate import OwnCertificate
from kiosk.link.words import Facts
from kiosk.messages.payloads import CONTRACT, Birth, CertificateDates, ClockFacts, LaneState, Outbox, Refused, Status
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


class Since:
    """Remembers when each thing that a station says of itself became what it is.

    Kept by the monotonic clock, so that a clock that learns the time later dates it right; a restart of the program begins anew."""

    def __init__(self) -> None:
        self._known: dict[str, tuple[str, int]] = {}

    def of(self, values: Mapping[str, str], now: Stamp) -> dict[str, str]:
        """For each name the moment (UTC text) since when its value is this one."""
        for name, value in values.items():
            if self._known.get(name, ("", 0))[0] != value:
                self._known[name] = (value, now.monotonic_ms)
        return {name: utc_text(now.utc - timedelta(milliseconds=now.monotonic_ms - self._known[name][1])) for name in values}


def status(
    facts: Facts,
    state: LaneState,
    session: str,
    number: int,
    now: Stamp,
    waiting: Waiting | None,
    since: Since | None = None,
    refused: Refused | None = None,
    shown: OwnCertificate | None = None,
) -> Status:
    """How the station is; `waiting` None on a link that carries no journal, `shown` None without TLS."""
    found = (since or Since()).of({"state": state, **facts.devices, **facts.consumables}, now)
    return Status(
        state=state,
        ts=now.text,
        session=session,
        seq=number,
        self_registration=facts.self_registration or UNSET,
        devices=facts.devices,
        consumables=facts.consumables,
        lists=facts.lists,
        clock=ClockFacts(source=now.source, uncertainty_s=now.uncertainty_s, drift_s=UNSET if now.drift_s is None else now.drift_s),
        outbox=UNSET if waiting is None else _outbox(waiting, now),
        versions=facts.versions,
        since=found,
        queue=facts.queue or UNSET,
        hours=list(facts.hours) or UNSET,
        closed_by_headquarters=facts.closed_by_headquarters or UNSET,
        refused=refused or UNSET,
        certificate=UNSET if shown is None else CertificateDates(begins=utc_text(shown.begins), ends=utc_text(shown.ends)),
    )


def _outbox(waiting: Waiting, now: Stamp) -> Outbox:
    age_s = (now.utc - waiting.oldest).total_seconds() if waiting.oldest is not None else 0.0
    return Outbox(rows=waiting.rows, bytes=waiting.bytes, oldest_s=max(0, int(age_s)), rejected=waiting.rejected)
