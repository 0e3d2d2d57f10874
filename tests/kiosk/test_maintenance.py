"""A technician at a lane: may come only while no traveller is there, must know a PIN, sees devices, and leaves everything in the journal."""

import re

import pytest

from drivers import contract
from drivers.contract import Answered, Kind, Outcome, TrialStep
from kiosk.devices import Told
from kiosk.maintenance import IDLE_S, MenuAsked
from kiosk.pad import PadBack, PersonChosen, Submit
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import ClosedFor
from kiosk.views.desk_parts import MenuView, SignOnView
from kiosk.views.technician import SignOffAsked, TestAsked, TrialAnswered, TrialAsked, TrialEnded, TrialsAsked
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import LaneAtHand, Post, keyed

WHO = "T-1"
STEPS = (
    TrialStep("opens", Outcome.PASSED, "Opened in 12 ms."),
    TrialStep("reports_loss", Outcome.NOT_TRIED, "Skipped by the technician."),
)


def comes(post: Post, lane: LaneAtHand) -> None:
    """A technician signs on at a lane where nobody is."""
    post.until(lambda: isinstance(lane.lane.state, s.Attract | s.Closed))
    lane.touch(MenuAsked(), PersonChosen(WHO), *keyed(post.pins[WHO]), Submit())
    post.until(lambda: isinstance(lane.lane.state, s.Maintenance), "maintenance")


def deeds(post: Post, lane: LaneAtHand) -> list[str]:
    return [row["deed"] for row in post.audited(lane.journal) if row.get("who") == WHO]


def menu(lane: LaneAtHand) -> MenuView:
    view = lane.glass.board_view
    assert isinstance(view, MenuView)
    return view


@pytest.mark.parametrize("step", [s.Language, s.DocCapture, s.Face, s.Review, s.Token])
def test_the_menu_does_not_open_while_a_traveller_is_there(post: Post, step: type[s.State]) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    at = crossing.to(step)
    lane.touch(MenuAsked())
    assert not lane.technician.present
    assert lane.lane.state == at


def test_a_long_press_at_a_free_lane_asks_who_is_there_and_shows_technicians_only(post: Post) -> None:
    lane = post.lane()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.touch(MenuAsked())
    view = lane.glass.board_view
    assert isinstance(view, SignOnView) and view.technician
    assert [person.label for person in view.people] == [WHO]


def test_a_closed_lane_can_be_looked_into_and_stays_closed_for_staff_afterwards(post: Post) -> None:
    lane = post.lane()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.lane.put(e.LaneClosed(ClosedFor.STAFF))
    post.until(lambda: isinstance(lane.lane.state, s.Closed))
    comes(post, lane)
    lane.touch(SignOffAsked())
    assert isinstance(lane.lane.state, s.Closed)


def test_a_lane_that_a_fault_closed_is_open_again_when_a_technician_has_seen_to_it(post: Post) -> None:
    lane = post.lane()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.lane.put(e.LaneClosed(ClosedFor.FAULT))
    comes(post, lane)
    lane.touch(SignOffAsked())
    assert isinstance(lane.lane.state, s.Attract)


def test_wrong_pins_make_the_wait_grow_and_are_in_the_journal(post: Post) -> None:
    lane = post.lane()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.touch(MenuAsked(), PersonChosen(WHO))
    waits = []
    for _ in range(3):
        lane.touch(*keyed("000000"), Submit())
        assert lane.technician._pad is not None
        waits.append(lane.technician._pad.wait_s)
    assert waits == [0, 0, 30]
    lane.touch(*keyed(post.pins[WHO]), Submit())
    assert isinstance(lane.lane.state, s.Attract)
    assert re.fullmatch(r"Wait ([1-9]|[12][0-9]|30) seconds", lane.glass.board_view.says)
    assert deeds(post, lane) == ["sign_on_failed"] * 3


def test_whoever_opened_the_pad_by_accident_goes_back_to_the_lane(post: Post) -> None:
    lane = post.lane()
    post.until(lambda: isinstance(lane.lane.state, s.Attract))
    lane.touch(MenuAsked(), PersonChosen(WHO), PadBack(), PadBack())
    assert not lane.technician.present
    assert lane.glass.board_view is None
    Crossing(post, lane).to(s.Language)


def test_the_menu_shows_every_device_with_its_state(post: Post) -> None:
    lane = post.lane()
    comes(post, lane)
    assert [row.test.id for row in menu(lane).devices] == [f"test_{kind}" for kind in Kind]
    lane.hands[Kind.RECEIPT_PRINTER].is_lost()
    lane.glass.work()
    lane.technician.tick()
    rows = {row.test.id: row for row in menu(lane).devices}
    assert rows["test_receipt_printer"].test.event is None
    assert rows["test_face_camera"].test.event == TestAsked(Kind.FACE_CAMERA)


def test_a_device_tests_itself_and_what_it_found_is_shown_and_journalled_with_who_asked(post: Post) -> None:
    lane = post.lane()
    comes(post, lane)
    lane.touch(TestAsked(Kind.FACE_CAMERA))
    hand = lane.hands[Kind.FACE_CAMERA]
    ticket, order = hand.orders[-1]
    assert order == contract.TestYourself()
    lane.lane.put(Told(hand.kind, Answered(ticket, contract.TestDone(True, ("1280 x 960 pixels",))), order))
    lane.glass.work()
    assert "1280 x 960 pixels" in next(row.result for row in menu(lane).devices if row.test.id == "test_face_camera")
    (row,) = (row for row in post.audited(lane.journal) if "tested" in row)
    assert row == {"tested": "face_camera", "passed": 1, "findings": "1280 x 960 pixels", "by": WHO}


def test_a_device_that_is_lost_during_its_test_has_failed_it_and_can_be_tested_again_when_it_is_back(post: Post) -> None:
    lane = post.lane()
    comes(post, lane)
    lane.touch(TestAsked(Kind.FACE_CAMERA))
    hand = lane.hands[Kind.FACE_CAMERA]
    hand.is_lost()
    lane.glass.work()
    hand.comes_back()
    lane.glass.work()
    lane.technician.tick()
    (row,) = (row for row in menu(lane).devices if row.test.id == "test_face_camera")
    assert row.test.event == TestAsked(Kind.FACE_CAMERA)
    assert [row["passed"] for row in post.audited(lane.journal) if "tested" in row] == [0]


def test_signing_off_is_journalled_and_the_lane_takes_travellers_again(post: Post) -> None:
    lane = post.lane()
    comes(post, lane)
    lane.touch(SignOffAsked())
    assert not lane.technician.present and lane.glass.board_view is None
    assert deeds(post, lane) == ["signed_on", "signed_off"]
    Crossing(post, lane).to(s.Token)


def test_a_technician_who_forgot_to_sign_off_is_signed_off_and_the_lane_opens(post: Post) -> None:
    lane = post.lane()
    comes(post, lane)
    lane.technician.tick()
    assert lane.technician.present
    lane.technician._touched -= IDLE_S + 1
    lane.technician.tick()
    lane.glass.work()
    assert isinstance(lane.lane.state, s.Attract)


def test_nothing_of_a_traveller_can_be_seen_in_the_menu(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane, "father")
    crossing.to(s.Token)
    crossing.slip_comes()
    crossing.leaves()
    comes(post, lane)
    assert not [word for word in ("CHITSANZO", "CHIKONDI", "U00000203") if word in repr(menu(lane)).upper()]


def hears(lane: LaneAtHand, kind: Kind, word: contract.Notice) -> None:
    lane.lane.put(Told(kind, word))
    lane.glass.work()


def begins_a_trial(post: Post, lane: LaneAtHand, kind: Kind) -> int:
    """The technician signs on and begins a trial; returns its ticket."""
    comes(post, lane)
    lane.touch(TrialsAsked(offered=True), TrialAsked(kind))
    ticket, order = lane.hands[kind].orders[-1]
    assert order == contract.RunTrial(attended=True)
    return ticket


def test_a_trial_asks_the_technician_in_words_and_is_told_that_it_is_done(post: Post) -> None:
    lane, kind = post.lane(), Kind.PASSPORT_READER
    ticket = begins_a_trial(post, lane, kind)
    hears(lane, kind, contract.TrialWent(STEPS[0]))
    hears(lane, kind, contract.TrialAsks("does_it_again", "Take the document away.", 41))
    row = next(row for row in menu(lane).devices if row.test.id == f"trial_{kind}")
    assert "Take the document away." in row.result and "41" in row.result
    assert [action.event for action in menu(lane).actions][:2] == [TrialAnswered(done=True), TrialAnswered(done=False)]
    lane.touch(TrialAnswered(done=False))
    assert lane.hands[kind].orders[-1][1] == contract.TrialReply(done=False)
    order = contract.RunTrial(attended=True)
    lane.lane.put(Told(kind, Answered(ticket, contract.TrialDone(STEPS)), order))
    lane.glass.work()
    row = next(row for row in menu(lane).devices if row.test.id == f"trial_{kind}")
    assert row.result.startswith("passed: ") and row.test.event == TrialAsked(kind)
    (noted,) = (noted for noted in post.audited(lane.journal) if "tried" in noted)
    assert noted == {"tried": kind, "passed": 1, "findings": "failed: none; not tried: reports_loss", "by": WHO}


def test_a_trial_that_the_technician_ends_is_rested_and_says_nothing_any_more(post: Post) -> None:
    lane, kind = post.lane(), Kind.RECEIPT_PRINTER
    ticket = begins_a_trial(post, lane, kind)
    lane.touch(TrialEnded())
    assert lane.hands[kind].orders[-1][1] == contract.Rest()
    lane.lane.put(Told(kind, Answered(ticket, contract.TrialDone(STEPS)), contract.RunTrial(attended=True)))
    hears(lane, kind, contract.TrialAsks("reports_loss", "Pull the plug of the device.", 41))
    assert not [noted for noted in post.audited(lane.journal) if "tried" in noted]
    assert "Pull the plug" not in repr(menu(lane))
    lane.touch(TrialAsked(kind))
    assert lane.hands[kind].orders[-1][1] == contract.RunTrial(attended=True)


def test_a_technician_who_signs_off_in_the_middle_of_a_trial_ends_it(post: Post) -> None:
    lane, kind = post.lane(), Kind.FACE_CAMERA
    begins_a_trial(post, lane, kind)
    lane.touch(SignOffAsked())
    assert contract.Rest() in [order for _, order in lane.hands[kind].orders]
    Crossing(post, lane).to(s.Token)


def test_a_device_whose_host_ends_in_the_middle_of_its_trial_has_failed_it(post: Post) -> None:
    lane, kind = post.lane(), Kind.FACE_CAMERA
    begins_a_trial(post, lane, kind)
    lane.hands[kind].is_lost()
    lane.glass.work()
    (noted,) = (noted for noted in post.audited(lane.journal) if "tried" in noted)
    assert noted["passed"] == 0 and "the device was lost during the test" in noted["findings"]


def test_only_one_trial_runs_at_a_time_and_none_while_a_traveller_is_there(post: Post) -> None:
    lane = post.lane()
    begins_a_trial(post, lane, Kind.FACE_CAMERA)
    lane.touch(TrialAsked(Kind.LANE_IO))
    assert contract.RunTrial(attended=True) not in [order for _, order in lane.hands[Kind.LANE_IO].orders]
