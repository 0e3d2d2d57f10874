"""Parts that officers and technicians share: a line with its sign, a photograph, and rows of actions. PURE."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, em_for, length, set_lines
from kiosk.screens.parts.base import Icon, Panel, Part, Reach, State, Target, Words
from kiosk.screens.parts.button import Button, Look
from kiosk.screens.pen import Pen
from kiosk.screens.theme import Role, Theme
from kiosk.views.desk_parts import Action, Line, Photo, Sign, Weight

SIGNS = {
    Sign.GOOD: ("circle", "good"),
    Sign.LOOK: ("triangle", "warning_ink"),
    Sign.BAD: ("square", "stop"),
    Sign.QUIET: ("diamond", "quiet"),
}
LOOKS = {Weight.PLAIN: Look.PLAIN, Weight.MAIN: Look.MAIN, Weight.GOOD: Look.GOOD, Weight.STOP: Look.STOP}
ACTION_MM = 13.0
ELLIPSIS = "…"


@dataclass(frozen=True)
class Photograph:
    """A picture of the open case, filling its place; the words below say what it is."""

    rect: Rect
    photo: Photo
    target: Target | None = None

    def draw(self, pen: Pen, theme: Theme, state: State) -> None:
        """The picture on a quiet ground; without one, the sign of a face."""
        pen.panel(self.rect, theme.palette.step_open, theme.radius)
        if self.photo.image is None:
            side = min(self.rect.w, self.rect.h) // 2
            centre = self.rect.centre
            pen.icon("face", Rect(centre[0] - side // 2, centre[1] - side // 2, side, side), theme.palette.quiet)
        else:
            pen.photo(self.photo.image, self.rect)


def text(theme: Theme, words: str, width: int, *, bold: bool = False, role: Role = Role.BODY, lines: int = 1) -> Lettering:
    """Words in at most so many lines; what does not fit ends in an ellipsis, since a board has no second page."""
    em = em_for(theme.capital(role))
    made = set_lines(words, em, width, bold=bold, spacing=1.3)
    if len(made.lines) <= lines and made.width <= width:
        return made
    shorter = words
    while shorter and (len(made.lines) > lines or made.width > width):
        shorter = shorter[:-1].rstrip()
        made = set_lines(shorter + ELLIPSIS, em, width, bold=bold, spacing=1.3)
    return made


def line(theme: Theme, rect: Rect, said: Line, *, bold: bool = False) -> list[Part]:
    """Sign, words, and the detail at the right in a quieter colour."""
    icon, colour = SIGNS[said.sign]
    side = round(theme.capital(Role.BODY) * 1.15)
    parts: list[Part] = [Icon(Rect(rect.x, rect.y + (rect.h - side) // 2, side, side), icon, colour)]
    room = rect.cut_left(side + theme.mm(2.0))[1]
    em = em_for(theme.capital(Role.BODY))
    detail_width = min(length(said.detail, em, False) + 2, round(room.w * 0.45)) if said.detail else 0
    right, left = room.cut_right(detail_width, theme.mm(2.0) if said.detail else 0)
    parts.append(Words(left, text(theme, said.says, left.w, bold=bold), "ink", "ground", middle=True))
    if said.detail:
        parts.append(Words(right, text(theme, said.detail, right.w), "quiet", "ground", "right", middle=True))
    return parts


def action(theme: Theme, rect: Rect, wanted: Action) -> list[Part]:
    """A button, with the key that does the same; one that is not possible now is only outlined."""
    key = f"  [{wanted.key}]" if wanted.key and not wanted.key.isdigit() else ""
    room = rect.w - theme.mm(3.0)
    letters = text(theme, wanted.label + key, room, bold=True)
    if ELLIPSIS in letters.lines[-1]:
        letters = text(theme, wanted.label, room, bold=True, lines=2)
    if not wanted.possible:
        return [Panel(rect, "surface", theme.radius), Words(rect, letters, "quiet", "surface", "centre", middle=True)]
    return [Button(rect, Target(wanted.id, wanted.event, reach=Reach.KEY), letters, look=LOOKS[wanted.weight])]


def actions(theme: Theme, rect: Rect, wanted: Sequence[Action]) -> list[Part]:
    """A row of actions; what weighs more is wider."""
    shares = [1.0 if each.weight is Weight.PLAIN else 1.6 for each in wanted]
    unit = (rect.w - theme.gap * (len(wanted) - 1)) / sum(shares)
    parts: list[Part] = []
    x = float(rect.x)
    for each, share in zip(wanted, shares, strict=True):
        parts += action(theme, Rect(math.ceil(x), rect.y, math.floor(unit * share), rect.h), each)
        x += unit * share + theme.gap
    return parts
