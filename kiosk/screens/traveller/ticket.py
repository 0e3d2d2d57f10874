"""The card with the queue number, where to go, and the code an officer's reader takes. PURE."""

from dataclasses import dataclass

import segno

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, em_for, set_lines
from kiosk.screens.parts.base import Icon, Panel, Part, Words
from kiosk.screens.parts.display import Code
from kiosk.screens.theme import Role, Theme
from kiosk.screens.traveller.words import body
from kiosk.views.parts import View

CODE_MM = {False: 32.0, True: 56.0}
"""Side of the two-dimensional code with its card (landscape, portrait), at most a third of the width."""
PAD, WITHIN, BETWEEN = 0.9, 0.75, 1.3
"""In capitals: inside the card's edge, from a label to its value, from one fact to the next."""


@dataclass(frozen=True)
class Fact:
    """A value, large, under its label, with a sign beside both for those who do not read."""

    label: Lettering | None
    value: Lettering
    colour: str
    icon: str = ""
    side: int = 0
    apart: int = 0

    @property
    def indent(self) -> int:
        """How far label and value stand in for the sign."""
        return self.side + self.apart if self.icon else 0

    @property
    def width(self) -> int:
        """Of the wider of label and value, and the sign."""
        return self.indent + max(self.value.width, self.label.width if self.label else 0)

    @property
    def height(self) -> int:
        """Of both with the space between them."""
        return max(self.side if self.icon else 0, self.value.height + (self.label.height + self.apart if self.label else 0))

    def parts(self, x: int, bottom: int) -> list[Part]:
        """Standing on the line `bottom`."""
        width = self.width - self.indent
        value = Rect(x + self.indent, bottom - self.value.height, width, self.value.height)
        parts: list[Part] = [Words(value, self.value, self.colour, "surface")]
        if self.label:
            label = Rect(value.x, value.y - self.apart - self.label.height, width, self.label.height)
            parts.append(Words(label, self.label, "quiet", "surface"))
        if self.icon:
            parts.append(Icon(Rect(x, bottom - self.side, self.side, self.side), self.icon, "primary"))
        return parts


@dataclass(frozen=True)
class Card:
    """The facts in lines of one or several, and how much room they and the code take."""

    lines: tuple[tuple[Fact, ...], ...]
    height: int
    code: int


def has_ticket(view: View) -> bool:
    """Whether the view has anything for a card."""
    return bool(view.number or view.code or view.qr)


def _facts(view: View, theme: Theme, width: int) -> list[Fact]:
    """Where to go, the number, the code: what is needed next comes first."""
    large, side, apart = em_for(theme.capital(Role.NUMBER)), theme.em(1.8), theme.em(WITHIN)
    room = width - side - apart
    facts = [
        Fact(body(theme, row.label.text, room), set_lines(row.value, large, room, bold=True), "ink", row.icon, side, apart)
        for row in view.rows
    ]
    if view.number:
        facts.append(Fact(None, set_lines(view.number, large, room, bold=True), "primary", "slip", side, apart))
    if view.code:
        facts.append(Fact(None, body(theme, view.code, width, bold=True), "ink"))
    return facts


def card(view: View, theme: Theme, width: int) -> Card:
    """The card in so much width: facts stand beside each other where they fit."""
    pad, between = theme.em(PAD), theme.em(BETWEEN)
    code = min(theme.mm(CODE_MM[theme.display.portrait]), width // 3) if view.qr else 0
    room = width - 2 * pad - (code + pad if code else 0)
    lines: list[list[Fact]] = []
    for fact in _facts(view, theme, room):
        taken = sum(f.width + between for f in lines[-1]) if lines else room
        if lines and taken + fact.width <= room:
            lines[-1].append(fact)
        else:
            lines.append([fact])
    words = sum(max(f.height for f in line) for line in lines) + between * max(0, len(lines) - 1)
    return Card(tuple(tuple(line) for line in lines), max(words, code) + 2 * pad, code)


def ticket_height(view: View, theme: Theme, width: int) -> int:
    """Of the card in so much width, 0 where there is none."""
    return card(view, theme, width).height if has_ticket(view) else 0


def ticket(view: View, theme: Theme, area: Rect) -> list[Part]:
    """The card over the whole of `area`: facts left, code right."""
    pad, between = theme.em(PAD), theme.em(BETWEEN)
    laid = card(view, theme, area.w)
    parts: list[Part] = [Panel(area, "surface", theme.radius, "edge")]
    inner = area.inset(pad)
    if laid.code:
        rows = tuple(tuple(bool(cell) for cell in row) for row in segno.make(view.qr, error="m", micro=False).matrix)
        parts.append(Code(Rect(inner.right - laid.code, inner.y + (inner.h - laid.code) // 2, laid.code, laid.code), rows))
        inner = Rect(inner.x, inner.y, inner.w - laid.code - pad, inner.h)
    heights = [max(fact.height for fact in line) for line in laid.lines]
    bottom = inner.y + (inner.h - sum(heights) - between * max(0, len(heights) - 1)) // 2
    for line, height in zip(laid.lines, heights, strict=True):
        bottom += height
        x = inner.x
        for fact in line:
            parts += fact.parts(x, bottom)
            x += fact.width + between
        bottom += between
    return parts
