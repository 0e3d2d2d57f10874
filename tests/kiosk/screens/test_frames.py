"""The camera's pixels made ready for the graphics card."""

import numpy as np
import pytest

from drivers.contract import Encoding
from kiosk.screens.frames import UnknownPixels, frame


def test_blue_green_red_becomes_red_green_blue_and_opaque() -> None:
    made = frame(bytes([10, 20, 30] * 6), 3, 2, Encoding.BGR8)
    assert made.colorfmt == "rgba"
    assert np.frombuffer(made.pixels, np.uint8).reshape(2, 3, 4)[1, 2].tolist() == [30, 20, 10, 255]


def test_grey_stays_one_byte_a_pixel() -> None:
    made = frame(memoryview(bytes(range(6))), 3, 2, Encoding.GREY8)
    assert (made.colorfmt, made.pixels) == ("luminance", bytes(range(6)))


@pytest.mark.parametrize("encoding", [Encoding.JPEG, Encoding.PNG])
def test_a_packed_picture_is_no_live_frame(encoding: Encoding) -> None:
    with pytest.raises(UnknownPixels):
        frame(b"\xff\xd8", 1, 1, encoding)


def test_a_frame_cut_short_is_refused() -> None:
    with pytest.raises(ValueError, match="reshape"):
        frame(bytes(5), 3, 2, Encoding.GREY8)
