"""What a session gathers: travellers with their documents, faces and fingers, and their answers. PURE; gone from memory with TOKEN.

Each thing asked for ends as what was captured or as a coded reason, so that it is never asked for twice (law 7).
"""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Literal

from drivers.contract import Finger
from kiosk.documents.results import Examined, Way
from kiosk.documents.scan import Image, Scan
from kiosk.private import Private
from kiosk.registration.profile import Question

__all__ = [
    "Answer",
    "BorderPass",
    "Case",
    "Declining",
    "Document",
    "HelpReason",
    "Image",
    "Member",
    "NoPortrait",
    "NoPrint",
    "Papers",
    "Portrait",
    "Print",
    "Registration",
    "Relation",
    "Scan",
    "SomePapers",
    "Travellers",
    "Untaken",
]


class Papers(StrEnum):
    """What the traveller says to have with them."""

    DOCUMENT = "document"
    CREW = "crew"
    BORDER_PASS = "border_pass"
    NONE_OR_UNSURE = "none_or_unsure"


SomePapers = Literal[Papers.DOCUMENT, Papers.CREW, Papers.BORDER_PASS]


class Relation(StrEnum):
    """What a further member of a party is to the one who drives the kiosk."""

    PARTNER = "partner"
    CHILD = "child"
    PARENT = "parent"
    RELATIVE = "relative"
    OTHER = "other"


class Untaken(StrEnum):
    """Why the kiosk could not take a face or a finger. Never a ground for refusal."""

    TRIES_USED = "tries_used"
    DEVICE_LOST = "device_lost"


class Declining(StrEnum):
    """Why a traveller declines a face or a finger. Never a ground for refusal."""

    INJURY = "injury"
    BELIEF = "belief"
    UNWILLING = "unwilling"


@dataclass(frozen=True)
class Document:
    """A travel document: what was read and what the checks said."""

    scan: Scan
    examined: Examined


@dataclass(frozen=True)
class BorderPass:
    """The text of the code on a border pass; an officer compares its photo with the live face."""

    text: Private[str]
    picture: Image | None = None


@dataclass(frozen=True)
class Portrait:
    """A portrait. `quality` 0 to 100, our own measure; not OFIQ."""

    image: Image
    quality: int


@dataclass(frozen=True)
class Print:
    """One finger. `ppi` pixels an inch; `quality` is NFIQ 2 or None."""

    finger: Finger
    image: Image
    ppi: int
    quality: int | None


@dataclass(frozen=True)
class NoPortrait:
    """A face that an officer will see to, and why."""

    why: Untaken | Declining


@dataclass(frozen=True)
class NoPrint:
    """A finger that an officer will see to, and why."""

    finger: Finger
    why: Untaken | Declining


@dataclass(frozen=True)
class Member:
    """One traveller of a party. `relation` is None for the one who drives the kiosk; `face` None is not asked for yet."""

    papers: Document | BorderPass
    relation: Relation | None = None
    face: Portrait | NoPortrait | None = None
    prints: tuple[Print | NoPrint, ...] = ()

    @property
    def age(self) -> int | None:
        """Whole years as far as a document says so; None is undetermined."""
        return self.papers.examined.age if isinstance(self.papers, Document) else None

    @property
    def way(self) -> Way:
        """The short way for refugee, stateless and emergency documents."""
        return self.papers.examined.way if isinstance(self.papers, Document) else Way.ORDINARY


@dataclass(frozen=True)
class Answer:
    """An answer to a question of the declaration; `value` is one of the profile's options."""

    question: Question
    value: Private[str]


@dataclass(frozen=True)
class Travellers:
    """Who travels together, and what they answered. Before the first document is read nobody is in it."""

    papers: SomePapers
    members: tuple[Member, ...] = ()
    answers: tuple[Answer, ...] = ()

    @property
    def way(self) -> Way:
        """One member on the short way takes the party along."""
        return Way.SHORT if any(member.way is Way.SHORT for member in self.members) else Way.ORDINARY

    def joined_by(self, member: Member) -> "Travellers":
        """One more."""
        return replace(self, members=(*self.members, member))

    def with_member(self, at: int, member: Member) -> "Travellers":
        """The member at this place (from 0) as it is now."""
        return replace(self, members=(*self.members[:at], member, *self.members[at + 1 :]))

    def answer(self, question: Question) -> str | None:
        """What was answered, if it was."""
        return next((answer.value.value for answer in self.answers if answer.question is question), None)

    def answered(self, answer: Answer) -> "Travellers":
        """With this answer, in place of an earlier one to the same question."""
        # a corrected answer takes the place of the first one
        others = tuple(other for other in self.answers if other.question is not answer.question)
        return replace(self, answers=(*others, answer))


class HelpReason(StrEnum):
    """Why an officer is called: for the officer's eyes, the same sentence for every bystander (law 6)."""

    ASKED = "asked"
    NO_DOCUMENT = "no_document"
    UNREADABLE = "unreadable"
    NO_READER = "no_reader"
    PASS_UNKNOWN = "pass_unknown"
    NO_ADULT = "no_adult"
    NOT_RECORDED = "not_recorded"


@dataclass(frozen=True)
class Registration:
    """What is recorded, sealed, and laid before an officer.

    `travellers` is None when help was called before anything was captured; `help` is None when the session ended with REVIEW.
    """

    language: str
    travellers: Travellers | None
    help: HelpReason | None


@dataclass(frozen=True)
class Case:
    """A registration that is recorded: `number` is called out in the hall, `token` is its code, `qr` the signed text for a scanner."""

    case_id: str
    sequence: int
    token: str
    number: int
    qr: str
