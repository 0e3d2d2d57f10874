"""What other systems rely on: names and kinds of columns, groups, and the table of them in the handbook."""

import re
from pathlib import Path

import pytest

from kiosk.crossings.columns import BY_NAME, COLUMNS, LEFT, STORED, ColumnUnknown, Group, Kind, chosen

PAGE = Path(__file__).parents[3] / "docs" / "systems-around.md"
# As they were promised: a name is added at the end of its group, none goes away or changes what it holds
PROMISED = (
    "change:integer record_id:text member:integer station:text post:text direction:text time:text time_source:text time_uncertainty_s:real"
    " received:text sequence:integer chain:text record_hash:text stored_apart:text token:text number:integer language:text papers:text"
    " help:text party_size:integer relation:text way:text erased:text document_layout:text document_type:text document_state:text"
    " document_number:text document_expiry:text border_pass:text zone:text document_source:text document_confirmed:integer visa:text"
    " visa_number:text permit:text permit_number:text surname:text given_names:text birth_date:text sex:text nationality:text age:integer"
    " face:text face_quality:integer prints:json answers:json checks:json checks_evidence:json checks_worst:text decision_code:text"
    " decision_officer:text decision_second_officer:text decision_console:text decision_time:text decision_conflict:integer"
)


def test_no_column_that_was_promised_is_gone_or_holds_something_else() -> None:
    now = {f"{column.name}:{column.kind}" for column in COLUMNS}
    assert set(PROMISED.split()) <= now


def test_names_are_plain_and_each_stands_once() -> None:
    assert len(BY_NAME) == len(COLUMNS)
    assert all(re.fullmatch("[a-z][a-z_]*", column.name) for column in COLUMNS)


def test_the_handbook_lists_every_column_as_it_is() -> None:
    rows = re.findall(r"^\| `(\w+)` \| (\w+) \| (\w+) \| (.+) \|$", PAGE.read_text(encoding="utf-8"), re.MULTILINE)
    assert rows == [(column.name, str(column.kind), str(column.group), column.what) for column in COLUMNS]


def test_a_group_stands_for_its_columns_and_those_that_name_nobody_are_always_there() -> None:
    names = [column.name for column in chosen(["person", "document_number"])]
    assert {"record_id", "surname", "birth_date", "document_number"} <= set(names)
    assert "document_expiry" not in names and "decision_officer" not in names
    assert names == [column.name for column in COLUMNS if column.name in names], "in their own order"
    assert {column.group for column in chosen([])} == {Group.CROSSING}


def test_an_unknown_name_is_refused_and_the_groups_are_named() -> None:
    with pytest.raises(ColumnUnknown, match='"height": no column or group; groups are crossing, document'):
        chosen(["person", "height"])


def test_what_stays_of_an_erased_crossing_names_nobody() -> None:
    private = {column.name for column in COLUMNS if column.group is not Group.CROSSING}
    assert not LEFT & private
    assert {"record_id", "member", "post", "time", "erased", "change"} <= LEFT
    assert all(column.kind is not Kind.JSON for column in STORED if column.name in LEFT)
