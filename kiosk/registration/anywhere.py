"""What holds in every state in which a traveller is asked for something: help, leaving, time. PURE."""

from dataclasses import replace

from drivers.contract import Kind
from kiosk.documents.results import cut_short
from kiosk.registration.commands import RecordEnd
from kiosk.registration.entering import Step, call_officer, due, free, timed
from kiosk.registration.events import Cancelled, Event, LeaveAsked, MoreTime, OfficerInstead, Stay, TimeAlmostOut, TimeRanOut
from kiosk.registration.names import EndReason
from kiosk.registration.states import (
    Aside,
    Asking,
    DocCapture,
    DocCheck,
    Face,
    Fingers,
    Language,
    Notice,
    PassCapture,
    State,
    TravelClass,
)
from kiosk.registration.travellers import Document, HelpReason, Member, Travellers


def anywhere(state: Asking, event: Event) -> Step | None:
    """The answer that is the same in each of these states; None where the state itself must answer."""
    match event:
        case OfficerInstead():
            return call_officer(state.kiosk, state.session, captured(state), HelpReason.ASKED)
        case LeaveAsked():
            return asking(state, Aside.REALLY_LEAVE)
        # a stray touch must not throw a session away: only the answer to an open question does
        case Cancelled() if state.session.aside is not Aside.NONE:
            return end(state, EndReason.CANCELLED)
        case Stay() | MoreTime():
            # whoever answers is there
            return _goes_on(state)
        case TimeAlmostOut() if due(state, event):
            return asking(state, Aside.MORE_TIME)
        case TimeRanOut() if due(state, event):
            return end(state, EndReason.IDLE)
        case _:
            return None


def asking(state: Asking, aside: Aside) -> Step:
    """A question is laid over the step, which goes on underneath."""
    return Step(replace(state, session=replace(state.session, aside=aside)))


def end(state: Asking, reason: EndReason) -> Step:
    """The session ends with nothing recorded: a row without a person, and everything of the person forgotten (laws 5 and 7)."""
    then = free(state.kiosk)
    return Step(then.state, (RecordEnd(state.name, reason, state.session.began), *then.commands))


def captured(state: Asking) -> Travellers | None:
    """All that was captured so far; a look at a document that help breaks off is aborted, and what was read is kept."""
    match state:
        case Language() | Notice() | TravelClass():
            return None
        case DocCheck():
            # an aborted look is never a ground for a decision, yet the document itself was captured
            return state.travellers.joined_by(Member(Document(state.scan, cut_short()), state.joining))
        case _:
            return state.travellers


def waits_for(state: State) -> tuple[Kind, int] | None:
    """The capturing device that is at work for this state, and the ticket of its order."""
    match state:
        case DocCapture():
            return state.device, state.order
        case PassCapture():
            return Kind.DOCUMENT_CAMERA, state.order
        case Face():
            return Kind.FACE_CAMERA, state.order
        case Fingers():
            return Kind.FINGERPRINT_SCANNER, state.order
        case _:
            return None


def _goes_on(state: Asking) -> Step:
    kiosk, session, limit = timed(state.kiosk, state.session, state.name)
    return Step(replace(state, kiosk=kiosk, session=session), (limit,))
