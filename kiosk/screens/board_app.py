"""A window for people at work: the officer's desk, and signing on. Takes views from any thread, gives back what was touched or typed.

Call `kiosk.screens.window.prepare` first, then import this module. Nothing is drawn while nothing changes.
"""

import logging
from collections.abc import Callable
from importlib import import_module

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.graphics.opengl import GL_RENDERER, glGetString

from kiosk.screens import sign_on_page
from kiosk.screens.officer import compose as officer
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Target
from kiosk.screens.sheet import Sheet
from kiosk.screens.textures import OnCard
from kiosk.screens.theme import Display, Theme
from kiosk.views.desk_parts import Action, DeskView, SignOnView

log = logging.getLogger("mpaka.screens")

BoardView = DeskView | SignOnView
KEY_NAMES = {"enter": "Enter", "numpadenter": "Enter", "escape": "Esc", "backspace": "Backspace"}
"""Kivy's name of a key -> the name on a button."""


class BoardApp:
    """One window. `send` gets the event of each action, on the screen's thread."""

    def __init__(self, display: Display, first: BoardView, send: Callable[[object], None]) -> None:
        self._window = import_module("kivy.core.window").Window
        self._send = send
        self._theme = Theme(display)
        self._view: BoardView = first
        self._wake = Clock.create_trigger(lambda _seconds: self._draw())
        self.turned: Callable[[], None] = _nothing
        self._turn = Clock.create_trigger(lambda _seconds: self.turned())
        self.sheet = Sheet(self._theme, _no_camera)
        self.sheet.on_chosen = self._chosen
        self._window.clearcolor = (0, 0, 0, 1)
        self._window.bind(on_key_down=self._key)
        self.renderer = glGetString(GL_RENDERER).decode("ascii", "replace")
        log.info("drawing with %s", self.renderer)
        self._draw()

    @property
    def view(self) -> BoardView:
        """What is on the screen now."""
        return self._view

    def show(self, view: BoardView) -> None:
        """Show this view. Any thread."""
        self._view = view
        self._wake()

    def wake(self) -> None:
        """Have `turned` called on the screen's thread. Any thread."""
        self._turn()

    def run(self) -> None:
        """Show the window until `stop`."""
        runTouchApp(self.sheet)

    def stop(self) -> None:
        """Close the window. Any thread."""
        Clock.schedule_once(lambda _seconds: stopTouchApp(), 0)

    def embed(self) -> None:
        """Put the sheet into the window without running a loop: whoever calls turns it (tests, pictures)."""
        runTouchApp(self.sheet, embedded=True)
        EventLoop.idle()

    def _draw(self) -> None:
        self.sheet.show(page(self._view, self._theme), self._theme)

    def _chosen(self, target: Target) -> None:
        self._send(target.event)

    def _key(self, window: object, code: int, scancode: int, text: str | None, modifiers: list[str]) -> bool:
        name = import_module("kivy.core.window").Keyboard.keycode_to_string(None, code)
        return self.press(KEY_NAMES.get(name, name.upper() if name.startswith("f") else name.removeprefix("numpad")))

    def press(self, key: str) -> bool:
        """The key with this name was pressed; whether it meant anything here."""
        wanted = next((action for action in reachable(self._view) if action.key == key and action.possible), None)
        if wanted is not None:
            self._send(wanted.event)
        return wanted is not None


def page(view: BoardView, theme: Theme) -> Page:
    """The view as parts."""
    return officer.compose(view, theme) if isinstance(view, DeskView) else sign_on_page.compose(view, theme)


def reachable(view: BoardView) -> tuple[Action, ...]:
    """What the keyboard can do now: the answers of a question, or the actions."""
    if isinstance(view, SignOnView):
        return (*view.people, *((view.back,) if view.back else ()))
    return view.question.answers if view.question is not None else view.actions


def _no_camera() -> OnCard:
    raise LookupError("a desk has no live camera")


def _nothing() -> None:
    """Nobody listens yet."""
