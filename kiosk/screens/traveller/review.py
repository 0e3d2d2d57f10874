"""The screen that asks whether everything is right: labels and values in a table, on as many pages as they need. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.parts.base import Icon, Panel, Part, Words
from kiosk.screens.theme import Theme
from kiosk.screens.traveller.stage import LEAST_STAGE_MM, Middle, stage_parts
from kiosk.screens.traveller.words import body, set_words
from kiosk.views.parts import Row, View

LABEL_SHARE = 0.40
ICON_MM = 8.0


@dataclass(frozen=True)
class SetRow:
    """A row set in lines; label and value stand side by side or one above the other."""

    row: Row
    label: Lettering
    value: Lettering
    stacked: bool
    height: int


def _set_row(theme: Theme, row: Row, width: int) -> SetRow:
    sign = theme.mm(ICON_MM) + theme.mm(3.0) if row.icon else 0
    inner = width - 2 * theme.mm(4.0) - sign
    left = round(inner * LABEL_SHARE) - theme.mm(3.0)
    label, value = body(theme, row.label.text, left), body(theme, row.value, inner - round(inner * LABEL_SHARE), bold=True)
    stacked = label.width > left or value.width > inner - round(inner * LABEL_SHARE) or len(label.lines) + len(value.lines) > 3
    pad = theme.mm(3.2)
    if stacked:
        label, value = body(theme, row.label.text, inner), body(theme, row.value, inner, bold=True)
        return SetRow(row, label, value, True, label.height + value.height + theme.mm(3.0) + 2 * pad)
    return SetRow(row, label, value, False, max(label.height, value.height, theme.mm(ICON_MM) - pad if row.icon else 0) + 2 * pad)


def _paged(rows: list[SetRow], height: int) -> list[list[SetRow]]:
    """Rows filled into pages of so much height."""
    pages: list[list[SetRow]] = [[]]
    for row in rows:
        if pages[-1] and sum(r.height for r in pages[-1]) + row.height > height:
            pages.append([])
        pages[-1].append(row)
    return pages


def _table(theme: Theme, rows: list[SetRow], area: Rect, spread: int) -> list[Part]:
    """The rows on one card with a thin line between them."""
    height = sum(row.height + spread for row in rows)
    card = Rect(area.x, area.y, area.w, height)
    parts: list[Part] = [Panel(card, "surface", theme.radius)]
    y = area.y
    for number, row in enumerate(rows):
        cell = Rect(area.x + theme.mm(4.0), y, area.w - 2 * theme.mm(4.0), row.height + spread)
        if number:
            parts.append(Panel(Rect(cell.x, y, cell.w, max(1, theme.mm(0.3))), "step_open"))
        parts += _cells(theme, row, cell)
        y += row.height + spread
    return parts


def _cells(theme: Theme, row: SetRow, cell: Rect) -> list[Part]:
    """Sign, label and value of one row."""
    parts: list[Part] = []
    if row.row.icon:
        side = theme.mm(ICON_MM)
        parts.append(Icon(Rect(cell.x, cell.y + (cell.h - side) // 2, side, side), row.row.icon, "primary"))
        cell = cell.cut_left(side, theme.mm(3.0))[1]
    if row.stacked:
        top = cell.y + (cell.h - row.label.height - row.value.height - theme.mm(3.0)) // 2
        label = Rect(cell.x, top, cell.w, row.label.height)
        value = Rect(cell.x, label.bottom + theme.mm(3.0), cell.w, row.value.height)
    else:
        left = round(cell.w * LABEL_SHARE)
        label, value = Rect(cell.x, cell.y, left, cell.h), Rect(cell.x + left, cell.y, cell.w - left, cell.h)
    middle = not row.stacked
    return [*parts, Words(label, row.label, "quiet", "surface", middle=middle), Words(value, row.value, "ink", "surface", middle=middle)]


def reviewed(view: View, theme: Theme, area: Rect, page: int) -> Middle:
    """Title on top of every page, rows under it; in portrait a drawing above where there is room."""
    room = area.inset(theme.margin)
    words = set_words(view, theme, room.w, room.h)[0]
    gap = theme.mm(6.0)
    height = room.h - words.height - gap
    columns = 2 if not theme.display.portrait and len(view.rows) > 3 and theme.scale < 1.3 else 1
    width = (room.w - theme.margin * (columns - 1)) // columns
    rows = [_set_row(theme, row, width) for row in view.rows]
    half = -(-len(rows) // columns)
    if columns == 2 and max(sum(r.height for r in rows[:half]), sum(r.height for r in rows[half:])) > height:
        columns, width = 1, room.w
        rows = [_set_row(theme, row, width) for row in view.rows]
    pages = [rows] if columns == 2 else _paged(rows, height)
    shown = pages[min(page, len(pages) - 1)]
    parts: list[Part] = []
    used = sum(row.height for row in shown)
    if view.illustration and theme.display.portrait and height - used > theme.mm(LEAST_STAGE_MM) + theme.margin:
        stage, area = area.cut_top(min(height - used - theme.mm(2.0) * len(shown), theme.display.width))
        parts, room = stage_parts(view, theme, stage), area.inset(theme.margin)
        height = room.h - words.height - gap
    top = Rect(room.x, room.y + words.height + gap, width, height)
    spread = max(0, min(theme.mm(4.0), (height - used) // max(1, len(shown)))) if columns == 1 else 0
    parts += [*words.parts(room)]
    if columns == 1:
        return Middle((*parts, *_table(theme, shown, top, spread)), len(pages))
    right = Rect(top.right + theme.margin, top.y, width, height)
    return Middle((*parts, *_table(theme, rows[:half], top, 0), *_table(theme, rows[half:], right, 0)), 1)
