"""Messages as lines: each goes through and back, and nothing else is a message."""

import json
from dataclasses import fields
from typing import Any, get_args

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers import contract
from drivers.contract import Answered, DocumentRead, Encoding, FrameSeen, Hint, Ordered, Picture, PrintSlip, ReadDocument, Rest, Slip
from drivers.lines import LONGEST, BadLine, LineReader, order_from_line, to_line, word_from_line

PICTURE = Picture(1, 7, Encoding.JPEG, 640, 480, 3000)
SLIP = Slip("en", "Tunduma", "Exit", "Window", "3", contract.Arrow.LEFT, "Number", "A12", "Code", "X4K", "token", "2", ("Keep this.",))


def _instances(kind: type[Any]) -> st.SearchStrategy[Any]:
    return st.builds(kind, **{field.name: st.from_type(field.type) for field in fields(kind)})


@given(st.one_of([_instances(kind) for kind in get_args(contract.Notice)]))
def test_every_notice_goes_through_and_back(notice: contract.Notice) -> None:
    assert word_from_line(to_line(notice)) == notice


@given(st.integers(), st.one_of([_instances(kind) for kind in get_args(contract.Answer)]))
def test_every_answer_goes_through_and_back(ticket: int, answer: contract.Answer) -> None:
    assert word_from_line(to_line(Answered(ticket, answer))) == Answered(ticket, answer)


@pytest.mark.parametrize("kind", get_args(contract.Order))
def test_every_order_goes_through_and_back(kind: type[Any]) -> None:
    values = {
        "attended": True,
        "done": False,
        "finger": contract.Finger.LEFT_INDEX,
        "slip": SLIP,
        "lamp": contract.Lamp.GREEN,
        "seconds": 4.0,
    }
    order = kind(**{field.name: values[field.name] for field in fields(kind)})
    assert order_from_line(to_line(Ordered(3, 2.5, order))) == Ordered(3, 2.5, order)


@given(st.one_of(st.binary(max_size=200), st.text(max_size=200).map(str.encode)))
def test_any_bytes_are_a_message_or_a_bad_line(data: bytes) -> None:
    for read in (order_from_line, word_from_line):
        try:
            read(data)
        except BadLine:
            continue


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.sampled_from(["Rest", "Answered", "DocumentRead", "jpeg", ""]),
    lambda inner: (
        st.lists(inner, max_size=3)
        | st.dictionaries(st.sampled_from(["is", "ticket", "answer", "order", "deadline_s", "lines", "picture", "slot"]), inner, max_size=5)
    ),
    max_leaves=12,
)


@given(JSON)
def test_any_json_is_a_message_or_a_bad_line(value: object) -> None:
    for read in (order_from_line, word_from_line):
        try:
            read(json.dumps(value).encode())
        except BadLine:
            continue


@pytest.mark.parametrize(
    "line",
    [
        {"is": "Heartbeat", "extra": 1},
        {"is": "Answered", "ticket": 1, "answer": {"is": "Done"}, "more": 1},
        {"is": "Answered", "ticket": True, "answer": {"is": "Done"}},
        {"is": "Answered", "ticket": 1, "answer": {"is": "Rest"}},
        {"is": "PassRead", "text": "x"},
        {"is": "FrameSeen", "picture": {"slot": 0}, "hint": "ok"},
        {"is": "FrameSeen", "picture": {"is": "Slip"}, "hint": "ok"},
        {"is": "PresenceChanged", "present": 1},
    ],
)
def test_what_is_nearly_a_message_is_refused(line: dict[str, object]) -> None:
    with pytest.raises(BadLine):
        word_from_line(json.dumps(line).encode())


def test_a_picture_with_a_member_too_many_is_refused() -> None:
    values = json.loads(to_line(FrameSeen(PICTURE, Hint.OK)))
    values["picture"]["owner"] = "somebody"
    with pytest.raises(BadLine):
        word_from_line(json.dumps(values).encode())


@pytest.mark.parametrize("deadline", ["NaN", "Infinity", "0", "-1", "true", '"5"', "1e9"])
def test_a_deadline_is_a_number_of_seconds(deadline: str) -> None:
    with pytest.raises(BadLine):
        order_from_line(f'{{"is":"Ordered","ticket":1,"deadline_s":{deadline},"order":{{"is":"Rest"}}}}'.encode())


def test_the_refusal_of_a_line_repeats_nothing_of_a_person() -> None:
    for line in (
        b'{"is":"DocumentRead","lines":["P<UTOERIKSSON"],"confirmed":"MUSTERMANN"}',
        b'{"is":"Answered","ticket":1,"answer":{"is":"DocumentRead","lines":"ERIKSSON","confirmed":true}}',
        b"ERIKSSON",
    ):
        with pytest.raises(BadLine) as refused:
            word_from_line(line)
        chain = f"{refused.value!r} {refused.value.__cause__!r}"
        assert "ERIKSSON" not in chain
        assert "MUSTERMANN" not in chain


def test_a_zone_is_not_shown_by_its_message() -> None:
    assert "ERIKSSON" not in repr(Answered(1, DocumentRead(("P<UTOERIKSSON",), True)))


def test_a_message_that_is_too_long_is_not_sent() -> None:
    with pytest.raises(BadLine):
        to_line(Ordered(1, 5.0, PrintSlip(Slip(**{**{f.name: getattr(SLIP, f.name) for f in fields(Slip)}, "heading": "x" * LONGEST}))))


@given(st.integers(1, 400))
def test_lines_come_out_however_the_socket_splits_them(step: int) -> None:
    stream = b"".join(to_line(Ordered(ticket, 5.0, order)) for ticket, order in enumerate((ReadDocument(), PrintSlip(SLIP), Rest())))
    reader = LineReader()
    lines = [line for at in range(0, len(stream), step) for line in reader.feed(stream[at : at + step])]
    assert [order_from_line(line).order for line in lines] == [ReadDocument(), PrintSlip(SLIP), Rest()]


def test_a_line_without_end_is_refused() -> None:
    reader = LineReader()
    with pytest.raises(BadLine):
        for _ in range(3):
            reader.feed(b"x" * 40000)
