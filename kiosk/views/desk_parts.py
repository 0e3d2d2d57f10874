"""What an officer's and a technician's screen are made of. PURE; the screens draw exactly this and decide nothing.

Everything is text already in the officer's language. State is said three times: as a word, as a shape and as a colour.
"""

from dataclasses import dataclass
from enum import StrEnum

from kiosk.private import Private
from kiosk.registration.travellers import Image as Still

__all__ = [
    "Action",
    "CaseView",
    "DeskView",
    "DeviceRow",
    "Fact",
    "Line",
    "MenuView",
    "Photo",
    "Question",
    "QueueRow",
    "Sign",
    "SignOnView",
    "Still",
    "Weight",
]


class Sign(StrEnum):
    """How something stands, as shape and colour: ● good, ▲ look at this, ■ bad, ◆ nothing to say."""

    GOOD = "good"
    LOOK = "look"
    BAD = "bad"
    QUIET = "quiet"


class Weight(StrEnum):
    """How much an action weighs."""

    PLAIN = "plain"
    MAIN = "main"
    GOOD = "good"
    STOP = "stop"


@dataclass(frozen=True)
class Action:
    """Something the officer can do. `key` is the keyboard's way to it; None as event is an action that is not possible now."""

    id: str
    label: str
    event: object
    key: str = ""
    weight: Weight = Weight.PLAIN

    @property
    def possible(self) -> bool:
        """Whether it can be done now."""
        return self.event is not None


@dataclass(frozen=True)
class QueueRow:
    """One waiting case."""

    id: str
    sign: Sign
    code: str
    number: str
    says: str
    event: object
    chosen: bool = False


@dataclass(frozen=True)
class Line:
    """A sign and what it says: a lane, a check, a device. `detail` stands at the right, in a quieter colour."""

    sign: Sign
    says: str
    detail: str = ""


@dataclass(frozen=True)
class Fact:
    """A label and its value."""

    label: str
    value: str


@dataclass(frozen=True)
class Photo:
    """A picture of the open case with its caption; `image` is None where none was taken, and the caption says why."""

    caption: str
    image: Private[Still] | None


@dataclass(frozen=True)
class CaseView:
    """The case on the desk."""

    title: str
    subtitle: str
    photos: tuple[Photo, ...]
    facts: tuple[Fact, ...]
    checks: tuple[Line, ...]
    note: Line


@dataclass(frozen=True)
class Question:
    """A question laid over the screen, with its answers; the last one goes back."""

    title: str
    answers: tuple[Action, ...]


@dataclass(frozen=True)
class DeskView:
    """The officer's screen. `band` is SAMPLE, PRACTICE or empty; `empty` is said where no case is open."""

    queue_title: str
    queue: tuple[QueueRow, ...]
    lanes: tuple[Line, ...]
    person: str
    case: CaseView | None
    empty: str
    actions: tuple[Action, ...]
    question: Question | None = None
    band: str = ""


@dataclass(frozen=True)
class SignOnView:
    """Asking who is there: a list of pseudonyms, or the PIN of the one that was chosen. `digits` is how many were entered, never which."""

    title: str
    says: str
    people: tuple[Action, ...]
    digits: int
    sign: Sign = Sign.QUIET
    technician: bool = False
    back: Action | None = None


@dataclass(frozen=True)
class DeviceRow:
    """A device with its state, when it was last well, and its self-test."""

    line: Line
    last_good: str
    result: str
    test: Action


@dataclass(frozen=True)
class MenuView:
    """The technician's menu: devices, what else is ready or not, and signing off. Nothing of a traveller."""

    title: str
    person: str
    devices: tuple[DeviceRow, ...]
    findings: tuple[Line, ...]
    actions: tuple[Action, ...]
