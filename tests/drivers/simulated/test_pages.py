"""Specimen documents as pictures: what is printed in their zone is what a camera reads."""

from datetime import date

import cv2
import numpy as np
import pytest

from drivers.camera.finder import find_faces
from drivers.formats.specimens import specimen
from drivers.frame_source import Frame
from drivers.passport.zone import read_zone
from drivers.simulated.cameras import GLASS, laid_on
from drivers.simulated.faces import draw_face
from drivers.simulated.pages import draw_page, draw_pass

TODAY = date(2026, 11, 24)
EMPTY: Frame = np.full((960, 1280, 3), GLASS, np.uint8)


def under_the_camera(picture: object) -> Frame:
    """As the camera sends it: on the glass, as a JPEG."""
    seen = laid_on(np.asarray(cv2.cvtColor(np.array(picture), cv2.COLOR_RGB2BGR), np.uint8), EMPTY)
    frame = cv2.imdecode(cv2.imencode(".jpg", seen, [cv2.IMWRITE_JPEG_QUALITY, 92])[1], cv2.IMREAD_COLOR)
    return np.asarray(frame, np.uint8)


@pytest.mark.parametrize("key", ["adult", "long_name", "refugee", "card", "small", "visa_a"])
def test_a_specimen_of_each_format_can_be_read_from_its_page(key: str) -> None:
    document = specimen(key, TODAY)
    reading = read_zone(under_the_camera(draw_page(document, 3)))
    assert reading.lines == document.lines
    assert reading.valid


def test_a_page_bears_the_face_of_its_holder() -> None:
    page = under_the_camera(draw_page(specimen("mother", TODAY), 5))
    left = np.ascontiguousarray(page[:, :640])
    assert len(find_faces(left)) == 1


@pytest.mark.parametrize("text", ["UTO-PASS-0001", "MPK1:" + "A7" * 90])
def test_the_code_of_a_border_pass_can_be_read(text: str) -> None:
    assert cv2.QRCodeDetector().detectAndDecode(under_the_camera(draw_pass(text, 2)))[0] == text


def test_the_same_person_is_drawn_alike_and_another_is_not() -> None:
    assert np.array_equal(draw_face(4, 320, 240), draw_face(4, 320, 240))
    assert not np.array_equal(draw_face(4, 320, 240), draw_face(5, 320, 240))
