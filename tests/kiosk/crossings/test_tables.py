"""CSV that every reader of RFC 4180 reads back and no spreadsheet runs; JSON lines that hold each value as it is."""

import csv
import io
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.crossings.columns import BY_NAME
from kiosk.crossings.tables import FORMULA_SIGNS, csv_head, csv_row, json_line

TEXTS = [BY_NAME["surname"], BY_NAME["given_names"], BY_NAME["border_pass"]]
MIXED = [BY_NAME["surname"], BY_NAME["age"], BY_NAME["time_uncertainty_s"], BY_NAME["answers"]]


def read(text: str) -> list[list[str]]:
    return list(csv.reader(io.StringIO(text, newline=""), strict=True))


def test_a_table_begins_with_the_names_and_lines_end_as_rfc_4180_says() -> None:
    assert csv_head(TEXTS) == "surname,given_names,border_pass\r\n"
    assert csv_row(TEXTS, ["ERIKSSON", 'ANNA "MARIA"', "a,b"]) == 'ERIKSSON,"ANNA ""MARIA""","a,b"\r\n'


@given(st.lists(st.text(st.characters(exclude_categories=("Cs",), exclude_characters="\0")), min_size=3, max_size=3))
def test_every_text_is_read_back_and_begins_no_formula(texts: list[str]) -> None:
    (row,) = read(csv_row(TEXTS, texts))
    for was, found in zip(texts, row, strict=True):
        assert found == (f"'{was}" if was.startswith(FORMULA_SIGNS) else was)
        assert not found.startswith(FORMULA_SIGNS)


@pytest.mark.parametrize("text", ["=1+1", "+1", "-1", "@SUM(A1)", "\t=1", "\r=1", "\n=1", '=cmd|"/C calc"!A0', "＝1"])
def test_what_a_spreadsheet_would_run_is_text_to_it(text: str) -> None:
    ((cell, _, _),) = read(csv_row(TEXTS, [text, "", ""]))
    assert cell == f"'{text}"


def test_numbers_stay_numbers_and_what_is_empty_is_nothing() -> None:
    assert read(csv_row(MIXED, ["", -3, None, '{"days": "3"}'])) == [["", "-3", "", '{"days": "3"}']]


def test_a_json_line_holds_values_as_they_are() -> None:
    line = json_line(MIXED, ["=1+1", None, 0.5, '{"days": "3"}'])
    assert line.endswith("}\n") and line.count("\n") == 1
    assert json.loads(line) == {"surname": "=1+1", "age": None, "time_uncertainty_s": 0.5, "answers": {"days": "3"}}
    assert json.loads(json_line(MIXED, ["", None, None, ""])) == {"surname": None, "age": None, "time_uncertainty_s": None, "answers": None}
