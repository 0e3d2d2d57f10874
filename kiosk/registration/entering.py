"""How each state is entered: what it starts with, what is ordered, how long it waits. PURE.

Entering draws one ticket; the order and the time limit of the step both carry it. Only a traveller's touch or a step forward renews
the time limit, never a failed try: a kiosk that was left alone must notice it.
"""

from dataclasses import replace
from typing import NamedTuple

from drivers.contract import Kind, Lamp
from kiosk.documents.results import Way
from kiosk.documents.scan import Scan
from kiosk.registration.commands import (
    CaptureFace,
    CaptureFinger,
    CheckDocument,
    Command,
    Ignored,
    Limit,
    PrintSlip,
    Purge,
    ReadDocument,
    ReadPass,
    Record,
    ShowLamp,
)
from kiosk.registration.events import DeviceBack, DeviceLost, DocumentRead, Event, LaneClosed, LaneOpened
from kiosk.registration.names import StepName
from kiosk.registration.profile import Profile
from kiosk.registration.states import (
    Aside,
    Attract,
    Closed,
    Declare,
    DocCapture,
    DocCheck,
    Face,
    Fingers,
    HelpDiscreet,
    Kiosk,
    Language,
    Notice,
    Party,
    PassCapture,
    Recording,
    Review,
    Session,
    SlipIs,
    State,
    Token,
    TravelClass,
)
from kiosk.registration.travellers import Case, HelpReason, Papers, Registration, Relation, Travellers, Untaken
from kiosk.registration.wanted import face_wanted, faces_given_up, finger_wanted, fingers_given_up, questions

READERS = (Kind.PASSPORT_READER, Kind.DOCUMENT_CAMERA)


class Step(NamedTuple):
    """What follows from an event."""

    state: State
    commands: tuple[Command, ...] = ()


def ignored(state: State, event: Event) -> Step:
    """Nothing follows here. News of devices and of the lane was taken note of already; all else is a line for the log."""
    if isinstance(event, DeviceLost | DeviceBack | LaneOpened | LaneClosed):
        return Step(state)
    return Step(state, (Ignored(type(event).__name__, state.name),))


def patience(profile: Profile, step: StepName) -> int:
    """Seconds until a step asks whether more time is needed."""
    match step:
        case StepName.DOC_CAPTURE | StepName.PASS_CAPTURE | StepName.FACE | StepName.FINGERS:
            return profile.seconds.capture
        case StepName.REVIEW:
            return profile.seconds.review
        case StepName.TOKEN:
            return profile.seconds.token
        case StepName.HELP_DISCREET:
            return profile.seconds.help
        case _:
            return profile.seconds.question


def timed(kiosk: Kiosk, session: Session, step: StepName) -> tuple[Kiosk, Session, Limit]:
    """A fresh time limit for this step; an open question over the screen goes away."""
    ticket = kiosk.next_ticket
    # nobody can be asked for more time on the discreet screen: it must not differ from reason to reason
    warning = 0 if step is StepName.HELP_DISCREET else kiosk.profile.seconds.warning
    limit = Limit(ticket, step, patience(kiosk.profile, step), warning)
    return kiosk.after(ticket), replace(session, limit=ticket, aside=Aside.NONE), limit


# Nobody is here


def rest(kiosk: Kiosk) -> Attract | Closed:
    """How the lane waits."""
    return Attract(kiosk) if kiosk.closed is None else Closed(kiosk)


def free(kiosk: Kiosk) -> Step:
    """The traveller is gone, and with them all that was theirs."""
    return Step(rest(kiosk), (Purge(),))


# Before anything is known


def ask_language(kiosk: Kiosk, session: Session) -> Step:
    """Which language?"""
    kiosk, session, limit = timed(kiosk, session, Language.name)
    return Step(Language(kiosk, session), (limit,))


def show_notice(kiosk: Kiosk, session: Session) -> Step:
    """What is kept, and why."""
    kiosk, session, limit = timed(kiosk, session, Notice.name)
    return Step(Notice(kiosk, session), (limit,))


def ask_travel_class(kiosk: Kiosk, session: Session) -> Step:
    """Which papers?"""
    kiosk, session, limit = timed(kiosk, session, TravelClass.name)
    return Step(TravelClass(kiosk, session), (limit,))


# Documents


def read_document(kiosk: Kiosk, session: Session, travellers: Travellers, joining: Relation | None) -> Step:
    """Lay your document down; with no device left that reads one, an officer does."""
    device = reader(kiosk)
    if device is None:
        return call_officer(kiosk, session, travellers, HelpReason.NO_READER)
    kiosk, session, limit = timed(kiosk, session, DocCapture.name)
    state = DocCapture(kiosk, session, travellers, joining, device, limit.ticket)
    return Step(state, (ReadDocument(limit.ticket, device), limit))


def reader(kiosk: Kiosk) -> Kind | None:
    """The best device left that reads a document."""
    return next((kind for kind in READERS if kiosk.has(kind)), None)


def read_pass(kiosk: Kiosk, session: Session) -> Step:
    """Show your border pass; without a camera an officer looks at it."""
    travellers = Travellers(Papers.BORDER_PASS)
    if not kiosk.has(Kind.DOCUMENT_CAMERA):
        return call_officer(kiosk, session, travellers, HelpReason.NO_READER)
    kiosk, session, limit = timed(kiosk, session, PassCapture.name)
    return Step(PassCapture(kiosk, session, travellers, limit.ticket), (ReadPass(limit.ticket), limit))


def check_document(state: DocCapture, read: DocumentRead) -> Step:
    """The document is looked at."""
    scan = Scan(read.lines, read.source, read.confirmed, read.picture)
    kiosk, session, limit = timed(state.kiosk, state.session, DocCheck.name)
    then = DocCheck(kiosk, session, state.travellers, state.joining, scan, limit.ticket)
    return Step(then, (CheckDocument(limit.ticket, scan, read.today), limit))


# Questions


def ask_party(kiosk: Kiosk, session: Session, travellers: Travellers) -> Step:
    """Who travels along?"""
    kiosk, session, limit = timed(kiosk, session, Party.name)
    return Step(Party(kiosk, session, travellers), (limit,))


def declare(kiosk: Kiosk, session: Session, travellers: Travellers, at: int) -> Step:
    """The question at this place (from 0, -1 is the last); past the last one, onward."""
    asked = questions(kiosk.profile, travellers)
    if not -1 <= at < len(asked) or not asked:
        return onward(kiosk, session, travellers)
    at %= len(asked)
    kiosk, session, limit = timed(kiosk, session, Declare.name)
    return Step(Declare(kiosk, session, travellers, asked[:at], asked[at], asked[at + 1 :]), (limit,))


# Faces and fingers


def onward(kiosk: Kiosk, session: Session, travellers: Travellers) -> Step:
    """To the next face or finger that is wanted, and when none is, to the review. What a lost device should have taken is given up."""
    if not kiosk.has(Kind.FACE_CAMERA):
        travellers = faces_given_up(travellers, Untaken.DEVICE_LOST)
    member = face_wanted(travellers)
    if member is not None:
        kiosk, session, limit = timed(kiosk, session, Face.name)
        return Step(Face(kiosk, session, travellers, member, limit.ticket), (CaptureFace(limit.ticket, member), limit))
    if not kiosk.has(Kind.FINGERPRINT_SCANNER):
        travellers = fingers_given_up(kiosk.profile, travellers, Untaken.DEVICE_LOST)
    finger = finger_wanted(kiosk.profile, travellers)
    if finger is not None:
        kiosk, session, limit = timed(kiosk, session, Fingers.name)
        return Step(Fingers(kiosk, session, travellers, *finger, limit.ticket), (CaptureFinger(limit.ticket, *finger), limit))
    return review(kiosk, session, travellers)


# The end


def review(kiosk: Kiosk, session: Session, travellers: Travellers) -> Step:
    """Is this correct?"""
    kiosk, session, limit = timed(kiosk, session, Review.name)
    return Step(Review(kiosk, session, travellers), (limit,))


def record(kiosk: Kiosk, session: Session, travellers: Travellers) -> Step:
    """The journal is asked; nothing is promised until it answers (law 3). It always does, so no time limit stands here."""
    ticket = kiosk.next_ticket
    session = replace(session, limit=ticket, aside=Aside.NONE)
    registration = Registration(session.language, travellers, help=None)
    return Step(Recording(kiosk.after(ticket), session, travellers, ticket), (Record(ticket, registration),))


def call_officer(kiosk: Kiosk, session: Session, travellers: Travellers | None, reason: HelpReason) -> Step:
    """What was captured is committed, and where nothing was, the call for help alone."""
    captured = travellers if travellers and travellers.members else None
    registration = Registration(session.language, captured, reason)
    kiosk, session, limit = timed(kiosk, session, HelpDiscreet.name)
    return Step(HelpDiscreet(kiosk, session, registration, limit.ticket), (Record(limit.ticket, registration), limit))


def give_token(kiosk: Kiosk, session: Session, registration: Registration, case: Case) -> Step:
    """Only here are slip and lamp ordered (law 3). The slip has one form for everyone; only the place on it differs (law 6)."""
    travellers = registration.travellers
    party = len(travellers.members) if travellers else 1
    to_officer = registration.help is not None or (travellers is not None and travellers.way is Way.SHORT)
    place = kiosk.profile.help_desk if to_officer else kiosk.profile.next_place
    kiosk, session, limit = timed(kiosk, session, Token.name)
    commands: list[Command] = []
    if kiosk.has(Kind.LANE_IO):
        commands.append(ShowLamp(Lamp.GREEN))
    slip = SlipIs.COMING if kiosk.has(Kind.RECEIPT_PRINTER) else SlipIs.ON_SCREEN
    if slip is SlipIs.COMING:
        commands.append(PrintSlip(limit.ticket, case, session.language, place, party, kiosk.profile.token_hours))
    return Step(Token(kiosk, session, case, place, party, limit.ticket, slip), (*commands, limit))
