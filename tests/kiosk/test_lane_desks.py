"""A lane and its officers' consoles, connected by signed bytes: who holds a case, what a decision does, and what a restart forgets: nothing."""

import time
from dataclasses import replace
from datetime import timedelta

import msgspec

from kiosk.desk.events import CaseGivenBack, CaseTaken, ClearPressed, PersonSignedOff, ReasonChosen, ReferPressed
from kiosk.desk.states import Progress
from kiosk.messages.payloads import Claim, Claims, Decided, Decision, Outcome, decode
from kiosk.messages.topics import Leaf
from kiosk.movement.case import Reason
from kiosk.record import MediaKind
from kiosk.registration import states as s
from tests.kiosk.crossing import Crossing
from tests.kiosk.stations import CONSOLE, OTHER_CONSOLE, ConsoleAtHand, LaneAtHand, Post


def registers(post: Post, lane: LaneAtHand, passport: str = "adult") -> str:
    """Somebody registers and walks on; the id of the case."""
    crossing = Crossing(post, lane, passport)
    case = crossing.to(s.Token).case
    crossing.slip_comes()
    crossing.leaves()
    return case.case_id


def takes(post: Post, console: ConsoleAtHand, case_id: str) -> None:
    post.until(lambda: case_id in console.now.waiting, "the case in the queue")
    console.touch(CaseTaken(case_id))
    post.until(lambda: console.now.opened is not None and console.now.opened.waiting.case_id == case_id, "the open case")


def progress(console: ConsoleAtHand) -> Progress | None:
    return console.now.opened.progress if console.now.opened else None


def decisions(post: Post, station: LaneAtHand | ConsoleAtHand) -> list[Decision]:
    """The decisions in this station's own journal."""
    return [decode(payload, Decision) for kind, payload in post.rows(station.journal) if kind == "decision"]


def outcomes(post: Post) -> list[Outcome]:
    return [decode(content, Decided).outcome for content in post.said(Leaf.DECIDED)]


def test_an_officer_clears_one_traveller_while_the_next_one_stands_before_the_face_camera(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    following = Crossing(post, lane, "father")
    at_face = following.to(s.Face)
    takes(post, console, case)
    opened = console.now.opened
    assert opened is not None and opened.record.value.members[0].holder is not None
    assert opened.record.value.members[0].holder.surname == "MFANO"
    post.until(lambda: console.now.opened and len(console.now.opened.pictures) == 4, "the pictures")
    assert console.now.opened is not None
    assert [picture.kind for picture in console.now.opened.pictures].count(MediaKind.FINGER) == 2
    console.touch(ClearPressed())
    post.until(lambda: progress(console) is Progress.DONE, "the lane's answer")
    assert [decision.code for decision in decisions(post, lane)] == ["cleared"]
    assert decisions(post, lane) == decisions(post, console)
    assert outcomes(post) == [Outcome.ACCEPTED]
    assert lane.lane.state == at_face
    token = following.to(s.Token)
    assert token.case.case_id != case


def test_an_officer_reads_who_it_was_only_after_signing_on_and_not_after_leaving(post: Post) -> None:
    lane, console = post.lane(), post.console()
    case = registers(post, lane)
    post.until(lambda: case in console.now.waiting)
    assert console.now.waiting[case].summary is None
    console.officer_comes()
    assert console.now.waiting[case].summary is not None
    takes(post, console, case)
    console.touch(PersonSignedOff())
    assert console.now.opened is None
    assert console.now.waiting[case].summary is None
    assert "MFANO" not in repr(console.now) + repr(console.glass.board_view)


def test_a_case_goes_to_second_line_with_a_coded_reason(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    takes(post, console, case)
    reason = next(iter(Reason))
    console.touch(ReferPressed(), ReasonChosen(reason))
    post.until(lambda: progress(console) is Progress.DONE)
    assert [decision.code for decision in decisions(post, lane)] == [f"second_line:{reason}"]


def test_only_the_console_that_claimed_first_opens_a_case_until_it_gives_it_back(post: Post) -> None:
    lane, first, second = post.lane(), post.console(), post.console(OTHER_CONSOLE)
    first.officer_comes("O-1")
    second.officer_comes("S-1")
    case = registers(post, lane)
    takes(post, first, case)
    post.until(lambda: second.now.waiting[case].holder == CONSOLE)
    second.touch(CaseTaken(case))
    assert second.now.opened is None
    first.touch(CaseGivenBack())
    takes(post, second, case)
    assert lane.desks.cases.by_id[case].holder == OTHER_CONSOLE


def test_open_cases_are_offered_again_after_a_lane_restart_and_stay_with_their_holder(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    kept, held = registers(post, lane), registers(post, lane, "father")
    takes(post, console, held)
    post.ends(lane)
    post.published.clear()
    again = post.lane()
    console.console.greet(("tz-tunduma-lane1",))
    post.until(lambda: len(post.said(Leaf.CASE)) == 2 and post.said(Leaf.CLAIMS), "both offers and who holds them")
    claims = {claim.case_id: claim.holder for claim in decode(post.said(Leaf.CLAIMS)[-1], Claims).cases}
    assert claims == {kept: None, held: CONSOLE}
    console.touch(ClearPressed())
    post.until(lambda: progress(console) is Progress.DONE)
    assert [decision.case_id for decision in decisions(post, again)] == [held]


def test_the_console_still_shows_a_new_console_the_faces_of_a_case_after_a_lane_restart(post: Post) -> None:
    lane = post.lane()
    case = registers(post, lane)
    post.ends(lane)
    post.lane()
    console = post.console()
    console.officer_comes()
    takes(post, console, case)
    pictures = post.until(lambda: console.now.opened and len(console.now.opened.pictures) == 3 and console.now.opened.pictures)
    # the picture of the document was for the desk alone and is gone with the lane's memory
    assert sorted(picture.kind for picture in pictures) == [MediaKind.FACE, MediaKind.FINGER, MediaKind.FINGER]


def test_a_decision_that_the_lane_never_heard_is_sent_again_by_a_console_that_was_restarted(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    takes(post, console, case)
    console.wire.lost = {Leaf.DECISION}
    console.touch(ClearPressed())
    post.until(lambda: progress(console) is Progress.SENDING)
    assert decisions(post, lane) == []
    (made,) = decisions(post, console)
    post.ends(console)
    post.console()
    post.until(lambda: decisions(post, lane) == [made], "the decision at the lane")
    assert outcomes(post) == [Outcome.ACCEPTED]


def test_a_case_that_was_decided_here_does_not_come_back_into_the_queue_while_the_lane_has_not_heard(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    takes(post, console, case)
    console.wire.lost = {Leaf.DECISION}
    console.touch(ClearPressed())
    post.until(lambda: progress(console) is Progress.SENDING)
    console.wire.lost = set()
    console.console.greet((lane.settings.station,))
    post.until(lambda: decisions(post, lane), "the decision at the lane")
    post.until(lambda: progress(console) is Progress.DONE)
    assert case not in console.now.waiting


def test_a_decision_that_is_sent_twice_is_recorded_once_and_answered_twice(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    takes(post, console, case)
    lane.wire.lost = {Leaf.DECIDED}
    console.touch(ClearPressed())
    post.until(lambda: outcomes(post) == [Outcome.ACCEPTED])
    (made,) = decisions(post, console)
    lane.wire.lost = set()
    console.wire.say(Leaf.DECISION, made, lane.settings.station)
    post.until(lambda: progress(console) is Progress.DONE)
    assert outcomes(post) == [Outcome.ACCEPTED, Outcome.ACCEPTED]
    assert decisions(post, lane) == [made]


def test_two_decisions_that_differ_are_a_conflict_and_both_are_kept(post: Post) -> None:
    lane, first, second = post.lane(), post.console(), post.console(OTHER_CONSOLE)
    first.officer_comes("O-1")
    second.officer_comes("O-2")
    case = registers(post, lane)
    takes(post, first, case)
    first.wire.cut = True
    first.touch(ClearPressed())
    lease_is_over(lane, case)
    takes(post, second, case)
    second.touch(ReferPressed(), ReasonChosen(next(iter(Reason))))
    post.until(lambda: progress(second) is Progress.DONE)
    first.wire.cut = False
    (made,) = decisions(post, first)
    for _ in range(2):
        # the console sends it again as long as nobody has answered
        first.wire.say(Leaf.DECISION, made, lane.settings.station)
        post.until(lambda: progress(first) is Progress.CONFLICT)
    assert [decision.console for decision in decisions(post, lane)] == [OTHER_CONSOLE, CONSOLE]
    assert outcomes(post) == [Outcome.ACCEPTED, Outcome.CONFLICT, Outcome.CONFLICT]


def test_a_conflict_that_is_sent_again_after_a_lane_restart_is_answered_as_before(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    case = registers(post, lane)
    takes(post, console, case)
    console.touch(ClearPressed())
    post.until(lambda: progress(console) is Progress.DONE)
    (made,) = decisions(post, lane)
    other = msgspec.structs.replace(made, decision_id="01930000-0000-7000-8000-000000000001", code="second_line:other", sig="")
    console.wire.say(Leaf.DECISION, other, lane.settings.station)
    post.until(lambda: outcomes(post) == [Outcome.ACCEPTED, Outcome.CONFLICT])
    post.ends(lane)
    again = post.lane()
    for decision in (made, other):
        console.wire.say(Leaf.DECISION, msgspec.structs.replace(decision, sig=""), again.settings.station)
    post.until(lambda: outcomes(post)[2:] == [Outcome.ACCEPTED, Outcome.CONFLICT], "the same answers")
    assert len(decisions(post, again)) == 2


def test_a_decision_on_a_case_that_nobody_knows_is_answered_and_not_recorded(post: Post) -> None:
    lane, console = post.lane(), post.console()
    unknown = Decision(
        decision_id="01930000-0000-7000-8000-000000000002",
        case_id="01930000-0000-7000-8000-000000000003",
        version=1,
        code="cleared",
        officer="O-1",
        console=CONSOLE,
        sig="",
    )
    console.wire.say(Leaf.DECISION, unknown, lane.settings.station)
    post.until(lambda: outcomes(post) == [Outcome.UNKNOWN_CASE])
    assert decisions(post, lane) == []


def test_a_case_whose_hours_ran_out_is_nobodys_unless_an_officer_holds_it(post: Post) -> None:
    lane, console = post.lane(), post.console()
    console.officer_comes()
    left, held = registers(post, lane), registers(post, lane, "father")
    takes(post, console, held)
    # headquarters tells the time: five hours have gone by since
    lane.clock.heard(lane.clock.now().utc + timedelta(hours=5), time.monotonic(), 0.1)
    lane.desks.tick()
    post.until(lambda: left not in console.now.waiting)
    assert [row["case"] for row in post.audited(lane.journal) if row.get("deed") == "case_expired"] == [left]
    assert held in lane.desks.cases.by_id


def lease_is_over(lane: LaneAtHand, case_id: str) -> None:
    """The holder has not renewed it for two minutes."""
    cases = lane.desks.cases
    lane.desks._cases = replace(cases, by_id={**cases.by_id, case_id: replace(cases.by_id[case_id], lease_until=1.0)})
    lane.desks.tick()
    assert lane.desks.cases.by_id[case_id].holder == ""


def test_a_claim_that_is_not_renewed_is_over_and_the_console_that_was_away_may_not_have_it_back_from_another(post: Post) -> None:
    lane, first, second = post.lane(), post.console(), post.console(OTHER_CONSOLE)
    second.officer_comes("O-2")
    case = registers(post, lane)
    claim = Claim(case_id=case, version=0, console=CONSOLE, sig="")
    first.wire.say(Leaf.CLAIM, claim, lane.settings.station)
    assert lane.desks.cases.by_id[case].holder == CONSOLE
    lease_is_over(lane, case)
    takes(post, second, case)
    first.wire.say(Leaf.CLAIM, claim, lane.settings.station)
    assert lane.desks.cases.by_id[case].holder == OTHER_CONSOLE
