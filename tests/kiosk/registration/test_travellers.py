"""What happens to people at the kiosk, told one story at a time."""

from dataclasses import replace

import pytest

from drivers.contract import Finger, Kind, Paper, Unread
from kiosk.documents.results import CheckResult, Way
from kiosk.private import Private
from kiosk.registration import commands as c
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import ClosedFor, EndReason, NotRecordedBecause
from kiosk.registration.names import StepName as N
from kiosk.registration.profile import Profile, Question
from kiosk.registration.travellers import (
    Declining,
    Document,
    HelpReason,
    Member,
    NoPortrait,
    NoPrint,
    Papers,
    Portrait,
    Print,
    Registration,
    Relation,
    Untaken,
)
from tests.kiosk.registration.visit import CASE, ENTRY, NO_QUESTIONS, PROFILE, Visit, family, lines


def recorded(visit: Visit) -> Registration:
    """What is about to be written."""
    (order,) = visit.orders(c.Record)
    return order.registration


def members(visit: Visit) -> tuple[Member, ...]:
    travellers = recorded(visit).travellers
    assert travellers is not None
    return travellers.members


# documents


def test_a_traveller_whose_reader_is_lost_lays_the_passport_under_the_camera_and_is_not_charged_a_try() -> None:
    visit = Visit().to(N.DOC_CAPTURE).fails(Unread.NO_ZONE, Unread.NO_ZONE).tell(e.DeviceLost(Kind.PASSPORT_READER))
    assert visit.at(s.DocCapture).device is Kind.DOCUMENT_CAMERA
    assert visit.at(s.DocCapture).tries == 2
    assert visit.lays_down().at(s.DocCheck).scan.lines == lines("UTO000001")


def test_a_traveller_who_still_looks_for_the_passport_is_not_sent_to_an_officer() -> None:
    visit = Visit().to(N.DOC_CAPTURE).fails(*[Unread.NOTHING_THERE] * 20)
    assert visit.at(s.DocCapture).tries == 0


def test_a_failed_try_does_not_renew_the_time_so_that_a_kiosk_left_alone_notices() -> None:
    visit = Visit().to(N.DOC_CAPTURE)
    limit = visit.limit
    visit.fails(Unread.NOTHING_THERE, Unread.NO_ZONE)
    assert visit.limit == limit
    assert visit.runs_out_of_time().state.name is N.ATTRACT


def test_a_mother_whose_own_passport_still_lies_there_is_asked_for_the_childs() -> None:
    visit = Visit().to(N.PARTY).tell(e.AddMember(Relation.CHILD)).lays_down("UTO000001")
    assert visit.at(s.DocCapture).seen
    assert visit.orders(c.ReadDocument)
    visit.lays_down("UTO000002").is_checked(age=6)
    assert [member.relation for member in visit.at(s.Party).travellers.members] == [None, Relation.CHILD]


def test_the_day_is_passed_to_the_checks_as_the_clock_knows_it_or_does_not() -> None:
    visit = Visit().to(N.DOC_CAPTURE)
    visit.tell(e.DocumentRead(visit.order, lines("UTO1"), Kind.PASSPORT_READER, False, today=None))
    (order,) = visit.orders(c.CheckDocument)
    assert order.today is None
    assert not order.scan.confirmed


@pytest.mark.parametrize("result", CheckResult)
def test_no_result_of_a_check_stops_a_traveller(result: CheckResult) -> None:
    visit = Visit().to(N.DOC_CHECK).is_checked(result=result)
    assert visit.state.name is N.PARTY


def test_help_during_the_checks_keeps_the_document_and_says_that_they_were_cut_short() -> None:
    visit = Visit().to(N.DOC_CHECK).tell(e.OfficerInstead())
    (member,) = members(visit)
    assert isinstance(member.papers, Document)
    assert {check.result for check in member.papers.examined.checks} == {CheckResult.ABORTED}


# the short way


def test_a_refugee_gives_a_face_answers_nothing_gives_no_finger_and_meets_an_officer() -> None:
    visit = Visit().to(N.DOC_CHECK).is_checked(way=Way.SHORT, nationality="XXB").looks().tell(e.Confirmed())
    assert recorded(visit).help is None
    (slip,) = visit.is_recorded().orders(c.PrintSlip)
    assert slip.place == PROFILE.help_desk


def test_a_border_pass_is_read_then_a_face_then_the_review() -> None:
    visit = Visit().to(N.PASS_CAPTURE)
    visit.tell(e.PassRead(visit.order, Private("UTO PASS 7"))).looks()
    assert visit.at(s.Review).travellers.papers is Papers.BORDER_PASS


# parties


def test_two_minors_alone_meet_an_officer_with_what_they_gave() -> None:
    visit = Visit().chooses().lays_down().is_checked(age=17).brings(Relation.OTHER, 4).is_alone()
    assert recorded(visit).help is HelpReason.NO_ADULT
    assert len(members(visit)) == 2


def test_a_minor_with_somebody_of_unknown_age_goes_on() -> None:
    visit = Visit().chooses().lays_down().is_checked(age=17).brings(Relation.OTHER, None).is_alone()
    assert visit.state.name is N.DECLARE


def test_a_ninth_member_is_not_asked_for() -> None:
    visit = Visit().to(N.PARTY)
    for _ in range(7):
        visit.brings(Relation.RELATIVE, 30)
    visit.tell(e.AddMember(Relation.RELATIVE))
    assert visit.state.name is N.PARTY
    assert visit.orders(c.Ignored)


def test_a_crew_has_room_for_three_and_is_not_asked_why_it_comes() -> None:
    visit = Visit().chooses(Papers.CREW).lays_down().is_checked().brings(Relation.OTHER, 30).brings(Relation.OTHER, 31)
    assert visit.tell(e.AddMember(Relation.OTHER)).state.name is N.PARTY
    declare = visit.is_alone().at(s.Declare)
    assert (declare.question, *declare.ahead) == (Question.HEALTH, Question.GOODS)


def test_only_the_grown_ups_of_a_family_give_fingers() -> None:
    visit = family().is_captured().tell(e.Confirmed())
    assert [len(member.prints) for member in members(visit)] == [2, 0, 2]
    assert all(isinstance(member.face, Portrait) for member in members(visit))


def test_a_child_whose_age_no_clock_can_tell_gives_no_finger_and_a_grown_up_does() -> None:
    visit = Visit().chooses().lays_down().is_checked(age=None).brings(Relation.CHILD, None).is_alone().answers_everything()
    visit.is_captured().tell(e.Confirmed())
    assert [len(member.prints) for member in members(visit)] == [2, 0]


# the declaration


def test_whoever_comes_home_is_not_asked_why_and_for_how_long() -> None:
    declare = Visit(ENTRY).to(N.PARTY).is_alone().at(s.Declare)
    assert (declare.question, *declare.ahead) == (Question.HEALTH, Question.GOODS)


def test_a_guest_at_entry_is_asked_everything_also_when_travelling_with_one_who_comes_home() -> None:
    visit = Visit(ENTRY).to(N.PARTY).tell(e.AddMember(Relation.PARTNER)).lays_down().is_checked(nationality="TZA").is_alone()
    declare = visit.at(s.Declare)
    assert (declare.question, *declare.ahead) == ENTRY.questions


def test_five_taps_are_enough_for_any_declaration() -> None:
    with pytest.raises(ValueError, match="at most five"):
        Profile("UTO", PROFILE.direction, "Utopia Bridge", PROFILE.next_place, PROFILE.help_desk, questions=(*Question, Question.GOODS))


def test_an_answer_that_is_not_an_option_is_no_answer() -> None:
    visit = Visit().to(N.DECLARE)
    assert visit.tell(e.AnswerGiven(Question.PURPOSE, Private("perhaps"))).at(s.Declare).question is Question.PURPOSE


def test_a_late_tap_on_the_question_before_does_not_answer_the_next_one() -> None:
    visit = Visit().to(N.DECLARE).tell(e.AnswerGiven(Question.PURPOSE, Private("visit")))
    visit.tell(e.AnswerGiven(Question.PURPOSE, Private("work")))
    assert visit.at(s.Declare).question is Question.DAYS
    assert visit.at(s.Declare).travellers.answer(Question.PURPOSE) == "visit"


def test_a_corrected_answer_replaces_the_first_one_and_no_face_is_taken_again() -> None:
    visit = Visit().to(N.REVIEW).tell(e.Correct(), e.AnswerGiven(Question.PURPOSE, Private("work"))).answers_everything()
    review = visit.at(s.Review)
    assert review.travellers.answer(Question.PURPOSE) == "work"
    assert len(review.travellers.answers) == len(PROFILE.questions)


def test_a_post_that_asks_nothing_goes_from_the_party_to_the_face() -> None:
    assert Visit(NO_QUESTIONS).to(N.PARTY).is_alone().state.name is N.FACE


# faces and fingers


def test_a_face_that_cannot_be_taken_is_coded_and_the_traveller_goes_on() -> None:
    visit = Visit().to(N.FACE).fails(*[Unread.POOR_PICTURE] * 3).is_captured().tell(e.Confirmed())
    (member,) = members(visit)
    assert member.face == NoPortrait(Untaken.TRIES_USED)


def test_a_worn_finger_is_coded_and_the_other_one_is_still_asked_for() -> None:
    visit = Visit().to(N.FINGERS).fails(*[Unread.POOR_PICTURE] * 3)
    assert visit.at(s.Fingers).finger is Finger.LEFT_INDEX
    (member,) = members(visit.presses().tell(e.Confirmed()))
    assert member.prints[0] == NoPrint(Finger.RIGHT_INDEX, Untaken.TRIES_USED)
    assert isinstance(member.prints[1], Print)


def test_whoever_declines_a_finger_declines_those_that_are_left_and_is_recorded_with_the_reason() -> None:
    visit = Visit().to(N.FINGERS).presses().tell(e.Declined(Declining.INJURY)).tell(e.Confirmed())
    (member,) = members(visit)
    assert member.prints[1:] == (NoPrint(Finger.LEFT_INDEX, Declining.INJURY),)


def test_a_camera_lost_between_two_faces_keeps_the_first_and_codes_the_others() -> None:
    visit = family().looks().tell(e.DeviceLost(Kind.FACE_CAMERA)).is_captured().tell(e.Confirmed())
    lost = NoPortrait(Untaken.DEVICE_LOST)
    assert [member.face == lost for member in members(visit)] == [False, True, True]


def test_a_camera_that_comes_back_does_not_ask_for_what_was_given_up() -> None:
    visit = family().tell(e.DeviceLost(Kind.FACE_CAMERA), e.DeviceBack(Kind.FACE_CAMERA))
    assert visit.state.name is N.FINGERS


def test_a_lane_without_camera_and_scanner_still_registers_everyone() -> None:
    lost = frozenset({Kind.FACE_CAMERA, Kind.FINGERPRINT_SCANNER})
    visit = Visit(lost=lost).to(N.DECLARE).answers_everything().tell(e.Confirmed())
    (member,) = members(visit)
    assert member.face == NoPortrait(Untaken.DEVICE_LOST)
    assert {print_.why for print_ in member.prints if isinstance(print_, NoPrint)} == {Untaken.DEVICE_LOST}


# time, leaving, going back


def test_a_traveller_who_needs_more_time_gets_it_and_the_old_limit_is_void() -> None:
    visit = Visit().to(N.FACE)
    old = visit.limit
    visit.tell(e.TimeAlmostOut(old, N.FACE))
    assert visit.at(s.Face).session.aside is s.Aside.MORE_TIME
    visit.tell(e.MoreTime())
    assert visit.at(s.Face).session.aside is s.Aside.NONE
    assert visit.tell(e.TimeRanOut(old, N.FACE)).state.name is N.FACE


def test_more_time_does_not_break_off_the_picture_that_is_being_taken() -> None:
    visit = Visit().to(N.FACE)
    order = visit.order
    visit.tell(e.MoreTime())
    assert not visit.orders(c.Rest)
    assert visit.order == order


def test_a_stray_touch_on_cancel_can_be_taken_back() -> None:
    visit = Visit().to(N.REVIEW).tell(e.Cancelled())
    assert visit.state.name is N.REVIEW
    assert visit.tell(e.LeaveAsked(), e.Stay()).at(s.Review).session.aside is s.Aside.NONE


def test_whoever_was_asked_whether_to_stop_is_still_asked_when_the_picture_was_taken_meanwhile() -> None:
    visit = family().tell(e.LeaveAsked()).looks()
    assert visit.at(s.Face).member == 1
    assert visit.at(s.Face).session.aside is s.Aside.REALLY_LEAVE


def test_going_back_from_the_faces_to_the_questions_takes_no_face_twice() -> None:
    visit = family().looks().tell(e.Back()).answers_everything()
    assert visit.at(s.Face).member == 1


def test_a_member_added_late_is_the_only_one_still_asked_for_a_face() -> None:
    visit = Visit(NO_QUESTIONS).to(N.PARTY).is_alone().looks().tell(e.Back()).brings(Relation.PARTNER, 40).is_alone()
    assert visit.at(s.Face).member == 1


# the end


def test_a_traveller_whose_printer_runs_out_of_paper_reads_the_number_on_the_screen_and_is_recorded_once() -> None:
    visit = Visit().to(N.TOKEN)
    visit.tell(e.SlipNotPrinted(visit.order, Paper.OUT))
    assert visit.at(s.Token).slip is s.SlipIs.ON_SCREEN
    assert sum(isinstance(command, c.Record) for command in visit.all_told) == 1


def test_a_slip_that_the_printer_did_not_vouch_for_is_called_unsure() -> None:
    visit = Visit().to(N.TOKEN)
    assert visit.tell(e.SlipPrinted(visit.order, confirmed=False)).at(s.Token).slip is s.SlipIs.UNSURE


def test_a_printer_lost_after_the_slip_was_printed_takes_nothing_back() -> None:
    visit = Visit().to(N.TOKEN)
    visit.tell(e.SlipPrinted(visit.order, confirmed=True), e.DeviceLost(Kind.RECEIPT_PRINTER))
    assert visit.at(s.Token).slip is s.SlipIs.PRINTED


def test_the_slip_of_someone_who_asked_for_help_differs_only_in_the_place() -> None:
    (plain,) = Visit().to(N.TOKEN).orders(c.PrintSlip)
    (helped,) = Visit().to(N.REVIEW).tell(e.OfficerInstead()).is_recorded().orders(c.PrintSlip)
    assert (plain.place, helped.place) == (PROFILE.next_place, PROFILE.help_desk)
    assert (plain.case, plain.language, plain.party, plain.hours) == (helped.case, helped.language, helped.party, helped.hours)


def test_someone_without_papers_is_recorded_as_a_call_for_help_and_nothing_more() -> None:
    visit = Visit().to(N.TRAVEL_CLASS).tell(e.TravelClassChosen(Papers.NONE_OR_UNSURE))
    assert recorded(visit) == Registration("en", None, HelpReason.NO_DOCUMENT)


def test_a_lane_that_is_closed_lets_the_traveller_end_in_peace() -> None:
    visit = Visit().to(N.FACE).tell(e.LaneClosed(ClosedFor.STAFF)).is_captured().tell(e.Confirmed()).is_recorded()
    assert visit.at(s.Token)
    assert visit.tell(e.SlipTaken()).at(s.Closed).kiosk.closed is ClosedFor.STAFF


def test_another_profile_holds_from_the_next_traveller_on() -> None:
    other = replace(PROFILE, languages=("sw",), questions=())
    visit = Visit().to(N.FACE).tell(e.ProfileChanged(other))
    assert visit.state.kiosk.profile == PROFILE
    visit = visit.tell(e.LeaveAsked()).tell(e.Cancelled())
    assert visit.at(s.Attract).kiosk.profile == other
    assert visit.tell(e.Touched(1.0)).at(s.Language).session.language == "sw"
    assert Visit().tell(e.ProfileChanged(other)).at(s.Attract).kiosk.profile == other, "nobody is there: at once"


def test_a_technician_cannot_take_the_lane_while_somebody_is_there() -> None:
    visit = Visit().to(N.LANGUAGE).tell(e.TechnicianSignedOn())
    assert visit.state.name is N.LANGUAGE


# laws 5, 9 and 11 where they live in the core


def test_law_5_a_traveller_who_walks_away_leaves_only_where_and_why_the_session_ended() -> None:
    visit = Visit().to(N.FINGERS).runs_out_of_time()
    rest, row, purge = visit.told
    assert rest == c.Rest(Kind.FINGERPRINT_SCANNER)
    assert row == c.RecordEnd(N.FINGERS, EndReason.IDLE, began=100.0)
    assert purge == c.Purge()


def test_law_9_a_journal_that_says_no_keeps_the_registration_for_the_officer_and_is_asked_again() -> None:
    visit = Visit().to(N.RECORDING)
    before = visit.at(s.Recording).travellers
    visit.tell(e.NotRecorded(visit.order, NotRecordedBecause.FULL))
    assert visit.at(s.HelpDiscreet).registration.travellers == before
    assert visit.state.kiosk.closed is ClosedFor.FAULT
    visit.runs_out_of_time()
    assert recorded(visit).travellers == before
    assert visit.is_recorded().at(s.Token)


def test_law_9_a_record_that_is_committed_after_the_officer_came_is_a_case_all_the_same() -> None:
    visit = Visit().to(N.HELP_DISCREET)
    order = visit.order
    visit.tell(e.OfficerAttended())
    visit.tell(e.Recorded(order, CASE))
    assert visit.state.name is N.ATTRACT
    assert visit.orders(c.BeginCase) == [c.BeginCase(CASE)]


def test_law_11_a_clock_that_is_not_known_makes_nobody_old_or_young() -> None:
    visit = Visit().to(N.DOC_CAPTURE)
    visit.tell(e.DocumentRead(visit.order, lines("UTO1"), Kind.PASSPORT_READER, True, None)).is_checked(age=None)
    assert visit.is_alone().state.name is N.DECLARE
