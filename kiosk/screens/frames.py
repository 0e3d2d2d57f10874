"""Camera pixels made ready for the graphics card. Needs no window."""

from dataclasses import dataclass

import numpy as np
from PIL import Image

from drivers.contract import Encoding


class UnknownPixels(Exception):
    """A live picture came in an encoding that is not raw pixels."""


@dataclass(frozen=True)
class Frame:
    """Pixels as the graphics card takes them fastest: rgba, or luminance for grey."""

    width: int
    height: int
    colorfmt: str
    pixels: bytes


def frame(pixels: bytes | memoryview, width: int, height: int, encoding: Encoding) -> Frame:
    """Raw GREY8 or BGR8 pixels, first row on top, made ready; UnknownPixels for anything else, ValueError where sizes do not agree."""
    flat = np.frombuffer(pixels, np.uint8)
    if encoding is Encoding.GREY8:
        return Frame(width, height, "luminance", flat.reshape(height, width).tobytes())
    if encoding is not Encoding.BGR8:
        raise UnknownPixels(f"a live picture is GREY8 or BGR8, not {encoding}")
    if len(flat) != height * width * 3:
        raise ValueError(f"{len(flat)} bytes are no picture of {width} by {height}")
    turned = Image.frombuffer("RGB", (width, height), flat, "raw", "BGR", 0, 1)
    return Frame(width, height, "rgba", turned.convert("RGBA").tobytes())
