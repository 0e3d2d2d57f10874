"""The screen that asks whether everything is right: labels and values in a table, on as many leaves as they need. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.parts.base import Icon, Panel, Part, Words
from kiosk.screens.theme import Theme
from kiosk.screens.traveller.stage import LEAST_STAGE_MM, TALLEST_STAGE, Middle, stage_parts
from kiosk.screens.traveller.words import body, set_words
from kiosk.views.parts import Row, View

LABEL_SHARE = 0.40
ICON_MM, ICON_GAP_MM = 7.0, 3.0
SIDE_MM, ABOVE = 4.0, 0.62
"""Room beside the words of a row, in millimetres, and above them, in capitals."""
STACK = 0.6
GAP = 1.2
"""Between title and table, in capitals."""
SPREAD_MM = 5.0
"""A row grows by at most this where there is room."""


@dataclass(frozen=True)
class SetRow:
    """A row set in lines; label and value stand side by side, or one above the other where `stacked`. `signs`: rows have signs."""

    row: Row
    label: Lettering
    value: Lettering
    stacked: bool
    height: int
    signs: bool


def _set_row(theme: Theme, row: Row, width: int, *, signs: bool) -> SetRow:
    """The row in so much width, side by side where neither takes more than two lines."""
    inner = width - 2 * theme.mm(SIDE_MM) - (theme.em(1.4, ICON_MM) + theme.mm(ICON_GAP_MM) if signs else 0)
    left = round(inner * LABEL_SHARE)
    label, value = body(theme, row.label.text, left - theme.em(STACK)), body(theme, row.value, inner - left, bold=True)
    pad = 2 * theme.em(ABOVE)
    fits = label.width <= left - theme.em(STACK) and value.width <= inner - left
    if fits and len(label.lines) + len(value.lines) <= 3:
        tallest = max(label.height, value.height, theme.em(1.4, ICON_MM) - pad // 2 if signs else 0)
        return SetRow(row, label, value, False, tallest + pad, signs)
    label, value = body(theme, row.label.text, inner), body(theme, row.value, inner, bold=True)
    return SetRow(row, label, value, True, label.height + value.height + theme.em(STACK) + pad, signs)


def _paged(rows: list[SetRow], first: int, others: int) -> list[list[SetRow]]:
    """Rows filled into leaves: so much height on the first, where the words are, and so much on the others."""
    pages: list[list[SetRow]] = [[]]
    for row in rows:
        if sum(r.height for r in pages[-1]) + row.height > (first if len(pages) == 1 else others):
            pages.append([])
        pages[-1].append(row)
    return pages


def _table(theme: Theme, rows: list[SetRow], area: Rect, spread: int) -> list[Part]:
    """The rows on one card with a thin line between them."""
    card = Rect(area.x, area.y, area.w, sum(row.height + spread for row in rows))
    parts: list[Part] = [Panel(card, "surface", theme.radius)]
    y = area.y
    for number, row in enumerate(rows):
        cell = Rect(area.x + theme.mm(SIDE_MM), y, area.w - 2 * theme.mm(SIDE_MM), row.height + spread)
        if number:
            parts.append(Panel(Rect(cell.x, y, cell.w, max(1, theme.mm(0.3))), "step_open"))
        parts += _cells(theme, row, cell)
        y += row.height + spread
    return parts


def _cells(theme: Theme, row: SetRow, cell: Rect) -> list[Part]:
    """Sign, label and value of one row."""
    parts: list[Part] = []
    side = theme.em(1.4, ICON_MM)
    if row.row.icon:
        parts.append(Icon(Rect(cell.x, cell.y + (cell.h - side) // 2, side, side), row.row.icon, "primary"))
    if row.signs:
        cell = cell.cut_left(side, theme.mm(ICON_GAP_MM))[1]
    if row.stacked:
        top = cell.y + (cell.h - row.label.height - row.value.height - theme.em(STACK)) // 2
        label = Rect(cell.x, top, cell.w, row.label.height)
        value = Rect(cell.x, label.bottom + theme.em(STACK), cell.w, row.value.height)
    else:
        left = round(cell.w * LABEL_SHARE)
        label, value = Rect(cell.x, cell.y, left, cell.h), Rect(cell.x + left, cell.y, cell.w - left, cell.h)
    middle = not row.stacked
    return [*parts, Words(label, row.label, "quiet", "surface", middle=middle), Words(value, row.value, "ink", "surface", middle=middle)]


def reviewed(view: View, theme: Theme, area: Rect, page: int) -> Middle:
    """Title and lines on the first leaf, rows under them and on the others; in portrait a drawing above, where there is room."""
    room = area.inset(theme.margin, theme.margin if theme.display.portrait else theme.mm(4.5))
    words = set_words(view, theme, room.w, room.h)
    gap = theme.em(GAP)
    signs = any(row.icon for row in view.rows)
    rows = [_set_row(theme, row, room.w, signs=signs) for row in view.rows]
    pages = _paged(rows, room.h - words[-1].height - gap, room.h)
    leaf = min(page, len(words) - 1 + len(pages) - 1)
    if leaf < len(words) - 1:
        return Middle(tuple(words[leaf].parts(room)), len(words) - 1 + len(pages))
    shown = pages[leaf - len(words) + 1]
    above = words[-1] if leaf == len(words) - 1 else None
    spare = room.h - sum(row.height for row in shown) - (above.height + gap if above else 0)
    spread = max(0, min(theme.mm(SPREAD_MM), spare // max(1, len(shown))))
    spare -= spread * len(shown)
    stage: list[Part] = []
    if theme.display.portrait and len(pages) == len(words) == 1 and spare >= theme.mm(LEAST_STAGE_MM):
        top, rest = area.cut_top(min(spare, round(theme.display.width * TALLEST_STAGE)))
        stage, room = stage_parts(view, theme, top), rest.inset(theme.margin)
    table = room.cut_top(above.height, gap)[1] if above else room
    return Middle((*stage, *(above.parts(room) if above else []), *_table(theme, shown, table, spread)), len(words) - 1 + len(pages))
