"""Where a session can stand: one frozen dataclass a state of the flow's first machine, holding just what is known there. PURE.

A state with a traveller holds a `Session`; a document, a face or an answer exist only from the state on in which they can.
"""

from dataclasses import dataclass, replace
from enum import Enum
from typing import ClassVar

from drivers.contract import Finger, Kind
from kiosk.documents.scan import Scan
from kiosk.registration.names import ClosedFor, StepName
from kiosk.registration.profile import Place, Profile, Question
from kiosk.registration.travellers import Case, Registration, Relation, Travellers


@dataclass(frozen=True)
class Kiosk:
    """What outlasts a traveller. `closed` None: the lane is open; `lost`: devices that are gone; `next_ticket` only rises.

    `coming`: the profile that holds from the next traveller on."""

    profile: Profile
    closed: ClosedFor | None = None
    lost: frozenset[Kind] = frozenset()
    next_ticket: int = 1
    coming: Profile | None = None

    def has(self, kind: Kind) -> bool:
        """Whether this device can be asked."""
        return kind not in self.lost

    def after(self, ticket: int) -> "Kiosk":
        """With this ticket used up."""
        return replace(self, next_ticket=ticket + 1)

    def renewed(self) -> "Kiosk":
        """Nobody is here: what comes may hold."""
        return self if self.coming is None else replace(self, profile=self.coming, coming=None)


class Aside(Enum):
    """A question laid over the step. The safe answer comes first."""

    NONE = "none"
    MORE_TIME = "more_time"
    REALLY_LEAVE = "really_leave"


@dataclass(frozen=True)
class Session:
    """A traveller is here. `began` on the lane's monotonic clock, `limit` is the ticket of the step's time limit."""

    language: str
    began: float
    limit: int
    aside: Aside = Aside.NONE


# Nobody is here


@dataclass(frozen=True)
class Attract:
    """The lane is open and waits."""

    name: ClassVar[StepName] = StepName.ATTRACT
    kiosk: Kiosk

    def __post_init__(self) -> None:
        """Raises ValueError where a closed lane would invite people."""
        if self.kiosk.closed is not None:
            raise ValueError("a closed lane does not attract")


@dataclass(frozen=True)
class Closed:
    """The lane is closed; `kiosk.closed` says why."""

    name: ClassVar[StepName] = StepName.CLOSED
    kiosk: Kiosk

    def __post_init__(self) -> None:
        """Raises ValueError where an open lane would turn people away."""
        if self.kiosk.closed is None:
            raise ValueError("an open lane is not closed")


@dataclass(frozen=True)
class Maintenance:
    """A technician has the lane."""

    name: ClassVar[StepName] = StepName.MAINTENANCE
    kiosk: Kiosk


# Before anything is known of the traveller


@dataclass(frozen=True)
class Language:
    """Choosing a language; until then the lane's own is used."""

    name: ClassVar[StepName] = StepName.LANGUAGE
    kiosk: Kiosk
    session: Session


@dataclass(frozen=True)
class Notice:
    """Reading or hearing the privacy notice."""

    name: ClassVar[StepName] = StepName.NOTICE
    kiosk: Kiosk
    session: Session


@dataclass(frozen=True)
class TravelClass:
    """Saying what papers one has."""

    name: ClassVar[StepName] = StepName.TRAVEL_CLASS
    kiosk: Kiosk
    session: Session


# Documents. `order` is the ticket of what is waited for, `tries` are those that failed


@dataclass(frozen=True)
class DocCapture:
    """Laying a document on `device`. `joining` is what this member is to the first one; `seen` when the last read was of a member's."""

    name: ClassVar[StepName] = StepName.DOC_CAPTURE
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    joining: Relation | None
    device: Kind
    order: int
    tries: int = 0
    seen: bool = False


@dataclass(frozen=True)
class PassCapture:
    """Showing a border pass to the document camera."""

    name: ClassVar[StepName] = StepName.PASS_CAPTURE
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    order: int
    tries: int = 0


@dataclass(frozen=True)
class DocCheck:
    """The document that was read is looked at."""

    name: ClassVar[StepName] = StepName.DOC_CHECK
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    joining: Relation | None
    scan: Scan
    order: int


# Questions


@dataclass(frozen=True)
class Party:
    """Saying who else travels along."""

    name: ClassVar[StepName] = StepName.PARTY
    kiosk: Kiosk
    session: Session
    travellers: Travellers


@dataclass(frozen=True)
class Declare:
    """Answering `question`; `behind` are asked already, `ahead` are still to come."""

    name: ClassVar[StepName] = StepName.DECLARE
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    behind: tuple[Question, ...]
    question: Question
    ahead: tuple[Question, ...]


# Faces and fingers. `member` counts from 0


@dataclass(frozen=True)
class Face:
    """Looking into the camera."""

    name: ClassVar[StepName] = StepName.FACE
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    member: int
    order: int
    tries: int = 0


@dataclass(frozen=True)
class Fingers:
    """Laying one finger on the glass."""

    name: ClassVar[StepName] = StepName.FINGERS
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    member: int
    finger: Finger
    order: int
    tries: int = 0


# The end


@dataclass(frozen=True)
class Review:
    """Everything once more, to be confirmed."""

    name: ClassVar[StepName] = StepName.REVIEW
    kiosk: Kiosk
    session: Session
    travellers: Travellers


@dataclass(frozen=True)
class Recording:
    """The journal writes; nothing is promised yet (law 3)."""

    name: ClassVar[StepName] = StepName.RECORDING
    kiosk: Kiosk
    session: Session
    travellers: Travellers
    order: int


class SlipIs(Enum):
    """What became of the slip. UNSURE: the printer did not say; ON_SCREEN: there is none. The screen shows number and code in any case."""

    COMING = "coming"
    PRINTED = "printed"
    UNSURE = "unsure"
    ON_SCREEN = "on_screen"


@dataclass(frozen=True)
class Token:
    """The registration stands, and nothing of a person is left here: a number, a code, and where to go."""

    name: ClassVar[StepName] = StepName.TOKEN
    kiosk: Kiosk
    session: Session
    case: Case
    place: Place
    party: int
    order: int
    slip: SlipIs


@dataclass(frozen=True)
class HelpDiscreet:
    """An officer is coming; it looks the same for every reason (law 6). `order` is None once the journal has said no."""

    name: ClassVar[StepName] = StepName.HELP_DISCREET
    kiosk: Kiosk
    session: Session
    registration: Registration
    order: int | None


Idle = Attract | Closed | Maintenance
Opening = Language | Notice | TravelClass
Reading = DocCapture | PassCapture | DocCheck
Telling = Party | Declare
Taking = Face | Fingers
Trying = DocCapture | PassCapture | Taking
Asking = Opening | Reading | Telling | Taking | Review
Ending = Recording | Token | HelpDiscreet
State = Idle | Asking | Ending
