"""Each row of docs/flow-registration.md as something that happens to somebody: how it begins, and what happens then."""

from collections.abc import Callable

from drivers.contract import Kind, Unread
from kiosk.documents.results import Way
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration.names import ClosedFor, NotRecordedBecause, StepName
from kiosk.registration.states import Declare
from kiosk.registration.travellers import Declining, Papers, Relation
from tests.kiosk.registration.visit import NO_FINGERS, NO_QUESTIONS, PROFILE, Visit, family, lines

N = StepName
READER, CAMERA, FACES = Kind.PASSPORT_READER, Kind.DOCUMENT_CAMERA, Kind.FACE_CAMERA
SCANNER, PRINTER = Kind.FINGERPRINT_SCANNER, Kind.RECEIPT_PRINTER
TRAVELLER_STATES = (
    N.LANGUAGE, N.NOTICE, N.TRAVEL_CLASS, N.DOC_CAPTURE, N.PASS_CAPTURE, N.DOC_CHECK, N.PARTY, N.DECLARE, N.FACE, N.FINGERS, N.REVIEW,
)  # fmt: skip

Before = Callable[[], Visit]
Happens = Callable[[Visit], Visit]
Key = tuple[str, str, str]


def at(name: StepName) -> Before:
    """A grown-up with a passport who stands at this step."""
    return lambda: Visit().to(name)


def tells(*events: e.Event) -> Happens:
    return lambda visit: visit.tell(*events)


def fails(times: int = 1) -> Happens:
    return lambda visit: visit.fails(*[Unread.POOR_PICTURE] * times)


def failed_twice(before: Before) -> Before:
    return lambda: fails(2)(before())


def loses(kind: Kind) -> Happens:
    return tells(e.DeviceLost(kind))


def without(kind: Kind, name: StepName) -> Before:
    return lambda: Visit(lost=frozenset({kind})).to(name)


def without_fingers() -> Visit:
    """Somebody at a post that asks for no fingers, before the only face."""
    return Visit(NO_FINGERS).to(N.FACE)


def family_fingers() -> Visit:
    """The mother's last finger; her daughter's are still to come."""
    return family().looks().looks().looks().presses()


def last_finger() -> Visit:
    return Visit().to(N.FINGERS).presses()


def corrected() -> Visit:
    """At the last question again, after the review."""
    visit = Visit().to(N.REVIEW).tell(e.Correct())
    while visit.at(Declare).ahead:
        answers_one(visit)
    return visit


def minors() -> Visit:
    return Visit().chooses().lays_down().is_checked(age=15).brings(Relation.OTHER, 16)


def help_alone() -> Visit:
    """Help was called before anything was captured."""
    return Visit().to(N.LANGUAGE).tell(e.OfficerInstead())


def answers_one(visit: Visit) -> Visit:
    question = visit.at(Declare).question
    return visit.tell(e.AnswerGiven(question, Private(PROFILE.options(question)[0])))


def last_question() -> Visit:
    visit = Visit().to(N.DECLARE)
    while visit.at(Declare).ahead:
        answers_one(visit)
    return visit


def not_recorded(visit: Visit) -> Visit:
    return visit.tell(e.NotRecorded(visit.order, NotRecordedBecause.FULL))


def cancels(visit: Visit) -> Visit:
    return visit.tell(e.LeaveAsked(), e.Cancelled())


def idles(visit: Visit) -> Visit:
    return visit.tell(e.TimeAlmostOut(visit.limit, visit.state.name)).runs_out_of_time()


chosen = {papers: tells(e.TravelClassChosen(papers)) for papers in Papers}
declines = tells(e.Declined(Declining.BELIEF))
goes_back = tells(e.Back())

SCENARIOS: dict[Key, tuple[Before, Happens]] = {
    ("ATTRACT", "touched", "lane open"): (Visit, Visit.touches),
    ("ATTRACT", "lane_closed", ""): (Visit, tells(e.LaneClosed(ClosedFor.STAFF))),
    ("CLOSED", "lane_opened", ""): (at(N.CLOSED), tells(e.LaneOpened())),
    ("ATTRACT", "technician_signed_on", ""): (Visit, tells(e.TechnicianSignedOn())),
    ("CLOSED", "technician_signed_on", ""): (at(N.CLOSED), tells(e.TechnicianSignedOn())),
    ("MAINTENANCE", "technician_signed_off", "lane open"): (at(N.MAINTENANCE), tells(e.TechnicianSignedOff())),
    ("MAINTENANCE", "technician_signed_off", "lane closed"): (
        lambda: Visit().to(N.CLOSED).to(N.MAINTENANCE),
        tells(e.TechnicianSignedOff()),
    ),
    ("LANGUAGE", "chosen", ""): (at(N.LANGUAGE), tells(e.LanguageChosen("sw"))),
    ("NOTICE", "understood", ""): (at(N.NOTICE), tells(e.NoticeUnderstood())),
    ("TRAVEL_CLASS", "has_document", ""): (at(N.TRAVEL_CLASS), chosen[Papers.DOCUMENT]),
    ("TRAVEL_CLASS", "crew", ""): (at(N.TRAVEL_CLASS), chosen[Papers.CREW]),
    ("TRAVEL_CLASS", "has_border_pass", ""): (at(N.TRAVEL_CLASS), chosen[Papers.BORDER_PASS]),
    ("TRAVEL_CLASS", "no_document_or_unsure", ""): (at(N.TRAVEL_CLASS), chosen[Papers.NONE_OR_UNSURE]),
    ("DOC_CAPTURE", "document_read", ""): (at(N.DOC_CAPTURE), Visit.lays_down),
    ("DOC_CAPTURE", "document_unreadable", "tries < 3"): (at(N.DOC_CAPTURE), fails(2)),
    ("DOC_CAPTURE", "document_unreadable", "tries >= 3"): (failed_twice(at(N.DOC_CAPTURE)), fails()),
    ("DOC_CAPTURE", "reader_lost", "another reader or camera is there"): (at(N.DOC_CAPTURE), loses(READER)),
    ("DOC_CAPTURE", "reader_lost", "none is there"): (without(CAMERA, N.DOC_CAPTURE), loses(READER)),
    ("PASS_CAPTURE", "pass_valid", ""): (at(N.PASS_CAPTURE), lambda v: v.tell(e.PassRead(v.order, Private("UTO PASS 7")))),
    ("PASS_CAPTURE", "pass_unknown", "tries < 3"): (at(N.PASS_CAPTURE), fails(2)),
    ("PASS_CAPTURE", "pass_unknown", "tries >= 3"): (failed_twice(at(N.PASS_CAPTURE)), fails()),
    ("PASS_CAPTURE", "reader_lost", ""): (at(N.PASS_CAPTURE), loses(CAMERA)),
    ("DOC_CHECK", "checks_done", "an ordinary document"): (at(N.DOC_CHECK), Visit.is_checked),
    ("DOC_CHECK", "checks_done", "refugee, stateless or emergency document: the short way"): (
        at(N.DOC_CHECK),
        lambda v: v.is_checked(way=Way.SHORT),
    ),
    ("PARTY", "add_member", "members < max"): (at(N.PARTY), tells(e.AddMember(Relation.CHILD))),
    ("PARTY", "party_complete", "an adult is in it"): (at(N.PARTY), tells(e.PartyComplete())),
    ("PARTY", "party_complete", "no adult is in it"): (minors, tells(e.PartyComplete())),
    ("DECLARE", "answered", "faces not yet taken"): (last_question, answers_one),
    ("DECLARE", "answered", "corrected from REVIEW: nothing is captured twice"): (corrected, answers_one),
    ("FACE", "captured", "members left"): (family, Visit.looks),
    ("FACE", "captured", "none left; fingers asked for"): (at(N.FACE), Visit.looks),
    ("FACE", "captured", "none left; fingers not asked for"): (without_fingers, Visit.looks),
    ("FACE", "not_captured", "tries < 3"): (at(N.FACE), fails(2)),
    ("FACE", "not_captured", "tries >= 3, coded; members left"): (failed_twice(family), fails()),
    ("FACE", "not_captured", "tries >= 3, coded; none left; fingers asked for"): (failed_twice(at(N.FACE)), fails()),
    ("FACE", "not_captured", "tries >= 3, coded; none left; fingers not asked for"): (failed_twice(without_fingers), fails()),
    ("FACE", "declined", "coded reason; members left"): (family, declines),
    ("FACE", "declined", "coded reason; none left; fingers asked for"): (at(N.FACE), declines),
    ("FACE", "declined", "coded reason; none left; fingers not asked for"): (without_fingers, declines),
    ("FACE", "camera_lost", "coded for every member left; fingers asked for"): (family, loses(FACES)),
    ("FACE", "camera_lost", "coded for every member left; fingers not asked for"): (without_fingers, loses(FACES)),
    ("FINGERS", "captured", "members left"): (family_fingers, Visit.presses),
    ("FINGERS", "captured", "none left"): (last_finger, Visit.presses),
    ("FINGERS", "not_captured", "tries < 3"): (at(N.FINGERS), fails(2)),
    ("FINGERS", "not_captured", "tries >= 3, coded; members left"): (failed_twice(family_fingers), fails()),
    ("FINGERS", "not_captured", "tries >= 3, coded; none left"): (failed_twice(last_finger), fails()),
    ("FINGERS", "declined", "coded reason; members left"): (family_fingers, declines),
    ("FINGERS", "declined", "coded reason; none left"): (at(N.FINGERS), declines),
    ("FINGERS", "scanner_lost", "coded for every member left"): (family_fingers, loses(SCANNER)),
    ("REVIEW", "correct", "a declaration was asked for"): (at(N.REVIEW), tells(e.Correct())),
    ("REVIEW", "confirmed", ""): (at(N.REVIEW), tells(e.Confirmed())),
    ("RECORDING", "recorded", "commits; only now slip, lamp, barrier"): (at(N.RECORDING), Visit.is_recorded),
    ("RECORDING", "not_recorded", "kept in memory for the officer; lane closes with a fault"): (at(N.RECORDING), not_recorded),
    ("TOKEN", "slip_taken", ""): (at(N.TOKEN), tells(e.SlipTaken())),
    ("TOKEN", "slip_shown", "no printer"): (without(PRINTER, N.TOKEN), tells(e.SlipTaken())),
    ("TOKEN", "time_ran_out", "the registration stands"): (at(N.TOKEN), Visit.runs_out_of_time),
    ("HELP_DISCREET", "recorded", "what was captured; same slip as everyone's, with a desk number"): (
        at(N.HELP_DISCREET),
        Visit.is_recorded,
    ),
    ("HELP_DISCREET", "not_recorded", "stays until an officer comes"): (at(N.HELP_DISCREET), not_recorded),
    ("HELP_DISCREET", "officer_attended", ""): (at(N.HELP_DISCREET), tells(e.OfficerAttended())),
    ("HELP_DISCREET", "time_ran_out", "60 s; not recorded and nothing was captured"): (help_alone, Visit.runs_out_of_time),
}
for name in TRAVELLER_STATES:
    SCENARIOS[name, "officer_instead", "one tap, any time"] = (at(name), tells(e.OfficerInstead()))
    SCENARIOS[name, "cancelled_or_idle", "purge; a row without a person says that a session ended"] = (at(name), idles)
    SCENARIOS[name, "cancelled", "after the question whether to stop"] = (at(name), cancels)

# rows that the first design lacks
SCENARIOS |= {
    ("NOTICE", "back", ""): (at(N.NOTICE), goes_back),
    ("TRAVEL_CLASS", "back", ""): (at(N.TRAVEL_CLASS), goes_back),
    ("DOC_CAPTURE", "back", "the first document"): (at(N.DOC_CAPTURE), goes_back),
    ("DOC_CAPTURE", "back", "a further member"): (lambda: Visit().to(N.PARTY).tell(e.AddMember(Relation.CHILD)), goes_back),
    ("DOC_CAPTURE", "document_read", "it is a member's already"): (
        lambda: Visit().to(N.PARTY).tell(e.AddMember(Relation.CHILD)),
        lambda v: v.tell(e.DocumentRead(v.order, lines("UTO000001"), READER, True, None)),
    ),
    ("PASS_CAPTURE", "back", ""): (at(N.PASS_CAPTURE), goes_back),
    ("PARTY", "party_complete", "nothing is asked"): (lambda: Visit(NO_QUESTIONS).to(N.PARTY), tells(e.PartyComplete())),
    ("DECLARE", "answered", "questions left"): (at(N.DECLARE), answers_one),
    ("DECLARE", "back", "a question lies behind"): (last_question, goes_back),
    ("DECLARE", "back", "the first question"): (at(N.DECLARE), goes_back),
    ("DECLARE", "back", "the first question, corrected from REVIEW"): (lambda: Visit().to(N.REVIEW).tell(e.Correct()), goes_back),
    ("FACE", "back", "a declaration was asked for"): (at(N.FACE), goes_back),
    ("FACE", "back", "none was asked for"): (lambda: Visit(NO_QUESTIONS).to(N.PARTY).is_alone(), goes_back),
    ("FINGERS", "back", "a declaration was asked for"): (at(N.FINGERS), goes_back),
    ("REVIEW", "back", "a declaration was asked for"): (at(N.REVIEW), goes_back),
    ("LANGUAGE", "back", "asks whether to stop"): (at(N.LANGUAGE), goes_back),
    ("DOC_CHECK", "back", "asks whether to stop"): (at(N.DOC_CHECK), goes_back),
    ("PARTY", "back", "asks whether to stop"): (at(N.PARTY), goes_back),
    ("TOKEN", "time_ran_out", "the lane was closed meanwhile"): (
        lambda: Visit().to(N.TOKEN).tell(e.LaneClosed(ClosedFor.STAFF)),
        Visit.runs_out_of_time,
    ),
    ("HELP_DISCREET", "time_ran_out", "something was captured"): (at(N.HELP_DISCREET), Visit.runs_out_of_time),
}
