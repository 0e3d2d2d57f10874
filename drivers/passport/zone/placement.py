"""How a document lies before the camera, told from one frame in a few milliseconds, and why a frame could not be read.

No character is recognised here: print that runs in two or three long parallel lines is taken for a zone.
"""

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.finding import find_lines
from drivers.passport.zone.reading import Reason
from drivers.passport.zone.shapes import Course

FRAME = 640  # pixels, longer side at which a frame is judged
DARK = 45  # grey level below which the bright parts of a frame are too dark
SMALL = 7.5  # pixels of the camera's own picture, height of a capital letter that is too small to be read
BLURRED = 0.18  # steepest edges of the print as a part of its contrast, a pixel
GLARING = 0.06  # part of the zone that is burnt out beside print that is not
TURNED = np.deg2rad(30)  # a document that lies more askew is asked to be turned; upside down is read as it is


class Hint(StrEnum):
    """What the traveller is told about the document's place; NOTHING: lay it down, OK: hold still."""

    NOTHING = "nothing"
    TOO_DARK = "too_dark"
    TOO_FAR = "too_far"
    TURNED = "turned"
    GLARE = "glare"
    MOVING = "moving"
    OK = "ok"


def as_grey(image: NDArray[np.uint8]) -> NDArray[np.uint8]:
    """A picture (H, W) or (H, W, 3) in BGR as grey (H, W). Raises ValueError for any other shape or type."""
    if image.dtype != np.uint8 or image.size == 0:
        raise ValueError("a picture of 8 bits a channel that is not empty is expected")
    if image.ndim == 2:
        return image
    if image.ndim == 3 and image.shape[2] == 3:
        return np.asarray(cv2.cvtColor(image, cv2.COLOR_BGR2GRAY), np.uint8)
    raise ValueError("a picture of shape (H, W) or (H, W, 3) is expected")


def likely_zone(lines: Sequence[Course]) -> list[Course]:
    """The two or three parallel lines, alike in length and height, that look most like a zone; empty where none do."""
    for line in lines:
        beside = [other for other in lines if other is not line and _beside(line, other)]
        if beside and line.length / line.tall > 18:
            return [line, *beside[:2]]
    return []


def _beside(line: Course, other: Course) -> bool:
    way = np.subtract(other.centre, line.centre)
    aside = abs(way[1] * line.along[0] - way[0] * line.along[1]) / line.tall
    ahead = abs(way[0] * line.along[0] + way[1] * line.along[1]) / line.length
    level = abs(line.along[0] * other.along[1] - line.along[1] * other.along[0])
    alike = 0.75 < line.length / other.length < 1.33 and 0.6 < line.tall / other.tall < 1.6
    return bool(alike and level < 0.1 and 1.1 < aside < 4.5 and ahead < 0.15)


def placement(image: NDArray[np.uint8]) -> Hint:
    """The hint for one frame (H, W) or (H, W, 3), 0.3 to 20 megapixels. Raises ValueError for what is not a picture."""
    grey = as_grey(image)
    factor = max(1.0, max(grey.shape) / FRAME)
    size = (max(1, round(grey.shape[1] / factor)), max(1, round(grey.shape[0] / factor)))
    small = np.asarray(cv2.resize(grey, size, interpolation=cv2.INTER_AREA), np.uint8) if factor > 1 else grey
    return judged(small, find_lines(small), factor)


def judged(grey: NDArray[np.uint8], lines: Sequence[Course], factor: float = 1.0) -> Hint:
    """The hint for a grey picture and the lines found in it, where the camera's own picture is `factor` times as large."""
    if float(np.percentile(grey[::4, ::4], 95)) < DARK:
        return Hint.TOO_DARK
    zone = likely_zone(lines)
    if not zone:
        return Hint.NOTHING
    line = zone[0]
    if line.tall * factor < SMALL:
        return Hint.TOO_FAR
    askew = abs(float(np.arctan2(line.along[1], line.along[0])))
    if TURNED < askew < np.pi - TURNED:
        return Hint.TURNED
    return _light_and_motion(grey, zone)


def _light_and_motion(grey: NDArray[np.uint8], zone: Sequence[Course]) -> Hint:
    patches = [_patch(grey, line) for line in zone]
    if any(_glaring(patch) for patch in patches):
        return Hint.GLARE
    return Hint.MOVING if all(_edges(patch) < BLURRED for patch in patches) else Hint.OK


def _patch(grey: NDArray[np.uint8], line: Course) -> NDArray[np.float32]:
    """The line's own pixels, one for one, as floats."""
    u = np.arange(-line.length / 2, line.length / 2)
    v = np.arange(-0.8, 0.8, 1 / max(line.tall, 2))
    x, y = line.points(*np.meshgrid(u, v))
    return np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _edges(patch: NDArray[np.float32]) -> float:
    """The steepest edges of print as a part of its contrast."""
    contrast = float(np.percentile(patch, 95) - np.percentile(patch, 5)) + 1
    return float(np.percentile(np.abs(np.diff(patch, axis=1)), 95)) / contrast


def _glaring(patch: NDArray[np.float32]) -> bool:
    """Whether a patch of the line is burnt out while the paper beside it is not."""
    paper = np.percentile(patch, 80, axis=0)
    return bool((paper >= 253).mean() > GLARING and np.median(paper) < 235)


def reason(hint: Hint) -> Reason:
    """Why a frame with this hint was not read; print that lies well and was not read all the same is unclear."""
    if hint is Hint.OK:
        return Reason.UNCLEAR
    return Reason.NOTHING_THERE if hint is Hint.NOTHING else Reason(hint.value)
