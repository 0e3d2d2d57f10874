"""Sizes in millimetres and degrees, turned into the pixels of one display. PURE.

Body text has capitals 0.7 degrees high at the distance people stand from the display (EN 301 549 5.1.4), which is 4.9 mm at 400 mm.
Consoles are read by one trained person who sits before them all day and use 0.35 degrees (21 minutes of arc).
"""

import math
from dataclasses import dataclass
from enum import Enum

from kiosk.screens.palette import PALETTES, Contrast, Palette

MM_PER_INCH = 25.4


@dataclass(frozen=True)
class Display:
    """A screen: its pixels, its diagonal in inches, the reading distance in millimetres, the height of a capital in degrees."""

    name: str
    width: int
    height: int
    diagonal_in: float
    distance_mm: int
    capital_degrees: float = 0.7

    @property
    def px_per_mm(self) -> float:
        """Pixels in a millimetre, the same in both directions."""
        return math.hypot(self.width, self.height) / (self.diagonal_in * MM_PER_INCH)

    @property
    def portrait(self) -> bool:
        """Whether it stands upright."""
        return self.height > self.width

    @property
    def body_capital_mm(self) -> float:
        """Height of a capital letter of body text in millimetres."""
        return math.tan(math.radians(self.capital_degrees)) * self.distance_mm


DISPLAYS: dict[str, Display] = {
    display.name: display
    for display in (
        Display("lane10", 1280, 800, 10.1, 400),
        Display("kiosk21", 1080, 1920, 21.5, 600),
        Display("console10", 1280, 800, 10.1, 400, 0.35),
        Display("console24", 1920, 1080, 24.0, 600, 0.35),
        Display("tray", 1280, 420, 10.6, 400, 0.35),
    )
}

TEXT_SIZES = (1.0, 1.15, 1.3, 1.6)
"""What a traveller can multiply the text by."""


class Role(Enum):
    """What a text is for; the value is its size against body text."""

    BODY = 1.0
    TITLE = 1.3
    NUMBER = 1.8


# Millimetres. Targets are for gloved hands; the gap keeps a thumb from touching two.
MAIN_MM = 20.0
KEY_MM = 13.0
APART_MM = 3.0
MARGIN_MM = 6.0
LARGE_MARGIN_MM = 12.0
RADIUS_MM = 3.0
EDGE_MM = 0.5

CORNER_MM, CORNER_S = 18.0, 10.0
"""A press so many seconds long in the upper left corner asks for the technician's menu."""


@dataclass(frozen=True)
class Theme:
    """Everything that turns a meaning into pixels: display, contrast mode, text size."""

    display: Display
    contrast: Contrast = Contrast.LIGHT
    scale: float = 1.0

    @property
    def palette(self) -> Palette:
        """The colours of the contrast mode."""
        return PALETTES[self.contrast]

    def mm(self, millimetres: float) -> int:
        """Whole pixels for a length, never less than one."""
        return max(1, round(millimetres * self.display.px_per_mm))

    def least(self, millimetres: float) -> int:
        """Whole pixels for a length that must not be undercut."""
        return math.ceil(millimetres * self.display.px_per_mm)

    def capital(self, role: Role, scale: float | None = None) -> float:
        """Height of a capital in pixels for a text of this role; `scale` stands in for the traveller's choice."""
        chosen = self.scale if scale is None else scale
        return self.display.body_capital_mm * self.display.px_per_mm * role.value * chosen

    def em(self, capitals: float, least_mm: float = 0.0) -> int:
        """A length that grows with the text: so many capitals of body text, and never less than so many millimetres."""
        return max(round(self.capital(Role.BODY) * capitals), self.least(least_mm) if least_mm else 1)

    @property
    def margin(self) -> int:
        """From the screen's edge to what stands on it; a large screen wants more air."""
        return self.mm(MARGIN_MM if not self.display.portrait else LARGE_MARGIN_MM)

    @property
    def gap(self) -> int:
        """Between two things that can be touched."""
        return self.least(APART_MM)

    @property
    def radius(self) -> int:
        """Of the corners of buttons and panels."""
        return self.mm(RADIUS_MM)

    @property
    def edge(self) -> int:
        """Width of an outline; heavier where colour says nothing."""
        return self.mm(EDGE_MM * (1.6 if self.contrast is Contrast.BLACK_ON_WHITE else 1.0))
