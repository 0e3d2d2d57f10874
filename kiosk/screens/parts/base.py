"""The agreement every part keeps, what a touch means, and the plain parts: panel, words, icon. PURE."""

from dataclasses import dataclass
from enum import Enum
from typing import Protocol

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.palette import token
from kiosk.screens.pen import Pen
from kiosk.screens.theme import Theme


class State(Enum):
    """How a part looks at this moment."""

    RESTING = "resting"
    PRESSED = "pressed"


class Reach(Enum):
    """What kind of target it is; the value is the least side in millimetres."""

    MAIN = 20.0
    KEY = 13.0


@dataclass(frozen=True)
class Target:
    """Something that can be touched. `event` goes to whoever shows the screen; `speaks` are (language, clip) pairs."""

    id: str
    event: object
    speaks: tuple[tuple[str, str], ...] = ()
    reach: Reach = Reach.MAIN


class Part(Protocol):
    """One thing on a screen."""

    @property
    def rect(self) -> Rect:
        """Where it stands."""

    @property
    def target(self) -> Target | None:
        """What touching it means; None where it is only to be seen."""

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Draw it."""


@dataclass(frozen=True)
class Panel:
    """A field of colour; `edge` names a token for its outline."""

    rect: Rect
    fill: str
    radius: int = 0
    edge: str = ""
    alpha: float = 1.0
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Fill, then outline."""
        pen.panel(self.rect, token(theme.palette, self.fill), self.radius, self.alpha)
        if self.edge:
            pen.frame(self.rect, token(theme.palette, self.edge), theme.edge, self.radius)


@dataclass(frozen=True)
class Words:
    """A text set in lines, in the room given to it: `align` left, centre or right; `middle` centres it from top to bottom."""

    rect: Rect
    letters: Lettering
    colour: str = "ink"
    ground: str = "ground"
    align: str = "left"
    middle: bool = False
    target: Target | None = None

    @property
    def ink(self) -> Rect:
        """Where the letters themselves stand, capitals of the first line to baseline of the last."""
        spare = self.rect.w - self.letters.width
        x = self.rect.x + {"left": 0, "centre": spare // 2, "right": spare}[self.align]
        y = self.rect.y + ((self.rect.h - self.letters.height) // 2 if self.middle else 0)
        return Rect(x, y, self.letters.width, self.letters.height)

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """The letters in their colour."""
        pen.words(self.letters, self.ink.x, self.ink.y, token(theme.palette, self.colour), self.align)


@dataclass(frozen=True)
class Icon:
    """One of our signs in one colour, if wanted on a disc."""

    rect: Rect
    name: str
    colour: str = "ink"
    disc: str = ""
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """The disc, then the sign in its middle."""
        place = self.rect
        if self.disc:
            pen.panel(self.rect, token(theme.palette, self.disc), self.rect.h // 2)
            place = self.rect.inset(round(self.rect.w * 0.2))
        pen.icon(self.name, place, token(theme.palette, self.colour))
