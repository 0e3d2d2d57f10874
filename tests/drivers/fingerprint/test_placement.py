"""Hints: what the traveller should do with the finger, and nothing where it lies well."""

import numpy as np
import pytest

from drivers.contract import Hint
from drivers.fingerprint.placement import Image, place
from drivers.simulated.ridges import draw


def faint(image: Image, part: float) -> Image:
    return (255 - (255 - image.astype(float)) * part).astype(np.uint8)


def shifted(image: Image, down: int, right: int) -> Image:
    whole = np.full_like(image, 255)
    height, width = image.shape
    whole[max(0, down) : height + min(0, down), max(0, right) : width + min(0, right)] = image[
        max(0, -down) : height - max(0, down), max(0, -right) : width - max(0, right)
    ]
    return whole


@pytest.mark.parametrize("seed", range(6))
def test_a_finger_that_lies_well_lacks_nothing(seed: int) -> None:
    placement = place(draw(seed))
    assert placement.hint is Hint.OK
    assert placement.area > 0.5


@pytest.mark.parametrize(
    ("image", "hint"),
    [
        (np.full((290, 384), 250, np.uint8), Hint.NOTHING_THERE),
        (np.full((290, 384), 20, np.uint8), Hint.PRESS_LIGHTER),
        (faint(draw(1), 0.25), Hint.PRESS_HARDER),
        (shifted(draw(1), 0, 170), Hint.OFF_CENTRE),
        (shifted(draw(1), -230, 0), Hint.OFF_CENTRE),
        ((draw(1).astype(float) * 0.35).astype(np.uint8), Hint.PRESS_LIGHTER),
    ],
)
def test_what_a_finger_lacks_is_said(image: Image, hint: Hint) -> None:
    assert place(image).hint is hint


def test_dust_on_the_glass_is_no_finger() -> None:
    rng = np.random.default_rng(1)
    glass = (245 + rng.normal(0, 6, (290, 384))).clip(0, 255).astype(np.uint8)
    assert place(glass).hint is Hint.NOTHING_THERE


def test_only_the_tip_of_a_finger_in_the_middle_is_asked_to_be_pressed_harder() -> None:
    tip = np.full((400, 300), 255, np.uint8)
    tip[130:270, 90:210] = draw(2)[130:270, 90:210]
    assert place(tip).hint is Hint.PRESS_HARDER
