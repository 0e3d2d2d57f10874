"""Laws 1, 2, 3, 5, 6, 7, 8 and 10 of the core, asserted on random walks. docs/laws.md lists them."""

from dataclasses import replace

import pytest
from hypothesis import given, settings

from drivers.contract import Kind, Lamp, Unread
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence
from kiosk.private import Private
from kiosk.registration import commands as c
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.anywhere import waits_for
from kiosk.registration.names import StepName
from kiosk.registration.step import step
from kiosk.registration.travellers import Document, HelpReason, Papers, Travellers
from tests.kiosk.registration.cases import answers, events, tickets
from tests.kiosk.registration.visit import CASE, Visit
from tests.kiosk.registration.walks import WALKS, Moved, captured_of, privates, travellers_of

walking = settings(max_examples=80, deadline=None)
ENOUGH = 60
FORBIDDEN_WORDS = ("refus", "reject", "deny", "denied", "watch", "alert", "wanted_list", "hit")


def test_walks_reach_every_step() -> None:
    """Without this the laws below would be asserted of nothing."""
    reached: set[StepName] = set()

    @settings(max_examples=150, deadline=None, derandomize=True)
    @given(WALKS)
    def walks(moves: list[Moved]) -> None:
        reached.update(moved.after.name for moved in moves)

    walks()
    assert reached == set(StepName)


@walking
@given(WALKS)
def test_law_1_every_state_answers_every_event_and_no_state_needs_a_restart(moves: list[Moved]) -> None:
    for moved in moves[::7]:
        for _, event in events(moved.after):
            assert isinstance(step(moved.after, event).state, s.State)
        assert isinstance(left_alone(moved.after), s.Idle)


def left_alone(state: s.State) -> s.State:
    """Nobody touches the kiosk any more; the journal answers, an officer comes when called."""
    for _ in range(ENOUGH):
        match state:
            case s.Attract() | s.Closed():
                return state
            case s.Maintenance():
                state = step(state, e.TechnicianSignedOff()).state
            case s.Recording():
                state = step(state, e.Recorded(state.order, CASE)).state
            case s.HelpDiscreet():
                state = step(state, e.OfficerAttended()).state
            case _:
                state = step(state, e.TimeRanOut(state.session.limit, state.name)).state
    return state


@walking
@given(WALKS)
def test_law_2_an_answer_to_an_old_ticket_changes_nothing(moves: list[Moved]) -> None:
    for moved in moves:
        order, limit = tickets(moved.after)
        old = [event for ticket in (order - 1, order + 1) for _, event in answers(ticket)]
        old += [e.TimeRanOut(limit - 1, moved.after.name), e.TimeAlmostOut(limit - 1, moved.after.name)]
        for event in old:
            then = step(moved.after, event)
            assert then.state == moved.after
            assert all(isinstance(command, c.Ignored | c.BeginCase) for command in then.commands)


@walking
@given(WALKS)
def test_law_2_a_time_out_of_another_step_changes_nothing(moves: list[Moved]) -> None:
    for moved in moves:
        _, limit = tickets(moved.after)
        for name in set(StepName) - {moved.after.name}:
            assert step(moved.after, e.TimeRanOut(limit, name)).state == moved.after


@walking
@given(WALKS)
def test_law_2_no_ticket_is_given_out_twice(moves: list[Moved]) -> None:
    given_out: list[tuple[str, int]] = []
    for moved in moves:
        for command in moved.commands:
            ticket = getattr(command, "ticket", None)
            if isinstance(ticket, int):
                assert ticket >= moved.before.kiosk.next_ticket
                given_out.append(("limit" if isinstance(command, c.Limit) else "order", ticket))
    assert len(set(given_out)) == len(given_out)


@walking
@given(WALKS)
def test_law_2_nothing_of_one_traveller_is_in_the_session_of_another(moves: list[Moved]) -> None:
    for moved in moves:
        marks = {str(value)[:4] for value in marked(moved.after)}
        assert marks <= {f"V{moved.visitor:03}"}


def marked(state: s.State) -> list[str]:
    """What bears a visitor's number: numbers of documents, texts of passes, bytes of pictures."""
    found = []
    for value in privates(state):
        text = value[-1] if isinstance(value, tuple) else value.decode() if isinstance(value, bytes) else str(value)
        found += [text] * text.startswith("V")
    return found


@walking
@given(WALKS)
def test_law_3_only_recorded_gives_a_token_and_orders_slip_and_lamp(moves: list[Moved]) -> None:
    for moved in moves:
        tells = [x for x in moved.commands if isinstance(x, c.PrintSlip) or (isinstance(x, c.ShowLamp) and x.lamp is not Lamp.OFF)]
        if tells or (isinstance(moved.after, s.Token) and not isinstance(moved.before, s.Token)):
            assert isinstance(moved.before, s.Recording | s.HelpDiscreet)
            assert isinstance(moved.event, e.Recorded)
            assert moved.event.ticket == moved.before.order


@walking
@given(WALKS)
def test_law_3_what_is_recorded_becomes_a_case_and_nothing_else_does(moves: list[Moved]) -> None:
    for moved in moves:
        cases = [command.case for command in moved.commands if isinstance(command, c.BeginCase)]
        assert cases == ([moved.event.case] if isinstance(moved.event, e.Recorded) else [])


@walking
@given(WALKS)
def test_law_5_a_session_that_ends_early_leaves_one_row_and_nothing_of_a_person(moves: list[Moved]) -> None:
    for moved in moves:
        rows = [command for command in moved.commands if isinstance(command, c.RecordEnd)]
        ended = isinstance(moved.before, s.Asking) and isinstance(moved.after, s.Idle)
        assert len(rows) == ended
        assert not list(privates(rows))
        assert not ended or c.Purge() in moved.commands
        for row in rows:
            assert row.last is moved.before.name


@walking
@given(WALKS)
def test_law_6_what_the_checks_say_never_changes_the_way(moves: list[Moved]) -> None:
    """Failed, undetermined or successful: the same next step with the same orders. Only an officer weighs it."""
    for moved in moves:
        if not isinstance(moved.event, e.ChecksDone):
            continue
        for result in CheckResult:
            checks = tuple(Check(id_, result, Evidence.CUT_SHORT) for id_ in CheckId)
            examined = replace(moved.event.examined, checks=checks)
            other = step(moved.before, replace(moved.event, examined=examined))
            assert (other.state.name, other.commands) == (moved.after.name, moved.commands)


@walking
@given(WALKS)
def test_law_6_help_looks_the_same_for_every_reason(moves: list[Moved]) -> None:
    for moved in moves:
        if not isinstance(moved.after, s.HelpDiscreet):
            continue
        token = step(replace(moved.after, order=7), e.Recorded(7, CASE))
        for reason in HelpReason:
            registration = replace(moved.after.registration, help=reason)
            assert step(replace(moved.after, registration=registration, order=7), e.Recorded(7, CASE)) == token


def test_law_6_the_kiosk_has_no_word_for_refusing_anyone() -> None:
    for kind in (*s.State.__args__, *c.Command.__args__, *e.Event.__args__):
        names = [kind.__name__, *getattr(kind, "__dataclass_fields__", {})]
        assert not [name for name in names for word in FORBIDDEN_WORDS if word in name.lower()]


@walking
@given(WALKS)
def test_law_7_no_step_waits_for_a_device_that_is_lost(moves: list[Moved]) -> None:
    for moved in moves:
        work = waits_for(moved.after)
        assert work is None or work[0] not in moved.after.kiosk.lost


@walking
@given(WALKS)
def test_law_7_every_step_has_a_way_on_when_every_device_is_lost(moves: list[Moved]) -> None:
    for moved in moves[::5]:
        state = moved.after
        for kind in Kind:
            state = step(state, e.DeviceLost(kind)).state
        assert isinstance(carried_on(state), s.Idle | s.Recording | s.Token | s.HelpDiscreet)


def carried_on(state: s.State) -> s.State:
    """A patient traveller answers what is asked."""
    for _ in range(ENOUGH):
        match state:
            case s.Language():
                state = step(state, e.LanguageChosen(state.kiosk.profile.languages[0])).state
            case s.Notice():
                state = step(state, e.NoticeUnderstood()).state
            case s.TravelClass():
                state = step(state, e.TravelClassChosen(Papers.DOCUMENT)).state
            case s.DocCheck():
                state = step(state, e.OfficerInstead()).state
            case s.Party():
                state = step(state, e.PartyComplete()).state
            case s.Declare():
                value = Private(state.kiosk.profile.options(state.question)[0])
                state = step(state, e.AnswerGiven(state.question, value)).state
            case s.Review():
                state = step(state, e.Confirmed()).state
            case _:
                return state
    return state


@walking
@given(WALKS)
def test_law_7_nothing_is_asked_for_twice(moves: list[Moved]) -> None:
    for moved in moves:
        travellers = travellers_of(moved.after)
        for command in moved.commands:
            if isinstance(command, c.CaptureFace):
                assert travellers and travellers.members[command.member].face is None
            if isinstance(command, c.CaptureFinger):
                assert travellers and command.finger not in {print_.finger for print_ in travellers.members[command.member].prints}


@walking
@given(WALKS)
def test_law_7_what_was_captured_stays_until_the_traveller_leaves(moves: list[Moved]) -> None:
    for moved in moves:
        if isinstance(moved.before, s.Asking | s.Recording) and isinstance(moved.after, s.Asking | s.Recording | s.HelpDiscreet):
            assert captured_of(moved.before) <= captured_of(moved.after)


@walking
@given(WALKS)
def test_law_7_a_kiosk_that_is_free_and_a_screen_with_a_token_know_nothing_of_a_person(moves: list[Moved]) -> None:
    for moved in moves:
        if isinstance(moved.after, s.Idle | s.Token):
            assert not list(privates(moved.after))
        if isinstance(moved.after, s.Idle) and not isinstance(moved.before, s.Idle):
            assert c.Purge() in moved.commands


@walking
@given(WALKS)
def test_law_7_a_device_whose_step_was_left_is_told_to_rest(moves: list[Moved]) -> None:
    for moved in moves:
        before, after = waits_for(moved.before), waits_for(moved.after)
        answered = isinstance(moved.event, e.Reply) and before is not None and moved.event.ticket == before[1]
        if before and before != after and not answered and before[0] not in moved.after.kiosk.lost:
            assert c.Rest(before[0]) in moved.commands
        else:
            assert not any(isinstance(command, c.Rest) for command in moved.commands)


@walking
@given(WALKS)
def test_law_8_an_unknown_age_never_sends_anyone_to_an_officer(moves: list[Moved]) -> None:
    for moved in moves:
        if isinstance(moved.after, s.HelpDiscreet) and moved.after.registration.help is HelpReason.NO_ADULT:
            assert all(age is not None and age < 18 for age in ages(moved.after.registration.travellers))


def ages(travellers: Travellers | None) -> list[int | None]:
    assert travellers is not None
    return [member.age for member in travellers.members]


@walking
@given(WALKS)
def test_law_8_results_are_recorded_as_they_were_found(moves: list[Moved]) -> None:
    found = {moved.event.examined.checks for moved in moves if isinstance(moved.event, e.ChecksDone)}
    for moved in moves:
        for command in moved.commands:
            if isinstance(command, c.Record) and command.registration.travellers:
                for member in command.registration.travellers.members:
                    if isinstance(member.papers, Document):
                        assert member.papers.examined.checks in found or aborted(member.papers)


def aborted(document: Document) -> bool:
    return all(check.result is CheckResult.ABORTED for check in document.examined.checks)


@walking
@given(WALKS)
def test_law_10_nothing_of_a_person_shows_in_what_a_log_could_print(moves: list[Moved]) -> None:
    for moved in moves:
        shown = repr(moved)
        assert "ERIKSSON" not in shown
        assert f"V{moved.visitor:03}C" not in shown


@walking
@given(WALKS)
def test_one_touch_never_throws_a_session_away(moves: list[Moved]) -> None:
    """Only the answer to a question, or silence, ends a session."""
    for moved in moves:
        if isinstance(moved.before, s.Asking) and isinstance(moved.after, s.Idle):
            assert isinstance(moved.event, e.TimeRanOut) or moved.before.session.aside is not s.Aside.NONE


@pytest.mark.parametrize("why", [why for why in Unread if why is not Unread.NOTHING_THERE])
def test_every_reason_but_an_empty_glass_is_a_try(why: Unread) -> None:
    assert Visit().to(StepName.DOC_CAPTURE).fails(why, why, why).state.name is StepName.HELP_DISCREET
