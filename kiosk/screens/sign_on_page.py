"""The sign-on screen as parts: a list of people, or a pad of digits. PURE. Officers and technicians share it."""

from kiosk.screens.geometry import Rect, grid
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Panel, Part, Words
from kiosk.screens.parts.board import action, text
from kiosk.screens.theme import Role, Theme
from kiosk.views.desk_parts import Sign, SignOnView

KEY_MM = 15.0
CARD_MM = 92.0
DOT = "•"


def compose(view: SignOnView, theme: Theme) -> Page:
    """A card in the middle; maintenance stands on violet."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    rows = -(-len(view.people) // 3)
    pad, key = theme.mm(6.0), theme.least(KEY_MM)
    needed = 2 * pad + theme.mm(20.0) + rows * (key + theme.gap) + (key + theme.gap if view.back else 0)
    width = min(theme.mm(CARD_MM), screen.w - 2 * theme.margin)
    card = Rect((screen.w - width) // 2, (screen.h - needed) // 2, width, needed)
    parts: list[Part] = [
        Panel(screen, "maintenance" if view.technician else "header"),
        Panel(card, "ground", theme.radius * 2),
    ]
    head, area = card.inset(pad).cut_top(theme.mm(9.0))
    parts.append(Words(head, text(theme, view.title, head.w, bold=True, role=Role.TITLE), "ink", "ground", "centre", middle=True))
    said, area = area.cut_top(theme.mm(9.0), theme.mm(2.0))
    dots = DOT * view.digits
    words = text(theme, dots if dots and view.sign is not Sign.BAD else view.says, said.w, bold=bool(dots))
    parts.append(Words(said, words, "stop" if view.sign is Sign.BAD else "ink", "ground", "centre", middle=True))
    for place, each in zip(grid(area, 3, len(view.people), theme.gap, key), view.people, strict=True):
        parts += action(theme, place, each)
    if view.back is not None:
        parts += action(theme, card.inset(pad).cut_bottom(key)[0], view.back)
    return Page(tuple(parts))
