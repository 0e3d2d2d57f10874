"""The screens with a stage: a large drawing or the live camera, and words beside or below it. PURE."""

from dataclasses import dataclass, replace

from drivers.contract import Kind
from kiosk.screens.geometry import Rect
from kiosk.screens.parts.base import Panel, Part
from kiosk.screens.parts.display import Art, Live
from kiosk.screens.theme import Theme
from kiosk.screens.traveller.ticket import ticket, ticket_height
from kiosk.screens.traveller.words import Block, set_words
from kiosk.views.parts import Layout, View

SHARES = (0.46, 0.40, 0.34, 0.29)
"""How much of the width the stage may take in landscape: the most that leaves the words room on one leaf."""
LEAST_STAGE_MM = 36.0
"""A stage lower than this shows nothing worth showing."""
TALLEST_STAGE = 1.06
"""A portrait stage's height against its width: drawings are square."""
CARD_GAP = 1.4
"""Between words and card, in capitals."""
DRAWINGS = {
    Layout.ATTRACT: "welcome",
    Layout.CHOICES: "journey",
    Layout.REVIEW: "review",
    Layout.WAIT: "please_wait",
    Layout.TOKEN: "take_slip",
    Layout.CLOSED: "lane_closed",
}
"""What the stage shows where a view names no drawing."""
FRAME_HEIGHT, HINT_BAND = 0.8, 2.7
"""Height of the frame for a face against the stage; what the hint at its foot takes, in capitals."""
GLASS = (4, 3)
"""The shape of a document camera's picture."""


@dataclass(frozen=True)
class Middle:
    """The parts between header and bar for one leaf, and how many leaves there are."""

    parts: tuple[Part, ...]
    pages: int


@dataclass(frozen=True)
class Leaflet:
    """What stands beside the stage on one leaf: words, the card with the queue number, or both."""

    words: Block | None
    card: int = 0

    def height(self, theme: Theme) -> int:
        """Of both with the space between them."""
        return (self.words.height if self.words else 0) + self.card + (theme.em(CARD_GAP) if self.words and self.card else 0)

    def parts(self, view: View, theme: Theme, area: Rect) -> list[Part]:
        """In the middle of the height of `area`."""
        y = area.y + max(0, (area.h - self.height(theme)) // 2)
        parts: list[Part] = []
        if self.words:
            parts += self.words.parts(Rect(area.x, y, area.w, self.words.height))
            y += self.words.height + theme.em(CARD_GAP)
        if self.card:
            parts += ticket(view, theme, Rect(area.x, y, area.w, self.card))
        return parts


def staged(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Stage left and words right in landscape, stage above and words below in portrait."""
    return _upright(view, theme, body, page) if theme.display.portrait else _flat(view, theme, body, page)


def stage_parts(view: View, theme: Theme, area: Rect) -> list[Part]:
    """What the stage shows: the camera where the view wants one, else the drawing."""
    if view.camera is not None:
        face = view.camera is Kind.FACE_CAMERA
        clear = area.cut_bottom(theme.em(HINT_BAND))[1]
        if not face:
            # a document is seen whole: its owner has to see that it lies straight
            seen = clear.fitted(*GLASS)
            return [Panel(area, "veil"), Live(seen, False, seen.inset(round(seen.w * 0.06), round(seen.h * 0.1)))]
        tall = round(clear.h * FRAME_HEIGHT)
        wide = min(round(area.w * 0.8), round(tall * 0.78))
        frame = Rect(area.x + (area.w - wide) // 2, clear.y + (clear.h - tall) // 2, wide, tall)
        return [Live(area, face, frame)]
    drawing = view.illustration or DRAWINGS.get(view.layout, "")
    parts: list[Part] = [Panel(area, "stage")]
    return [*parts, Art(area.inset(theme.mm(2.0)).fitted(1, 1), drawing)] if drawing else parts


def _leaflets(view: View, theme: Theme, width: int, height: int) -> list[Leaflet]:
    """Words and card on one leaf where they fit, else the card first, with the title where that fits, and then the words."""
    numbered = view.layout is Layout.INSTRUCT
    card = ticket_height(view, theme, width)
    if not card:
        return [Leaflet(block) for block in set_words(view, theme, width, height, numbered=numbered)]
    together = set_words(view, theme, width, height - card - theme.em(CARD_GAP), numbered=numbered)
    if len(together) == 1 and Leaflet(together[0], card).height(theme) <= height:
        return [Leaflet(together[0], card)]
    title = set_words(replace(view, lines=(), waiting=None), theme, width, height - card - theme.em(CARD_GAP))[0]
    first = Leaflet(title, card)
    if first.height(theme) <= height:
        rest = set_words(replace(view, title=replace(view.title, text="")), theme, width, height)
    else:
        first, rest = Leaflet(None, card), set_words(view, theme, width, height)
    return [first, *(Leaflet(block) for block in rest)]


def _fit(leaflets: list[Leaflet], theme: Theme, area: Rect) -> bool:
    """Whether every leaf stays in its room."""
    return all(leaf.height(theme) <= area.h and (leaf.words is None or leaf.words.width <= area.w) for leaf in leaflets)


def _flat(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Landscape. The drawing stays even where the words then need a second leaf: not everybody reads. It goes where they cannot fit."""
    margin = theme.margin + theme.mm(1.0)
    laid: list[tuple[Rect, Rect, list[Leaflet]]] = []
    for share in (*SHARES, 0.0):
        stage = Rect(0, body.y, round(theme.display.width * share), body.h)
        area = body.cut_left(stage.w)[1].inset(margin, theme.mm(4.5))
        leaflets = _leaflets(view, theme, area.w, area.h)
        if _fit(leaflets, theme, area):
            laid.append((stage, area, leaflets))
            if len(leaflets) == 1:
                break
    with_stage = [one for one in laid if one[0].w] or laid or [(stage, area, leaflets)]
    stage, area, leaflets = min(with_stage, key=lambda one: len(one[2]))
    shown = leaflets[min(page, len(leaflets) - 1)]
    return Middle((*(stage_parts(view, theme, stage) if stage.w else []), *shown.parts(view, theme, area)), len(leaflets))


def _upright(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """Portrait: the stage takes what the words leave, up to a little more than a square."""
    margin, width = theme.margin, theme.display.width - 2 * theme.margin
    leaflets = _leaflets(view, theme, width, body.h - theme.mm(LEAST_STAGE_MM) - 2 * margin)
    tallest = max(leaf.height(theme) for leaf in leaflets)
    stage, rest = body.cut_top(min(body.h - tallest - 2 * margin, round(theme.display.width * TALLEST_STAGE)))
    shown = leaflets[min(page, len(leaflets) - 1)]
    return Middle((*stage_parts(view, theme, stage), *shown.parts(view, theme, rest.inset(margin))), len(leaflets))
