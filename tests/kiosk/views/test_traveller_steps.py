"""What the single screens say: tries, whose turn it is, what was captured, and help that looks like everything else."""

from dataclasses import replace

import pytest

from drivers.contract import Kind, Unread
from kiosk.documents.results import Way
from kiosk.private import Private
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import NotRecordedBecause, StepName
from kiosk.registration.profile import Question
from kiosk.registration.travellers import Declining, HelpReason, Papers, Relation
from kiosk.views.parts import Layout, View
from kiosk.views.traveller import view
from tests.kiosk.registration.cases import STATES, border_pass, crew
from tests.kiosk.registration.visit import ENTRY, NO_QUESTIONS, PROFILE, Visit, family
from tests.kiosk.views.onlookers import SCENE


def seen(visit: Visit) -> View:
    return view(visit.state, SCENE)


def keys(shown: View) -> list[str]:
    return [shown.title.key, *(line.key for line in shown.lines)]


def rows(shown: View) -> list[tuple[str, str]]:
    return [(row.label.text, row.value) for row in shown.rows]


# Documents


def test_whoever_lays_a_document_down_sees_the_steps_in_their_order() -> None:
    shown = seen(Visit().to(StepName.DOC_CAPTURE))
    assert (shown.layout, keys(shown)) == (Layout.INSTRUCT, ["document_title", "document_find", "document_lay", "document_wait"])


def test_a_camera_that_stands_in_for_the_reader_shows_its_picture_and_wants_the_other_side_up() -> None:
    shown = seen(Visit().to(StepName.DOC_CAPTURE).tell(e.DeviceLost(Kind.PASSPORT_READER)))
    assert (shown.camera, shown.layout) == (Kind.DOCUMENT_CAMERA, Layout.LIVE)
    assert {"document_camera_title", "document_camera_lay"} < set(keys(shown))


def test_a_failed_try_says_what_to_do_differently_and_the_last_one_what_comes_then() -> None:
    first = seen(Visit().to(StepName.DOC_CAPTURE).fails(Unread.NO_ZONE))
    assert keys(first) == ["document_again", "document_turn", "document_uncover"]
    second = seen(Visit().to(StepName.DOC_CAPTURE).fails(Unread.NO_ZONE, Unread.NO_ZONE))
    assert keys(second) == ["document_again", "last_try", "document_uncover"]


def test_an_empty_glass_is_no_failed_try() -> None:
    assert seen(Visit().to(StepName.DOC_CAPTURE).fails(Unread.NOTHING_THERE)).title.key == "document_title"


def test_a_childs_document_is_asked_for_by_name_of_kinship() -> None:
    visit = Visit().to(StepName.PARTY).tell(e.AddMember(Relation.CHILD))
    assert seen(visit).title.text == "Now the document of your child"


def test_a_document_that_still_lies_there_is_not_read_twice() -> None:
    visit = Visit().to(StepName.PARTY).tell(e.AddMember(Relation.CHILD)).lays_down("UTO000001")
    assert keys(seen(visit)) == ["document_of", "document_same", "document_next"]


def test_a_border_pass_gets_three_tries_too() -> None:
    visit = Visit().to(StepName.PASS_CAPTURE)
    assert keys(seen(visit)) == ["pass_title", "pass_code_up", "document_wait"]
    assert "last_try" in keys(seen(visit.fails(Unread.NOT_A_PASS, Unread.NOT_A_PASS)))


# Party and declaration


def test_somebody_alone_needs_one_touch() -> None:
    shown = seen(Visit().to(StepName.PARTY))
    assert shown.main is not None and shown.main.id == "party_alone"
    assert {choice.event for choice in shown.choices} == {e.AddMember(relation) for relation in Relation}


def test_a_crew_is_asked_for_crew_and_a_full_one_for_nobody() -> None:
    visit = Visit().chooses(Papers.CREW).lays_down().is_checked()
    assert [choice.id for choice in seen(visit).choices] == ["add_crew"]
    full = seen(crew())
    assert (full.choices, full.title.key) == ((), "party_full")


def test_an_answer_given_before_is_marked() -> None:
    visit = Visit().to(StepName.DECLARE).tell(e.AnswerGiven(Question.PURPOSE, Private("work")), e.Back())
    assert [choice.id for choice in seen(visit).choices if choice.chosen] == ["purpose_work"]


@pytest.mark.parametrize(("profile", "asks"), [(PROFILE, "How many days will you be abroad?"), (ENTRY, "How many days will you stay?")])
def test_those_who_leave_and_those_who_come_are_asked_differently(profile: s.Profile, asks: str) -> None:
    visit = Visit(replace(profile, questions=(Question.DAYS,), state="ZMB")).to(StepName.DECLARE)
    assert seen(visit).title.text == asks


# Faces and fingers


def test_each_member_of_a_family_is_told_whose_turn_it_is() -> None:
    visit = family()
    assert seen(visit).lines[0].text == "Now you: 1 of 3"
    assert seen(visit.looks()).lines[0].text == "Now your child: 2 of 3"


def test_a_face_that_fails_goes_to_an_officer_later_and_the_screen_says_so() -> None:
    visit = Visit().to(StepName.FACE).fails(Unread.NO_FACE, Unread.NO_FACE)
    assert keys(seen(visit)) == ["face_title", "not_yet", "last_try_for_now"]


def test_a_face_and_fingers_can_be_declined_with_a_touch() -> None:
    for name in (StepName.FACE, StepName.FINGERS):
        second = seen(Visit().to(name)).second
        assert second is not None and second.event == e.Declined(Declining.UNWILLING)


def test_the_finger_that_is_wanted_is_named() -> None:
    visit = Visit().to(StepName.FINGERS)
    assert seen(visit).title.key == "finger_right_index"
    assert seen(visit.presses()).title.key == "finger_left_index"


# Review


def test_the_review_shows_all_that_was_captured() -> None:
    assert rows(seen(Visit().to(StepName.REVIEW))) == [
        ("Name", "ANNA MARIA ERIKSSON"), ("Born", "12 Aug 1974"), ("Document", "L898902C3"), ("Nationality", "Utopia"),
        ("Valid until", "15 Apr 2031"), ("Photo", "Done"), ("Fingerprints", "Done"),
        ("Purpose", "Visit"), ("Days", "One day"), ("Health", "I feel well"), ("Customs", "Nothing to declare"),
    ]  # fmt: skip


def test_what_could_not_be_taken_is_left_to_an_officer_without_blame() -> None:
    visit = Visit().to(StepName.FACE).tell(e.Declined(Declining.BELIEF)).presses().tell(e.Declined(Declining.INJURY))
    assert {("Photo", "An officer will do this"), ("Fingerprints", "An officer will do this")} < set(rows(seen(visit)))


def test_a_family_sees_each_of_its_members_with_children_as_children() -> None:
    shown = seen(family().is_captured())
    people = [(row.label.text, row.icon) for row in shown.rows if row.label.key == "row_person"]
    assert people == [("Person 1", "adult"), ("Person 2", "child"), ("Person 3", "adult")]
    assert rows(shown).count(("Fingerprints", "Done")) == 2


def test_answers_can_be_changed_and_for_the_rest_there_is_an_officer() -> None:
    with_answers, without = seen(Visit().to(StepName.REVIEW)), seen(Visit(NO_QUESTIONS).to(StepName.PARTY).is_alone().is_captured())
    assert with_answers.second is not None and with_answers.second.event == e.Correct()
    assert without.second is not None and without.second.event == e.OfficerInstead()


def test_no_bystander_reads_that_somebody_is_a_refugee() -> None:
    visit = Visit().to(StepName.DOC_CHECK).is_checked(way=Way.SHORT, nationality="XXB").is_captured()
    assert visit.at(s.Review)
    assert "Nationality" not in dict(rows(seen(visit)))
    assert not any("XXB" in value for _, value in rows(seen(visit)))


def test_the_values_of_the_review_are_shown_and_never_spoken() -> None:
    assert all(row.label.clips == () for row in seen(Visit().to(StepName.REVIEW)).rows)
    assert seen(Visit().to(StepName.REVIEW)).title.clips == ("review_title", "review_unseen")


def test_a_border_pass_was_read_and_nothing_of_it_is_told() -> None:
    assert rows(seen(border_pass().looks())) == [("Border pass", "Read"), ("Photo", "Done")]


# Questions over the screen, and the end


def test_the_safe_answer_comes_first() -> None:
    for label, first in (("asked whether to stop", e.Stay()), ("asked for more time", e.MoreTime())):
        overlay = seen(STATES[label]()).overlay
        assert overlay is not None
        assert [choice.event for choice in overlay.choices] == [first, e.Cancelled()]


def test_at_the_slip_more_time_is_offered_and_nothing_can_be_undone() -> None:
    visit = Visit().to(StepName.TOKEN)
    overlay = seen(visit.tell(e.TimeAlmostOut(visit.limit, StepName.TOKEN))).overlay
    assert overlay is not None
    assert [choice.event for choice in overlay.choices] == [e.MoreTime(), e.SlipTaken()]


def test_number_code_and_desk_are_shown_and_spoken() -> None:
    shown = seen(Visit().to(StepName.TOKEN))
    assert (shown.number, shown.code, shown.qr, rows(shown)) == ("17", "3F7 KXW", "signed", [("Desk", "4")])
    assert shown.title.clips == (
        "token_title", "number_4", "token_number", "number_17",
        "token_code", "number_3", "letter_F", "number_7", "letter_K", "letter_X", "letter_W",
    )  # fmt: skip


def test_without_a_slip_the_screen_takes_its_place() -> None:
    visit = Visit().to(StepName.TOKEN)
    coming = seen(visit)
    assert coming.waiting is not None and coming.waiting.key == "token_coming"
    unsure = seen(visit.tell(e.SlipPrinted(visit.order, False)))
    assert unsure.waiting is None and unsure.lines[0].key == "token_unsure"
    gone = seen(Visit(lost=frozenset({Kind.RECEIPT_PRINTER})).to(StepName.TOKEN))
    assert gone.title.key == "token_title_screen"
    assert gone.main is not None and gone.main.id == "token_done_screen"


def test_help_looks_the_same_for_every_reason_and_whatever_the_journal_says() -> None:
    asked = Visit().to(StepName.HELP_DISCREET).at(s.HelpDiscreet)
    reasons = [replace(asked, registration=replace(asked.registration, help=reason)) for reason in HelpReason]
    nothing = replace(asked, registration=replace(asked.registration, travellers=None))
    refused = replace(asked, order=None)
    unrecorded = Visit().to(StepName.RECORDING)
    unrecorded.tell(e.NotRecorded(unrecorded.order, NotRecordedBecause.FULL))
    assert {view(state, SCENE) for state in (*reasons, nothing, refused, unrecorded.state)} == {view(asked, SCENE)}


def test_the_slips_screen_after_help_differs_in_the_place_alone() -> None:
    helped, ordinary = seen(Visit().to(StepName.HELP_DISCREET).is_recorded()), seen(Visit().to(StepName.TOKEN))
    place = ordinary.title.text.replace("desk 4", "desk 2")
    assert (helped.title.text, rows(helped)) == (place, [("Desk", "2")])
    same = {"title": ordinary.title, "rows": ordinary.rows, "header": ordinary.header}
    assert replace(helped, **same) == ordinary  # type: ignore[arg-type]
