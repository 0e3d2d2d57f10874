"""Files of visas: good ones are read, each bad line is told by number, column and reason, and nothing of what stood there."""

import json
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.crossings.importing import OPTIONAL, REQUIRED, FileUnreadable, Wrong, read_file, report
from kiosk.crossings.permits import Status

HEAD = "number,issuer,document_state,document_number,category,valid_from,valid_until,status,ended,replaced_by\r\n"
GOOD = "V-1,UTO,UTO,L898902C3,C,2026-06-01,2026-12-31,,,\r\n"


def lines(*rows: str) -> bytes:
    return (HEAD + "".join(rows)).encode()


def test_a_visa_is_read_from_csv_and_from_json_lines_alike() -> None:
    (permit,) = read_file(lines(GOOD), json_lines=False).permits
    assert (permit.number, permit.issuer, permit.document_state, permit.document_number) == ("V-1", "UTO", "UTO", "L898902C3")
    assert (permit.valid_from, permit.valid_until, permit.status) == (date(2026, 6, 1), date(2026, 12, 31), Status.VALID)
    names = HEAD.strip().split(",")
    written = json.dumps(dict(zip(names, GOOD.strip().split(","), strict=True))) + "\n\n"
    assert read_file(written.encode(), json_lines=True).permits == (permit,)


def test_the_number_of_a_document_is_as_a_zone_has_it() -> None:
    (permit,) = read_file(lines(GOOD.replace("L898902C3", "l 898-902 c3")), json_lines=False).permits
    assert permit.document_number == "L898902C3"


def test_one_that_ended_says_when_and_one_that_was_replaced_by_what() -> None:
    rows = lines(
        "V-1,UTO,UTO,L898902C3,C,2026-06-01,2026-12-31,cancelled,2026-07-01,\r\n",
        "V-2,UTO,UTO,L898902C3,C,2026-06-01,2026-12-31,replaced,2026-07-01,V-3\r\n",
    )
    cancelled, replaced = read_file(rows, json_lines=False).permits
    assert (cancelled.status, cancelled.ended, cancelled.replaced_by) == (Status.CANCELLED, date(2026, 7, 1), "")
    assert (replaced.status, replaced.replaced_by) == (Status.REPLACED, "V-3")


@pytest.mark.parametrize(
    ("row", "column", "why"),
    [
        (GOOD.replace("V-1", ""), "number", "is empty"),
        (GOOD.replace("V-1", "=1+1"), "number", "is not 1 to 40"),
        (GOOD.replace("V-1,UTO", "V-1,Utopia"), "issuer", "is not a code"),
        (GOOD.replace("L898902C3", "L8989!"), "document_number", "is not 1 to 20"),
        (GOOD.replace("2026-06-01", "1.6.2026"), "valid_from", "is not a day"),
        (GOOD.replace("2026-12-31", "2026-02-30"), "valid_until", "is not a day"),
        (GOOD.replace("2026-12-31", "2026-05-31"), "valid_until", "lies before"),
        (GOOD.replace(",,,", ",gone,,"), "status", "is none of valid, cancelled, replaced"),
        (GOOD.replace(",,,", ",cancelled,,"), "ended", "is not a day"),
        (GOOD.replace(",,,", ",valid,2026-07-01,"), "status", "says otherwise"),
        (GOOD.replace(",,,", ",replaced,2026-07-01,"), "replaced_by", "is empty"),
        ("V-1,UTO\r\n", "", "has 2 fields where the first line names 10"),
    ],
)
def test_a_bad_line_is_told_by_number_column_and_reason(row: str, column: str, why: str) -> None:
    found = read_file(lines(GOOD.replace("V-1", "V-0"), row), json_lines=False)
    assert len(found.permits) == 1
    (wrong,) = found.wrong
    assert (wrong.line, wrong.column) == (3, column)
    assert why in wrong.why
    (said,) = report(found.wrong)
    assert said.startswith("line 3, column " if column else "line 3: ")
    assert "L898902C3" not in said and "1.6.2026" not in said


def test_the_same_line_twice_is_one_and_another_with_its_number_is_told() -> None:
    found = read_file(lines(GOOD, GOOD, GOOD.replace(",C,", ",D,")), json_lines=False)
    assert len(found.permits) == 1
    assert found.wrong == (Wrong(4, "number", "differs from line 2, which has the same number and issuer"),)


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"", "line 1 must name the columns"),
        (b"number,issuer\n", "missing: document_state"),
        (HEAD.replace("category", "colour").encode(), "must name the columns"),
        (HEAD.encode() + b'"V-1\n', "is not CSV"),
        (HEAD.encode() + b"V-1,\xff\n", "line 2 is not UTF-8"),
    ],
)
def test_a_file_of_another_form_is_refused_with_the_place(content: bytes, says: str) -> None:
    with pytest.raises(FileUnreadable, match=says):
        read_file(content, json_lines=False)


@pytest.mark.parametrize("line", ["[]", "{", '{"number": 1}', '{"number": "V-1", "colour": "red"}', "[" * 5000])
def test_a_bad_json_line_is_told_and_the_others_are_read(line: str) -> None:
    good = json.dumps(dict(zip(HEAD.strip().split(","), GOOD.strip().split(","), strict=True)))
    found = read_file(f"{good}\n{line}\n".encode(), json_lines=True)
    assert len(found.permits) == 1
    assert [(wrong.line, wrong.column) for wrong in found.wrong] == [(2, "")]


NOISE = st.binary(max_size=300) | st.lists(
    st.sampled_from([*REQUIRED, *OPTIONAL, ",", '"', "\n", "\r", "2026-06-01", "UTO", "{", "}", ":"]), max_size=40
).map(lambda parts: "".join(parts).encode())


@given(NOISE, st.booleans(), st.booleans())
def test_whatever_comes_is_read_or_refused(content: bytes, json_lines: bool, headed: bool) -> None:
    try:
        found = read_file(HEAD.encode() * headed + content, json_lines)
    except FileUnreadable:
        return
    assert all(wrong.line >= 1 and wrong.why for wrong in found.wrong)
