"""What the officer's and the technician's screens say: everything there can be has words, and says what it means in word, shape and colour."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from typing import Any

import pytest
from msgspec.structs import replace as changed

from drivers.contract import Finger, Kind, Outcome, TrialAsks, TrialStep
from kiosk.desk.events import CaseTaken, ClearPressed, MemberShown, ReasonChosen
from kiosk.desk.states import LaneSeen, Progress, Summary, Trouble
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence
from kiosk.messages.payloads import LaneState
from kiosk.movement.case import Reason
from kiosk.pad import Pad
from kiosk.private import Private
from kiosk.record import MemberRecord
from kiosk.registration.profile import FIXED_OPTIONS, Direction, Question
from kiosk.registration.travellers import Declining, HelpReason, Papers, Relation, Untaken
from kiosk.settings import Asked
from kiosk.views.desk_parts import CaseView, DeskView, Line, Sign
from kiosk.views.officer import SIGNS, desk_view
from kiosk.views.sign_on import sign_on_view
from kiosk.views.technician import DeviceState, SignOffAsked, TestAsked, TrialAnswered, TrialAsked, TrialEnded, TrialsAsked, menu_view
from tests.kiosk.desks import HERE, MEMBER, THERE, desk, desks, menus, opened, pads, record, say, waiting

MISSING = MemberRecord(holder=None, checks=(), way="ordinary", source="document_camera", confirmed=True)


def texts(view: Any) -> Iterator[str]:
    """Every text in a view."""
    if isinstance(view, str):
        yield view
    elif isinstance(view, tuple):
        for each in view:
            yield from texts(each)
    elif is_dataclass(view):
        for field in fields(view):
            if field.name not in ("id", "event", "image", "key"):
                yield from texts(getattr(view, field.name))


def case(*members: MemberRecord, **more: Any) -> CaseView:
    view = desk_view(desk(waiting(0, HERE), opened=opened(record(*members, **more))), say)
    assert view.case is not None
    return view.case


def line(view: CaseView, says: str) -> Line:
    return next(line for line in view.checks if line.says == says)


@pytest.mark.parametrize("views", [desks(), pads(technician=False), pads(technician=True), menus()])
def test_nothing_on_a_screen_is_a_key_instead_of_words(views: dict[str, Any]) -> None:
    for name, view in views.items():
        assert [text for text in texts(view) if "_" in text] == [], name


@pytest.mark.parametrize("result", CheckResult)
@pytest.mark.parametrize("id", CheckId)
def test_every_check_with_every_result_and_evidence_has_words(id: CheckId, result: CheckResult) -> None:
    checks = tuple(Check(id, result, evidence) for evidence in Evidence)
    shown = case(changed(MEMBER, checks=checks)).checks[: len(checks)]
    assert all(line.says and line.detail and line.sign is SIGNS[result] for line in shown)
    assert len({line.detail for line in shown}) == len(Evidence)


def test_what_is_undetermined_or_not_supported_never_looks_like_a_failure() -> None:
    assert [result for result, sign in SIGNS.items() if sign is Sign.BAD] == [CheckResult.FAILED]


@pytest.mark.parametrize("why", [*Untaken, *Declining])
def test_every_reason_for_a_missing_face_or_finger_has_words_and_is_no_failure(why: Untaken | Declining) -> None:
    view = case(changed(MEMBER, face=why, face_quality=None, prints=((Finger.RIGHT_INDEX, why),)))
    assert view.checks[-1].sign is Sign.LOOK
    assert view.photos[1].caption and view.checks[-1].detail


@pytest.mark.parametrize("reason", HelpReason)
def test_the_officer_reads_why_somebody_needs_help(reason: HelpReason) -> None:
    assert case(help=reason).note.sign is Sign.LOOK
    assert case(help=reason).note.says != case(help="asked" if reason is not HelpReason.ASKED else "no_reader").note.says


@pytest.mark.parametrize("relation", Relation)
@pytest.mark.parametrize("kind", [Kind.PASSPORT_READER, Kind.DOCUMENT_CAMERA])
def test_every_relation_and_every_source_has_words(relation: Relation, kind: Kind) -> None:
    view = case(changed(MEMBER, relation=relation, source=kind))
    assert view.facts[5].value and all(line.says for line in view.checks)


@pytest.mark.parametrize("question", Question)
def test_every_answer_to_every_question_has_words(question: Question) -> None:
    options = Asked().purposes if question is Question.PURPOSE else FIXED_OPTIONS[question]
    said = [case(MEMBER, answers={question: option}).facts[-1] for option in options]
    assert len({fact.value for fact in said}) == len(options)


@pytest.mark.parametrize("papers", [*Papers, ""])
@pytest.mark.parametrize("help", [True, False])
def test_every_kind_of_papers_has_words_in_the_queue(papers: str, help: bool) -> None:
    view = desk_view(desk(waiting(1, "", Summary(4, 1, papers, help))), say)
    assert view.queue[0].says and view.queue[0].sign is (Sign.LOOK if help else Sign.GOOD)


@pytest.mark.parametrize("state", [*LaneState, "lost"])
def test_every_state_of_a_lane_has_words(state: str) -> None:
    view = desk_view(desk(lanes={"tz-tunduma-lane1": LaneSeen(state)}), say)
    assert view.lanes[0].says.startswith("lane1: ")
    assert (view.lanes[0].sign is Sign.BAD) is (state == "lost")


@pytest.mark.parametrize("trouble", Trouble)
def test_every_trouble_has_words(trouble: Trouble) -> None:
    assert desk_view(desk(trouble=trouble), say).empty


def test_a_case_that_another_console_holds_can_be_seen_but_not_taken() -> None:
    (row,) = desk_view(desk(waiting(1, THERE)), say).queue
    assert row.event is None and "console2" in row.says


def test_a_case_that_is_free_can_be_taken_and_its_code_stands_in_two_groups() -> None:
    (row,) = desk_view(desk(waiting(1)), say).queue
    assert (row.event, row.code) == (CaseTaken("case-1"), "K4T 7QF")


def test_what_was_said_and_read_of_a_traveller_is_on_the_screen() -> None:
    view = case(MEMBER)
    assert view.title == "Eriksson, Anna Maria"
    shown = " ".join(fact.value for fact in view.facts)
    for value in ("L898902C3", "1974-08-12 (52)", "UTO", "2031-04-15"):
        assert value in shown
    assert "81" in view.photos[1].caption


def test_a_person_without_a_document_a_pass_and_an_unread_document_are_told_apart() -> None:
    titles = {case().title, case(MISSING).title, case(changed(MISSING, border_pass="BP-7")).title}
    assert len(titles) == 3


def test_a_finger_that_was_taken_and_one_that_was_not_are_told_apart() -> None:
    view = case(MEMBER)
    assert [line.sign for line in view.checks[-2:]] == [Sign.GOOD, Sign.LOOK]


def test_the_note_counts_what_wants_looking_at() -> None:
    good = tuple(Check(each, CheckResult.SUCCESSFUL, Evidence.AS_PRINTED) for each in CheckId)
    assert case(changed(MEMBER, checks=good, prints=())).note.sign is Sign.GOOD
    assert "2" in case(changed(MEMBER, checks=(replace(good[0], result=CheckResult.FAILED), *good[1:]))).note.says


def test_each_way_a_decision_can_go_is_said_and_only_examining_can_be_decided() -> None:
    notes = set()
    for progress in Progress:
        view = desk_view(desk(waiting(0, HERE), opened=opened(record(MEMBER), progress)), say)
        assert view.case is not None
        notes.add(view.case.note.says)
        decisive = [action.event for action in view.actions if action.id in ("clear", "second_line") and action.possible]
        assert bool(decisive) is (progress is Progress.EXAMINING)
    assert len(notes) == len(Progress)


def test_a_party_is_leafed_through_and_a_single_traveller_is_not() -> None:
    several = desk_view(desk(waiting(0, HERE), opened=opened(record(MEMBER, MEMBER))), say)
    single = desk_view(desk(waiting(0, HERE), opened=opened(record(MEMBER))), say)
    assert [action.event for action in several.actions if action.id == "next_member"] == [MemberShown(1)]
    assert not [action for action in single.actions if action.id == "next_member"]


def test_what_clearing_is_called_goes_by_the_direction() -> None:
    labels = {
        next(action.label for action in desk_view(replace(at, direction=direction), say).actions if action.event == ClearPressed())
        for direction in Direction
        for at in [desk(waiting(0, HERE), opened=opened(record(MEMBER)))]
    }
    assert len(labels) == 2


def test_second_line_is_asked_for_with_every_coded_reason_and_a_way_back() -> None:
    view: DeskView = desk_view(desk(waiting(0, HERE), opened=opened(record(MEMBER), asking=True)), say)
    assert view.question is not None
    assert [action.event for action in view.question.answers[:-1]] == [ReasonChosen(reason) for reason in Reason]
    assert len({action.label for action in view.question.answers}) == len(Reason) + 1


def test_the_digits_of_a_pin_are_counted_and_never_shown() -> None:
    view = sign_on_view(Pad(("O-1",), "O-1", Private("471199")), say, technician=False)
    assert view.digits == 6
    assert "471199" not in repr(view)


def test_a_device_that_is_lost_or_under_test_cannot_be_tested_and_says_so() -> None:
    devices = {
        Kind.FACE_CAMERA: DeviceState(False, "camera", "08:15:30"),
        Kind.LANE_IO: DeviceState(True, "lane", "", testing=True),
        Kind.RECEIPT_PRINTER: DeviceState(True, "printer", "08:15:30", passed=False, findings=("cover open",)),
    }
    view = menu_view("T-1", devices, (), say)
    lost, testing, failed = view.devices
    assert (lost.test.event, testing.test.event, failed.test.event) == (None, None, TestAsked(Kind.RECEIPT_PRINTER))
    assert (lost.line.sign, testing.line.sign) == (Sign.BAD, Sign.GOOD)
    assert "cover open" in failed.result
    assert [action.event for action in view.actions] == [TrialsAsked(offered=True), SignOffAsked()]


def test_while_a_trial_runs_nothing_else_can_be_begun_and_what_is_asked_for_is_shown_with_its_time() -> None:
    well = DeviceState(True, "reader", "08:15:30")
    waiting = replace(well, trying=True, asks=TrialAsks("reports_loss", "Pull the plug of the device.", 42))
    view = menu_view("T-1", {Kind.PASSPORT_READER: waiting, Kind.LANE_IO: well}, (), say, trials=True)
    assert [row.test.event for row in view.devices] == [None, None]
    assert "Pull the plug of the device." in view.devices[0].result and "42" in view.devices[0].result
    assert [action.event for action in view.actions] == [TrialAnswered(done=True), TrialAnswered(done=False), TrialEnded()]
    working = menu_view("T-1", {Kind.PASSPORT_READER: replace(waiting, asks=None)}, (), say, trials=True)
    assert [action.event for action in working.actions] == [None, None, TrialEnded()]


def test_a_trial_that_failed_names_its_first_failed_step() -> None:
    steps = (TrialStep("opens", Outcome.PASSED, "Opened."), TrialStep("comes_back", Outcome.FAILED, "It was back after 3.1 s."))
    view = menu_view("T-1", {Kind.LANE_IO: DeviceState(True, "lane", "", steps=steps)}, (), say, trials=True)
    assert "FAILED" in view.devices[0].result and "comes back: It was back after 3.1 s." in view.devices[0].result
    passed = menu_view("T-1", {Kind.LANE_IO: DeviceState(True, "lane", "", steps=steps[:1])}, (), say, trials=True)
    assert passed.devices[0].result == "passed: 1 passed, 0 failed, 0 not tried"
    assert passed.devices[0].test.event == TrialAsked(Kind.LANE_IO)
