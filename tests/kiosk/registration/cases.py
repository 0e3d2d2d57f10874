"""Each state in each of its kinds, and every event there is. Everyone here is a specimen."""

from collections.abc import Callable, Iterator
from dataclasses import replace

from drivers.contract import Kind, Paper, Unread
from kiosk.documents.results import Way
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import ClosedFor, NotRecordedBecause, StepName
from kiosk.registration.profile import Question
from kiosk.registration.travellers import Declining, Papers, Relation
from tests.kiosk.registration.flow_rows import failed_twice, family_fingers, help_alone, last_question, minors, not_recorded
from tests.kiosk.registration.visit import CASE, ENTRY, NO_FINGERS, PROFILE, TODAY, Visit, examined, family, lines, picture

N = StepName


def crew() -> Visit:
    visit = Visit().chooses(Papers.CREW).lays_down().is_checked()
    return visit.brings(Relation.OTHER, 30).brings(Relation.OTHER, 31)


def border_pass() -> Visit:
    visit = Visit().to(N.PASS_CAPTURE)
    return visit.tell(e.PassRead(visit.order, Private("UTO PASS 7")))


STATES: dict[str, Callable[[], Visit]] = {
    "an open lane": Visit,
    "a closed lane": lambda: Visit().to(N.CLOSED),
    "a technician at an open lane": lambda: Visit().to(N.MAINTENANCE),
    "a technician at a closed lane": lambda: Visit().to(N.CLOSED).to(N.MAINTENANCE),
    "choosing a language": lambda: Visit().to(N.LANGUAGE),
    "asked whether to stop": lambda: Visit().to(N.LANGUAGE).tell(e.LeaveAsked()),
    "asked for more time": lambda: (v := Visit().to(N.NOTICE)).tell(e.TimeAlmostOut(v.limit, N.NOTICE)),
    "reading the notice": lambda: Visit().to(N.NOTICE),
    "saying what papers one has": lambda: Visit().to(N.TRAVEL_CLASS),
    "... with no reader and no camera": lambda: Visit(lost=frozenset({Kind.PASSPORT_READER, Kind.DOCUMENT_CAMERA})).to(N.TRAVEL_CLASS),
    "laying down the first document": lambda: Visit().to(N.DOC_CAPTURE),
    "a document, the third try": failed_twice(lambda: Visit().to(N.DOC_CAPTURE)),
    "... on the camera, the reader is lost": lambda: Visit(lost=frozenset({Kind.PASSPORT_READER})).to(N.DOC_CAPTURE),
    "laying down a child's document": lambda: Visit().to(N.PARTY).tell(e.AddMember(Relation.CHILD)),
    "showing a border pass": lambda: Visit().to(N.PASS_CAPTURE),
    "a pass, the third try": failed_twice(lambda: Visit().to(N.PASS_CAPTURE)),
    "the first document is looked at": lambda: Visit().to(N.DOC_CHECK),
    "a grown-up alone": lambda: Visit().to(N.PARTY),
    "two minors alone": minors,
    "a crew of three": crew,
    "the first question": lambda: Visit().to(N.DECLARE),
    "the last question": last_question,
    "the first question again, after the review": lambda: Visit().to(N.REVIEW).tell(e.Correct()),
    "at home at entry": lambda: Visit(ENTRY).to(N.DECLARE),
    "the only face": lambda: Visit().to(N.FACE),
    "a face, the third try": failed_twice(lambda: Visit().to(N.FACE)),
    "... no fingers are asked for": lambda: Visit(NO_FINGERS).to(N.FACE),
    "... of a border pass": border_pass,
    "... on the short way": lambda: Visit().to(N.DOC_CHECK).is_checked(way=Way.SHORT),
    "the mother's face, two to come": family,
    "the first finger": lambda: Visit().to(N.FINGERS),
    "a finger, the third try": failed_twice(lambda: Visit().to(N.FINGERS)),
    "the mother's last finger, the daughter's to come": family_fingers,
    "the review": lambda: Visit().to(N.REVIEW),
    "the review of a border pass": lambda: border_pass().looks(),
    "recording": lambda: Visit().to(N.RECORDING),
    "the slip is coming": lambda: Visit().to(N.TOKEN),
    "the slip is there": lambda: (v := Visit().to(N.TOKEN)).tell(e.SlipPrinted(v.order, True)),
    "no printer": lambda: Visit(lost=frozenset({Kind.RECEIPT_PRINTER})).to(N.TOKEN),
    "no printer, no lamp": lambda: Visit(lost=frozenset({Kind.RECEIPT_PRINTER, Kind.LANE_IO})).to(N.TOKEN),
    "help with a face captured": lambda: Visit().to(N.FINGERS).tell(e.OfficerInstead()),
    "help with nothing captured": help_alone,
    "help, and the journal said no": lambda: not_recorded(Visit().to(N.RECORDING)),
}


def events(state: s.State) -> Iterator[tuple[str, e.Event]]:
    """Every kind of event, answers and time-outs with the tickets that are waited for; the old ones follow apart."""
    order, limit = tickets(state)
    yield from people(state)
    yield from answers(order)
    yield "TimeAlmostOut", e.TimeAlmostOut(limit, state.name)
    yield "TimeRanOut", e.TimeRanOut(limit, state.name)
    for kind in Kind:
        yield f"DeviceLost({kind})", e.DeviceLost(kind)
        yield f"DeviceBack({kind})", e.DeviceBack(kind)
    yield "LaneOpened", e.LaneOpened()
    yield "LaneClosed(staff)", e.LaneClosed(ClosedFor.STAFF)
    yield "ProfileChanged", e.ProfileChanged(replace(state.kiosk.profile, languages=("sw", "en")))
    yield "TechnicianSignedOn", e.TechnicianSignedOn()
    yield "TechnicianSignedOff", e.TechnicianSignedOff()
    other = N.FACE if state.name is not N.FACE else N.REVIEW
    yield "TimeRanOut of another step", e.TimeRanOut(limit, other)
    yield "an old TimeAlmostOut", e.TimeAlmostOut(limit - 1, state.name)
    yield "an old TimeRanOut", e.TimeRanOut(limit - 1, state.name)
    for label, event in answers(order - 1):
        yield f"an old {label}", event


def tickets(state: s.State) -> tuple[int, int]:
    order = getattr(state, "order", None)
    return (order if isinstance(order, int) else 0), (state.session.limit if not isinstance(state, s.Idle) else 0)


def people(state: s.State) -> Iterator[tuple[str, e.Event]]:
    yield "Touched", e.Touched(100.0)
    yield "LanguageChosen(sw)", e.LanguageChosen("sw")
    yield "LanguageChosen(xx)", e.LanguageChosen("xx")
    yield "NoticeUnderstood", e.NoticeUnderstood()
    for papers in Papers:
        yield f"TravelClassChosen({papers})", e.TravelClassChosen(papers)
    yield "AddMember(child)", e.AddMember(Relation.CHILD)
    yield "PartyComplete", e.PartyComplete()
    question = state.question if isinstance(state, s.Declare) else Question.HEALTH
    yield "AnswerGiven", e.AnswerGiven(question, Private(PROFILE.options(question)[0]))
    yield "AnswerGiven(not an option)", e.AnswerGiven(question, Private("perhaps"))
    yield "AnswerGiven(to another question)", e.AnswerGiven(Question.ADDRESS, Private("hotel"))
    yield "Declined(belief)", e.Declined(Declining.BELIEF)
    for event in (
        e.Correct(), e.Confirmed(), e.OfficerInstead(), e.Back(), e.LeaveAsked(), e.Stay(), e.Cancelled(), e.MoreTime(), e.SlipTaken(),
        e.OfficerAttended(),
    ):  # fmt: skip
        yield type(event).__name__, event


def answers(ticket: int) -> Iterator[tuple[str, e.Event]]:
    yield "DocumentRead", e.DocumentRead(ticket, lines("UTO999999"), Kind.PASSPORT_READER, True, TODAY)
    yield "DocumentRead(a member's)", e.DocumentRead(ticket, lines("UTO000001"), Kind.PASSPORT_READER, True, TODAY)
    yield "DocumentUnreadable", e.DocumentUnreadable(ticket, Unread.NO_ZONE)
    yield "DocumentUnreadable(nothing there)", e.DocumentUnreadable(ticket, Unread.NOTHING_THERE)
    yield "PassRead", e.PassRead(ticket, Private("UTO PASS 8"))
    yield "PassUnknown", e.PassUnknown(ticket, Unread.NOT_A_PASS)
    yield "PassUnknown(nothing there)", e.PassUnknown(ticket, Unread.NOTHING_THERE)
    yield "ChecksDone", e.ChecksDone(ticket, examined())
    yield "ChecksDone(short way)", e.ChecksDone(ticket, examined(way=Way.SHORT))
    yield "FaceCaptured", e.FaceCaptured(ticket, picture(), 80)
    yield "FaceNotCaptured", e.FaceNotCaptured(ticket, Unread.NO_FACE)
    yield "FaceNotCaptured(nothing there)", e.FaceNotCaptured(ticket, Unread.NOTHING_THERE)
    yield "FingerCaptured", e.FingerCaptured(ticket, picture("a finger"), 500, 60)
    yield "FingerNotCaptured", e.FingerNotCaptured(ticket, Unread.POOR_PICTURE)
    yield "FingerNotCaptured(nothing there)", e.FingerNotCaptured(ticket, Unread.NOTHING_THERE)
    yield "SlipPrinted", e.SlipPrinted(ticket, True)
    yield "SlipPrinted(unconfirmed)", e.SlipPrinted(ticket, False)
    yield "SlipNotPrinted", e.SlipNotPrinted(ticket, Paper.OUT)
    yield "Recorded", e.Recorded(ticket, CASE)
    yield "NotRecorded", e.NotRecorded(ticket, NotRecordedBecause.FULL)
