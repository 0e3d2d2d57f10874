"""What headquarters asks for is read from its arguments, or refused in words."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.link.commands import languages_wish, lists_wish, logs_wish, replay_wish


def test_a_replay_names_the_first_row_and_perhaps_the_moment_before_which_acknowledgements_are_void() -> None:
    assert replay_wish({"from": 7}) == (7, "")
    assert replay_wish({"from": 7, "after": "2027-01-01T08:00:00Z"}) == (7, "2027-01-01T08:00:00.000Z")


@pytest.mark.parametrize(
    ("arguments", "why"),
    [
        ({}, "args.from is not a whole number"),
        ({"from": "7"}, "args.from is not a whole number"),
        ({"from": True}, "args.from is not a whole number"),
        ({"from": 7, "after": "yesterday"}, "args.after is not a moment in UTC"),
        ({"from": 7, "after": 20270101}, "args.after is not a moment in UTC"),
    ],
)
def test_arguments_that_say_nothing_are_refused_in_words(arguments: dict[str, object], why: str) -> None:
    assert replay_wish(arguments) == why


def test_lists_languages_and_logs_are_read_from_the_arguments_or_refused_in_words() -> None:
    assert lists_wish({"kind": "staff", "list": {"number": 1}}) == {"number": 1}
    assert lists_wish({"kind": "visas", "list": {}}) == 'args.kind is not "staff": this version takes no other list'
    assert lists_wish({"kind": "staff", "list": []}) == "args.list is not an object"
    assert languages_wish({"languages": ["sw", "en"]}) == ("sw", "en")
    assert languages_wish({"languages": [1]}) == "args.languages is not a list of language tags"
    assert logs_wish({}) == ""
    assert logs_wish({"since": "2027-01-15T08:00:00Z"}) == "2027-01-15T08:00:00.000Z"
    assert [logs_wish({"since": wrong}) for wrong in ("2027-01-15", 7, None, "Z")] == [None] * 4


VALUES = st.recursive(st.none() | st.booleans() | st.integers() | st.text(max_size=12), lambda inner: st.lists(inner, max_size=3))


@given(st.dictionaries(st.sampled_from(["from", "after", "kind", "list", "languages", "since", "x"]), VALUES))
def test_no_arguments_of_whatever_shape_are_an_error(arguments: dict[str, object]) -> None:
    for read in (replay_wish, lists_wish, languages_wish, logs_wish):
        read(arguments)
