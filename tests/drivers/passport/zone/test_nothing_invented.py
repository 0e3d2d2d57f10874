"""Pictures without a zone: nothing is read there, and a reason says why."""

import cv2
import numpy as np
import pytest

from drivers.passport.zone import Reason, read_zone

RNG = np.random.default_rng(11)


def text_page():
    page = np.full((900, 1200), 230, np.uint8)
    for row in range(40, 880, 34):
        words = "".join(chr(at) for at in RNG.choice([*range(65, 91), *range(48, 58), 60, 32], 62))
        cv2.putText(page, words, (30, row), cv2.FONT_HERSHEY_SIMPLEX, 0.8, 30, 2, cv2.LINE_AA)
    return page


def bars():
    page = np.full((600, 1000), 240, np.uint8)
    for row in (150, 350, 470):
        page[row : row + 30, 60:940] = np.repeat(RNG.integers(0, 2, 220) * 220, 4)[None].astype(np.uint8)
    return page


def cloth():
    fine = RNG.integers(0, 255, (90, 120), np.uint8)
    return cv2.GaussianBlur(cv2.resize(fine, (1200, 900), interpolation=cv2.INTER_CUBIC), (0, 0), 3)


def filler_signs():
    page = np.full((600, 1000), 240, np.uint8)
    for row in (420, 470):
        cv2.putText(page, "<" * 44, (40, row), cv2.FONT_HERSHEY_SIMPLEX, 0.9, 20, 2, cv2.LINE_AA)
    return page


PICTURES = {
    "blank": lambda: np.full((480, 640), 255, np.uint8),
    "black": lambda: np.zeros((480, 640), np.uint8),
    "noise": lambda: RNG.integers(0, 255, (720, 960), np.uint8),
    "noise in colour": lambda: RNG.integers(0, 255, (480, 640, 3), np.uint8),
    "slope": lambda: np.tile(np.linspace(0, 255, 800).astype(np.uint8), (600, 1)),
    "checks": lambda: ((np.indices((600, 800)).sum(0) // 8 % 2) * 255).astype(np.uint8),
    "page of text": text_page,
    "bars": bars,
    "cloth": cloth,
    "fillers alone": filler_signs,
    "one pixel": lambda: np.full((1, 1), 7, np.uint8),
    "one long row": lambda: RNG.integers(0, 255, (2, 3000), np.uint8),
}


@pytest.mark.parametrize("name", PICTURES)
def test_where_there_is_no_zone_nothing_is_read(name):
    reading = read_zone(PICTURES[name]())
    assert reading.lines == ()
    assert reading.type is None
    assert not reading.valid
    assert reading.reason is not None


def test_an_unlit_picture_is_too_dark():
    assert read_zone(np.full((480, 640), 9, np.uint8)).reason is Reason.TOO_DARK


@pytest.mark.parametrize("wrong", [np.zeros((0, 5), np.uint8), np.zeros((5, 5, 2), np.uint8), np.zeros((5, 5), np.uint16)])
def test_what_is_no_picture_is_refused(wrong):
    with pytest.raises(ValueError, match="picture"):
        read_zone(wrong)
