"""A part of a picture laid into the view that the detector looks at, and the way back to the picture's own pixels."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.detector import HEIGHT, WIDTH
from drivers.passport.zone.shapes import Course

ZONE_WIDTH = 430  # pixels of a close view that a zone takes
LARGEST_ZOOM = 6.0  # more only enlarges the blur


@dataclass(frozen=True)
class View:
    """A grey view (384, 512). A pixel p of it shows the picture at `middle` + `scale` · R(`turn`) · (p - the view's middle)."""

    picture: NDArray[np.uint8]
    middle: tuple[float, float]
    scale: float
    turn: float

    def in_picture(self, course: Course) -> Course:
        """A course in pixels of the view as one in pixels of the picture."""
        cos, sin = np.cos(self.turn), np.sin(self.turn)
        x, y = course.centre[0] - (WIDTH - 1) / 2, course.centre[1] - (HEIGHT - 1) / 2
        ahead, aside = course.along
        return Course(
            (float(self.middle[0] + self.scale * (cos * x - sin * y)), float(self.middle[1] + self.scale * (sin * x + cos * y))),
            (float(cos * ahead - sin * aside), float(sin * ahead + cos * aside)),
            course.length * self.scale,
            course.tall * self.scale,
            course.taper,
            (course.bow[0] * self.scale, course.bow[1], course.bow[2] / self.scale),
        )


def view_of(grey: NDArray[np.uint8], middle: tuple[float, float], scale: float, turn: float) -> View:
    """The view around a place of the picture; `scale` pixels of the picture to one of the view; beyond the picture its edge goes on."""
    factor = max(1.0, scale)
    small, offset = _shrunk_part(grey, middle, scale, factor)
    cos, sin = np.cos(turn) * scale / factor, np.sin(turn) * scale / factor
    x, y = (middle[0] + 0.5) / factor - 0.5 - offset[0], (middle[1] + 0.5) / factor - 0.5 - offset[1]
    half = ((WIDTH - 1) / 2, (HEIGHT - 1) / 2)
    back = np.array([[cos, -sin, x - cos * half[0] + sin * half[1]], [sin, cos, y - sin * half[0] - cos * half[1]]])
    how = (cv2.INTER_LINEAR if scale > 0.8 else cv2.INTER_CUBIC) | cv2.WARP_INVERSE_MAP
    seen = cv2.warpAffine(small, back, (WIDTH, HEIGHT), flags=how, borderMode=cv2.BORDER_REPLICATE)
    return View(np.asarray(seen, np.uint8), middle, scale, turn)


def _shrunk_part(
    grey: NDArray[np.uint8], middle: tuple[float, float], scale: float, factor: float
) -> tuple[NDArray[np.uint8], tuple[float, float]]:
    """What the view can show of the picture, shrunk by averaging (a warp alone would skip strokes), and where it begins there."""
    if factor <= 1:
        return grey, (0.0, 0.0)
    reach = np.hypot(WIDTH, HEIGHT) / 2 * scale + 2 * factor
    left, top = (max(0, int(at - reach)) for at in middle)
    right, bottom = min(grey.shape[1], int(middle[0] + reach) + 1), min(grey.shape[0], int(middle[1] + reach) + 1)
    part = grey[top:bottom, left:right]
    if not part.size:
        return grey, (0.0, 0.0)
    size = (max(1, round(part.shape[1] / factor)), max(1, round(part.shape[0] / factor)))
    return np.asarray(cv2.resize(part, size, interpolation=cv2.INTER_AREA), np.uint8), (left / factor, top / factor)


def overview(grey: NDArray[np.uint8]) -> View:
    """The whole picture; one that is higher than wide is shown lying on its side."""
    rows, columns = grey.shape
    middle = ((columns - 1) / 2, (rows - 1) / 2)
    if rows > columns:
        return view_of(grey, middle, max(rows / WIDTH, columns / HEIGHT), np.pi / 2)
    return view_of(grey, middle, max(columns / WIDTH, rows / HEIGHT), 0.0)


def quarters(grey: NDArray[np.uint8]) -> list[View]:
    """Six overlapping parts of the picture, each at twice the size of the overview or a little less."""
    whole = overview(grey)
    parts = []
    for x in (-0.25, 0.0, 0.25):
        for y in (-0.22, 0.22):
            ahead, aside = x * WIDTH * whole.scale, y * HEIGHT * whole.scale
            cos, sin = np.cos(whole.turn), np.sin(whole.turn)
            middle = (float(whole.middle[0] + cos * ahead - sin * aside), float(whole.middle[1] + sin * ahead + cos * aside))
            parts.append(view_of(grey, middle, 0.55 * whole.scale, whole.turn))
    return parts


def close_view(grey: NDArray[np.uint8], lines: list[Course]) -> View:
    """The zone that these lines (pixels of the picture) belong to, upright and as wide as the detector likes it."""
    longest = max(lines, key=lambda line: line.length)
    ends = np.concatenate([np.stack(line.points(np.array([-0.5, 0.5]) * line.length, np.zeros(2)), 1) for line in lines])
    along = np.array(longest.along)
    u, v = ends @ along, ends @ np.array([-along[1], along[0]])
    middle_u, middle_v = (u.max() + u.min()) / 2, (v.max() + v.min()) / 2
    middle = (float(middle_u * along[0] - middle_v * along[1]), float(middle_u * along[1] + middle_v * along[0]))
    scale = max(float(np.ptp(u)) / ZONE_WIDTH, 1 / LARGEST_ZOOM)
    return view_of(grey, middle, scale, float(np.arctan2(along[1], along[0])))
