"""Check digits by Doc 9303-3, 4.9, with the examples of its parts 3 to 6."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.check_digits import ALPHABET, check_digit


@pytest.mark.parametrize(
    ("text", "digit"),
    [
        ("L898902C3", "6"),
        ("740812", "2"),
        ("120415", "9"),
        ("ZE184226B<<<<<", "1"),
        ("520727", "3"),
        ("D23145890734", "9"),
        ("", "0"),
        ("<<<<<<", "0"),
    ],
)
def test_the_examples_of_the_documents_come_out(text: str, digit: str) -> None:
    assert check_digit(text) == digit


@pytest.mark.parametrize("text", ["l898902c3", "74 812", "É", "٣٤٥", "12-34"])
def test_text_outside_the_alphabet_has_no_digit_that_could_be_right(text: str) -> None:
    assert check_digit(text) == ""


@given(st.text(ALPHABET, min_size=1, max_size=90), st.data())
def test_one_character_read_as_its_neighbour_changes_the_digit(text: str, data: st.DataObject) -> None:
    place = data.draw(st.integers(0, len(text) - 1))
    # One more in value changes the sum by 7, 3 or 1, never by ten. (The filler counts as 0 does.)
    value = ALPHABET.index(text[place]) % 36
    other = ALPHABET[(value + 1) % 36] if value < 35 else "Y"
    assert check_digit(text[:place] + other + text[place + 1 :]) != check_digit(text)


@given(st.text(max_size=120))
def test_any_text_gives_one_digit_or_none(text: str) -> None:
    assert check_digit(text) in set("0123456789") | {""}
