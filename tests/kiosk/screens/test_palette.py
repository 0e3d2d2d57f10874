"""Contrast of every colour that is read on another, in the four modes."""

import pytest

from kiosk.screens.palette import PALETTES, SIGN, SIGN_PAIRS, TEXT, TEXT_FIRST, TEXT_PAIRS, Contrast, channels, contrast, token


def ratio(mode: Contrast, one: str, other: str) -> float:
    palette = PALETTES[mode]
    return contrast(channels(token(palette, one)), channels(token(palette, other)))


@pytest.mark.parametrize("mode", list(Contrast))
@pytest.mark.parametrize(("text", "ground"), TEXT_PAIRS)
def test_text_of_every_mode_can_be_read_on_its_ground(mode: Contrast, text: str, ground: str) -> None:
    assert ratio(mode, text, ground) >= (TEXT_FIRST if mode is Contrast.LIGHT else TEXT)


@pytest.mark.parametrize("mode", list(Contrast))
@pytest.mark.parametrize(("sign", "ground"), SIGN_PAIRS)
def test_edges_and_signs_of_every_mode_stand_out(mode: Contrast, sign: str, ground: str) -> None:
    assert ratio(mode, sign, ground) >= SIGN


@pytest.mark.parametrize("mode", list(Contrast))
@pytest.mark.parametrize("ground", ["ground", "surface", "header", "stage"])
def test_the_focus_ring_is_seen_on_any_ground(mode: Contrast, ground: str) -> None:
    assert max(ratio(mode, "focus", ground), ratio(mode, "focus_edge", ground)) >= SIGN


def test_black_on_white_is_twenty_one_to_one_and_a_colour_on_itself_is_one() -> None:
    assert contrast((0, 0, 0), (1, 1, 1)) == pytest.approx(21)
    assert contrast((0.3, 0.3, 0.3), (0.3, 0.3, 0.3)) == pytest.approx(1)


def test_a_token_that_nobody_named_is_refused() -> None:
    with pytest.raises(KeyError):
        token(PALETTES[Contrast.LIGHT], "mauve")
