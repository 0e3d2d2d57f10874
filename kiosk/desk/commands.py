"""All that a desk may ask to be done. PURE values."""

from dataclasses import dataclass

from kiosk.desk.states import Waiting


@dataclass(frozen=True)
class SendClaim:
    """Tell the lane that this console takes the case, or with `release` gives it back."""

    waiting: Waiting
    release: bool = False


@dataclass(frozen=True)
class OpenEnvelope:
    """Open the record and the pictures of this case with the desk's key."""

    case_id: str


@dataclass(frozen=True)
class RecordDecision:
    """Commit the decision to the console's own journal; DecisionRecorded or DecisionNotRecorded follows."""

    ticket: int
    waiting: Waiting
    code: str
    officer: str


@dataclass(frozen=True)
class SendDecision:
    """Send the committed decision of this ticket to the lane."""

    ticket: int
    waiting: Waiting


@dataclass(frozen=True)
class Forget:
    """Names, numbers and pictures leave the memory."""


Command = SendClaim | OpenEnvelope | RecordDecision | SendDecision | Forget
