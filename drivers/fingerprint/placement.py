"""What a live picture of a finger lacks, judged at preview rate: is there skin, enough of it, in the middle, with ridges that stand out? PURE.

A cheap gate before a picture is taken; it is no quality score (see quality.py for that), and its bounds are our own, set by eye on recorded and made fingers.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.contract import Hint

CELL_PX = 16
RIDGED = 15.0
"""Standard deviation of the greys in a cell of 16 by 16 pixels; glass with dust on it stays below 14."""
EMPTY, ENOUGH = 0.06, 0.30
"""Part of the cells that has ridges."""
OFF = 0.2
"""How far the middle of the ridges may lie from the picture's, as a part of each side."""
FAINT = 26.0
DARK = 80.0
"""Mean grey of the ridged cells; a finger pressed too hard is one dark spot, its furrows closed."""
ROUGHEST = 66.0
"""Mean step between neighbours in a line. Random bytes give 85, give or take 3; ridges of the strongest contrast some 50, the recorded 4500 at most 10."""

Image = NDArray[np.uint8]


@dataclass(frozen=True)
class Placement:
    """What was found: `area` part of the picture with ridges, `contrast` the median deviation there, `centre` x and y from 0 to 1."""

    hint: Hint
    area: float = 0.0
    contrast: float = 0.0
    centre: tuple[float, float] = (0.5, 0.5)


def place(image: Image) -> Placement:
    """Judge a picture, (height, width) uint8, dark ridges on white, at least 16 pixels each way."""
    cells = _cells(image)
    deviation, ridged = cells.std(axis=(1, 3)), cells.std(axis=(1, 3)) > RIDGED
    area = float(ridged.mean())
    if area < EMPTY:
        return Placement(_without_ridges(image), area)
    rows, columns = np.nonzero(ridged)
    centre = ((float(columns.mean()) + 0.5) / ridged.shape[1], (float(rows.mean()) + 0.5) / ridged.shape[0])
    contrast, grey = float(np.median(deviation[ridged])), float(cells.mean(axis=(1, 3))[ridged].mean())
    return Placement(_hint(area, centre, contrast, grey), area, contrast, centre)


def rough(lines: Image) -> bool:
    """Whether any line, (lines, width) uint8, steps more between neighbours than skin does: then these are no pixels of a finger."""
    steps = np.abs(np.diff(lines.astype(np.int16), axis=1)).mean(axis=1)
    return bool((steps > ROUGHEST).any())


def _hint(area: float, centre: tuple[float, float], contrast: float, grey: float) -> Hint:
    if max(abs(centre[0] - 0.5), abs(centre[1] - 0.5)) > OFF:
        return Hint.OFF_CENTRE
    if grey < DARK:
        return Hint.PRESS_LIGHTER
    # both a light touch and dry skin look like this, and both are helped by pressing
    return Hint.PRESS_HARDER if area < ENOUGH or contrast < FAINT else Hint.OK


def _without_ridges(image: Image) -> Hint:
    """Nothing there, or skin that is one dark spot."""
    return Hint.PRESS_LIGHTER if float((image < DARK).mean()) > ENOUGH else Hint.NOTHING_THERE


def _cells(image: Image) -> NDArray[np.float32]:
    """(rows, 16, columns, 16); what is left over at the right and below is not judged."""
    rows, columns = image.shape[0] // CELL_PX, image.shape[1] // CELL_PX
    whole = image[: rows * CELL_PX, : columns * CELL_PX]
    return whole.reshape(rows, CELL_PX, columns, CELL_PX).astype(np.float32)
