"""A visit to a kiosk, told event by event to the real step function. Everyone here is a specimen of Utopia."""

from collections.abc import Callable
from datetime import date
from typing import TypeVar

from drivers.contract import Arrow, Encoding, Kind, Unread
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence, Examined, Holder, Way
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.commands import Command
from kiosk.registration.names import ClosedFor, StepName
from kiosk.registration.profile import MOST_QUESTIONS, Direction, Place, Profile, Question
from kiosk.registration.step import step
from kiosk.registration.travellers import Case, Image, Papers, Relation

TODAY = date(2026, 11, 24)
MOST_CAPTURES = 50
C = TypeVar("C", bound=Command)
S = TypeVar("S", bound=s.State)

PROFILE = Profile("UTO", Direction.EXIT, "Utopia Bridge", Place("4", Arrow.RIGHT), Place("2", Arrow.LEFT))
NO_FINGERS = Profile("UTO", Direction.EXIT, "Utopia Bridge", PROFILE.next_place, PROFILE.help_desk, fingers=())
ENTRY = Profile("UTO", Direction.ENTRY, "Utopia Bridge", PROFILE.next_place, PROFILE.help_desk)
NO_QUESTIONS = Profile("UTO", Direction.EXIT, "Utopia Bridge", PROFILE.next_place, PROFILE.help_desk, questions=())

CASE = Case("01930000-0000-7000-8000-000000000001", 41, "3F7KXW", 17, "signed")


def picture(mark: str = "a face") -> Image:
    """An image whose bytes say what it is of."""
    return Image(Encoding.JPEG, 4, 2, Private(mark.encode()))


def lines(number: str) -> Private[tuple[str, ...]]:
    """The lines of a specimen passport; only the number tells them apart here."""
    return Private(("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", f"{number:<<9}6UTO7408122F1204159ZE184226B<<<<<10"))


def examined(
    age: int | None = 34,
    way: Way = Way.ORDINARY,
    nationality: str = "UTO",
    result: CheckResult = CheckResult.SUCCESSFUL,
    name: str = "ERIKSSON",
) -> Examined:
    """What the checks said of a specimen document."""
    holder = Holder("TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", nationality, "1974-08-12", "F", "2031-04-15", age)
    return Examined((Check(CheckId.NUMBER_DIGIT, result, Evidence.AS_PRINTED),), way, Private(holder))


class Visit:
    """One kiosk and what happens at it. `state` is where it stands, `told` the commands of the last event, `all_told` those of all."""

    def __init__(self, profile: Profile = PROFILE, lost: frozenset[Kind] = frozenset()) -> None:
        self.state: s.State = s.Attract(s.Kiosk(profile, lost=lost))
        self.told: tuple[Command, ...] = ()
        self.all_told: list[Command] = []
        self.documents = 0

    def tell(self, *events: e.Event) -> "Visit":
        for event in events:
            self.state, self.told = step(self.state, event)
            self.all_told += self.told
        return self

    def at(self, kind: type[S]) -> S:
        """The state, which must be of this kind."""
        assert isinstance(self.state, kind), f"at {self.state.name}, not at {kind.name}"
        return self.state

    def orders(self, kind: type[C]) -> list[C]:
        """The commands of a kind that the last event led to."""
        return [command for command in self.told if isinstance(command, kind)]

    @property
    def order(self) -> int:
        """The ticket of the answer that is waited for."""
        order = getattr(self.state, "order", None)
        assert isinstance(order, int), f"nothing is waited for at {self.state.name}"
        return order

    @property
    def limit(self) -> int:
        """The ticket of the time limit that runs."""
        assert not isinstance(self.state, s.Idle)
        return self.state.session.limit

    # what people and devices do, each as one word

    def touches(self) -> "Visit":
        return self.tell(e.Touched(100.0))

    def chooses(self, papers: Papers = Papers.DOCUMENT, language: str = "en") -> "Visit":
        return self.touches().tell(e.LanguageChosen(language), e.NoticeUnderstood(), e.TravelClassChosen(papers))

    def lays_down(self, number: str = "", source: Kind = Kind.PASSPORT_READER) -> "Visit":
        self.documents += 1
        return self.tell(e.DocumentRead(self.order, lines(number or f"UTO{self.documents:06}"), source, True, TODAY))

    def is_checked(
        self, age: int | None = 34, way: Way = Way.ORDINARY, nationality: str = "UTO", result: CheckResult = CheckResult.SUCCESSFUL
    ) -> "Visit":
        return self.tell(e.ChecksDone(self.order, examined(age, way, nationality, result)))

    def brings(self, relation: Relation, age: int | None) -> "Visit":
        return self.tell(e.AddMember(relation)).lays_down().is_checked(age)

    def is_alone(self) -> "Visit":
        return self.tell(e.PartyComplete())

    def answers_everything(self) -> "Visit":
        for _ in range(MOST_QUESTIONS + 1):
            if not isinstance(self.state, s.Declare):
                return self
            value = self.state.kiosk.profile.options(self.state.question)[0]
            self.tell(e.AnswerGiven(self.state.question, Private(value)))
        raise AssertionError("the kiosk never stops asking questions")

    def looks(self) -> "Visit":
        return self.tell(e.FaceCaptured(self.order, picture(), 80))

    def presses(self) -> "Visit":
        return self.tell(e.FingerCaptured(self.order, picture("a finger"), 500, None))

    def is_captured(self) -> "Visit":
        for _ in range(MOST_CAPTURES):
            if isinstance(self.state, s.Face):
                self.looks()
            elif isinstance(self.state, s.Fingers):
                self.presses()
            else:
                return self
        raise AssertionError("the kiosk never stops asking for faces and fingers")

    def fails(self, *why: Unread) -> "Visit":
        for reason in why:
            match self.state:
                case s.DocCapture():
                    self.tell(e.DocumentUnreadable(self.order, reason))
                case s.PassCapture():
                    self.tell(e.PassUnknown(self.order, reason))
                case s.Face():
                    self.tell(e.FaceNotCaptured(self.order, reason))
                case s.Fingers():
                    self.tell(e.FingerNotCaptured(self.order, reason))
        return self

    def runs_out_of_time(self) -> "Visit":
        return self.tell(e.TimeRanOut(self.limit, self.state.name))

    def is_recorded(self) -> "Visit":
        return self.tell(e.Recorded(self.order, CASE))

    # whole stretches of the way

    def to(self, name: StepName) -> "Visit":
        """A grown-up with a passport, walked as far as this step."""
        ways: dict[StepName, Callable[[], Visit]] = {
            StepName.LANGUAGE: self.touches,
            StepName.NOTICE: lambda: self.touches().tell(e.LanguageChosen("en")),
            StepName.TRAVEL_CLASS: lambda: self.touches().tell(e.LanguageChosen("en"), e.NoticeUnderstood()),
            StepName.DOC_CAPTURE: self.chooses,
            StepName.PASS_CAPTURE: lambda: self.chooses(Papers.BORDER_PASS),
            StepName.DOC_CHECK: lambda: self.chooses().lays_down(),
            StepName.PARTY: lambda: self.chooses().lays_down().is_checked(),
            StepName.DECLARE: lambda: self.to(StepName.PARTY).is_alone(),
            StepName.FACE: lambda: self.to(StepName.DECLARE).answers_everything(),
            StepName.FINGERS: lambda: self.to(StepName.FACE).looks(),
            StepName.REVIEW: lambda: self.to(StepName.FACE).is_captured(),
            StepName.RECORDING: lambda: self.to(StepName.REVIEW).tell(e.Confirmed()),
            StepName.TOKEN: lambda: self.to(StepName.RECORDING).is_recorded(),
            StepName.HELP_DISCREET: lambda: self.to(StepName.FACE).tell(e.OfficerInstead()),
            StepName.MAINTENANCE: lambda: self.tell(e.TechnicianSignedOn()),
            StepName.CLOSED: lambda: self.tell(e.LaneClosed(ClosedFor.STAFF)),
            StepName.ATTRACT: lambda: self,
        }
        ways[name]()
        assert self.state.name is name
        return self


def family(profile: Profile = PROFILE) -> Visit:
    """A mother with a child of ten and a daughter of nineteen, at the first face."""
    visit = Visit(profile).to(StepName.PARTY).brings(Relation.CHILD, 10).brings(Relation.CHILD, 19)
    return visit.is_alone().answers_everything()


def question(visit: Visit) -> Question:
    """The question that is asked now."""
    return visit.at(s.Declare).question
