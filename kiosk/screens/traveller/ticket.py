"""The card with the queue number, where to go, and the code an officer's reader takes. PURE."""

from dataclasses import dataclass

import segno

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, em_for, set_lines
from kiosk.screens.parts.base import Panel, Part, Words
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
    """A value, large, under its label."""

    label: Lettering | None
    value: Lettering
    colour: str

    @property
    def width(self) -> int:
        """Of the wider of the two."""
        return max(self.value.width, self.label.width if self.label else 0)

    def height(self, theme: Theme) -> int:
        """Of both with the space between them."""
        return self.value.height + (self.label.height + theme.em(WITHIN) if self.label else 0)

    def parts(self, theme: Theme, x: int, bottom: int, width: int) -> list[Part]:
        """Standing on the line `bottom`."""
        value = Rect(x, bottom - self.value.height, width, self.value.height)
        parts: list[Part] = [Words(value, self.value, self.colour, "surface")]
        if self.label:
            label = Rect(x, value.y - theme.em(WITHIN) - self.label.height, width, self.label.height)
            parts.append(Words(label, self.label, "quiet", "surface"))
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
    large = em_for(theme.capital(Role.NUMBER))
    facts = [Fact(None, set_lines(view.number, large, width, bold=True), "primary")] if view.number else []
    facts += [Fact(body(theme, row.label.text, width), set_lines(row.value, large, width, bold=True), "ink") for row in view.rows]
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
    words = sum(max(f.height(theme) for f in line) for line in lines) + between * max(0, len(lines) - 1)
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
    heights = [max(fact.height(theme) for fact in line) for line in laid.lines]
    bottom = inner.y + (inner.h - sum(heights) - between * max(0, len(heights) - 1)) // 2
    for line, height in zip(laid.lines, heights, strict=True):
        bottom += height
        x = inner.x
        for fact in line:
            parts += fact.parts(theme, x, bottom, fact.width)
            x += fact.width + between
        bottom += between
    return parts
