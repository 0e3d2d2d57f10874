"""The code on a slip."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.registration.token_code import LETTERS, token_code


@given(st.binary(min_size=8, max_size=32))
def test_a_code_has_six_letters_none_of_which_looks_like_another(chance: bytes) -> None:
    code = token_code(chance)
    assert len(code) == 6
    assert not set(code) & set("0OQ1IL2Z5S6G8BUV")


def test_every_letter_is_used_in_every_place() -> None:
    codes = [token_code((number * 0x9E3779B97F4A7C15 % 2**64).to_bytes(8, "big")) for number in range(1, 2000)]
    assert all({code[at] for code in codes} == set(LETTERS) for at in range(6))
    assert len(set(codes)) > 1990


def test_too_little_chance_is_not_taken_for_chance() -> None:
    with pytest.raises(ValueError, match="8 bytes"):
        token_code(b"1234567")
