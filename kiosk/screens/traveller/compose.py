"""From a `View` to a `Page`: frame, middle and overlay put together, and how many leaves there are to turn. PURE."""

from dataclasses import dataclass, replace

from kiosk.screens.geometry import Rect
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Panel, Part, Target, Words
from kiosk.screens.parts.display import Live
from kiosk.screens.theme import Theme
from kiosk.screens.traveller.choices import asked
from kiosk.screens.traveller.frame import Bar, Leaf, bar, header, header_height, target
from kiosk.screens.traveller.overlay import overlay
from kiosk.screens.traveller.review import reviewed
from kiosk.screens.traveller.stage import Middle, staged
from kiosk.screens.traveller.words import body as text
from kiosk.views.parts import Layout, Sentence, View

ANYWHERE = "anywhere"
"""Id of the target that is the whole screen."""


@dataclass(frozen=True)
class Composed:
    """A page and which leaf of the view it is."""

    page: Page
    leaf: Leaf


def compose(view: View, theme: Theme, number: int = 0, hint: Sentence | None = None, volume: float = 0.6, *, lit: bool = True) -> Composed:
    """The page that shows leaf `number` of the view; until the camera's first picture (`lit` False) a drawing stands in its place.

    A view that fits has one leaf; the bar of one with more is laid out again.
    """
    if not lit:
        view = replace(view, camera=None)
    leaf = Leaf()
    middle, foot = _laid(view, theme, leaf)
    if middle.pages > 1:
        total = _laid(view, theme, Leaf(0, middle.pages))[0].pages
        leaf = Leaf(min(number, total - 1), total)
        middle, foot = _laid(view, theme, leaf)
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    touch_anywhere = _anywhere(view, screen)
    under = (
        Panel(screen, "ground", target=touch_anywhere),
        *header(view, theme, volume),
        *middle.parts,
        *_hint(theme, middle, hint),
        *foot.parts,
    )
    if view.overlay is None:
        return Composed(Page(under), leaf)
    return Composed(Page((*under, *overlay(view, view.overlay, theme)), modal_from=len(under)), leaf)


def _laid(view: View, theme: Theme, leaf: Leaf) -> tuple[Middle, Bar]:
    """Middle and foot; every leaf has the bar of the highest, so that nothing jumps when leaves are turned."""
    foots = [bar(view, theme, each) for each in (leaf, Leaf(0, leaf.total), Leaf(leaf.total - 1, leaf.total))]
    height = max(foot.height for foot in foots)
    top = header_height(view, theme)
    body = Rect(0, top, theme.display.width, theme.display.height - top - height)
    return _middle(view, theme, body, leaf.number), foots[0].raised(theme, height)


def _middle(view: View, theme: Theme, body: Rect, page: int) -> Middle:
    """What stands between header and bar."""
    match view.layout:
        case Layout.CHOICES if view.choices:
            return asked(view, theme, body, page)
        case Layout.REVIEW:
            return reviewed(view, theme, body, page)
        case _:
            return staged(view, theme, body, page)


def _hint(theme: Theme, middle: Middle, hint: Sentence | None) -> list[Part]:
    """What the live picture lacks, on a band over its foot."""
    live = next((part for part in middle.parts if isinstance(part, Live)), None)
    if live is None or hint is None:
        return []
    letters = text(theme, hint.text, live.rect.w - 2 * theme.mm(4.0), bold=True, balance=True)
    band = live.rect.cut_bottom(letters.height + 2 * letters.overhang + theme.mm(3.0))[0]
    return [Panel(band, "warning"), Words(band, letters, "on_warning", "warning", "centre", middle=True)]


def _anywhere(view: View, screen: Rect) -> Target | None:
    """The whole screen begins where there is nothing to choose yet."""
    if view.layout is Layout.ATTRACT and view.main is not None:
        return replace(target(view, view.main), id=ANYWHERE)
    return None
