"""Our icons and drawings, read from the package. Pillow only.

Icons are white masks of 192 pixels in `icons/`; drawings are layers of a square of 1080 pixels, each cut to what it covers, in
`illustrations/<set>/<name>.<layer>.png`: one set for light grounds, one for dark ones and one in black and white. `prerender.py`
beside the tests makes both from our vector sources.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

import numpy as np
from PIL import Image

from kiosk.screens.geometry import Rect
from kiosk.screens.pen import Motion


class NoSuchPicture(Exception):
    """A view names an icon or a drawing that is not in the package."""


SIDE = 1080
"""Side of the square that drawings are drawn on."""
SIDES = (270, 405, 540, 720, 900, SIDE)
"""Sides that drawings are brought down to; the graphics card does the rest, so that one texture serves screens alike."""


@dataclass(frozen=True)
class Layer:
    """One layer of a drawing, what it covers of the square (left, top, right, bottom), and how it moves; None stands still."""

    name: str
    box: tuple[int, int, int, int]
    motion: Motion | None

    def place(self, square: Rect) -> Rect:
        """Where it stands in a square on the screen."""
        left, top, right, bottom = (round(edge * square.w / SIDE) for edge in self.box)
        return Rect(square.x + left, square.y + top, right - left, bottom - top)


def _folder(name: str) -> Traversable:
    return resources.files("kiosk.screens") / name


@cache
def drawings() -> dict[str, tuple[Layer, ...]]:
    """Every drawing with its layers from back to front, as `illustrations/layers.json` lists them."""
    listed = json.loads((_folder("illustrations") / "layers.json").read_text("utf-8"))
    return {
        name: tuple(Layer(one["name"], tuple(one["box"]), Motion(**one["motion"]) if "motion" in one else None) for one in layers)
        for name, layers in listed.items()
    }


def layers(drawing: str) -> tuple[Layer, ...]:
    """The layers of one drawing; NoSuchPicture for an unknown one."""
    if drawing not in drawings():
        raise NoSuchPicture(f"there is no drawing named {drawing}")
    return drawings()[drawing]


@cache
def icons() -> frozenset[str]:
    """The names of all icons."""
    return frozenset(item.name.removesuffix(".png") for item in _folder("icons").iterdir() if item.name.endswith(".png"))


def _opened(item: Traversable) -> Image.Image:
    with item.open("rb") as stream:
        image = Image.open(stream)
        image.load()
    return image


def icon(name: str, side: int) -> Image.Image:
    """The icon as a mask (mode L) of `side` pixels square; NoSuchPicture for an unknown name."""
    if name not in icons():
        raise NoSuchPicture(f"there is no icon named {name}")
    return _opened(_folder("icons") / f"{name}.png").convert("L").resize((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)


def side_for(wanted: int) -> int:
    """The least of SIDES that is not below `wanted`, or the largest."""
    return next((side for side in SIDES if side >= wanted), SIDE)


def layer(art_set: str, drawing: str, name: str, side: int) -> Image.Image:
    """One layer of a drawing, RGBA, of a square of `side` pixels; NoSuchPicture for an unknown drawing."""
    layers(drawing)
    image = _opened(_folder("illustrations") / art_set / f"{drawing}.{name}.png").convert("RGBA")
    if side == SIDE:
        return image
    size = max(1, round(image.width * side / SIDE)), max(1, round(image.height * side / SIDE))
    return bled(image.resize(size, Image.Resampling.HAMMING, reducing_gap=2.0))


def bled(image: Image.Image) -> Image.Image:
    """The RGBA picture with the colours of its edge carried one pixel out into what is clear: the graphics card mixes neighbours,
    and clear black beside a light edge would show as a dark rim."""
    pixels = np.array(image)
    clear = pixels[:, :, 3] == 0
    for dy, dx in ((0, 1), (0, -1), (1, 0), (-1, 0), (1, 1), (-1, -1), (1, -1), (-1, 1)):
        beside = np.roll(pixels, (dy, dx), (0, 1))
        take = clear & (beside[:, :, 3] > 0)
        pixels[take, :3] = beside[take, :3]
        clear &= ~take
    return Image.fromarray(pixels)
