"""The course of one line of print in a picture, and the strip cut out along it."""

from dataclasses import dataclass, replace

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.alphabet import CAPITAL, PITCH, STRIP_HEIGHT, STRIP_WIDTH


@dataclass(frozen=True)
class Course:
    """Where a line of print runs, in pixels of the picture.

    A point `u` pixels along the line from `centre` lies `bow[0] + bow[1] u + bow[2] u²` to the right of the straight way; a
    capital letter is `tall + taper u` high there. `along` is the unit vector in which the text is read.
    """

    centre: tuple[float, float]
    along: tuple[float, float]
    length: float
    tall: float
    taper: float = 0.0
    bow: tuple[float, float, float] = (0.0, 0.0, 0.0)

    def points(self, u: NDArray[np.float64], v: NDArray[np.float64]) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """Pixels x and y of the points `u` along the line and `v` capital heights below its middle."""
        off = self.bow[0] + self.bow[1] * u + self.bow[2] * u * u + v * np.maximum(self.tall + self.taper * u, 1.0)
        x = self.centre[0] + u * self.along[0] - off * self.along[1]
        y = self.centre[1] + u * self.along[1] + off * self.along[0]
        return x.astype(np.float32), y.astype(np.float32)

    def turned(self) -> "Course":
        """The same line read from its other end."""
        along = (-self.along[0], -self.along[1])
        return replace(self, along=along, taper=-self.taper, bow=(-self.bow[0], self.bow[1], -self.bow[2]))

    def scaled(self, factor: float) -> "Course":
        """The same line in a picture that is `factor` times as large."""
        centre = ((self.centre[0] + 0.5) * factor - 0.5, (self.centre[1] + 0.5) * factor - 0.5)
        bow = (self.bow[0] * factor, self.bow[1], self.bow[2] / factor)
        return replace(self, centre=centre, length=self.length * factor, tall=self.tall * factor, bow=bow)

    def moved(self, down: float) -> "Course":
        """The line `down` pixels below this one."""
        return replace(self, bow=(self.bow[0] + down, self.bow[1], self.bow[2]))


def first_look(course: Course) -> NDArray[np.float64]:
    """How far along the line each of the strip's columns lies, (832,), where nothing is known of its characters yet."""
    step = max(course.tall / CAPITAL, course.length / (STRIP_WIDTH - 40))
    return np.asarray((np.arange(STRIP_WIDTH) - (STRIP_WIDTH - 1) / 2) * step, np.float64)


def second_look(columns: NDArray[np.float64], centres: NDArray[np.float64]) -> NDArray[np.float64]:
    """The same where the characters' centres in the first strip are known: each character gets the same width, the line the middle."""
    at = np.arange(len(centres))
    cells = (np.arange(STRIP_WIDTH) - (STRIP_WIDTH - 1) / 2) / PITCH + (len(centres) - 1) / 2
    near = np.interp(cells, at, centres)
    near += np.where(cells < 0, cells * (centres[1] - centres[0]), 0)
    near += np.where(cells > at[-1], (cells - at[-1]) * (centres[-1] - centres[-2]), 0)
    step = (columns[-1] - columns[0]) / (len(columns) - 1)
    return np.asarray(columns[0] + near * step, np.float64)


def cut_out(grey: NDArray[np.uint8], course: Course, columns: NDArray[np.float64]) -> NDArray[np.float32]:
    """The strip (32, 832) of a grey picture along the course, between 0 and 1; beyond the picture its edge goes on."""
    rows = (np.arange(STRIP_HEIGHT) - (STRIP_HEIGHT - 1) / 2) / CAPITAL
    along, down = np.meshgrid(columns, rows)
    x, y = course.points(along, down)
    shrink = course.tall / CAPITAL
    if shrink > 1.6:
        grey, x, y = _smaller(grey, x, y, shrink)
    strip = cv2.remap(grey, x, y, cv2.INTER_LINEAR if shrink > 1 else cv2.INTER_CUBIC, borderMode=cv2.BORDER_REPLICATE)
    return strip.astype(np.float32) / np.float32(255)


def _smaller(
    grey: NDArray[np.uint8], x: NDArray[np.float32], y: NDArray[np.float32], shrink: float
) -> tuple[NDArray[np.uint8], NDArray[np.float32], NDArray[np.float32]]:
    """The part of the picture under the points, shrunk by averaging (sampling it directly would skip strokes), and the points in it."""
    left, right = (int(np.clip(edge, 0, grey.shape[1] - 1)) for edge in (x.min() - 2, x.max() + 2))
    top, bottom = (int(np.clip(edge, 0, grey.shape[0] - 1)) for edge in (y.min() - 2, y.max() + 2))
    part = grey[top : bottom + 1, left : right + 1]
    width, height = (max(2, round(size / shrink)) for size in (part.shape[1], part.shape[0]))
    small = cv2.resize(part, (width, height), interpolation=cv2.INTER_AREA)
    across, down = width / part.shape[1], height / part.shape[0]
    across_in_it, down_in_it = (x - left + 0.5) * across - 0.5, (y - top + 0.5) * down - 0.5
    return small.astype(np.uint8), across_in_it.astype(np.float32), down_in_it.astype(np.float32)
