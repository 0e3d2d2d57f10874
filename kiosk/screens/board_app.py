"""A window for people at work: the officer's desk, and signing on. Takes views from any thread, gives back what was touched or typed.

Call `kiosk.screens.window.prepare` first, then import this module. Nothing is drawn while nothing changes.
"""

import logging
import os
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.graphics.opengl import GL_RENDERER, glGetString
from PIL import Image

from kiosk.screens import board
from kiosk.screens.parts.base import Target
from kiosk.screens.sheet import Sheet
from kiosk.screens.textures import OnCard
from kiosk.screens.theme import Display, Theme
from kiosk.views.desk_parts import DeskView, SignOnView

log = logging.getLogger("mpaka.screens")

BoardView = DeskView | SignOnView


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
        if os.environ.get("SDL_VIDEODRIVER") == "offscreen":
            import_module("kiosk.screens.offscreen").finish_instead_of_flip(self._window)
        self._window.clearcolor = (0, 0, 0, 1)
        self._window.set_title("Mpaka: desk")
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

    def call(self, what: Callable[[], None]) -> None:
        """Have this done on the screen's thread, soon. Any thread."""
        Clock.schedule_once(lambda _seconds: what(), 0)

    def snapshot(self, path: Path) -> None:
        """Write what is on the screen now as a PNG. The screen's thread only."""
        offscreen = import_module("kiosk.screens.offscreen")
        Image.fromarray(offscreen.pixels(self._window)).save(path, optimize=True)

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
        self.sheet.show(board.at_desk(self._view, self._theme), self._theme)

    def _chosen(self, target: Target) -> None:
        self._send(target.event)

    def _key(self, window: object, code: int, scancode: int, text: str | None, modifiers: list[str]) -> bool:
        name = import_module("kivy.core.window").Keyboard.keycode_to_string(None, code)
        return board.press(self._view, name, self._send)


def _no_camera() -> OnCard:
    raise LookupError("a desk has no live camera")


def _nothing() -> None:
    """Nobody listens yet."""
