"""What a console knows: the cases that wait, the one that is open, the lanes. PURE values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from types import MappingProxyType

from kiosk.movement.case import Case
from kiosk.private import Private
from kiosk.record import MediaKind, RegistrationRecord
from kiosk.registration.profile import Direction
from kiosk.registration.travellers import Image
from kiosk.roles import SignedOn


@dataclass(frozen=True)
class Waiting:
    """A registration that a lane has offered. `holder` is the console that has claimed it."""

    case_id: str
    lane: str
    token: str
    since: str
    version: int = 0
    holder: str = ""
    summary: Private["Summary"] | None = None


@dataclass(frozen=True)
class Summary:
    """What the queue says of a case before it is opened; read from the record after sign-on."""

    number: int
    party: int
    papers: str
    help: bool


@dataclass(frozen=True)
class Picture:
    """A picture of the open case."""

    kind: MediaKind
    member: int
    image: Private[Image]


class Progress(StrEnum):
    """How far the decision on the open case has come."""

    EXAMINING = "examining"
    RECORDING = "recording"
    SENDING = "sending"
    DONE = "done"
    LANE_NOT_REACHED = "lane_not_reached"
    CONFLICT = "conflict"


@dataclass(frozen=True)
class Opened:
    """The case on the desk. `member` is the one shown, from 0."""

    waiting: Waiting
    case: Case
    record: Private[RegistrationRecord]
    pictures: tuple[Picture, ...] = ()
    member: int = 0
    progress: Progress = Progress.EXAMINING
    asking_reason: bool = False


@dataclass(frozen=True)
class LaneSeen:
    """What a lane says of itself: its state in the words of the reporting contract, and what its devices lack."""

    state: str
    lacks: tuple[str, ...] = ()


class Trouble(StrEnum):
    """What the officer must be told, as a sentence of the catalogue."""

    NONE = "none"
    HELD_ELSEWHERE = "held_elsewhere"
    CANNOT_OPEN = "cannot_open"
    NOT_RECORDED = "not_recorded"
    NEEDS_TWO = "needs_two"


@dataclass(frozen=True)
class Desk:
    """Everything that a console knows. `console` is its station id."""

    console: str
    direction: Direction
    person: SignedOn | None = None
    waiting: Mapping[str, Waiting] = field(default_factory=lambda: MappingProxyType({}))
    lanes: Mapping[str, LaneSeen] = field(default_factory=lambda: MappingProxyType({}))
    claiming: str = ""
    opened: Opened | None = None
    trouble: Trouble = Trouble.NONE
    next_ticket: int = 1

    def queue(self) -> tuple[Waiting, ...]:
        """The cases in the order in which they came."""
        return tuple(sorted(self.waiting.values(), key=lambda waiting: (waiting.since, waiting.case_id)))
