"""Drawn people for simulated cameras and specimen pages. Nobody's face: shapes from a seed, lit from one side, in the skin tones of the region.

An odd seed draws a woman, an even one a man. Lengths are in heads: 1 is half the height of the head.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
Colour = tuple[float, float, float]
WALL = (200, 196, 190)
SKINS = ((98, 136, 192), (74, 108, 166), (58, 86, 136), (46, 68, 110))
CLOTHES = ((122, 78, 20), (52, 112, 34), (34, 96, 186), (112, 46, 92), (62, 66, 72))
HAIR, LASH, WHITE = (30, 26, 24), (26, 22, 20), (232, 236, 238)
FINE = 2
"""Drawn so many times larger than asked for, then brought down: smooth edges."""


@dataclass(frozen=True)
class Canvas:
    """A picture in which lengths are given in heads from the middle of the face."""

    image: Frame
    x: float
    y: float
    head: float

    def point(self, right: float, down: float) -> tuple[int, int]:
        """Pixels of a place."""
        return round(self.x + right * self.head), round(self.y + down * self.head)

    def oval(self, right: float, down: float, wide: float, high: float, colour: Colour) -> None:
        """A filled oval; half its width and height."""
        size = (max(1, round(wide * self.head)), max(1, round(high * self.head)))
        cv2.ellipse(self.image, self.point(right, down), size, 0, 0, 360, colour, -1, cv2.LINE_AA)

    def arc(self, right: float, down: float, size: tuple[float, float], turn: tuple[int, int], colour: Colour, thick: float) -> None:
        """Part of an oval's line, from one angle to the other."""
        axes = (max(1, round(size[0] * self.head)), max(1, round(size[1] * self.head)))
        width = max(1, round(thick * self.head))
        cv2.ellipse(self.image, self.point(right, down), axes, 0, *turn, colour, width, cv2.LINE_AA)

    def shape(self, places: list[tuple[float, float]], colour: Colour) -> None:
        """A filled outline."""
        cv2.fillPoly(self.image, [np.array([self.point(*place) for place in places], np.int32)], colour, cv2.LINE_AA)


def draw_face(seed: int, width: int = 1280, height: int = 960, *, child: bool = False) -> Frame:
    """Somebody before the lane's camera, BGR (height, width, 3): head in the middle, shoulders below."""
    rng = np.random.default_rng(seed)
    skin = np.array(SKINS[int(rng.integers(len(SKINS)))], np.float64)
    cloth = CLOTHES[int(rng.integers(len(CLOTHES)))]
    w, h = width * FINE, height * FINE
    image: Frame = np.full((h, w, 3), WALL, np.uint8)
    at = 0.50 if child else 0.46
    canvas = Canvas(image, w / 2 + float(rng.integers(-12, 13)), h * at, h * (0.17 if child else 0.19))
    wide = float(rng.uniform(0.72, 0.78)) * (1.06 if child else 1.0)
    woman = seed % 2 == 1
    style = int(rng.integers(3))
    _hair_behind(canvas, wide, style if woman else -1, cloth)
    _shoulders(canvas, skin, cloth)
    _head(canvas, wide, skin)
    _features(canvas, skin, woman=woman, smile=float(rng.uniform(0.05, 0.10)))
    _hair_before(canvas, wide, style if woman else -1, cloth)
    smooth = cv2.resize(_lit(canvas), (width, height), interpolation=cv2.INTER_AREA)
    return np.asarray(np.clip(smooth + rng.normal(0, 2.0, smooth.shape), 0, 255), np.uint8)


def _shade(skin: NDArray[np.float64], share: float) -> Colour:
    blue, green, red = (float(min(255.0, value * share)) for value in skin)
    return blue, green, red


def _shoulders(canvas: Canvas, skin: NDArray[np.float64], cloth: Colour) -> None:
    bottom = (canvas.image.shape[0] - canvas.y) / canvas.head
    canvas.oval(0, bottom + 0.5, 2.1, bottom - 0.9, cloth)
    canvas.shape([(-0.36, 0.5), (0.36, 0.5), (0.40, 1.4), (0.0, 1.85), (-0.40, 1.4)], _shade(skin, 0.86))
    # the chin's shadow on the neck
    canvas.oval(0, 0.86, 0.40, 0.26, _shade(skin, 0.66))
    dark = tuple(0.72 * part for part in cloth)
    for side in (-1, 1):
        canvas.shape([(side * 0.40, 1.25), (side * 0.56, 1.28), (side * 0.10, 2.05), (0, 1.80)], (dark[0], dark[1], dark[2]))


def _head(canvas: Canvas, wide: float, skin: NDArray[np.float64]) -> None:
    for side in (-1, 1):
        canvas.oval(side * wide * 1.02, 0.08, 0.11, 0.20, _shade(skin, 0.84))
        canvas.oval(side * wide * 1.02, 0.09, 0.06, 0.13, _shade(skin, 0.70))
    angles = np.linspace(0, 2 * np.pi, 120)
    outline = []
    for angle in angles:
        right, down = wide * np.cos(angle), np.sin(angle)
        # below the cheekbones the jaw draws in towards the chin
        outline.append((float(right * (1 - 0.20 * max(0.0, down) ** 2.2)), float(down)))
    canvas.shape(outline, _shade(skin, 1.0))


def _features(canvas: Canvas, skin: NDArray[np.float64], *, woman: bool, smile: float) -> None:
    for side in (-1, 1):
        _eye(canvas, side * 0.32, -0.08, skin, woman=woman)
    for side in (-1, 1):
        canvas.arc(side * 0.13, 0.16, (0.10, 0.30), (100, 170) if side > 0 else (10, 80), _shade(skin, 0.86), 0.03)
        canvas.oval(side * 0.085, 0.265, 0.045, 0.028, _shade(skin, 0.45))
    canvas.arc(0, 0.22, (0.14, 0.09), (20, 160), _shade(skin, 0.74), 0.03)
    lips = _shade(skin * np.array([1.02, 0.80, 0.92]), 0.80 if woman else 0.78)
    upper = [(-0.27, 0.47), (-0.10, 0.425), (0.0, 0.44), (0.10, 0.425), (0.27, 0.47), (0.0, 0.50 + smile / 2)]
    canvas.shape(upper, lips)
    canvas.shape([(-0.26, 0.475), (0.0, 0.50 + smile / 2), (0.26, 0.475), (0.14, 0.56 + smile), (-0.14, 0.56 + smile)], lips)
    canvas.arc(0, 0.46, (0.27, 0.04 + smile / 2), (10, 170), _shade(skin, 0.42), 0.018)


def _eye(canvas: Canvas, right: float, down: float, skin: NDArray[np.float64], *, woman: bool) -> None:
    canvas.oval(right, down - 0.01, 0.18, 0.095, _shade(skin, 0.84))
    canvas.oval(right, down, 0.145, 0.066, WHITE)
    canvas.oval(right, down - 0.004, 0.064, 0.064, (34, 52, 78))
    canvas.oval(right, down - 0.004, 0.034, 0.034, LASH)
    canvas.oval(right + 0.018, down - 0.022, 0.012, 0.012, (255, 255, 255))
    canvas.arc(right, down + 0.004, (0.15, 0.075), (195, 345), LASH, 0.034 if woman else 0.024)
    canvas.arc(right, down - 0.13, (0.20, 0.085), (205, 335), HAIR, 0.032 if woman else 0.05)


def _hair_behind(canvas: Canvas, wide: float, style: int, cloth: Colour) -> None:
    """Styles: 0 long braids, 1 a scarf, 2 a round natural; -1 short hair."""
    if style == 0:
        for strand in np.linspace(-1.2, 1.2, 15):
            # each begins where the head is and hangs to the shoulder
            top, end = -0.9 * float(np.sqrt(1 - (strand / 1.3) ** 2)), 1.35 - 0.1 * abs(float(strand))
            canvas.oval(float(strand) * wide, (top + end) / 2, 0.075, (end - top) / 2, HAIR)
        canvas.oval(0, -0.12, wide * 1.22, 1.06, HAIR)
    elif style == 1:
        canvas.oval(0, -0.20, wide * 1.22, 1.04, (0.8 * cloth[0], 0.8 * cloth[1], 0.8 * cloth[2]))
    elif style == 2:
        canvas.oval(0, -0.30, wide * 1.55, 1.06, HAIR)
    else:
        canvas.oval(0, -0.14, wide * 1.03, 0.98, HAIR)


def _hair_before(canvas: Canvas, wide: float, style: int, cloth: Colour) -> None:
    """The hairline: what lies over the forehead."""
    low = -0.52 if style < 0 else -0.46
    angles = np.linspace(np.pi * 1.13, np.pi * 1.87, 40)
    top = [(float(wide * 1.07 * np.cos(angle)), float(1.10 * np.sin(angle))) for angle in angles]
    line = [(right, low - 0.16 * (1 - (right / wide) ** 2)) for right in np.linspace(wide * 0.90, -wide * 0.90, 20)]
    colour: Colour = (0.9 * cloth[0], 0.9 * cloth[1], 0.9 * cloth[2]) if style == 1 else HAIR
    canvas.shape([*top, *[(float(right), float(down)) for right, down in line]], colour)
    if style == 1:
        for fold in (-0.72, -0.86):
            canvas.arc(0, fold + 0.34, (wide * 0.98, 0.42), (205, 335), (0.7 * cloth[0], 0.7 * cloth[1], 0.7 * cloth[2]), 0.025)


def _lit(canvas: Canvas) -> NDArray[np.float32]:
    """The picture under a lamp at the upper left: soft light on forehead and cheek, shade on the other side."""
    h, w = canvas.image.shape[:2]
    step = 4
    y, x = np.mgrid[0:h:step, 0:w:step].astype(np.float32)
    right, down = (x - canvas.x) / canvas.head, (y - canvas.y) / canvas.head
    lamp = 0.16 * np.exp(-((right + 0.28) ** 2 + (down + 0.35) ** 2) / 0.35)
    cheek = 0.07 * np.exp(-((right + 0.40) ** 2 + (down - 0.28) ** 2) / 0.06)
    nose = 0.10 * np.exp(-((right + 0.02) ** 2 / 0.004 + (down - 0.10) ** 2 / 0.05))
    side = -0.20 / (1 + np.exp(-(right - 0.45) * 7)) * np.exp(-(right**2 + down**2) / 1.6)
    room = 0.05 - 0.05 * down / 3
    light = cv2.resize(np.asarray(1 + lamp + cheek + nose + side + room, np.float32), (w, h), interpolation=cv2.INTER_LINEAR)
    soft = cv2.GaussianBlur(canvas.image, (0, 0), 1.6 * FINE)
    return np.asarray(np.clip(soft * light[:, :, None], 0, 255), np.float32)
