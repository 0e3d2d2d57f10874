"""What an opened record becomes: a row a traveller, or a decision on a case. PURE."""

from dataclasses import dataclass
from typing import Any

import msgspec

from kiosk.documents.results import CheckResult, worst
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Decision, Record, RecordType, members, shaped
from kiosk.messages.topics import parse_station
from kiosk.record import MemberRecord, RecordWrong, RegistrationRecord, read, read_media

Values = dict[str, Any]
OPENED_TYPES = (RecordType.REGISTRATION, RecordType.DECISION)
"""Only these are opened: sessions that ended, commands and signing on are nobody's crossing."""
CAPTURED = "captured"
# What a column of whole numbers holds
LARGEST_NUMBER = 2**63 - 1


class NotUnderstood(ValueError):
    """It was opened, and is nothing that this version knows. The text holds nothing of a person."""


@dataclass(frozen=True)
class Sealed:
    """A record as headquarters keeps it: the signed message, where it stands, and `apart`, the reason where it is stored apart."""

    record_id: str
    station: str
    chain: str
    sequence: int
    content: bytes
    hash: str
    received: str
    apart: str = ""


@dataclass(frozen=True)
class Crossing:
    """One registration: a row a traveller (one without a person where nobody was read), and how many pictures belong to it."""

    rows: tuple[Values, ...]
    pictures: int


@dataclass(frozen=True)
class Decided:
    """An officer's decision on a case; `time` is that of the record that brought it."""

    decision: Decision
    record_id: str
    time: str


@dataclass(frozen=True)
class OpenedPicture:
    """A picture: what its head says, and its bytes."""

    member: int
    kind: str
    encoding: str
    width: int
    height: int
    note: str
    image: bytes


def opened(sealed: Sealed, message: Record, payload: bytes) -> Crossing | Decided:
    """What this payload says. Raises NotUnderstood."""
    if message.type is RecordType.DECISION:
        try:
            decision = shaped(_held(members(payload)), Decision)
            console = parse_station(decision.console)
        except BadMessage:
            raise NotUnderstood("not a decision that this version knows") from None
        if console.post != parse_station(sealed.station).post:
            raise NotUnderstood("a decision of another post's console")
        return Decided(decision, sealed.record_id, message.time)
    try:
        registration = read(payload)
    except RecordWrong:
        raise NotUnderstood("not a registration that this version knows") from None
    common = _common(sealed, message, registration)
    travellers = registration.members
    rows = tuple(_held({**common, "member": at, **_member(one)}) for at, one in enumerate(travellers)) or (_held({**common, "member": 0}),)
    return Crossing(rows, sum(_pictures(one) for one in travellers))


def picture(content: bytes) -> OpenedPicture:
    """What an opened picture holds. Raises NotUnderstood."""
    try:
        found, image = read_media(content)
    except RecordWrong:
        raise NotUnderstood("not a picture of a registration") from None
    head = _held(found)
    return OpenedPicture(
        head["member"], head["kind"], head["encoding"], head["width"], head["height"], str(head.get("note", "")), image.value
    )


def _held(values: Values) -> Values:
    """As any database holds them: what it does not take would keep all that follows from being opened. Raises NotUnderstood."""
    held = {}
    for name, value in values.items():
        if isinstance(value, int) and abs(value) > LARGEST_NUMBER:
            raise NotUnderstood("a number in it is larger than any that is meant")
        # a border pass's code may hold anything: PostgreSQL has no zero character, and half of a surrogate pair is no text
        held[name] = value.encode(errors="replace").decode().replace("\0", "\ufffd") if isinstance(value, str) else value
    return held


def _common(sealed: Sealed, message: Record, registration: RegistrationRecord) -> Values:
    return {
        "record_id": sealed.record_id,
        "station": sealed.station,
        "post": parse_station(sealed.station).post,
        "direction": registration.direction,
        "time": message.time,
        "time_source": str(message.clocksource),
        "time_uncertainty_s": message.uncertaintys,
        "received": sealed.received,
        "sequence": sealed.sequence,
        "chain": sealed.chain,
        "record_hash": sealed.hash,
        "stored_apart": sealed.apart,
        "token": registration.token,
        "number": registration.number,
        "language": registration.language,
        "papers": registration.papers,
        "help": registration.help,
        "party_size": len(registration.members),
        "answers": _json(registration.answers),
    }


def _member(one: MemberRecord) -> Values:
    holder = one.holder
    of_holder: Values = {}
    if holder is not None:
        of_holder = {
            "document_layout": holder.layout,
            "document_type": holder.code,
            "document_state": holder.issuer,
            "document_number": holder.number,
            "document_expiry": holder.expiry,
            "surname": holder.surname,
            "given_names": holder.given_names,
            "birth_date": holder.birth,
            "sex": holder.sex,
            "nationality": holder.nationality,
            "age": holder.age,
        }
    return {
        **of_holder,
        "border_pass": one.border_pass,
        "zone": "\n".join(one.zone),
        "document_source": one.source,
        "document_confirmed": int(one.confirmed),
        "relation": one.relation or "",
        "way": one.way,
        "face": one.face,
        "face_quality": one.face_quality,
        "prints": _json(dict(one.prints)),
        "checks": _json({check.id: check.result for check in one.checks}),
        "checks_evidence": _json({check.id: check.evidence for check in one.checks if check.result is not CheckResult.SUCCESSFUL}),
        "checks_worst": str(worst(check.result for check in one.checks)) if one.checks else "",
    }


def _pictures(one: MemberRecord) -> int:
    return (one.face == CAPTURED) + sum(how == CAPTURED for _, how in one.prints)


def _json(values: dict[Any, Any]) -> str:
    return msgspec.json.encode(values, order="deterministic").decode()
