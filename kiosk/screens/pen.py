"""What a part may draw with, and how a drawing may move. PURE: the parts know no window, `canvas_pen.py` carries this out."""

import math
from dataclasses import dataclass
from typing import Protocol

from kiosk.private import Private
from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.palette import Colour
from kiosk.views.desk_parts import Still

LONGEST_LOOP_S = 4.0
"""No movement on a screen takes longer than this to come round."""


@dataclass(frozen=True)
class Motion:
    """How a layer moves: it rests, goes `dx`, `dy` (shares of the drawing's side), rests there, and comes back, in `period` seconds.

    `fade` instead lets it come and go in place; `turn` is a full circle in `period` seconds.
    """

    dx: float = 0.0
    dy: float = 0.0
    fade: bool = False
    turn: bool = False
    period: float = 3.2

    def share(self, seconds: float) -> float:
        """Where in the movement it is, 0 to 1: still for a fifth, there in three tenths, still, and back. Eased, so nothing jerks."""
        phase = (seconds % self.period) / self.period
        if phase < 0.2:
            return 0.0
        if phase < 0.5:
            return _eased((phase - 0.2) / 0.3)
        if phase < 0.8:
            return 1.0
        return 1.0 - _eased((phase - 0.8) / 0.2)


def _eased(share: float) -> float:
    return 0.5 - 0.5 * math.cos(math.pi * share)


class Pen(Protocol):
    """The few things a part draws. Rectangles are pixels from the top left; colours are `#RRGGBB`."""

    def panel(self, rect: Rect, fill: Colour, radius: int = 0, alpha: float = 1.0) -> None:
        """A filled rectangle with round corners."""

    def frame(self, rect: Rect, colour: Colour, width: int, radius: int = 0) -> None:
        """The outline of a rectangle, `width` pixels wide, inside `rect`."""

    def words(self, letters: Lettering, x: int, y: int, colour: Colour, align: str = "left") -> None:
        """Letters with the top of the first capitals at y and the left edge of the block at x."""

    def icon(self, name: str, rect: Rect, colour: Colour) -> None:
        """One of our icons in one colour."""

    def art(self, name: str, rect: Rect) -> None:
        """One of our drawings, its layers moving as `illustrations` says; `rect` is square."""

    def live(self, rect: Rect, mirrored: bool) -> None:
        """The picture of the camera, filling the rectangle."""

    def photo(self, image: Private[Still], rect: Rect) -> None:
        """A still picture of a person or a document, filling the rectangle; one that cannot be decoded leaves it empty."""

    def cells(self, rect: Rect, rows: tuple[tuple[bool, ...], ...], colour: Colour) -> None:
        """Square cells, as of a two-dimensional code, the whole number of pixels each that fits."""

    def waiting(self, rect: Rect, colour: Colour, ground: Colour) -> None:
        """The sign that something is being done: a ring of which a part goes round."""
