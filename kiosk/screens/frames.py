"""Camera pixels made ready for the graphics card. Needs no window."""

from dataclasses import dataclass

import numpy as np

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
    rgba = np.full((height, width, 4), 255, np.uint8)
    rgba[:, :, :3] = flat.reshape(height, width, 3)[:, :, ::-1]
    return Frame(width, height, "rgba", rgba.tobytes())
