"""What a reader of zones answers: the lines, how sure it is, where the zone lies, or why there is none."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format


class Reason(StrEnum):
    """Why nothing was read, in terms a traveller can act on; UNCLEAR is print that was found and is not certain enough."""

    NOTHING_THERE = "nothing_there"
    TOO_DARK = "too_dark"
    TOO_FAR = "too_far"
    GLARE = "glare"
    MOVING = "moving"
    TURNED = "turned"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class ZoneReading:
    """One zone, or none with its reason.

    `lines` in the zone's order, upper case; `valid`: every check digit of the type is right; `corners`: (4, 2) pixels of the
    picture, from the first character of the first line clockwise as the text runs; `confidence`: 0 to 1, the least certain
    character; `confidences`: one for each character of each line.
    """

    type: Format | None = None
    lines: tuple[str, ...] = field(default=(), repr=False)
    valid: bool = False
    corners: NDArray[np.float32] | None = None
    confidence: float = 0.0
    confidences: tuple[tuple[float, ...], ...] = field(default=(), repr=False)
    reason: Reason | None = None


def nothing(reason: Reason, corners: NDArray[np.float32] | None = None) -> ZoneReading:
    """No zone was read, for this reason; the corners where print like a zone was seen."""
    return ZoneReading(corners=corners, reason=reason)
