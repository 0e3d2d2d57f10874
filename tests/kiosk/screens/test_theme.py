"""Millimetres and degrees of the screens' page of numbers, on each display."""

import math

import pytest

from kiosk.screens.theme import DISPLAYS, TEXT_SIZES, Role, Theme


def test_body_text_of_the_lane_has_capitals_of_4_9_mm_at_arms_length() -> None:
    assert DISPLAYS["lane10"].body_capital_mm == pytest.approx(4.9, abs=0.05)


def test_body_text_of_the_large_kiosk_has_capitals_of_7_3_mm() -> None:
    assert DISPLAYS["kiosk21"].body_capital_mm == pytest.approx(7.33, abs=0.05)


@pytest.mark.parametrize("name", DISPLAYS)
def test_a_millimetre_is_as_many_pixels_as_the_diagonal_says(name: str) -> None:
    display = DISPLAYS[name]
    assert display.px_per_mm * display.diagonal_in * 25.4 == pytest.approx(math.hypot(display.width, display.height))


@pytest.mark.parametrize("scale", TEXT_SIZES)
def test_titles_are_larger_than_body_text_and_numbers_larger_still(scale: float) -> None:
    theme = Theme(DISPLAYS["lane10"], scale=scale)
    body = theme.capital(Role.BODY)
    assert (theme.capital(Role.TITLE) / body, theme.capital(Role.NUMBER) / body) == (pytest.approx(1.3), pytest.approx(1.8))


def test_a_least_length_is_never_rounded_down() -> None:
    theme = Theme(DISPLAYS["kiosk21"])
    assert theme.least(20) / theme.display.px_per_mm >= 20


def test_room_that_grows_with_the_text_keeps_its_least_millimetres() -> None:
    small, large = Theme(DISPLAYS["lane10"]), Theme(DISPLAYS["lane10"], scale=1.6)
    assert small.em(0.1, least_mm=5) == small.least(5)
    assert large.em(2.0) > small.em(2.0)
