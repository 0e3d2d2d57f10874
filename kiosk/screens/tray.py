"""The demo's tray: specimens to lay down and people to step up, each a picture to touch. For playing the post by hand."""

from collections.abc import Callable
from dataclasses import dataclass
from importlib import import_module
from typing import Any

from kivy.base import runTouchApp

from kiosk.screens.geometry import Rect, grid
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Panel, Part, Reach, Target, Words
from kiosk.screens.parts.board import Photograph, text
from kiosk.screens.sheet import Sheet
from kiosk.screens.textures import OnCard
from kiosk.screens.theme import Display, Theme
from kiosk.views.desk_parts import Photo


@dataclass(frozen=True)
class Thing:
    """Something in the tray: its picture and what touching it means."""

    photo: Photo
    event: object


def compose(things: tuple[Thing, ...], chosen: frozenset[int], theme: Theme) -> Page:
    """All things in two rows; what lies on a device is marked."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    parts: list[Part] = [Panel(screen, "surface")]
    columns = -(-len(things) // 2)
    area = screen.inset(theme.mm(2.0))
    height = (area.h - theme.gap) // 2
    for at, place in enumerate(grid(area, columns, len(things), theme.gap, height)):
        target = Target(f"thing_{at}", things[at].event, reach=Reach.KEY)
        parts.append(Panel(place, "primary" if at in chosen else "ground", theme.radius, "edge", target=target))
        caption, picture = place.inset(theme.mm(1.5)).cut_bottom(theme.mm(5.0))
        parts.append(Photograph(picture, things[at].photo))
        colours = ("on_primary", "primary") if at in chosen else ("ink", "ground")
        parts.append(Words(caption, text(theme, things[at].photo.caption, caption.w), *colours, "centre", middle=True))
    return Page(tuple(parts))


class TrayWindow:
    """Shows the things; `touched` gets the event of each and returns which lie on a device now."""

    def __init__(self, display: Display, things: tuple[Thing, ...], touched: Callable[[Any], frozenset[int]]) -> None:
        self._theme, self._things, self._touched = Theme(display), things, touched
        self._window = import_module("kivy.core.window").Window
        self._window.set_title("Mpaka: tray of specimens")
        self._sheet = Sheet(self._theme, _no_camera)
        self._sheet.on_chosen = self._chosen
        self._sheet.show(compose(things, frozenset(), self._theme), self._theme)

    def run(self) -> None:
        """Until the window is closed."""
        runTouchApp(self._sheet)

    def _chosen(self, target: Target) -> None:
        self._sheet.show(compose(self._things, self._touched(target.event), self._theme), self._theme)


def _no_camera() -> OnCard:
    raise LookupError("a tray has no live camera")
