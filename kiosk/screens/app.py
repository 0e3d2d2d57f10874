"""The traveller's window: takes views and camera pictures from any thread, gives back what was touched.

Call `kiosk.screens.window.prepare` first, then import this module. All drawing is done by the thread that calls `run`; other threads
only leave something and wake it. Nothing is drawn while nothing changes.
"""

import logging
import os
import threading
from collections import deque
from collections.abc import Callable
from importlib import import_module
from pathlib import Path

from kivy.base import EventLoop, runTouchApp, stopTouchApp
from kivy.clock import Clock
from kivy.graphics.opengl import GL_RENDERER, glGetString
from PIL import Image

from drivers.contract import Encoding, Kind
from kiosk.screens import board, pictures
from kiosk.screens.frames import frame
from kiosk.screens.keys import KEYS
from kiosk.screens.live import LivePicture
from kiosk.screens.parts.base import Target
from kiosk.screens.sheet import Sheet
from kiosk.screens.textures import OnCard
from kiosk.screens.theme import Display
from kiosk.screens.traveller.showing import Effect, Say, Send, Showing
from kiosk.screens.voice import Sign, Voice
from kiosk.views.desk_parts import MenuView, SignOnView
from kiosk.views.parts import Sentence, View

log = logging.getLogger("mpaka.screens")

HINT_AGAIN_S = 3.0
"""A hint is spoken at most so often."""
BEFORE_DRAWING = -1
"""Kivy's word for: in this frame still. From a touch by way of the lane to the next screen each turn would else cost a frame more."""


class TravellerApp:
    """One window for travellers.

    `send` gets the event of each choice, on the screen's thread: it must not block. `menu` is sent instead after a press of ten
    seconds in the upper left corner. `first` is shown until the first `show`.
    """

    def __init__(self, display: Display, first: View, send: Callable[[object], None], voice: Voice, menu: object = None) -> None:
        self._window = import_module("kivy.core.window").Window
        self._send, self._voice, self._menu = send, voice, menu
        self._showing = Showing(display, first)
        self._board: SignOnView | MenuView | None = None
        self._waiting: deque[View | Sentence | None] = deque()
        self._lock = threading.Lock()
        self._wake = Clock.create_trigger(self._take, BEFORE_DRAWING)
        self._live = LivePicture(self._live_changed)
        self._refresh = Clock.create_trigger(self._live_frame, BEFORE_DRAWING)
        self._hint_spoken = 0.0
        self.sheet = Sheet(self._showing.theme, lambda: self._live.texture)
        self.sheet.on_chosen, self.sheet.on_pressed, self.sheet.on_corner = self._chosen, self._pressed, self._corner
        if os.environ.get("SDL_VIDEODRIVER") == "offscreen":
            import_module("kiosk.screens.offscreen").finish_instead_of_flip(self._window)
        self._window.clearcolor = (0, 0, 0, 1)
        self._window.set_title("Mpaka")
        self._window.bind(on_key_down=self._key)
        self.renderer = glGetString(GL_RENDERER).decode("ascii", "replace")
        log.info("drawing with %s", self.renderer)
        self._draw()
        self.sheet.warm(tuple(pictures.drawings()))

    @property
    def showing(self) -> Showing:
        """What is on the screen now."""
        return self._showing

    @property
    def software_drawing(self) -> bool:
        """Whether the processor draws instead of a graphics card: slow, and on a kiosk a fault to be reported."""
        return any(name in self.renderer.lower() for name in ("llvmpipe", "softpipe", "swrast"))

    def show(self, view: View) -> None:
        """Show this view. Any thread."""
        self._leave(view)

    def live(
        self, kind: Kind, pixels: bytes | memoryview, width: int, height: int, encoding: Encoding, hint: Sentence | None = None
    ) -> None:
        """A camera's newest picture and what it lacks. Any thread; pixels are copied before this returns. Dropped where none is wanted."""
        if self._showing.view.camera is not kind:
            return
        self._live.offer(frame(pixels, width, height, encoding))
        if hint != self._showing.hint:
            self._leave(hint)
        self._refresh()

    def board(self, view: SignOnView | MenuView | None) -> None:
        """Lay the technician's screen over the traveller's, or with None take it away. Any thread."""
        self._board = view
        self._wake()

    def call(self, what: Callable[[], None]) -> None:
        """Have this done on the screen's thread, soon. Any thread."""
        Clock.schedule_once(lambda _seconds: what(), BEFORE_DRAWING)

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

    def snapshot(self, path: Path) -> None:
        """Write what is on the screen now as a PNG. The screen's thread only."""
        offscreen = import_module("kiosk.screens.offscreen")
        Image.fromarray(offscreen.pixels(self._window)).save(path, optimize=True)

    def _leave(self, what: View | Sentence | None) -> None:
        with self._lock:
            self._waiting.append(what)
        self._wake()

    def _take(self, _seconds: float) -> None:
        """Take what other threads left: every view in order, since each may have something to say; drawn once."""
        with self._lock:
            taken, self._waiting = list(self._waiting), deque()
        before = self._showing.view
        for what in taken:
            if isinstance(what, View):
                self._become(*self._showing.with_view(what))
            elif self._showing.view.camera is not None:
                self._hinted(what)
        if self._showing.view.camera is not before.camera or self._showing.view.name == "ATTRACT":
            self._live.forget()
        self._draw()

    def _hinted(self, hint: Sentence | None) -> None:
        """Show the hint, and say it when none was said for a while."""
        self._showing = self._showing.with_hint(hint)
        if hint is not None and Clock.get_time() - self._hint_spoken >= HINT_AGAIN_S:
            self._hint_spoken = Clock.get_time()
            self._voice.say(self._showing.hint_clips(), self._showing.comforts.volume)

    def _live_changed(self, texture: OnCard) -> None:
        self.sheet.live_changed(texture)

    def _live_frame(self, _seconds: float) -> None:
        if self._live.refresh():
            self._window.canvas.ask_update()
            if not self._showing.lit and self._showing.view.camera is not None:
                self._showing = self._showing.with_picture()
                self._draw()

    def _become(self, showing: Showing, effects: tuple[Effect, ...]) -> None:
        self._showing = showing
        for effect in effects:
            match effect:
                case Send(event):
                    self._send(event)
                case Say(clips):
                    self._voice.say(clips, showing.comforts.volume)

    def _draw(self) -> None:
        if self._board is not None:
            self.sheet.show(*board.at_lane(self._board, self._showing.display))
            return
        composed = self._showing.composed()
        self.sheet.show(composed.page, self._showing.theme, self._showing.focus)

    def _pressed(self, target: Target) -> None:
        self._voice.sign(Sign.TOUCHED, self._showing.comforts.volume)
        if self._board is None:
            self._become(self._showing, self._showing.pressed(target))

    def _chosen(self, target: Target) -> None:
        if self._board is not None:
            self._send(target.event)
            return
        self._become(*self._showing.touched(target))
        self._draw()

    def _key(self, _window: object, code: int, *_more: object) -> bool:
        name = import_module("kivy.core.window").Keyboard.keycode_to_string(None, code)
        if self._board is not None:
            return board.press(self._board, name, self._send)
        if name not in KEYS:
            return False
        self._voice.sign(Sign.TOUCHED, self._showing.comforts.volume)
        self._become(*self._showing.key(KEYS[name]))
        self._draw()
        return True

    def _corner(self) -> None:
        if self._menu is not None:
            self._send(self._menu)
