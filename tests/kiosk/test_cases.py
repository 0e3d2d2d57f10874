"""The lane arbitrates: one holder at a time, a lease that ends, one decision, conflicts kept."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.cases import LEASE_S, Cases, OpenCase
from kiosk.messages.payloads import Outcome

A = OpenCase("a", "K4T7QF", "2026-11-23T10:00:00Z")


def test_the_first_console_to_claim_holds_and_the_second_is_told_so() -> None:
    cases = Cases().opened(A).claimed("a", "c1", 0.0)
    assert cases.claimed("a", "c2", 1.0) == cases
    assert cases.by_id["a"].holder == "c1"


def test_a_renewed_lease_keeps_its_version_and_a_new_holder_raises_it() -> None:
    cases = Cases().opened(A).claimed("a", "c1", 0.0).claimed("a", "c1", 30.0)
    assert (cases.by_id["a"].version, cases.by_id["a"].lease_until) == (1, 30.0 + LEASE_S)
    assert cases.claimed("a", "c2", 30.0 + LEASE_S).by_id["a"].version == 2


def test_a_console_that_dies_loses_its_lease_and_the_case_is_free() -> None:
    cases = Cases().opened(A).claimed("a", "c1", 0.0)
    assert cases.ran_out(LEASE_S - 1).by_id["a"].holder == "c1"
    assert cases.ran_out(LEASE_S).by_id["a"].holder == ""


def test_only_the_holder_can_give_a_case_back() -> None:
    cases = Cases().opened(A).claimed("a", "c1", 0.0)
    assert cases.released("a", "c2") == cases
    assert cases.released("a", "c1").by_id["a"].holder == ""


def test_a_decision_sent_twice_is_accepted_twice_and_a_different_one_is_a_conflict() -> None:
    cases, first = Cases().opened(A).decided("a", "d1", "cleared")
    again, second = cases.decided("a", "d1", "cleared")
    after, third = again.decided("a", "d2", "second_line")
    assert (first, second, third) == (Outcome.ACCEPTED, Outcome.ACCEPTED, Outcome.CONFLICT)
    assert after.by_id["a"].code == "cleared"
    assert after.waiting() == ()


def test_a_decision_for_a_case_that_the_lane_does_not_know_says_so() -> None:
    assert Cases().decided("a", "d1", "cleared")[1] is Outcome.UNKNOWN_CASE


@given(st.lists(st.tuples(st.sampled_from(["claim", "release", "late"]), st.sampled_from(["c1", "c2"]), st.floats(0, 300)), max_size=20))
def test_no_order_of_claims_lets_two_consoles_hold_one_case(deeds: list[tuple[str, str, float]]) -> None:
    cases, now, versions = Cases().opened(A), 0.0, {}
    for deed, console, seconds in deeds:
        now += seconds
        if deed == "claim":
            cases = cases.claimed("a", console, now)
        elif deed == "release":
            cases = cases.released("a", console)
        else:
            cases = cases.ran_out(now)
        case = cases.by_id["a"]
        if case.holder:
            assert versions.setdefault(case.version, case.holder) == case.holder
