"""The screens that ask: a title, and two to eight tiles to touch, as large as the room allows. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect, grid
from kiosk.screens.lettering import Lettering
from kiosk.screens.parts.base import Part
from kiosk.screens.parts.button import Tile
from kiosk.screens.theme import MAIN_MM, Theme
from kiosk.screens.traveller.frame import target
from kiosk.screens.traveller.stage import LEAST_STAGE_MM, TALLEST_STAGE, Middle, stage_parts
from kiosk.screens.traveller.words import TITLE_FACTORS, body, set_words
from kiosk.views.parts import Choice, View

ICONS_MM = {False: (13.0, 10.0), True: (20.0, 14.0)}
"""Least side of a tile's sign (row, card): the larger where it costs no second leaf; none is lower than two capitals."""
LINES_IN_CARD = 3
TALLEST_MM = {False: 32.0, True: 64.0}
"""A tile grows no higher than this (row, card); what is left goes to the stage."""
PAD_MM = 4.0
GAPS = (1.6, 0.85)
"""Between the words and the first tile, in capitals."""


@dataclass(frozen=True)
class Plan:
    """One way of laying the tiles out: columns, row or card style, side of the sign, least height, how many on a page."""

    columns: int
    card: bool
    icon: int
    height: int
    a_page: int
    letters: tuple[Lettering, ...]

    def rows(self, count: int) -> int:
        """Rows that so many tiles take."""
        return -(-count // self.columns)


def _plan(choices: tuple[Choice, ...], theme: Theme, room: Rect, columns: int, card: bool, icon_mm: float) -> Plan | None:
    """The tiles in so many columns, None where a word or a tile does not fit."""
    pad = theme.mm(PAD_MM)
    cell = (room.w - theme.gap * (columns - 1)) // columns
    sign = theme.em(1.8, icon_mm) if any(choice.icon for choice in choices) else 0
    width = cell - 2 * pad - (sign + pad if sign and not card else 0)
    if width <= 0:
        return None
    letters = tuple(body(theme, choice.says.text, width, bold=True, balance=card) for choice in choices)
    tallest = max(text.height + text.overhang for text in letters)
    least = max(theme.least(MAIN_MM), (tallest + sign + 2 * pad if card else max(tallest, sign)) + theme.mm(3.0))
    fitting = (room.h + theme.gap) // (least + theme.gap)
    if not fitting or any(text.width > width for text in letters):
        return None
    return Plan(columns, card, sign, least, min(len(choices), fitting * columns), letters)


def _best(choices: tuple[Choice, ...], theme: Theme, room: Rect) -> Plan | None:
    """Fewest leaves first; then rows for many and cards for few; then no hole in the last row; then large signs."""
    count = len(choices)
    plans = [
        plan
        for columns in range(1, min(4, count) + 1)
        for card, sides in ICONS_MM.items()
        for side in sides
        if (plan := _plan(choices, theme, room, columns, card, side)) is not None
    ]

    def rank(plan: Plan) -> tuple[int, bool, int, int, int]:
        hole = (plan.columns - count % plan.columns) % plan.columns
        calm = plan.card is (count <= 4 and plan.columns > 1 and max(len(text.lines) for text in plan.letters) <= LINES_IN_CARD)
        shape = abs(plan.columns - (2 if plan.card else 1)) if theme.display.portrait else plan.rows(count)
        return -(-count // plan.a_page), not calm, hole, shape, -plan.icon

    return min(plans, key=rank) if plans else None


def asked(view: View, theme: Theme, area: Rect, page: int) -> Middle:
    """Title and lines on top, the tiles under them; a stage where there is room for it."""
    return _upright(view, theme, area, page) if theme.display.portrait else _flat(view, theme, area, page)


def _flat(view: View, theme: Theme, area: Rect, page: int) -> Middle:
    """Landscape: beside a stage where that needs no second leaf, else over the whole width."""
    for share in (0.38, 0.32) if view.illustration and len(view.choices) <= 6 else ():
        stage = Rect(0, area.y, round(theme.display.width * share), area.h)
        laid = _laid(view, theme, area.cut_left(stage.w)[1].inset(theme.margin, theme.mm(4.0)), page)
        if laid.pages == 1:
            return Middle((*stage_parts(view, theme, stage), *laid.parts), 1)
    return _laid(view, theme, area.inset(theme.margin, theme.mm(4.0)), page)


def _upright(view: View, theme: Theme, area: Rect, page: int) -> Middle:
    """Portrait: words and tiles low, within reach; the stage takes what is left above. Several leaves have no stage, so that none jumps."""
    room = area.inset(theme.margin)
    laid = _laid(view, theme, room, page)
    spare = room.bottom - max((part.rect.bottom for part in laid.parts), default=room.bottom)
    if laid.pages > 1 or not spare:
        return laid
    if spare < theme.mm(LEAST_STAGE_MM):
        lower = _laid(view, theme, room.cut_top(spare)[1], page)
        return lower if lower.pages == 1 else laid
    stage, rest = area.cut_top(min(spare, round(theme.display.width * TALLEST_STAGE)))
    below = _laid(view, theme, rest.inset(theme.margin), page)
    return Middle((*stage_parts(view, theme, stage), *below.parts), 1) if below.pages == 1 else laid


def _laid(view: View, theme: Theme, room: Rect, page: int) -> Middle:
    """Words and tiles in `room`. Words that leave no room for a tile get the first leaves alone."""
    words = set_words(view, theme, room.w, room.h)
    plan: Plan | None = None
    below, first = room, 0
    for factor in TITLE_FACTORS if len(words) == 1 else ():
        block = words[0] if factor == 1.0 else set_words(view, theme, room.w, room.h, factors=(factor,))[0]
        for gap in GAPS:
            tried = room.cut_top(block.height, theme.em(gap))[1]
            better = _best(view.choices, theme, tried)
            if better is not None and (plan is None or better.a_page > plan.a_page):
                plan, below, words = better, tried, [block]
    if plan is None:
        plan, below, first = _best(view.choices, theme, room), room, len(words)
    if plan is None:
        return Middle(tuple(words[min(page, len(words) - 1)].parts(room)), len(words))
    pages = first + -(-len(view.choices) // plan.a_page)
    if page < first:
        return Middle(tuple(words[page].parts(room)), pages)
    above = [] if first else words[0].parts(room)
    tiles = _tiles(view, theme, plan, below, (min(page, pages - 1) - first) * plan.a_page)
    return Middle((*above, *tiles), pages)


def _tiles(view: View, theme: Theme, plan: Plan, area: Rect, first: int) -> list[Part]:
    """The tiles of one leaf, grown into the room up to their tallest, and their signs with them."""
    choices = view.choices[first : first + plan.a_page]
    rows = plan.rows(plan.a_page)
    grown = (area.h - theme.gap * (rows - 1)) // rows
    height = max(plan.height, min(grown, theme.mm(TALLEST_MM[plan.card])))
    cells = grid(area, plan.columns, len(choices), theme.gap, height)
    icon = plan.icon + min(plan.icon // 2, round((height - plan.height) * 0.6)) if plan.card else plan.icon
    tallest = max(text.height for text in plan.letters[first : first + len(choices)])
    return [
        Tile(
            cell, target(view, choice), plan.letters[first + number], choice.icon, icon, plan.card, choice.chosen, theme.mm(PAD_MM), tallest
        )
        for number, (choice, cell) in enumerate(zip(choices, cells, strict=True))
    ]
