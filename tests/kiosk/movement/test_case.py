"""One case at the officers' side: every stage answers every event, and the rows are those of the flow."""

import json
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.movement.case import (
    DECIDED,
    QUEUES,
    Case,
    Claimed,
    ClaimReleased,
    Cleared,
    Event,
    Expired,
    FitOrNotRequired,
    Moved,
    NotAllowed,
    Reason,
    ReferredSecondLine,
    Stage,
    Withdrawn,
    begin,
    step,
)
from kiosk.registration.profile import Direction

EVENTS: dict[str, Event] = {
    "claimed": Claimed("c1"),
    "claim_released": ClaimReleased(),
    "fit_or_not_required": FitOrNotRequired(),
    "clear": Cleared("o1"),
    "admit": Cleared("o1"),
    "resolved": Cleared("o1"),
    "refer_second_line": ReferredSecondLine("o1", Reason.OTHER_WRITTEN),
    "withdrawn": Withdrawn(),
    "expired": Expired(),
}
FLOW = Path(__file__).parents[4] / "shared" / "design" / "flow.json"


def moved(case: Case, *events: Event) -> Case:
    for event in events:
        answer = step(case, event)
        assert isinstance(answer, Moved), answer
        case = answer.case
    return case


def test_an_ordinary_traveller_leaves_the_country() -> None:
    case = moved(begin("a", Direction.EXIT), Claimed("c1"), Cleared("o1"))
    assert (case.stage, case.version, case.holder) == (Stage.EXIT_CLEARED, 1, "c1")


def test_entry_is_examined_only_after_health() -> None:
    case = moved(begin("a", Direction.ENTRY), Claimed("c1"))
    assert isinstance(step(case, Cleared("o1")), NotAllowed)
    assert moved(case, FitOrNotRequired(), Cleared("o1")).stage is Stage.ENTRY_CLEARED


def test_a_list_hit_needs_two_different_officers() -> None:
    case = Case("a", Direction.EXIT, Stage.EXIT_EXAMINE, list_hit=True)
    assert step(case, Cleared("o1")) == NotAllowed("a list hit needs two officers")
    assert isinstance(step(case, Cleared("o1", "o1")), NotAllowed)
    assert moved(case, Cleared("o1", "o2")).stage is Stage.EXIT_CLEARED


def test_a_case_held_by_one_console_cannot_be_taken_by_another() -> None:
    case = Case("a", Direction.EXIT, Stage.EXIT_QUEUE, holder="c1")
    assert step(case, Claimed("c2")) == NotAllowed("held by c1")


def test_a_claimed_case_never_expires() -> None:
    assert isinstance(step(moved(begin("a", Direction.EXIT), Claimed("c1")), Expired()), NotAllowed)


def test_a_released_case_is_free_for_anyone() -> None:
    case = moved(begin("a", Direction.EXIT), Claimed("c1"), ClaimReleased())
    assert (case.stage, case.holder) == (Stage.EXIT_QUEUE, "")
    assert moved(case, Claimed("c2")).version == 2


@pytest.mark.skipif(not FLOW.exists(), reason="the design's flow.json is not beside the project")
def test_each_row_that_is_built_leads_where_the_flow_says() -> None:
    rows = json.loads(FLOW.read_text())["movement"]["transitions"]
    built = {stage.value for stage in Stage}
    shown = [row for row in rows if {row["from"], row["to"]} <= built and row["event"] in EVENTS]
    assert len(shown) == 20
    for row in shown:
        case = Case("a", Direction.EXIT, Stage(row["from"]), holder="" if row["event"] in ("claimed", "expired") else "c1")
        answer = step(case, EVENTS[row["event"]])
        assert isinstance(answer, Moved), row
        assert answer.case.stage == row["to"], row


@given(st.sampled_from(Direction), st.lists(st.sampled_from(list(EVENTS.values())), max_size=12))
def test_no_walk_decides_a_case_that_nobody_took_up(direction: Direction, events: list[Event]) -> None:
    case = begin("a", direction)
    for event in events:
        answer = step(case, event)
        case = answer.case if isinstance(answer, Moved) else case
        if case.stage in DECIDED:
            assert case.version > 0
        if case.stage in QUEUES:
            assert case.holder == ""
