"""What a reader of zones answers: the lines and what they say, how sure it is, where the zone lies, or why there is none."""

from dataclasses import dataclass, field
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.formats.mrz import Check, Fields, Zone


class Reason(StrEnum):
    """Why nothing was read, in terms a traveller can act on; UNCLEAR is print that was found and is not certain enough."""

    NOTHING_THERE = "nothing_there"
    TOO_DARK = "too_dark"
    TOO_FAR = "too_far"
    GLARE = "glare"
    MOVING = "moving"
    TURNED = "turned"
    COVERED = "covered"
    UNCLEAR = "unclear"


@dataclass(frozen=True)
class ZoneReading:
    """One zone, or none with its reason.

    `zone`: lines, type, fields, check results (drivers.formats.mrz). `corners`: (4, 2) pixels of the picture, from the first character
    of the first line clockwise as the text runs; also where print like a zone was seen and not read. `confidences`: 0 to 1, one for
    each character of each line.
    """

    zone: Zone | None = None
    corners: NDArray[np.float32] | None = None
    confidences: tuple[tuple[float, ...], ...] = field(default=(), repr=False)
    reason: Reason | None = None

    @property
    def type(self) -> Format | None:
        """The kind of zone; None where none was read."""
        return self.zone.format if self.zone else None

    @property
    def lines(self) -> tuple[str, ...]:
        """The lines in the zone's order, upper case; empty where none was read."""
        return self.zone.lines if self.zone else ()

    @property
    def valid(self) -> bool:
        """Whether every check digit of the type is right."""
        return self.zone is not None and self.zone.valid

    @property
    def fields(self) -> Fields | None:
        """What the lines say, field by field."""
        return self.zone.fields if self.zone else None

    @property
    def checks(self) -> tuple[Check, ...]:
        """Every check digit with its verdict."""
        return self.zone.checks if self.zone else ()

    @property
    def confidence(self) -> float:
        """That of the least certain character; 0 where none was read."""
        return min((min(row) for row in self.confidences), default=0.0)


def nothing(reason: Reason, corners: NDArray[np.float32] | None = None) -> ZoneReading:
    """No zone was read, for this reason; the corners where print like a zone was seen."""
    return ZoneReading(corners=corners, reason=reason)
