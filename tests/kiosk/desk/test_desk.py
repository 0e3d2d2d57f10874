"""The officer's desk: one case at a time, decided only when held, done only when committed."""

from dataclasses import replace

from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.desk.commands import Command, Forget, OpenEnvelope, RecordDecision, SendClaim, SendDecision
from kiosk.desk.events import (
    CaseGivenBack,
    CaseOffered,
    CaseRead,
    CaseTaken,
    ClaimsHeard,
    ClearPressed,
    DecisionNotRecorded,
    DecisionRecorded,
    EnvelopeOpened,
    EnvelopeSealed,
    Event,
    LaneAnswered,
    LaneHeard,
    LaneSilent,
    MemberShown,
    PersonSignedOff,
    PersonSignedOn,
    ReasonChosen,
    ReasonDropped,
    ReferPressed,
)
from kiosk.desk.states import Desk, LaneSeen, Progress, Summary, Trouble, Waiting
from kiosk.desk.step import step
from kiosk.messages.payloads import Outcome
from kiosk.movement.case import Reason, Stage
from kiosk.private import Private
from kiosk.record import MemberRecord, RegistrationRecord
from kiosk.registration.profile import Direction
from kiosk.roles import Role, SignedOn

LANE, HERE, THERE = "tz-tunduma-lane1", "tz-tunduma-console1", "tz-tunduma-console2"
A = Waiting("a", LANE, "K4T7QF", "2026-11-23T10:00:00Z")
B = Waiting("b", LANE, "H2N9XA", "2026-11-23T10:05:00Z")
MEMBER = MemberRecord(holder=None, checks=(), way="ordinary", source="document_camera", confirmed=True)
RECORD = Private(RegistrationRecord("K4T7QF", 7, "TZ-TUNDUMA", "exit", "sw", "document", "", (MEMBER, MEMBER), {}))
OFFICER = SignedOn("O-3", frozenset({Role.OFFICER}))


def after(desk: Desk, *events: Event) -> tuple[Desk, list[Command]]:
    commands: list[Command] = []
    for event in events:
        stepped = step(desk, event)
        desk = stepped.desk
        commands += stepped.commands
    return desk, commands


def at_the_desk() -> Desk:
    return after(Desk(HERE, Direction.EXIT), PersonSignedOn(OFFICER), CaseOffered(A), CaseOffered(B))[0]


def with_an_open_case() -> Desk:
    return after(at_the_desk(), CaseTaken(), ClaimsHeard(LANE, (("a", HERE, 1), ("b", "", 0))), EnvelopeOpened("a", RECORD))[0]


def test_the_longest_waiting_case_is_taken_and_opened_only_when_the_lane_agrees() -> None:
    desk, commands = after(at_the_desk(), CaseTaken())
    assert commands == [SendClaim(A)]
    assert desk.opened is None
    desk, commands = after(desk, ClaimsHeard(LANE, (("a", HERE, 1), ("b", "", 0))))
    assert commands == [OpenEnvelope("a")]


def test_a_case_that_another_console_got_first_stays_closed_here() -> None:
    desk, _ = after(at_the_desk(), CaseTaken("a"), ClaimsHeard(LANE, (("a", THERE, 1), ("b", "", 0))), EnvelopeOpened("a", RECORD))
    assert (desk.opened, desk.trouble) == (None, Trouble.HELD_ELSEWHERE)


def test_clearing_is_recorded_here_before_the_lane_hears_of_it() -> None:
    desk, commands = after(with_an_open_case(), ClearPressed())
    waiting = replace(A, version=1, holder=HERE)
    assert commands == [RecordDecision(1, waiting, "cleared", "O-3")]
    desk, commands = after(desk, DecisionRecorded(1))
    assert commands == [SendDecision(1, waiting)]
    desk, _ = after(desk, LaneAnswered("a", Outcome.ACCEPTED))
    assert desk.opened is not None
    assert (desk.opened.progress, desk.opened.case.stage) == (Progress.DONE, Stage.EXIT_CLEARED)
    assert list(desk.waiting) == ["b"]


def test_second_line_needs_a_coded_reason_which_can_be_dropped_again() -> None:
    desk, commands = after(with_an_open_case(), ReferPressed())
    assert commands == []
    assert desk.opened is not None and desk.opened.asking_reason
    desk, _ = after(desk, ReasonDropped(), ReferPressed())
    _, commands = after(desk, ReasonChosen(Reason.DOCUMENT_DOUBT))
    assert isinstance(commands[0], RecordDecision)
    assert commands[0].code == "second_line:document_doubt"


def test_a_journal_that_refuses_leaves_the_case_open_and_says_so() -> None:
    desk, commands = after(with_an_open_case(), ClearPressed(), DecisionNotRecorded(1))
    assert desk.opened is not None
    assert (desk.opened.progress, desk.trouble) == (Progress.EXAMINING, Trouble.NOT_RECORDED)
    assert not any(isinstance(command, SendDecision) for command in commands)
    assert isinstance(after(desk, ClearPressed())[1][0], RecordDecision)


def test_a_silent_lane_leaves_the_decision_standing_and_its_late_answer_settles_it() -> None:
    desk, _ = after(with_an_open_case(), ClearPressed(), DecisionRecorded(1), LaneSilent("a"))
    assert desk.opened is not None and desk.opened.progress is Progress.LANE_NOT_REACHED
    desk, _ = after(desk, LaneAnswered("a", Outcome.CONFLICT))
    assert desk.opened is not None and desk.opened.progress is Progress.CONFLICT


def test_an_officer_who_leaves_gives_the_case_back_and_every_name_is_forgotten() -> None:
    desk, _ = after(with_an_open_case(), CaseRead("b", Private(Summary(8, 1, "document", False))))
    desk, commands = after(desk, PersonSignedOff())
    assert commands == [SendClaim(replace(A, version=1, holder=HERE), release=True), Forget()]
    assert desk.opened is None
    assert all(waiting.summary is None for waiting in desk.waiting.values())


def test_a_record_that_this_desk_cannot_open_goes_back_to_the_queue() -> None:
    desk, commands = after(at_the_desk(), CaseTaken("a"), EnvelopeSealed("a"))
    assert desk.trouble is Trouble.CANNOT_OPEN
    assert commands[-1] == SendClaim(A, release=True)


def test_a_case_decided_elsewhere_leaves_the_queue() -> None:
    desk, _ = after(at_the_desk(), ClaimsHeard(LANE, (("b", "", 0),)))
    assert list(desk.waiting) == ["b"]


def test_the_members_of_a_family_are_looked_at_in_turn() -> None:
    desk, _ = after(with_an_open_case(), MemberShown(1), MemberShown(2))
    assert desk.opened is not None and desk.opened.member == 0


def test_nobody_signed_on_means_nothing_can_be_taken_or_decided() -> None:
    desk, commands = after(Desk(HERE, Direction.EXIT), CaseOffered(A), CaseTaken("a"), ClearPressed())
    assert commands == []
    assert desk.opened is None


ANY: list[Event] = [
    PersonSignedOn(OFFICER), PersonSignedOff(), CaseOffered(A), CaseOffered(B), CaseTaken(), CaseTaken("b"), CaseGivenBack(), ClearPressed(),
    ReferPressed(), ReasonChosen(Reason.LIST_ANSWER), ReasonDropped(), MemberShown(1), ClaimsHeard(LANE, (("a", HERE, 1), ("b", HERE, 1))),
    ClaimsHeard(LANE, (("a", THERE, 2),)), ClaimsHeard(LANE, ()), EnvelopeOpened("a", RECORD), EnvelopeOpened("b", RECORD),
    EnvelopeSealed("a"), DecisionRecorded(1), DecisionRecorded(2), DecisionNotRecorded(1), LaneAnswered("a", Outcome.ACCEPTED),
    LaneAnswered("b", Outcome.CONFLICT), LaneSilent("a"), LaneHeard(LANE, LaneSeen("open")),
]  # fmt: skip


@settings(max_examples=300)
@given(st.lists(st.sampled_from(ANY), max_size=40))
def test_a_decision_is_sent_only_after_it_was_recorded_by_someone_signed_on(events: list[Event]) -> None:
    desk, recorded, sent = Desk(HERE, Direction.EXIT), set[int](), set[int]()
    for event in events:
        before = desk
        stepped = step(desk, event)
        desk = stepped.desk
        for command in stepped.commands:
            if isinstance(command, RecordDecision):
                assert before.person is not None and before.opened is not None
                assert command.ticket not in recorded
                recorded.add(command.ticket)
            if isinstance(command, SendDecision):
                assert command.ticket in recorded - sent
                sent.add(command.ticket)
        if desk.person is None:
            assert desk.opened is None
