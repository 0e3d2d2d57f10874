"""The payloads, one struct each, as docs/asyncapi.yaml lays them down. PURE.

Optional members are UNSET, not None, so that they are left out of the written form. Unknown members of others are let through:
a signature covers what was sent, so it is verified on `members`, never on a struct written back.
"""

from enum import StrEnum
from typing import Annotated, Any, Literal, TypeVar

import msgspec
from msgspec import UNSET, Meta, UnsetType

from kiosk.messages.canonical import BadMessage, canonical

# Nothing that is sent comes near this; it bounds the work that bytes from outside can cause
LARGEST = 400_000
# The version of docs/asyncapi.yaml that this file speaks
CONTRACT = "1.4.0"
SEALED_RECORD, SEALED_MEDIA = 24_576, 262_144

Uuid = Annotated[str, Meta(pattern="^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$")]
Utc = Annotated[str, Meta(pattern=r"^[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9]{2}:[0-9]{2}:[0-9]{2}(\.[0-9]{1,6})?Z$")]
Sequence20 = Annotated[str, Meta(pattern="^[0-9]{20}$")]
Hash = Annotated[str, Meta(pattern="^[0-9a-f]{64}$")]
Text = Annotated[str, Meta(max_length=256)]
Signature = Annotated[str, Meta(max_length=96)]
Count = Annotated[int, Meta(ge=0, le=2**53 - 1)]
Base64 = r"^[A-Za-z0-9+/]*={0,2}$"


class Payload(msgspec.Struct, frozen=True, kw_only=True):
    """What all payloads share: frozen, members by name."""


class LaneState(StrEnum):
    """What a station says of itself."""

    STARTING = "starting"
    OPEN = "open"
    CLOSED = "closed"
    FAULT = "fault"
    MAINTENANCE = "maintenance"
    STOPPED = "stopped"


class DeviceState(StrEnum):
    """How a device does."""

    OK = "ok"
    DEGRADED = "degraded"
    FAILED = "failed"
    ABSENT = "absent"


class ClockSource(StrEnum):
    """Where a station's time comes from."""

    GPS = "gps"
    NTP = "ntp"
    HEADQUARTERS = "headquarters"
    RTC = "rtc"
    UNKNOWN = "unknown"


class RecordType(StrEnum):
    """The CloudEvents types of records."""

    REGISTRATION = "mpaka.registration.v1"
    DECISION = "mpaka.decision.v1"
    HANDOVER = "mpaka.handover.v1"
    AUDIT = "mpaka.audit.v1"


class Picture(StrEnum):
    """What a picture shows."""

    PORTRAIT = "portrait"
    FACE = "face"
    FINGER = "finger"
    DOCUMENT = "document"


class Outcome(StrEnum):
    """How a lane answers a decision."""

    ACCEPTED = "accepted"
    CONFLICT = "conflict"
    UNKNOWN_CASE = "unknown_case"


class Result(StrEnum):
    """What became of a command."""

    DONE = "done"
    REFUSED = "refused"
    FAILED = "failed"


class CommandName(StrEnum):
    """What headquarters may ask of a station."""

    OPEN = "open"
    CLOSE = "close"
    RELOAD_SETTINGS = "reload-settings"
    LISTS = "lists"
    LANGUAGES = "languages"
    SEND_LOGS = "send-logs"
    REBIRTH = "rebirth"
    REPLAY = "replay"
    KEY_SET = "key-set"
    FIRMWARE = "firmware"
    VERSION = "version"


class SelfRegistration(Payload, frozen=True, kw_only=True):
    """Whether travellers may register by themselves, and why not."""

    state: Literal["open", "paused"]
    reason: Text | UnsetType = UNSET


class ClockFacts(Payload, frozen=True, kw_only=True):
    """The station's clock."""

    source: ClockSource
    uncertainty_s: float
    drift_s: float | UnsetType = UNSET


class Outbox(Payload, frozen=True, kw_only=True):
    """What waits for headquarters. `rejected`: rows that headquarters stored apart, with a reason."""

    rows: Count
    bytes: Count
    oldest_s: Count
    rejected: Count = 0


class Queue(Payload, frozen=True, kw_only=True):
    """Registrations that wait for an officer, and for how long the oldest has waited."""

    cases: Count
    longest_s: Count


class Hour(Payload, frozen=True, kw_only=True):
    """What a lane did in one hour, by its own clock: `wait_s` is the median from registration to decision, of those decided in it."""

    hour: Utc
    registered: Count
    decided: Count
    wait_s: Count | UnsetType = UNSET


class Refusal(StrEnum):
    """What a station does not believe, and goes on without. BROKER, CERTIFICATE and DENIED stop the line; the others are single messages.

    REPEATED is a command that came again after it was done: headquarters does that itself where it did not get the result."""

    MALFORMED = "malformed"
    UNSIGNED = "unsigned"
    MISDIRECTED = "misdirected"
    ACKNOWLEDGEMENT = "acknowledgement"
    COMMAND = "command"
    REPEATED = "repeated"
    BROKER = "broker"
    CERTIFICATE = "certificate"
    DENIED = "denied"


class Refused(Payload, frozen=True, kw_only=True):
    """How often what was refused since the program began, by `Refusal`, and when the last was."""

    last: Utc
    counts: dict[str, Count]


class CertificateDates(Payload, frozen=True, kw_only=True):
    """From when until when the station's certificate holds."""

    begins: Utc
    ends: Utc


class Status(Payload, frozen=True, kw_only=True):
    """Retained; every 10 s and on change. No field of a person.

    `since`: when the state, and each device and consumable by its name, became what it is. `closed_by_headquarters`: since when."""

    state: LaneState
    ts: Utc
    session: Uuid
    seq: Count
    self_registration: SelfRegistration | UnsetType = UNSET
    devices: dict[str, DeviceState] | UnsetType = UNSET
    consumables: dict[str, str] | UnsetType = UNSET
    lists: dict[str, int] | UnsetType = UNSET
    clock: ClockFacts | UnsetType = UNSET
    outbox: Outbox | UnsetType = UNSET
    versions: dict[str, str] | UnsetType = UNSET
    since: dict[str, Utc] | UnsetType = UNSET
    queue: Queue | UnsetType = UNSET
    hours: Annotated[list[Hour], Meta(max_length=24)] | UnsetType = UNSET
    closed_by_headquarters: Utc | UnsetType = UNSET
    refused: Refused | UnsetType = UNSET
    certificate: CertificateDates | UnsetType = UNSET


class Lost(Payload, frozen=True, kw_only=True):
    """The last will. A will of an older session says nothing about the present one."""

    state: Literal["lost"]
    session: Uuid


class Birth(Payload, frozen=True, kw_only=True):
    """Retained; at connect and in answer to `rebirth`: what the station is made of."""

    session: Uuid
    ts: Utc
    versions: dict[str, str]
    devices: list[dict[str, Any]]
    keys: dict[str, str]
    schema: str | UnsetType = UNSET
    chain: str | UnsetType = UNSET


class Record(Payload, frozen=True, kw_only=True):
    """A journal row as a CloudEvent (structured JSON mode). `prevhash` of the first is 64 zeros."""

    specversion: Literal["1.0"]
    id: Uuid
    source: Text
    type: RecordType
    time: Utc
    clocksource: ClockSource
    uncertaintys: float
    bootid: Text
    monotonicms: Count
    sequence: Sequence20
    chain: Uuid
    prevhash: Hash
    keyid: Text
    sig: Signature
    data_base64: Annotated[str, Meta(max_length=SEALED_RECORD, pattern=Base64)]


class Media(Payload, frozen=True, kw_only=True):
    """A sealed picture as a CloudEvent; `record` is the row that it belongs to."""

    specversion: Literal["1.0"]
    id: Uuid
    source: Text
    type: Literal["mpaka.media.v1"]
    record: Uuid
    keyid: Text
    sig: Signature
    data_base64: Annotated[str, Meta(max_length=SEALED_MEDIA, pattern=Base64)]


class Reject(Payload, frozen=True, kw_only=True):
    """One row that headquarters stored apart, with its reason."""

    id: Uuid
    why: Text


class Ack(Payload, frozen=True, kw_only=True):
    """Headquarters' signed word, after its own commit: all of this chain up to `upto` is stored, and `head` is the chain's hash there."""

    station: Text
    chain: Uuid
    upto: Sequence20
    head: Hash
    time: Utc
    sig: Signature
    ids: Annotated[list[Uuid], Meta(max_length=500)] = []
    reject: Annotated[list[Reject], Meta(max_length=500)] = []


class Command(Payload, frozen=True, kw_only=True):
    """Headquarters asks something of a station. Never retained; sent again until its result comes."""

    id: Uuid
    station: Text
    number: Annotated[int, Meta(ge=1, le=2**53 - 1)]
    name: CommandName
    expires: Utc
    sig: Signature
    args: dict[str, Any] | UnsetType = UNSET


class CommandResult(Payload, frozen=True, kw_only=True):
    """What became of a command; sent for each delivery of it."""

    id: Uuid
    number: Count
    result: Result
    sig: Signature
    why: Text | UnsetType = UNSET


class CaseOffer(Payload, frozen=True, kw_only=True):
    """A registration that waits: `envelope` is the sealed record, base64, which the post's desk key opens."""

    case_id: Uuid
    token_code: Annotated[str, Meta(max_length=6)]
    version: Count
    envelope: Annotated[str, Meta(max_length=SEALED_RECORD, pattern=Base64)]
    sig: Signature
    since: Utc | UnsetType = UNSET


class CaseMedia(Payload, frozen=True, kw_only=True):
    """A sealed picture of a case."""

    case_id: Uuid
    media: Uuid
    kind: Picture
    envelope: Annotated[str, Meta(max_length=SEALED_MEDIA, pattern=Base64)]
    sig: Signature


class Hello(Payload, frozen=True, kw_only=True):
    """A console has come and wants the open cases."""

    console: Text
    time: Utc
    sig: Signature


class Claim(Payload, frozen=True, kw_only=True):
    """A console takes a case, renews its lease, or gives it back."""

    case_id: Uuid
    version: Count
    console: Text
    sig: Signature
    release: bool | UnsetType = UNSET


class Held(Payload, frozen=True, kw_only=True):
    """Who holds a case."""

    case_id: Uuid
    holder: str | None
    version: Count
    lease_s: Count | UnsetType = UNSET


class Claims(Payload, frozen=True, kw_only=True):
    """All open cases of a lane and who holds them."""

    cases: list[Held]
    sig: Signature


class Decision(Payload, frozen=True, kw_only=True):
    """An officer's decision, signed by the console."""

    decision_id: Uuid
    case_id: Uuid
    version: Count
    code: Text
    officer: Text
    console: Text
    sig: Signature
    second_officer: Text | UnsetType = UNSET


class Decided(Payload, frozen=True, kw_only=True):
    """The lane's answer to a decision, after its own commit."""

    decision_id: Uuid
    case_id: Uuid
    outcome: Outcome
    sig: Signature


# What a signature over each of them begins with: `mpaka-{kind}-1` and a zero byte
SIGNED_AS: dict[type[Payload], str] = {
    Record: "record",
    Media: "media",
    Ack: "ack",
    Command: "command",
    CommandResult: "command-result",
    CaseOffer: "case",
    CaseMedia: "case-media",
    Hello: "hello",
    Claim: "claim",
    Claims: "claims",
    Decision: "decision",
    Decided: "decided",
}

P = TypeVar("P", bound=msgspec.Struct)


def encode(payload: msgspec.Struct) -> bytes:
    """The written form: RFC 8785 JSON. Raises BadMessage for values that JSON cannot hold."""
    return canonical(msgspec.to_builtins(payload))


def members(content: bytes, largest: int = LARGEST) -> dict[str, Any]:
    """The JSON object in these bytes, which are at most `largest`. Raises BadMessage."""
    if len(content) > largest:
        raise BadMessage(f"longer than {largest} bytes")
    try:
        value = msgspec.json.decode(content)
    except (msgspec.DecodeError, UnicodeDecodeError, RecursionError) as why:
        raise BadMessage(f"is not JSON ({type(why).__name__})") from None
    if not isinstance(value, dict):
        raise BadMessage("is not a JSON object")
    return value


def shaped(found: dict[str, Any], shape: type[P]) -> P:
    """The members as this payload. Raises BadMessage, which says where and what was expected."""
    try:
        return msgspec.convert(found, shape)
    except msgspec.ValidationError as why:
        raise BadMessage(f"{shape.__name__}: {_without_values(str(why))}") from None


def decode(content: bytes, shape: type[P]) -> P:
    """Bytes as this payload. Raises BadMessage."""
    return shaped(members(content), shape)


def _without_values(text: str) -> str:
    """msgspec quotes a wrong enum value; what came from outside stays out of our texts."""
    what, at, where = text.partition(" - at ")
    return ("Invalid enum value" if what.startswith("Invalid enum value") else what) + at + where
