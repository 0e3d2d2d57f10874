"""How a document lies before the camera, told from one frame in a few milliseconds, and why a frame could not be read.

No character is recognised here: print that runs in two or three long parallel lines is taken for a zone.
"""

from collections.abc import Sequence
from enum import StrEnum

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.locating import lines_in, zones_in
from drivers.passport.zone.nets import Nets, shipped
from drivers.passport.zone.reading import Reason
from drivers.passport.zone.shapes import Course
from drivers.passport.zone.views import View, close_view, overview

DARK = 45  # grey level below which the bright parts of a frame are too dark
SMALL = 7.5  # pixels of the camera's own picture, height of a capital letter that is too small to be read
BLURRED = 3.3  # steepest edges of the print: its contrast over this part of a capital letter, in both directions
GLARING = 0.06  # part of the zone that is burnt out beside print that is not
BURNT = (0.002, 0.25)  # part of a whole frame that is burnt out where glare hides the zone, and not where a page is white
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


def placement(image: NDArray[np.uint8], nets: Nets | None = None) -> Hint:
    """The hint for one frame (H, W) or (H, W, 3), 0.3 to 20 megapixels. Raises ValueError for what is not a picture."""
    grey = as_grey(image)
    nets = nets or shipped()
    lines = _seen(overview(grey), nets)
    zones = zones_in(lines)
    if zones and not likely_zone(lines):  # seen too small or too far askew for its lines to be told apart
        lines = _seen(close_view(grey, zones[0]), nets)
    return judged(grey, lines)


def _seen(view: View, nets: Nets) -> list[Course]:
    """The lines in a view, in pixels of the picture."""
    return [view.in_picture(line) for line in lines_in(nets.detector.look(view.picture))]


def judged(grey: NDArray[np.uint8], lines: Sequence[Course]) -> Hint:
    """The hint for a grey picture and the lines found in it."""
    if float(np.percentile(grey[::4, ::4], 95)) < DARK:
        return Hint.TOO_DARK
    zone = likely_zone(lines)
    if not zone:
        return Hint.GLARE if len(lines) >= 3 and _burnt(grey) else Hint.NOTHING
    line = zone[0]
    if line.tall < SMALL:
        return Hint.TOO_FAR
    askew = abs(float(np.arctan2(line.along[1], line.along[0])))
    if TURNED < askew < np.pi - TURNED:
        return Hint.TURNED
    return _light_and_motion(grey, zone)


def _light_and_motion(grey: NDArray[np.uint8], zone: Sequence[Course]) -> Hint:
    patches = [_patch(grey, line) for line in zone]
    if any(_glaring(patch) for patch in patches):
        return Hint.GLARE
    sharp = [_edges(patch) * line.tall for patch, line in zip(patches, zone, strict=True)]
    return Hint.MOVING if min(sharp) < BLURRED else Hint.OK


def _burnt(grey: NDArray[np.uint8]) -> bool:
    """Whether a part of a frame that is not bright as a whole is burnt out."""
    thin = grey[::4, ::4]
    return bool(BURNT[0] < (thin >= 253).mean() < BURNT[1] and np.median(thin) < 220)


def _patch(grey: NDArray[np.uint8], line: Course) -> NDArray[np.float32]:
    """The pixels of a line and a little beyond its ends, one for one, as floats."""
    u = np.arange(-0.6 * line.length, 0.6 * line.length)  # beyond the ends too: glare cuts lines off
    v = np.arange(-0.8, 0.8, 1 / max(line.tall, 2))
    x, y = line.points(*np.meshgrid(u, v))
    return np.asarray(cv2.remap(grey, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE), np.float32)


def _edges(patch: NDArray[np.float32]) -> float:
    """The steepest edges of print as a part of its contrast, a pixel, in the direction in which they are less steep."""
    contrast = float(np.percentile(patch, 95) - np.percentile(patch, 5)) + 1
    return min(float(np.percentile(np.abs(np.diff(patch, axis=axis)), 95)) for axis in (0, 1)) / contrast


def _glaring(patch: NDArray[np.float32]) -> bool:
    """Whether a patch of the line is burnt out while the paper beside it is not."""
    paper = np.percentile(patch, 80, axis=0)
    return bool((paper >= 253).mean() > GLARING and np.median(paper) < 235)


def reason(hint: Hint) -> Reason:
    """Why a frame with this hint was not read; print that lies well and was not read all the same is unclear."""
    if hint is Hint.OK:
        return Reason.UNCLEAR
    return Reason.NOTHING_THERE if hint is Hint.NOTHING else Reason(hint.value)
