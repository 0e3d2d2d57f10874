"""All that can happen at a desk. PURE values."""

from dataclasses import dataclass

from kiosk.desk.states import LaneSeen, Picture, Summary, Waiting
from kiosk.messages.payloads import Outcome
from kiosk.movement.case import Reason
from kiosk.private import Private
from kiosk.record import RegistrationRecord
from kiosk.roles import SignedOn


@dataclass(frozen=True)
class PersonSignedOn:
    """An officer is at the desk."""

    person: SignedOn


@dataclass(frozen=True)
class PersonSignedOff:
    """The officer left, or was away too long."""


@dataclass(frozen=True)
class CaseOffered:
    """A lane offers a case; it does so again when asked."""

    waiting: Waiting


@dataclass(frozen=True)
class CaseRead:
    """The record of an offered case could be opened with the desk's key."""

    case_id: str
    summary: Private[Summary]


@dataclass(frozen=True)
class ClaimsHeard:
    """A lane says who holds what: (case, holder, version)."""

    lane: str
    held: tuple[tuple[str, str, int], ...]


@dataclass(frozen=True)
class LaneHeard:
    """A lane says how it is."""

    lane: str
    seen: LaneSeen


@dataclass(frozen=True)
class CaseTaken:
    """The officer takes a case up; an empty id is the next one that is free."""

    case_id: str = ""


@dataclass(frozen=True)
class CaseGivenBack:
    """The officer gives the open case back to the queue."""


@dataclass(frozen=True)
class EnvelopeOpened:
    """The record of the claimed case."""

    case_id: str
    record: Private[RegistrationRecord]


@dataclass(frozen=True)
class EnvelopeSealed:
    """The record of the claimed case could not be opened with this desk's key."""

    case_id: str


@dataclass(frozen=True)
class PictureCame:
    """A picture of a case."""

    case_id: str
    picture: Picture


@dataclass(frozen=True)
class MemberShown:
    """The officer looks at another member of the party."""

    member: int


@dataclass(frozen=True)
class ClearPressed:
    """Clear."""


@dataclass(frozen=True)
class ReferPressed:
    """Second line: the desk asks for the reason."""


@dataclass(frozen=True)
class ReasonChosen:
    """The coded reason for second line."""

    reason: Reason


@dataclass(frozen=True)
class ReasonDropped:
    """Back from the question for a reason."""


@dataclass(frozen=True)
class DecisionRecorded:
    """The console's own journal has committed the decision."""

    ticket: int


@dataclass(frozen=True)
class DecisionNotRecorded:
    """It has not, and never will under this ticket."""

    ticket: int


@dataclass(frozen=True)
class LaneAnswered:
    """The lane has taken the decision in, or says why not."""

    case_id: str
    outcome: Outcome


@dataclass(frozen=True)
class LaneSilent:
    """The lane has not answered within five seconds; it is told later."""

    case_id: str


Event = (
    PersonSignedOn | PersonSignedOff | CaseOffered | CaseRead | ClaimsHeard | LaneHeard | CaseTaken | CaseGivenBack | EnvelopeOpened
    | EnvelopeSealed | PictureCame | MemberShown | ClearPressed | ReferPressed | ReasonChosen | ReasonDropped | DecisionRecorded
    | DecisionNotRecorded | LaneAnswered | LaneSilent
)  # fmt: skip
