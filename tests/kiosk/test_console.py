"""An officer's console by itself: signing on, being forgotten, lanes that are lost, envelopes that do not open, a journal that says no."""

from base64 import b64encode

import msgspec
import pytest

from kiosk.desk.events import CaseTaken, ClearPressed
from kiosk.desk.states import Progress, Trouble
from kiosk.messages.payloads import CaseOffer, DeviceState, Hello, LaneState, Lost, Status, decode
from kiosk.messages.topics import Leaf
from kiosk.pad import PersonChosen, Submit
from kiosk.registration import states as s
from kiosk.views.desk_parts import DeskView, SignOnView
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import CONSOLE, LANE, ConsoleAtHand, LaneAtHand, Post, keyed

SESSION = "01930000-0000-7000-8000-000000000001"


def opens_a_case(post: Post, lane: LaneAtHand, console: ConsoleAtHand) -> str:
    case = Crossing(post, lane).to(s.Token).case.case_id
    post.until(lambda: case in console.now.waiting)
    console.touch(CaseTaken())
    post.until(lambda: console.now.opened is not None)
    return case


def test_a_console_that_starts_says_hello_to_its_lanes_and_asks_who_is_there(post: Post) -> None:
    console = post.console()
    assert [decode(said, Hello).console for said in post.said(Leaf.HELLO)] == [CONSOLE]
    assert isinstance(console.glass.views[-1], SignOnView)


def test_a_wrong_pin_signs_nobody_on_and_after_three_the_next_try_must_wait_and_each_is_journalled(post: Post) -> None:
    console = post.console()
    for _ in range(3):
        console.touch(PersonChosen("O-1"), *keyed("000000"), Submit())
        assert console.now.person is None
    assert console.console.pad.wait_s > 0
    console.touch(*keyed(post.pins["O-1"]), Submit())
    assert console.now.person is None
    rows = [row["deed"] for row in post.audited(console.journal) if row.get("who") == "O-1"]
    assert rows == ["sign_on_failed"] * 3


def test_a_technician_is_not_among_the_people_of_a_console(post: Post) -> None:
    view = post.console().glass.views[-1]
    assert [person.label for person in view.people] == ["O-1", "O-2", "S-1"]


def test_who_signs_on_and_off_is_in_the_consoles_journal(post: Post) -> None:
    console = post.console()
    console.officer_comes()
    assert isinstance(console.glass.views[-1], DeskView)
    assert console.glass.views[-1].person == "O-1"
    console.touch(next(action.event for action in console.glass.views[-1].actions if action.id == "sign_off"))
    assert isinstance(console.glass.views[-1], SignOnView)
    assert [row["deed"] for row in post.audited(console.journal)] == ["signed_on", "signed_off"]


def test_an_officer_who_touches_nothing_for_long_is_signed_off_and_names_leave_the_memory(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    opens_a_case(post, lane, console)
    console.console._touched -= console.console._forget_s
    console.console._forget()
    console.glass.work()
    assert console.now.person is None
    assert "MFANO" not in repr(console.now).upper()
    assert isinstance(console.glass.views[-1], SignOnView)


def test_an_officer_who_is_at_work_is_not_signed_off(post: Post) -> None:
    console = post.console()
    console.officer_comes()
    console.console._forget()
    console.glass.work()
    assert console.now.person is not None


def test_a_lane_that_is_lost_or_lacks_a_device_is_seen_on_the_console(post: Post) -> None:
    console = post.console()
    console.officer_comes()
    told = Status(
        state=LaneState.OPEN,
        ts="2026-11-24T08:00:00Z",
        session=SESSION,
        seq=1,
        devices={"face_camera": DeviceState.FAILED, "lane_io": DeviceState.OK},
    )
    console.console.heard(LANE, told)
    console.glass.work()
    assert console.now.lanes[LANE].lacks == ("face_camera",)
    console.console.heard(LANE, Lost(state="lost", session=SESSION))
    console.glass.work()
    assert console.now.lanes[LANE].state == "lost"


def test_an_envelope_that_this_desk_cannot_open_is_given_back_and_the_officer_is_told(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    console.wire.lost = {Leaf.HELLO}
    case = Crossing(post, lane).to(s.Token).case
    post.until(lambda: case.case_id in console.now.waiting)
    offer = decode(post.said(Leaf.CASE)[-1], CaseOffer)
    console.console.heard(LANE, msgspec.structs.replace(offer, envelope=b64encode(b"not an envelope").decode()))
    console.glass.work()
    console.touch(CaseTaken(case.case_id))
    post.until(lambda: console.now.trouble is Trouble.CANNOT_OPEN, "the trouble")
    assert console.now.opened is None
    assert lane.desks.cases.by_id[case.case_id].holder == ""


def test_a_decision_that_the_consoles_journal_does_not_take_is_not_sent_and_the_officer_is_told(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    opens_a_case(post, lane, console)
    console.journal.close()
    console.touch(ClearPressed())
    post.until(lambda: console.now.trouble is Trouble.NOT_RECORDED, "the trouble")
    assert console.now.opened is not None and console.now.opened.progress is Progress.EXAMINING
    assert post.said(Leaf.DECISION) == []


def test_a_lane_that_does_not_answer_is_told_later_and_the_officer_goes_on(post: Post, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("kiosk.console.ANSWER_S", 0.2)
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = opens_a_case(post, lane, console)
    console.wire.cut = True
    console.touch(ClearPressed())
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.SENDING)
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.LANE_NOT_REACHED, "the patience to end")
    assert case not in console.now.waiting
    console.wire.cut = False
    console.console._again()
    post.until(lambda: console.now.opened and console.now.opened.progress is Progress.DONE, "the lane's answer")


def test_a_claim_on_the_open_case_is_renewed(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    opens_a_case(post, lane, console)
    before = len(post.said(Leaf.CLAIM))
    console.console._renew()
    console.glass.work()
    assert len(post.said(Leaf.CLAIM)) == before + 1
