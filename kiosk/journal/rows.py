"""What goes into the journal and what comes out of it, as values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum

from kiosk.messages.payloads import Outcome, Picture, RecordType, Result
from kiosk.private import Private
from kiosk.registration.names import NotRecordedBecause

# 16 KiB of sealed record, and the picture that still fits into a message (docs/reporting.md)
LARGEST_RECORD, LARGEST_PICTURE = 16_384, 196_608
MEGABYTE = 1_000_000


class JournalUnusable(RuntimeError):
    """The journal cannot be opened; the text says why and what to do. The station stays closed."""


class Kind(StrEnum):
    """The kinds of record."""

    REGISTRATION = "registration"
    DECISION = "decision"
    HANDOVER = "handover"
    AUDIT = "audit"

    @property
    def type(self) -> RecordType:
        """The CloudEvents type."""
        return RecordType(f"mpaka.{self}.v1")


@dataclass(frozen=True)
class NewPicture:
    """A picture of a registration, to be sealed beside it. JPEG or PNG; fingers WSQ or PNG."""

    kind: Picture
    content: Private[bytes]


@dataclass(frozen=True)
class Opens:
    """The record opens a case; the case's id is the record's id. `token_code` is what stands on the slip."""

    token_code: str


@dataclass(frozen=True)
class Settles:
    """The record is a decision of a console that the lane took in. Only ACCEPTED closes the case."""

    decision_id: str
    case_id: str
    code: str
    outcome: Outcome


@dataclass(frozen=True)
class Expires:
    """The record says that a case's hours ran out, or that its traveller went away."""

    case_id: str


CaseWork = Opens | Settles | Expires


@dataclass(frozen=True)
class Recorded:
    """Committed: synced to the disk. `record_id` is also the case id of a registration that opened one."""

    ticket: int
    sequence: int
    record_id: str


@dataclass(frozen=True)
class NotRecorded:
    """Nothing of it is in the journal."""

    ticket: int
    reason: NotRecordedBecause


class Pressure(StrEnum):
    """How full journal and disk are: WARN from 70 %, PAUSED from 90 %: no self-registration, decisions go on."""

    OK = "ok"
    WARN = "warn"
    PAUSED = "paused"


@dataclass(frozen=True)
class PressureChanged:
    """The pressure is another one than before."""

    pressure: Pressure


Answer = Recorded | NotRecorded | PressureChanged


@dataclass(frozen=True)
class Caps:
    """How large journal and pictures may grow, and how long rows stay after headquarters has them (whichever limit comes first)."""

    journal_bytes: int = 2048 * MEGABYTE
    media_bytes: int = 8192 * MEGABYTE
    retention_days: int = 7
    keep_bytes: int = 100 * MEGABYTE


@dataclass(frozen=True)
class Row:
    """A record that headquarters does not have yet: the CloudEvent as it is sent."""

    sequence: int
    record_id: str
    content: bytes


@dataclass(frozen=True)
class PictureRow:
    """A sealed picture: the CloudEvent as it is sent. `place` rises in the order in which they were taken."""

    place: int
    picture_id: str
    record_id: str
    kind: Picture
    content: bytes


@dataclass(frozen=True)
class StoredCase:
    """An open case after a restart. `envelope` is the sealed record, as the desk key opens it."""

    case_id: str
    token_code: str
    since: datetime
    holder: str
    version: int
    envelope: bytes


@dataclass(frozen=True)
class StoredDecision:
    """A decision that the lane took in, so that a repeated one is answered alike."""

    decision_id: str
    case_id: str
    code: str
    outcome: Outcome


@dataclass(frozen=True)
class CaseBook:
    """All that a lane knows about its cases after a restart."""

    cases: tuple[StoredCase, ...]
    decisions: tuple[StoredDecision, ...]


@dataclass(frozen=True)
class CommandKept:
    """A command that was carried out or refused before, and its result."""

    number: int
    command_id: str
    result: Result
    why: str


@dataclass(frozen=True)
class Obeys:
    """The record says what became of a command. `ordered` is what of it holds over a restart, by name; an empty value ends it."""

    kept: CommandKept
    ordered: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Waiting:
    """What waits for headquarters: records, their bytes, the oldest one's time; rows stored apart there; pictures."""

    rows: int
    bytes: int
    oldest: datetime | None
    rejected: int
    pictures: int


@dataclass(frozen=True)
class AckTaken:
    """All up to here is at headquarters."""

    upto: int


@dataclass(frozen=True)
class AckRefused:
    """The acknowledgement does not fit this journal; nothing was dropped. `suspect` False: there is an honest reason for it."""

    why: str
    suspect: bool = True


@dataclass(frozen=True)
class Opened:
    """How the journal was found. `floor` is the latest moment that it knows of, `ordered` what headquarters ordered and still holds."""

    chain: str
    last_sequence: int
    floor: datetime
    ordered: Mapping[str, str] = field(default_factory=dict)
