"""Our icons and drawings, read from the package. Pillow only.

Icons are white masks of 192 pixels in `icons/`; drawings are square layers of 1080 pixels in `illustrations/<set>/<name>.<layer>.png`,
one set for light grounds, one for dark ones and one in black and white. `prerender.py` beside the tests makes both from our vector sources.
"""

import json
from dataclasses import dataclass
from functools import cache
from importlib import resources
from importlib.resources.abc import Traversable

from PIL import Image

from kiosk.screens.pen import Motion


class NoSuchPicture(Exception):
    """A view names an icon or a drawing that is not in the package."""


@dataclass(frozen=True)
class Layer:
    """One layer of a drawing and how it moves; None stands still."""

    name: str
    motion: Motion | None


def _folder(name: str) -> Traversable:
    return resources.files("kiosk.screens") / name


@cache
def drawings() -> dict[str, tuple[Layer, ...]]:
    """Every drawing with its layers from back to front, as `illustrations/layers.json` lists them."""
    listed = json.loads((_folder("illustrations") / "layers.json").read_text("utf-8"))
    return {
        name: tuple(Layer(layer["name"], Motion(**layer["motion"]) if "motion" in layer else None) for layer in layers)
        for name, layers in listed.items()
    }


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


def layer(art_set: str, drawing: str, name: str, side: int) -> Image.Image:
    """One layer of a drawing, RGBA, `side` pixels square; NoSuchPicture for an unknown drawing."""
    if drawing not in drawings():
        raise NoSuchPicture(f"there is no drawing named {drawing}")
    image = _opened(_folder("illustrations") / art_set / f"{drawing}.{name}.png").convert("RGBA")
    return image.resize((side, side), Image.Resampling.LANCZOS, reducing_gap=2.0)
