"""Masks and drawings as textures on the graphics card, each made once and kept. Needs a window."""

from collections import OrderedDict
from collections.abc import Callable
from typing import Protocol, cast

import numpy as np
from kivy.graphics.texture import Texture
from PIL import Image, ImageDraw

MOST_BYTES = 128 * 1024 * 1024
"""What the textures that are kept may take on the graphics card."""
SMOOTH = 4
"""Round shapes are drawn so many times larger and brought down, for soft edges."""


class OnCard(Protocol):
    """What this room uses of a texture: its size in pixels."""

    @property
    def size(self) -> tuple[int, int]:
        """Width and height."""


def upload(image: Image.Image) -> OnCard:
    """A picture (mode L: a white mask; RGBA: as it is) as a texture with its first row on top."""
    if image.mode == "L":
        pixels = np.full((image.height, image.width, 4), 255, np.uint8)
        pixels[:, :, 3] = np.asarray(image)
    else:
        pixels = np.asarray(image.convert("RGBA"))
    texture = Texture.create(size=image.size, colorfmt="rgba")
    texture.blit_buffer(np.ascontiguousarray(pixels[::-1]).tobytes(), colorfmt="rgba", bufferfmt="ubyte")
    return cast(OnCard, texture)


def round_mask(radius: int) -> Image.Image:
    """A disc two pixels wider than its diameter: the corners of a filled panel, with a middle to stretch."""
    side = 2 * radius + 2
    image = Image.new("L", (side * SMOOTH, side * SMOOTH), 0)
    ImageDraw.Draw(image).rounded_rectangle((0, 0, side * SMOOTH - 1, side * SMOOTH - 1), radius * SMOOTH, fill=255)
    return image.resize((side, side), Image.Resampling.BOX)


def ring_mask(radius: int, width: int) -> Image.Image:
    """The outline `width` pixels wide of the same shape."""
    side = (2 * radius + 2) * SMOOTH
    image = Image.new("L", (side, side), 0)
    pen = ImageDraw.Draw(image)
    pen.rounded_rectangle((0, 0, side - 1, side - 1), radius * SMOOTH, fill=255)
    inner = width * SMOOTH
    pen.rounded_rectangle((inner, inner, side - 1 - inner, side - 1 - inner), max(0, radius - width) * SMOOTH, fill=0)
    return image.resize((2 * radius + 2, 2 * radius + 2), Image.Resampling.BOX)


class TextureShelf:
    """Textures by what they show. A key is made of plain values; `make` draws the picture when it is not there."""

    def __init__(self, most_bytes: int = MOST_BYTES) -> None:
        self._most = most_bytes
        self._held = 0
        self._shelf: OrderedDict[tuple[object, ...], OnCard] = OrderedDict()

    def get(self, key: tuple[object, ...], make: Callable[[], Image.Image]) -> OnCard:
        """The texture of this key; for a new one those unused for longest go when all together are too many."""
        texture = self._shelf.get(key)
        if texture is None:
            texture = self._shelf[key] = upload(make())
            self._held += _bytes(texture)
            while self._held > self._most and len(self._shelf) > 1:
                self._held -= _bytes(self._shelf.popitem(last=False)[1])
        self._shelf.move_to_end(key)
        return texture


def _bytes(texture: OnCard) -> int:
    return texture.size[0] * texture.size[1] * 4
