"""Things to touch: buttons for actions, tiles for choices, chips for the small controls. PURE."""

from dataclasses import dataclass
from enum import Enum

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.palette import token
from kiosk.screens.parts.base import State, Target
from kiosk.screens.pen import Pen
from kiosk.screens.theme import Theme


class Look(Enum):
    """(fill, letters, edge) as palette tokens."""

    MAIN = ("primary", "on_primary", "")
    PLAIN = ("ground", "ink", "edge")
    HELP = ("ground", "primary", "primary")
    GOOD = ("good", "on_good", "")
    STOP = ("stop", "on_stop", "")
    WARNING = ("warning", "on_warning", "")
    TILE = ("surface", "ink", "edge")
    CHOSEN = ("primary", "on_primary", "")
    CHIP = ("header", "on_header", "on_header")

    @property
    def fill(self) -> str:
        """Token of the ground."""
        return self.value[0]

    @property
    def ink(self) -> str:
        """Token of letters and sign."""
        return self.value[1]

    @property
    def edge(self) -> str:
        """Token of the outline, empty for none."""
        return self.value[2]


def ground(pen: Pen, theme: Theme, rect: Rect, look: Look, state: State) -> str:
    """Draw the body of a button and return the token its letters are to have."""
    if state is State.PRESSED:
        pen.panel(rect, theme.palette.pressed, theme.radius)
        return "on_pressed"
    pen.panel(rect, token(theme.palette, look.fill), theme.radius)
    if look.edge:
        pen.frame(rect, token(theme.palette, look.edge), theme.edge, theme.radius)
    return look.ink


@dataclass(frozen=True)
class Button:
    """An action: sign and words side by side in the middle, or the sign above; either may be missing."""

    rect: Rect
    target: Target
    letters: Lettering | None = None
    icon: str = ""
    look: Look = Look.PLAIN
    icon_px: int = 0
    icon_after: bool = False
    above: bool = False

    @property
    def spacing(self) -> int:
        """Between sign and words."""
        return round(self.icon_px * (0.25 if self.above else 0.4)) if self.icon and self.letters else 0

    def places(self) -> tuple[Rect, Rect]:
        """Where the sign and the words stand."""
        width = self.letters.width if self.letters else 0
        height = self.letters.height if self.letters else 0
        sign = self.icon_px if self.icon else 0
        if self.above:
            top, centre = self.rect.y + (self.rect.h - sign - self.spacing - height) // 2, self.rect.x + self.rect.w // 2
            words = Rect(centre - width // 2, top + sign + self.spacing, width, height)
            return Rect(centre - sign // 2, top, sign, sign), words
        x = self.rect.x + (self.rect.w - width - sign - self.spacing) // 2
        middle = self.rect.y + self.rect.h // 2
        first, second = (x, x + sign + self.spacing) if not self.icon_after else (x + width + self.spacing, x)
        return Rect(first, middle - sign // 2, sign, sign), Rect(second, middle - height // 2, width, height)

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Body, sign, words."""
        colour = token(theme.palette, ground(pen, theme, self.rect, self.look, state))
        sign, words = self.places()
        if self.icon:
            pen.icon(self.icon, sign, colour)
        if self.letters:
            pen.words(self.letters, words.x, words.y, colour, "centre")


@dataclass(frozen=True)
class Tile:
    """A choice: a sign above its words (`card`) or beside them; chosen ones carry a check. Cards in a row have their signs on one line
    when each knows the height of the `tallest` words among them."""

    rect: Rect
    target: Target
    letters: Lettering
    icon: str = ""
    icon_px: int = 0
    card: bool = False
    chosen: bool = False
    pad: int = 0
    tallest: int = 0

    @property
    def look(self) -> Look:
        """How it is coloured."""
        return Look.CHOSEN if self.chosen else Look.TILE

    def places(self) -> tuple[Rect, Rect]:
        """Where the sign and the words stand."""
        sign, words = (self.icon_px if self.icon else 0), self.letters
        if self.card:
            gap = self.pad if sign else 0
            top = self.rect.y + (self.rect.h - sign - gap - max(words.height, self.tallest)) // 2
            return (
                Rect(self.rect.x + (self.rect.w - sign) // 2, top, sign, sign),
                Rect(self.rect.x + (self.rect.w - words.width) // 2, top + sign + gap, words.width, words.height),
            )
        middle = self.rect.y + self.rect.h // 2
        left = self.rect.x + self.pad + (sign + self.pad if sign else 0)
        return Rect(self.rect.x + self.pad, middle - sign // 2, sign, sign), Rect(
            left, middle - words.height // 2, words.width, words.height
        )

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """Body, sign, words, and the check of a chosen one."""
        ink = ground(pen, theme, self.rect, self.look, state)
        sign, words = self.places()
        if self.icon:
            pen.icon(self.icon, sign, token(theme.palette, "primary" if ink == "ink" else ink))
        pen.words(self.letters, words.x, words.y, token(theme.palette, ink), "centre" if self.card else "left")
        if self.chosen:
            side = theme.mm(7)
            pen.icon("check", Rect(self.rect.right - side - theme.mm(2), self.rect.y + theme.mm(2), side, side), token(theme.palette, ink))
