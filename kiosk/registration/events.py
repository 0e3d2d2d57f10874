"""All that can happen at a kiosk. PURE values; an answer carries the ticket of its order, a time-out the step it was set for (law 2)."""

from dataclasses import dataclass
from datetime import date

from drivers.contract import Kind, Paper, Unread
from kiosk.documents.results import Examined
from kiosk.documents.scan import Image
from kiosk.private import Private
from kiosk.registration.names import ClosedFor, NotRecordedBecause, StepName
from kiosk.registration.profile import Profile, Question
from kiosk.registration.travellers import Case, Declining, Papers, Relation

# From the traveller, and from the officer who comes to the kiosk


@dataclass(frozen=True)
class Touched:
    """Somebody touched the attract screen. `at` is the lane's monotonic clock in seconds: the session is counted from there."""

    at: float


@dataclass(frozen=True)
class LanguageChosen:
    """A language tag of the profile."""

    language: str


@dataclass(frozen=True)
class NoticeUnderstood:
    """The privacy notice was read or heard."""


@dataclass(frozen=True)
class TravelClassChosen:
    """What the traveller says to have."""

    papers: Papers


@dataclass(frozen=True)
class AddMember:
    """Somebody else travels along."""

    relation: Relation


@dataclass(frozen=True)
class PartyComplete:
    """Nobody else travels along."""


@dataclass(frozen=True)
class AnswerGiven:
    """An answer to a question of the declaration; `value` is one of the profile's options."""

    question: Question
    value: Private[str]


@dataclass(frozen=True)
class Declined:
    """The traveller declines the face or the fingers that are asked for."""

    reason: Declining


@dataclass(frozen=True)
class Correct:
    """Something on the review screen is wrong."""


@dataclass(frozen=True)
class Confirmed:
    """What the review screen says is right."""


@dataclass(frozen=True)
class OfficerInstead:
    """The traveller wants an officer."""


@dataclass(frozen=True)
class Back:
    """To the question before; where none lies behind, the kiosk asks whether to stop."""


@dataclass(frozen=True)
class LeaveAsked:
    """The traveller touched *cancel*: the kiosk asks whether to stop."""


@dataclass(frozen=True)
class Stay:
    """No, go on."""


@dataclass(frozen=True)
class Cancelled:
    """Yes, stop and forget. Counts only as the answer to that question."""


@dataclass(frozen=True)
class MoreTime:
    """The traveller needs more time."""


@dataclass(frozen=True)
class SlipTaken:
    """The traveller has the slip, or has noted what the screen shows instead."""


@dataclass(frozen=True)
class OfficerAttended:
    """An officer came and took over."""


# From devices and from the checks


@dataclass(frozen=True)
class DocumentRead:
    """A zone was read. `today` is the day by a known clock; None makes dates undetermined (law 11)."""

    ticket: int
    lines: Private[tuple[str, ...]]
    source: Kind
    confirmed: bool
    today: date | None
    picture: Image | None = None


@dataclass(frozen=True)
class DocumentUnreadable:
    """No zone was read."""

    ticket: int
    why: Unread


@dataclass(frozen=True)
class PassRead:
    """The code of a border pass was read."""

    ticket: int
    text: Private[str]
    picture: Image | None = None


@dataclass(frozen=True)
class PassUnknown:
    """No border pass was read."""

    ticket: int
    why: Unread


@dataclass(frozen=True)
class ChecksDone:
    """The document was looked at."""

    ticket: int
    examined: Examined


@dataclass(frozen=True)
class FaceCaptured:
    """A portrait; see travellers.Portrait."""

    ticket: int
    image: Image
    quality: int


@dataclass(frozen=True)
class FaceNotCaptured:
    """No portrait this time."""

    ticket: int
    why: Unread


@dataclass(frozen=True)
class FingerCaptured:
    """The finger that was asked for under this ticket; see travellers.Print."""

    ticket: int
    image: Image
    ppi: int
    quality: int | None


@dataclass(frozen=True)
class FingerNotCaptured:
    """No finger this time."""

    ticket: int
    why: Unread


@dataclass(frozen=True)
class SlipPrinted:
    """The slip went out. `confirmed` only when the printer itself said so."""

    ticket: int
    confirmed: bool


@dataclass(frozen=True)
class SlipNotPrinted:
    """No slip: what the printer says."""

    ticket: int
    paper: Paper


@dataclass(frozen=True)
class DeviceLost:
    """A device or its host is gone. What it was asked for will not be answered."""

    kind: Kind


@dataclass(frozen=True)
class DeviceBack:
    """A device is there again."""

    kind: Kind


# From the journal


@dataclass(frozen=True)
class Recorded:
    """Committed. The lane drew the identifier and the token when it sealed the registration; the core draws nothing by chance."""

    ticket: int
    case: Case


@dataclass(frozen=True)
class NotRecorded:
    """Not committed, and it never will be under this ticket."""

    ticket: int
    reason: NotRecordedBecause


# From the clock


@dataclass(frozen=True)
class TimeAlmostOut:
    """The step has waited long: ask whether more time is needed."""

    ticket: int
    step: StepName


@dataclass(frozen=True)
class TimeRanOut:
    """Nobody answered."""

    ticket: int
    step: StepName


# From the people who run the lane


@dataclass(frozen=True)
class LaneOpened:
    """The lane serves travellers."""


@dataclass(frozen=True)
class LaneClosed:
    """The lane takes no further traveller; the one who is there ends in peace."""

    reason: ClosedFor


@dataclass(frozen=True)
class ProfileChanged:
    """The lane asks something else from the next traveller on; the one who is there is asked what they were asked before."""

    profile: Profile


@dataclass(frozen=True)
class TechnicianSignedOn:
    """A technician takes the lane; counts only while nobody is there."""


@dataclass(frozen=True)
class TechnicianSignedOff:
    """The technician is done."""


FromPeople = (
    Touched | LanguageChosen | NoticeUnderstood | TravelClassChosen | AddMember | PartyComplete | AnswerGiven | Declined | Correct
    | Confirmed | OfficerInstead | Back | LeaveAsked | Stay | Cancelled | MoreTime | SlipTaken | OfficerAttended
)  # fmt: skip
Reply = (
    DocumentRead | DocumentUnreadable | PassRead | PassUnknown | ChecksDone | FaceCaptured | FaceNotCaptured | FingerCaptured
    | FingerNotCaptured | SlipPrinted | SlipNotPrinted | Recorded | NotRecorded
)  # fmt: skip
FromDevices = Reply | DeviceLost | DeviceBack
FromClock = TimeAlmostOut | TimeRanOut
FromLane = LaneOpened | LaneClosed | ProfileChanged | TechnicianSignedOn | TechnicianSignedOff
Event = FromPeople | FromDevices | FromClock | FromLane
