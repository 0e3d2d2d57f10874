"""What holds at this lane while it is open: its state, direction and law, and what a traveller is asked for. PURE."""

from dataclasses import dataclass, field
from enum import StrEnum

from drivers.contract import Arrow, Finger


class Direction(StrEnum):
    """Which way travellers cross at this lane, seen from the state that it belongs to."""

    EXIT = "exit"
    ENTRY = "entry"


class Question(StrEnum):
    """What a declaration may ask; one question a screen, one tap each."""

    PURPOSE = "purpose"
    DAYS = "days"
    ADDRESS = "address"
    HEALTH = "health"
    GOODS = "goods"


MOST_QUESTIONS = 5
FIXED_OPTIONS: dict[Question, tuple[str, ...]] = {
    Question.DAYS: ("1", "3", "7", "14", "30", "90", "longer"),
    Question.ADDRESS: ("relatives", "friends", "hotel", "work", "other"),
    Question.HEALTH: ("well", "ill"),
    Question.GOODS: ("no", "yes"),
}


@dataclass(frozen=True)
class Place:
    """Where a traveller goes next: the sign over it and which way that is."""

    name: str
    arrow: Arrow


@dataclass(frozen=True)
class Seconds:
    """How long a step waits for the traveller before it asks whether more time is needed, and how long that question stands."""

    question: int = 60
    capture: int = 90
    review: int = 120
    token: int = 30
    help: int = 60
    warning: int = 20


@dataclass(frozen=True)
class Profile:
    """The lane as its post runs it. `state` is the three-letter code of Doc 9303-3, as it stands in a zone.

    `languages` are language tags, the first is the lane's own; ages in whole years; `token_hours` is how long a registration stands.
    """

    state: str
    direction: Direction
    post: str
    next_place: Place
    help_desk: Place
    languages: tuple[str, ...] = ("en", "sw", "ny", "pt", "fr")
    purposes: tuple[str, ...] = ("visit", "trade", "work", "transit", "study", "medical", "home")
    questions: tuple[Question, ...] = (Question.PURPOSE, Question.DAYS, Question.HEALTH, Question.GOODS)
    fingers: tuple[Finger, ...] = (Finger.RIGHT_INDEX, Finger.LEFT_INDEX)
    max_party: int = 8
    max_crew: int = 3
    adult_age: int = 18
    fingers_from: int = 12
    tries: int = 3
    token_hours: int = 4
    seconds: Seconds = field(default_factory=Seconds)

    def __post_init__(self) -> None:
        """Raises ValueError for a lane that could not serve anyone or would ask too much."""
        if not self.languages:
            raise ValueError("a lane offers at least one language")
        if len(self.questions) > MOST_QUESTIONS or len(set(self.questions)) < len(self.questions):
            raise ValueError("a declaration asks at most five questions, each once")
        if min(self.max_party, self.max_crew, self.tries) < 1:
            raise ValueError("a party has room for one and a capture at least one try")

    def options(self, question: Question) -> tuple[str, ...]:
        """The answers that may be given to a question, in the order they are shown."""
        return self.purposes if question is Question.PURPOSE else FIXED_OPTIONS[question]
