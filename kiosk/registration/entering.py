"""How each state is entered: what it starts with, what is ordered, how long it waits. PURE.

Entering draws one ticket; the order and the time limit of the step both carry it. Only a traveller's touch or a step forward renews
the time limit, never a failed try: a kiosk that was left alone must notice it.
"""

from dataclasses import replace
from typing import NamedTuple, assert_never

from drivers.contract import Finger, Kind, Lamp
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
from kiosk.registration.events import DeviceBack, DeviceLost, DocumentRead, Event, FromClock, LaneClosed, LaneOpened, ProfileChanged
from kiosk.registration.names import StepName
from kiosk.registration.profile import Place, Profile
from kiosk.registration.states import (
    Aside,
    Asking,
    Attract,
    Closed,
    Declare,
    DocCapture,
    DocCheck,
    Ending,
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
    Trying,
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
    if isinstance(event, DeviceLost | DeviceBack | LaneOpened | LaneClosed | ProfileChanged):
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


def due(state: Asking | Ending, timer: FromClock) -> bool:
    """Whether it is this step's own time that runs out (law 2)."""
    return timer.ticket == state.session.limit and timer.step is state.name


def again(state: Trying, tries: int) -> Step:
    """Another try within the same time limit: a ticket for its order alone, so that a late answer to the last one counts for nothing."""
    order = state.kiosk.next_ticket
    then = replace(state, kiosk=state.kiosk.after(order), order=order, tries=tries)
    return Step(then, (order_of(then),))


def order_of(state: Trying) -> Command:
    """What the device of this step is to do."""
    match state:
        case DocCapture():
            return ReadDocument(state.order, state.device)
        case PassCapture():
            return ReadPass(state.order)
        case Face():
            return CaptureFace(state.order, state.member)
        case Fingers():
            return CaptureFinger(state.order, state.member, state.finger)
        case _:
            assert_never(state)


# Nobody is here


def rest(kiosk: Kiosk) -> Attract | Closed:
    """How the lane waits."""
    kiosk = kiosk.renewed()
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
        # nobody is asked to lay a document on a device that is not there
        return call_officer(kiosk, session, travellers, HelpReason.NO_READER)
    kiosk, session, limit = timed(kiosk, session, DocCapture.name)
    state = DocCapture(kiosk, session, travellers, joining, device, limit.ticket)
    return Step(state, (order_of(state), limit))


def reader(kiosk: Kiosk) -> Kind | None:
    """The best device left that reads a document."""
    return next((kind for kind in READERS if kiosk.has(kind)), None)


def read_pass(kiosk: Kiosk, session: Session) -> Step:
    """Show your border pass; without a camera an officer looks at it."""
    travellers = Travellers(Papers.BORDER_PASS)
    if not kiosk.has(Kind.DOCUMENT_CAMERA):
        return call_officer(kiosk, session, travellers, HelpReason.NO_READER)
    kiosk, session, limit = timed(kiosk, session, PassCapture.name)
    state = PassCapture(kiosk, session, travellers, limit.ticket)
    return Step(state, (order_of(state), limit))


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
    """The question at this place (from 0); past the last one, onward."""
    asked = questions(kiosk.profile, travellers)
    if at >= len(asked):
        return onward(kiosk, session, travellers)
    kiosk, session, limit = timed(kiosk, session, Declare.name)
    return Step(Declare(kiosk, session, travellers, asked[:at], asked[at], asked[at + 1 :]), (limit,))


# Faces and fingers


def onward(kiosk: Kiosk, session: Session, travellers: Travellers) -> Step:
    """To the next face or finger that is wanted, and when none is, to the review. What a lost device should have taken is given up."""
    if not kiosk.has(Kind.FACE_CAMERA):
        travellers = faces_given_up(travellers, Untaken.DEVICE_LOST)
    member = face_wanted(travellers)
    if member is not None:
        return take_face(kiosk, session, travellers, member)
    if not kiosk.has(Kind.FINGERPRINT_SCANNER):
        travellers = fingers_given_up(kiosk.profile, travellers, Untaken.DEVICE_LOST)
    finger = finger_wanted(kiosk.profile, travellers)
    if finger is not None:
        return take_finger(kiosk, session, travellers, *finger)
    return review(kiosk, session, travellers)


def take_face(kiosk: Kiosk, session: Session, travellers: Travellers, member: int) -> Step:
    """Look at the camera."""
    kiosk, session, limit = timed(kiosk, session, Face.name)
    state = Face(kiosk, session, travellers, member, limit.ticket)
    return Step(state, (order_of(state), limit))


def take_finger(kiosk: Kiosk, session: Session, travellers: Travellers, member: int, finger: Finger) -> Step:
    """Put your finger flat on the glass."""
    kiosk, session, limit = timed(kiosk, session, Fingers.name)
    state = Fingers(kiosk, session, travellers, member, finger, limit.ticket)
    return Step(state, (order_of(state), limit))


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
    # travellers without a member are only what somebody said to have: nothing of a person
    captured = travellers if travellers and travellers.members else None
    registration = Registration(session.language, captured, reason)
    kiosk, session, limit = timed(kiosk, session, HelpDiscreet.name)
    return Step(HelpDiscreet(kiosk, session, registration, limit.ticket), (Record(limit.ticket, registration), limit))


def give_token(kiosk: Kiosk, session: Session, registration: Registration, case: Case) -> Step:
    """Only here are slip and lamp ordered (law 3). The slip has one form for everyone; only the place on it differs (law 6)."""
    party = len(registration.travellers.members) if registration.travellers else 1
    place = next_place(kiosk.profile, registration)
    kiosk, session, limit = timed(kiosk, session, Token.name)
    # bystanders see the same lamp whoever it is and whatever the reason
    lamp = (ShowLamp(Lamp.GREEN),) if kiosk.has(Kind.LANE_IO) else ()
    if not kiosk.has(Kind.RECEIPT_PRINTER):
        return Step(Token(kiosk, session, case, place, party, limit.ticket, SlipIs.ON_SCREEN), (*lamp, limit))
    slip = PrintSlip(limit.ticket, case, session.language, place, party, kiosk.profile.token_hours)
    return Step(Token(kiosk, session, case, place, party, limit.ticket, SlipIs.COMING), (*lamp, slip, limit))


def next_place(profile: Profile, registration: Registration) -> Place:
    """Where to go: those who asked for help or are on the short way meet an officer at the help desk."""
    travellers = registration.travellers
    on_short_way = travellers is not None and travellers.way is Way.SHORT
    return profile.help_desk if registration.help or on_short_way else profile.next_place
