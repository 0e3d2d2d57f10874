"""What a traveller is told about how the document lies."""

import cv2
import numpy as np
import pytest

from drivers.passport.zone import Hint, placement
from tests.drivers.passport.zone.specimens import PASSPORT, drawn_page, needs_ocr_b


def on_desk(scale=1.0, askew=0.0):
    turn = cv2.getRotationMatrix2D((600, 400), askew, scale)
    turn[:, 2] += [200, 200]
    return cv2.warpAffine(drawn_page(PASSPORT), turn, (1600, 1200), flags=cv2.INTER_AREA, borderValue=90)


def test_an_empty_desk_has_nothing_on_it():
    assert placement(np.full((720, 1280, 3), 140, np.uint8)) is Hint.NOTHING


def test_a_desk_without_light_is_too_dark():
    assert placement(np.full((720, 1280), 12, np.uint8)) is Hint.TOO_DARK


@needs_ocr_b
def test_a_document_that_lies_well_is_told_to_hold_still():
    assert placement(on_desk()) is Hint.OK


@needs_ocr_b
def test_an_upside_down_document_is_well_placed():
    assert placement(np.rot90(on_desk(), 2).copy()) is Hint.OK


@needs_ocr_b
@pytest.mark.parametrize("askew", [45, 90, -60])
def test_a_document_on_its_side_is_to_be_turned(askew):
    assert placement(on_desk(0.8, askew)) is Hint.TURNED


@needs_ocr_b
def test_a_document_far_away_is_too_far():
    assert placement(on_desk(0.22)) in (Hint.TOO_FAR, Hint.NOTHING)
    assert placement(cv2.resize(on_desk(), (400, 300), interpolation=cv2.INTER_AREA)) is Hint.TOO_FAR


@needs_ocr_b
def test_a_document_in_motion_is_moving():
    kernel = np.zeros((11, 11), np.float32)
    kernel[5] = 1 / 11
    assert placement(cv2.filter2D(on_desk(), -1, kernel)) is Hint.MOVING


@needs_ocr_b
def test_light_thrown_back_from_the_zone_is_glare():
    page = on_desk().astype(np.float32) * 0.8
    across, down = np.meshgrid(np.arange(1600), np.arange(1200))
    page += 300 * np.exp(-(((across - 800) / 60) ** 2 + ((down - 890) / 60) ** 2))
    assert placement(np.clip(page, 0, 255).astype(np.uint8)) is Hint.GLARE
