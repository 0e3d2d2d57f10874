"""Parts that only show: steps done, drawings, the live camera, a code, the sign that something is being done. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.palette import token
from kiosk.screens.parts.base import State, Target
from kiosk.screens.pen import Pen
from kiosk.screens.theme import Theme


@dataclass(frozen=True)
class StepsBar:
    """How far one is, on the header's ground: a bar a step, the done ones filled and higher, so that colour is not alone."""

    rect: Rect
    done: int
    total: int
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """One bar a step."""
        gap = theme.mm(1.5)
        width = (self.rect.w - gap * (self.total - 1)) / self.total
        for step in range(self.total):
            left, right = round(step * (width + gap)), round(step * (width + gap) + width)
            height = self.rect.h if step < self.done else max(2, self.rect.h // 2)
            bar = Rect(self.rect.x + left, self.rect.y + (self.rect.h - height) // 2, right - left, height)
            pen.panel(bar, theme.palette.header_accent if step < self.done else theme.palette.header_step, height // 2)


@dataclass(frozen=True)
class Art:
    """One of our drawings in a square."""

    rect: Rect
    name: str
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Its layers."""
        pen.art(self.name, self.rect)


@dataclass(frozen=True)
class Live:
    """The camera's picture with four corners around where the face or page belongs; `frame` is empty for none."""

    rect: Rect
    mirrored: bool = False
    frame: Rect | None = None
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Picture, then corners: each is a thick stroke on a thicker dark one, so that it is seen on any picture."""
        pen.live(self.rect, self.mirrored)
        if self.frame is None:
            return
        for colour, width in ((theme.palette.veil, theme.mm(2.2)), (theme.palette.focus, theme.mm(1.2))):
            for bar in _corners(self.frame, width, theme.mm(14)):
                pen.panel(bar, colour, width // 2)


def _corners(frame: Rect, width: int, arm: int) -> tuple[Rect, ...]:
    """Eight bars whose middle lines are the frame's edges."""
    left, top, half = frame.x - width // 2, frame.y - width // 2, width // 2
    right, bottom = frame.right - width // 2, frame.bottom - width // 2
    flat = [(x, y) for y in (top, bottom) for x in (left, frame.right + half - arm)]
    upright = [(x, y) for x in (left, right) for y in (top, frame.bottom + half - arm)]
    return tuple(Rect(x, y, arm, width) for x, y in flat) + tuple(Rect(x, y, width, arm) for x, y in upright)


@dataclass(frozen=True)
class Code:
    """A two-dimensional code: dark cells on a white card in every contrast mode, with the quiet zone readers need."""

    rect: Rect
    rows: tuple[tuple[bool, ...], ...]
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Card, then cells."""
        pen.panel(self.rect, "#FFFFFF", theme.radius)
        quiet = round(self.rect.w * 4 / (len(self.rows) + 8))
        pen.cells(self.rect.inset(quiet), self.rows, "#000000")


@dataclass(frozen=True)
class Waiting:
    """Something is being done."""

    rect: Rect
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """A ring that goes round."""
        pen.waiting(self.rect, token(theme.palette, "primary"), token(theme.palette, "step_open"))
