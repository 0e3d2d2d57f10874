"""The paper that specimen documents are printed on: fine waves, a rosette, and the emblem of Utopia, a sun over water."""

import math
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 1250, 880
GROUND = (247, 245, 238)
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Tint:
    """The main colour of a document."""

    colour: Rgb

    def pale(self, share: float) -> Rgb:
        """This much of the colour on white."""
        red, green, blue = (round(255 - (255 - part) * share) for part in self.colour)
        return red, green, blue


def paper(seed: int, tint: Tint) -> Image.Image:
    """Paper of a document in its colour, RGB, 1250 x 880. The waves differ from document to document."""
    rng = np.random.default_rng(seed)
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    ink: NDArray[np.float32] = np.zeros((HEIGHT, WIDTH, 3), np.float32)
    own = 255 - np.array(tint.colour, np.float32)
    for way, share in ((own, 0.09), (own[::-1], 0.05)):
        bend = 34 * np.sin(x / rng.uniform(90, 160) + rng.uniform(0, 6)) + 22 * np.sin(y / rng.uniform(70, 140))
        waves = np.clip(np.sin((y + bend) / rng.uniform(2.6, 3.6)) - 0.55, 0, 1) * 2
        ink += waves[:, :, None] * way * share
    ink += _rosette(x - 1010, y - 470)[:, :, None] * own * 0.16
    return Image.fromarray(np.clip(np.array(GROUND, np.float32) - ink, 0, 255).astype(np.uint8))


def _rosette(x: NDArray[np.float32], y: NDArray[np.float32]) -> NDArray[np.float32]:
    """Lines that turn around a middle in petals, as an engraver's lathe draws them."""
    far, turn = np.hypot(x, y), np.arctan2(y, x)
    lines: NDArray[np.float32] = np.zeros_like(far)
    for petals, depth in ((12, 14.0), (18, 9.0)):
        bent = far + depth * np.sin(petals * turn)
        lines += np.clip(np.cos(bent / 2.7) - 0.72, 0, 1) * 3.5
    inside = np.clip((232 - far) / 40, 0, 1) * np.clip((far - 34) / 24, 0, 1)
    return np.asarray(np.clip(lines, 0, 1) * inside, np.float32)


def emblem(pen: ImageDraw.ImageDraw, middle: tuple[int, int], radius: int) -> None:
    """A sun over two waves in a ring, white."""
    x, y = middle
    pen.ellipse((x - radius, y - radius, x + radius, y + radius), outline="white", width=3)
    small = radius * 0.34
    pen.pieslice((x - small, y - small, x + small, y + small), 180, 360, fill="white")
    for ray in range(7):
        angle = math.pi * (1 + ray / 6)
        near, far = small * 1.35, small * 1.85
        start, end = (x + near * math.cos(angle), y + near * math.sin(angle)), (x + far * math.cos(angle), y + far * math.sin(angle))
        pen.line((*start, *end), fill="white", width=3)
    for row in (0.26, 0.5):
        places = [(x + step, y + radius * row + 3 * math.sin(step / 4)) for step in range(-round(radius * 0.66), round(radius * 0.66) + 1)]
        pen.line(places, fill="white", width=3)
