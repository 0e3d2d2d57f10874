"""The card with the queue number, where to go, and the code an officer's reader takes. PURE."""

import segno

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, em_for, set_lines
from kiosk.screens.parts.base import Panel, Part, Words
from kiosk.screens.parts.display import Code
from kiosk.screens.theme import Role, Theme
from kiosk.screens.traveller.words import body
from kiosk.views.parts import Row, View

CODE_MM = 30.0
"""Least side of the two-dimensional code with its card: readers at the desk take it from a phone's picture too."""


def has_ticket(view: View) -> bool:
    """Whether the view has anything for a card."""
    return bool(view.number or view.code or view.qr)


def _number(theme: Theme, text: str) -> Lettering:
    return set_lines(text, em_for(theme.capital(Role.NUMBER)), 10**6, bold=True)


def _row(theme: Theme, row: Row, width: int) -> tuple[Lettering, Lettering]:
    """Label and value of what stands beside the number."""
    return body(theme, row.label.text, width), set_lines(row.value, em_for(theme.capital(Role.NUMBER)), width, bold=True)


def _column(view: View, theme: Theme, width: int) -> list[tuple[Lettering, str]]:
    """What stands in the left column, each with its colour."""
    pieces: list[tuple[Lettering, str]] = []
    if view.number:
        pieces.append((_number(theme, view.number), "primary"))
    for row in view.rows:
        label, value = _row(theme, row, width)
        pieces += [(label, "quiet"), (value, "ink")]
    if view.code:
        pieces.append((body(theme, view.code, width, bold=True), "ink"))
    return pieces


def ticket_height(view: View, theme: Theme, width: int) -> int:
    """Of the card in so much width."""
    if not has_ticket(view):
        return 0
    pad = theme.mm(4.0)
    room = width - 2 * pad - (theme.mm(CODE_MM) + pad if view.qr else 0)
    pieces = _column(view, theme, room)
    words = sum(letters.height for letters, _ in pieces) + theme.mm(4.0) * max(0, len(pieces) - 1)
    return max(words, theme.mm(CODE_MM) if view.qr else 0) + 2 * pad


def ticket(view: View, theme: Theme, area: Rect) -> list[Part]:
    """The card over the whole of `area`: words left, code right."""
    pad = theme.mm(4.0)
    parts: list[Part] = [Panel(area, "surface", theme.radius, "edge")]
    inner = area.inset(pad)
    if view.qr:
        side = min(inner.h, inner.w // 2)
        rows = tuple(tuple(bool(cell) for cell in row) for row in segno.make(view.qr, error="m", micro=False).matrix)
        parts.append(Code(Rect(inner.right - side, inner.y + (inner.h - side) // 2, side, side), rows))
        inner = Rect(inner.x, inner.y, inner.w - side - pad, inner.h)
    pieces = _column(view, theme, inner.w)
    height = sum(letters.height for letters, _ in pieces)
    gap = min(theme.mm(7.0), (inner.h - height) // max(1, len(pieces) - 1)) if len(pieces) > 1 else 0
    y = inner.y + (inner.h - height - gap * (len(pieces) - 1)) // 2
    for letters, colour in pieces:
        parts.append(Words(Rect(inner.x, y, inner.w, letters.height), letters, colour, "surface"))
        y += letters.height + gap
    return parts
