"""What the detector is shown: frames as a camera takes them and closer views of a zone, with maps of where its lines run."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.detector import HEIGHT, MAPS, STRIDE, WIDTH
from drivers.passport.zone.training.captures import WIDE, Capture, Level, capture
from drivers.passport.zone.training.glyphs import Face

CLOSE = Level(12, 0.06, False, 0.05, (0.7, 1.15), 2.5, 4, 0.07, 0.2, 0.25, 0.3, 20, 0.012, 0.02, 1.0, 0.12)
SCAN = Level(5, 0.3, False, 0.0, (0.4, 1.35), 0.7, 0, 0.02, 0.7, 0.0, 0.0, 50)
FINE = 1.25  # two in five views are drawn this much larger than the net sees them
CORE = 0.4  # a line is shown this far above and below its middle, in heights of a capital letter
TOLD = 1.0  # way and height are told this far above and below
NOTHING_THERE = 0.1  # share of views without a zone


@dataclass(frozen=True)
class View:
    """A grey picture (384, 512) and its maps (4, 96, 128) as the detector should answer; the first between 0 and 1."""

    picture: NDArray[np.uint8]
    maps: NDArray[np.float32]


def _band(course: NDArray[np.float64], half: float) -> NDArray[np.int32]:
    """The outline of a line (23, 2, 2) so far above and below its middle, in sixteenths of a pixel for cv2."""
    middle = course.mean(1)
    off = (course[:, 1] - course[:, 0]) * half
    return np.asarray(np.rint(np.concatenate([middle - off, (middle + off)[::-1]]) * 16), np.int32)


def maps_of(courses: NDArray[np.float64]) -> NDArray[np.float32]:
    """The maps for lines with these courses (lines, 23, 2, 2), in pixels of the view."""
    core, told = np.zeros((HEIGHT, WIDTH), np.float32), np.zeros((HEIGHT, WIDTH, 3), np.float32)
    for course in courses:
        middle = course.mean(1)
        for at in range(len(course) - 1):
            way = middle[at + 1] - middle[at]
            way = way / max(float(np.linalg.norm(way)), 1e-6)
            down = course[at, 1] - course[at, 0]
            tall = abs(float(way[0] * down[1] - way[1] * down[0]))
            piece = _band(course[at : at + 2], TOLD)
            cv2.fillPoly(told, [piece], (float(way[0]), float(way[1]), float(np.log2(max(tall, 1.0) / 8))), cv2.LINE_8, 4)
    for course in courses:
        cv2.fillPoly(core, [_band(course, CORE)], 1.0, cv2.LINE_AA, 4)
    places = cv2.resize(core, (WIDTH // STRIDE, HEIGHT // STRIDE), interpolation=cv2.INTER_AREA)
    middles = told[STRIDE // 2 :: STRIDE, STRIDE // 2 :: STRIDE]
    return np.concatenate([np.clip(places, 0, 1)[None], middles.transpose(2, 0, 1)]).astype(np.float32)


def _shrunk(taken: Capture) -> View:
    rows, columns = taken.picture.shape
    picture = cv2.resize(taken.picture, (WIDTH, HEIGHT), interpolation=cv2.INTER_AREA)
    courses = (taken.courses + 0.5) * [WIDTH / columns, HEIGHT / rows] - 0.5
    return View(
        np.asarray(picture, np.uint8), maps_of(courses) if len(courses) else np.zeros((MAPS, HEIGHT // STRIDE, WIDTH // STRIDE), np.float32)
    )


def view(seed: int, number: int, faces: tuple[Face, ...]) -> View:
    """The view with this number under this seed; the same call gives the same view."""
    rng = np.random.default_rng([seed, number, 1])
    kinds = list(Format)
    kind = None if rng.random() < NOTHING_THERE else kinds[int(rng.integers(0, len(kinds)))]
    level = (CLOSE, SCAN, WIDE)[int(np.searchsorted([0.4, 0.55], rng.random()))]
    fine = 1.0 if rng.random() < 0.6 else FINE
    frame = (round(WIDTH * fine), round(HEIGHT * fine))
    return _shrunk(capture(seed, number, level, faces, kind, frame, level is CLOSE))
