"""What headquarters asks for is read from its arguments, or refused in words."""

import pytest

from kiosk.link.commands import replay_wish


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
