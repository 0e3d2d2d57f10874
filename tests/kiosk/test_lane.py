"""A lane put together as its program does, with devices in the test's hands: what it does for travellers when things go wrong."""

import shutil
from pathlib import Path

import pytest

from drivers.contract import Answered, DocumentRead, FaceCaptured, FrameSeen, Hint, Kind, Lamp, Order, PrintSlip, ReadDocument, ShowLamp
from kiosk.clock import SystemClock
from kiosk.devices import Told
from kiosk.journal.rows import CaseBook
from kiosk.journal.rows import Kind as Row
from kiosk.journal.writer import Journal
from kiosk.private import Private
from kiosk.record import read
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.names import ClosedFor
from kiosk.sealing.station import load_station_keys
from tests.kiosk.crossing import FACE_BYTES, Crossing, picture_of
from tests.kiosk.stations import LANE, LaneAtHand, Post


def cases_on_the_disk(post: Post, data: Path) -> CaseBook:
    """What a lane that starts on this data finds."""
    books: list[CaseBook] = []
    journal = Journal(data, load_station_keys(post.made.founding.station(LANE), LANE), SystemClock(), lambda answer: None)
    journal.case_book(books.append)
    journal.close()
    return books[0]


def slips(lane: LaneAtHand) -> list[Order]:
    return [order for _, order in lane.hands[Kind.RECEIPT_PRINTER].orders if isinstance(order, PrintSlip)]


def test_a_traveller_walks_from_the_attract_screen_to_a_token_and_the_kiosk_is_free_again(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    token = crossing.to(s.Token)
    assert crossing.slip_comes().number == str(token.case.number)
    crossing.leaves()
    assert isinstance(lane.lane.state, s.Attract)
    (record,) = (read(payload) for kind, payload in post.rows(lane.journal) if kind == "registration")
    assert (record.token, record.number, record.language) == (token.case.token, token.case.number, "sw")
    (member,) = record.members
    assert member.holder is not None and member.holder.surname == "MFANO"
    assert (member.face, member.face_quality, member.prints) == (
        "captured",
        81,
        (("right_index", "captured"), ("left_index", "captured")),
    )


def test_when_the_slip_is_ordered_the_registration_is_on_the_disk_even_if_the_power_fails_that_moment(post: Post, tmp_path: Path) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)

    def power_fails(order: Order) -> None:
        if isinstance(order, PrintSlip):
            shutil.copytree(tmp_path / LANE / "data", tmp_path / "after")

    lane.hands[Kind.RECEIPT_PRINTER].when_ordered = power_fails
    token = crossing.to(s.Token)
    (case,) = cases_on_the_disk(post, tmp_path / "after").cases
    assert (case.case_id, case.token_code) == (token.case.case_id, token.case.token)


def test_no_slip_says_who_the_traveller_is(post: Post) -> None:
    # not the specimen called Mfano: that is Swahili for SAMPLE, which every practice slip says
    crossing = Crossing(post, post.lane(), "father")
    crossing.to(s.Token)
    said = repr(crossing.slip_comes()).upper()
    for field in ("CHITSANZO", "CHIKONDI", "YOHANE", "U00000203", *crossing.lines):
        assert field not in said


def test_the_lamp_is_lit_for_the_token_and_goes_out_behind_the_traveller(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Token)
    lit = [order.lamp for _, order in lane.hands[Kind.LANE_IO].orders if isinstance(order, ShowLamp)]
    crossing.slip_comes()
    crossing.leaves()
    after = [order.lamp for _, order in lane.hands[Kind.LANE_IO].orders if isinstance(order, ShowLamp)]
    assert lit and lit[-1] is not Lamp.OFF
    assert after[-1] is Lamp.OFF


@pytest.mark.parametrize("kind", Kind)
def test_a_device_that_is_lost_and_comes_back_at_every_step_stops_nobody(post: Post, kind: Kind) -> None:
    lane = post.lane()
    crossing, hand = Crossing(post, lane), lane.hands[kind]
    while not isinstance(crossing.state, s.Token):
        hand.is_lost()
        post.until(lambda: kind in crossing.state.kiosk.lost, "the loss")
        hand.comes_back()
        post.until(lambda: kind not in crossing.state.kiosk.lost, "the device")
        if not isinstance(crossing.state, s.Token):
            crossing.goes_on()
    hand.is_lost()
    hand.comes_back()
    post.until(lambda: lane.states and kind not in crossing.state.kiosk.lost)
    crossing.leaves()
    assert isinstance(lane.lane.state, s.Attract)
    assert {"DOC_CAPTURE", "PARTY", "DECLARE", "REVIEW"} <= {state.name for state in lane.states}
    assert len([1 for kind_, _ in post.rows(lane.journal) if kind_ == "registration"]) == 1


def test_a_lane_that_has_lost_every_device_leads_the_traveller_to_an_officer_with_a_number_on_the_screen(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    for hand in lane.hands.values():
        hand.is_lost()
    post.until(lambda: crossing.state.kiosk.lost == frozenset(Kind))
    token = crossing.to(s.Token)
    assert token.slip is s.SlipIs.ON_SCREEN
    assert slips(lane) == []
    record = next(read(payload) for kind, payload in post.rows(lane.journal) if kind == "registration")
    assert (record.help, record.members) == ("no_reader", ())


def test_a_face_camera_that_stays_lost_is_passed_and_the_officer_reads_why(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Face)
    lane.hands[Kind.FACE_CAMERA].is_lost()
    crossing.to(s.Token)
    record = next(read(payload) for kind, payload in post.rows(lane.journal) if kind == "registration")
    assert record.members[0].face == "device_lost"


def test_a_picture_that_had_left_the_ring_is_taken_again(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    before = crossing.to(s.Face)
    lane.hands[Kind.FACE_CAMERA].answers(FaceCaptured(picture_of(FACE_BYTES), 70))
    after = post.until(lambda: crossing.state is not before and crossing.state)
    assert isinstance(after, s.Face) and after.order != before.order


def test_a_passport_that_is_read_late_is_not_in_the_next_travellers_session(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.DocCapture)
    ticket, order = lane.hands[Kind.PASSPORT_READER].orders[-1]
    assert isinstance(order, ReadDocument)
    lane.touch(e.LeaveAsked(), e.Cancelled())
    following = Crossing(post, lane, "father")
    at = following.to(s.DocCapture)
    late = Answered(ticket, DocumentRead(crossing.lines, confirmed=True))
    lane.lane.put(Told(Kind.PASSPORT_READER, late, order))
    lane.glass.work()
    assert lane.lane.state == at
    following.to(s.Token)
    records = [read(payload) for kind, payload in post.rows(lane.journal) if kind == "registration"]
    assert [record.members[0].holder.surname for record in records if record.members[0].holder] == ["CHITSANZO"]


def test_a_traveller_who_leaves_early_leaves_a_row_that_says_where_and_why_and_nothing_else(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Declare)
    lane.touch(e.LeaveAsked(), e.Cancelled())
    assert isinstance(lane.lane.state, s.Attract)
    ended = [row for row in post.audited(lane.journal) if "ended" in row]
    assert [(row["ended"], row["reason"], set(row)) for row in ended] == [("DECLARE", "cancelled", {"ended", "reason", "seconds"})]
    assert ended[0]["seconds"] < 60


def test_a_journal_that_says_no_means_help_a_closed_lane_and_nothing_printed(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    crossing.to(s.Review)
    lane.journal.close()
    lane.touch(e.Confirmed())
    helping = post.until(lambda: isinstance(crossing.state, s.HelpDiscreet) and crossing.state.order is None and crossing.state)
    assert isinstance(helping, s.HelpDiscreet) and helping.registration.travellers is not None
    lane.touch(e.OfficerAttended())
    assert isinstance(crossing.state, s.Closed) and crossing.state.kiosk.closed is ClosedFor.FAULT
    assert slips(lane) == []
    assert not [order for _, order in lane.hands[Kind.LANE_IO].orders if order == ShowLamp(Lamp.GREEN)]


def test_a_journal_that_is_nearly_full_closes_the_lane_for_travellers_and_says_so_to_headquarters(post: Post) -> None:
    lane = post.lane(cap_mb=1)
    crossing = Crossing(post, lane)
    filling = Private(bytes(15_000))
    for ticket in range(2, 400, 2):
        lane.journal.record(ticket, Row.HANDOVER, filling)
    post.until(lambda: isinstance(crossing.state, s.Closed), "a closed lane")
    assert crossing.state.kiosk.closed is ClosedFor.JOURNAL_FULL
    lane.touch(e.Touched(0.0))
    assert isinstance(crossing.state, s.Closed)
    told = lane.facts().self_registration
    assert told is not None and told.state == "paused"


def test_a_live_picture_reaches_the_screen_with_its_hint_and_changes_nothing(post: Post) -> None:
    lane = post.lane()
    crossing = Crossing(post, lane)
    at = crossing.to(s.Face)
    lane.lane.put(Told(Kind.FACE_CAMERA, FrameSeen(picture_of(FACE_BYTES), Hint.TOO_FAR), None, Private(FACE_BYTES)))
    lane.glass.work()
    assert lane.glass.live_pictures == 1
    assert crossing.state is at
