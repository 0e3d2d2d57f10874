"""The golden table is read by people; a change of behaviour shows up here as a changed line."""

from kiosk.registration.events import Event
from kiosk.registration.names import StepName
from tests.kiosk.registration.cases import STATES, events
from tests.kiosk.registration.golden import TABLE, table


def test_each_state_answers_each_event_as_the_golden_table_says() -> None:
    assert TABLE.exists(), "the golden table is missing: write it with `python -m tests.kiosk.registration.golden` and read it"
    assert table().splitlines() == TABLE.read_text(encoding="utf-8").splitlines()


def test_the_golden_table_leaves_out_no_state_and_no_event() -> None:
    states = [begins().state for begins in STATES.values()]
    assert {state.name for state in states} == set(StepName)
    assert {type(event) for state in states for _, event in events(state)} == set(Event.__args__)
