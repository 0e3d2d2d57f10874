"""The flow's page, the flow's file and the step function say the same."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.registration.names import StepName
from kiosk.registration.states import Attract, HelpDiscreet, Recording, Token
from tests.kiosk.registration.flow_rows import SCENARIOS, TRAVELLER_STATES, Key

ROOT = Path(__file__).parents[3]
PAGE = ROOT / "docs" / "flow-registration.md"
DESIGN = ROOT.parent / "shared" / "design" / "flow.json"


def rows_of_the_page() -> Iterator[tuple[Key, str]]:
    for line in PAGE.read_text(encoding="utf-8").splitlines():
        cells = [cell.strip() for cell in line.strip("|").split("|")]
        if not line.startswith("|") or cells[0] in {"from", "---"}:
            continue
        sources = TRAVELLER_STATES if cells[0] == "every traveller state" else [StepName(cells[0])]
        for source in sources:
            yield (source, cells[1], cells[2]), cells[3]


ROWS = dict(rows_of_the_page())


@pytest.mark.parametrize(("row", "target"), ROWS.items(), ids=["-".join(key) for key in ROWS])
def test_a_row_of_the_page_happens_as_it_says(row: Key, target: str) -> None:
    begins, happens = SCENARIOS[row]
    visit = begins()
    assert visit.state.name == row[0]
    assert happens(visit).state.name == target


def test_the_page_names_every_row_that_is_shown_and_no_other() -> None:
    assert set(ROWS) == set(SCENARIOS)


@pytest.mark.skipif(not DESIGN.exists(), reason="the design lies beside the project only where it is built")
def test_each_row_of_the_design_is_kept() -> None:
    designed = json.loads(DESIGN.read_text(encoding="utf-8"))["registration"]
    assert tuple(designed["traveller_states"]) == TRAVELLER_STATES
    for row in designed["transitions"]:
        assert ROWS[row["from"], row["event"], row["guard"]] == row["to"]


def reached_from(starts: set[str]) -> set[str]:
    seen = set(starts)
    while more := {target for (source, *_), target in ROWS.items() if source in seen} - seen:
        seen |= more
    return seen


def test_every_step_is_reached_and_every_way_leads_back_to_a_free_kiosk() -> None:
    assert reached_from({StepName.ATTRACT}) == set(StepName)
    for name in StepName:
        assert StepName.ATTRACT in reached_from({name})


def test_help_is_one_tap_from_every_step_at_which_a_traveller_is_asked_for_something() -> None:
    for name in TRAVELLER_STATES:
        begins, happens = SCENARIOS[name, "officer_instead", "one tap, any time"]
        assert isinstance(happens(begins()).state, HelpDiscreet)


def test_a_token_is_given_only_from_recording_and_from_help() -> None:
    sources = {source for (source, *_), target in ROWS.items() if target == StepName.TOKEN}
    assert sources == {Recording.name, HelpDiscreet.name}
    assert Attract.name in reached_from({Token.name})
