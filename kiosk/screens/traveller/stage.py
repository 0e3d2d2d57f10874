"""The screens with a stage: a large drawing or the live camera, and words beside or below it. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.parts.base import Panel, Part
from kiosk.screens.parts.display import Art, Live
from kiosk.screens.theme import Theme
from kiosk.screens.traveller.ticket import has_ticket, ticket, ticket_height
from kiosk.screens.traveller.words import Block, set_words
from kiosk.views.parts import Layout, View

SHARES = (0.46, 0.40, 0.34, 0.29)
"""How much of the width the stage may take in landscape: the most that leaves the words room on one page."""
LEAST_STAGE_MM = 36.0
"""A stage lower than this shows nothing worth showing."""
DRAWINGS = {
    Layout.ATTRACT: "welcome",
    Layout.CHOICES: "journey",
    Layout.REVIEW: "review",
    Layout.WAIT: "please_wait",
    Layout.TOKEN: "take_slip",
    Layout.CLOSED: "lane_closed",
}
"""What the stage shows where a view names no drawing."""
FACE_OVAL = 0.72
"""Height of the frame for a face against the stage."""


@dataclass(frozen=True)
class Middle:
    """The parts between header and bar for one page, and how many pages there are."""

    parts: tuple[Part, ...]
    pages: int


def staged(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Stage left and words right in landscape, stage above and words below in portrait."""
    return _upright(view, theme, body, page) if theme.display.portrait else _flat(view, theme, body, page)


def stage_parts(view: View, theme: Theme, area: Rect) -> list[Part]:
    """What the stage shows: the camera where the view wants one, else the drawing."""
    if view.camera is not None:
        tall = round(area.h * FACE_OVAL)
        wide = min(round(area.w * 0.8), round(tall * (0.78 if "face" in view.camera else 1.42)))
        frame = Rect(area.x + (area.w - wide) // 2, area.y + (area.h - tall) // 2, wide, tall)
        return [Live(area, "face" in view.camera, frame)]
    parts: list[Part] = [Panel(area, "stage")]
    drawing = view.illustration or DRAWINGS.get(view.layout, "")
    if drawing:
        parts.append(Art(area.inset(theme.mm(2.0)).fitted(1, 1), drawing))
    return parts


def _words_pages(view: View, theme: Theme, width: int, height: int) -> list[Block]:
    """The words' pages in the room that the card leaves."""
    card = ticket_height(view, theme, width)
    left = height - (card + theme.mm(6.0) if card else 0)
    return set_words(view, theme, width, left, numbered=view.layout is Layout.INSTRUCT)


def _flat(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Landscape. A drawing is kept even where the words then need a second page: not everybody reads."""
    margin = theme.margin + theme.mm(1.0)
    best: tuple[Rect, Rect, list[Block]] | None = None
    for share in SHARES:
        stage = Rect(0, body.y, round(theme.display.width * share), body.h)
        area = Rect(stage.right + margin, body.y + margin, theme.display.width - stage.right - 2 * margin, body.h - 2 * margin)
        pages = _words_pages(view, theme, area.w, area.h)
        if best is None or len(pages) < len(best[2]):
            best = (stage, area, pages)
        if len(pages) == 1:
            break
    assert best is not None
    stage, area, pages = best
    shown = pages[min(page, len(pages) - 1)]
    return Middle(tuple(stage_parts(view, theme, stage) + _beside(view, theme, area, shown)), len(pages))


def _beside(view: View, theme: Theme, area: Rect, block: Block) -> list[Part]:
    """Words in the middle of the height, the card under them."""
    parts: list[Part] = []
    room = area
    card = ticket_height(view, theme, area.w)
    whole = block.height + (card + theme.mm(6.0) if card else 0)
    y = room.y + max(0, (room.h - whole) // 2)
    parts += block.parts(Rect(room.x, y, room.w, block.height))
    if has_ticket(view):
        parts += ticket(view, theme, Rect(room.x, y + block.height + theme.mm(6.0), room.w, card))
    return parts


def _upright(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Portrait: the stage takes what the words leave, up to a little more than a square."""
    margin, width = theme.margin, theme.display.width - 2 * theme.margin
    pages = _words_pages(view, theme, width, body.h - theme.mm(LEAST_STAGE_MM) - 2 * margin)
    card = ticket_height(view, theme, width)
    tallest = max(block.height for block in pages) + (card + theme.mm(6.0) if card else 0)
    stage, rest = body.cut_top(min(body.h - tallest - 2 * margin, round(theme.display.width * 1.06)))
    area = rest.inset(margin)
    return Middle(tuple(stage_parts(view, theme, stage) + _beside(view, theme, area, pages[min(page, len(pages) - 1)])), len(pages))
