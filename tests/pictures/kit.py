"""Drives the traveller's window without a display: an offscreen surface, a clock that only the test moves, taps by name, real pixels.

One process shows one display: an offscreen surface never changes its size. `open_kit` must be called before anything imports Kivy.
"""

import tempfile
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

import numpy as np
import numpy.typing as npt
from PIL import Image

from kiosk.screens.comfort import Comforts
from kiosk.screens.theme import DISPLAYS, Theme
from kiosk.screens.voice import Silence
from kiosk.screens.window import WindowSettings, prepare
from kiosk.views.parts import View

Pixels = npt.NDArray[np.uint8]
"""Height by width by red, green, blue."""

STEP_S = 1 / 60
PHASE_S = 1.9
"""Moving layers are shown as they stand so long after the screen came: there, and lit."""
SAME = 12
"""A channel may differ by so much and still be called the same."""


class Kit:
    """A traveller's window under test. `sent` holds the events of what was touched, in order."""

    def __init__(self, display: str, first: View, voice: object = None) -> None:
        from kivy.base import EventLoop
        from kivy.clock import Clock

        from kiosk.screens.app import TravellerApp

        self.now = Clock.time()
        Clock.time = lambda: self.now
        Clock.usleep = lambda _microseconds: None
        self._loop = EventLoop
        self.sent: list[object] = []
        self.voice = voice or Silence()
        self.app = TravellerApp(DISPLAYS[display], first, self.sent.append, self.voice, menu="menu asked")
        self._window = self.app._window
        self.app.embed()
        self.step()

    @property
    def theme(self) -> Theme:
        """Of what is on show."""
        return self.app.showing.theme

    @property
    def renderer(self) -> str:
        """Name of the OpenGL driver."""
        return self.app.renderer

    def step(self, frames: int = 1) -> None:
        """Let so many frames go by."""
        for _ in range(frames):
            self.now += STEP_S
            self._loop.idle()

    def wait(self, seconds: float) -> None:
        """Let so much of the fake clock's time go by."""
        self.step(round(seconds / STEP_S))

    def show(self, view: View, comforts: Comforts | None = None, leaf: int = 0) -> None:
        """Show a view with these comforts, opened at this leaf, moving layers at one known phase."""
        chosen = comforts or self.app.showing.comforts
        self.app._showing = replace(self.app.showing, view=view, comforts=chosen, leaf=leaf, focus="", hint=None)
        self.app._draw()
        self.app.sheet._began = self.now - PHASE_S
        self.step(1)

    def tap(self, target_id: str) -> None:
        """Touch the middle of a target and let go."""
        self.press(target_id)
        self.release()

    def press(self, target_id: str) -> None:
        """A finger comes down on the middle of a target."""
        part = self.app.sheet.part(target_id)
        assert part is not None, f"{target_id} cannot be touched on {self.app.showing.view.name}"
        self.press_at(*part.rect.centre)

    def press_at(self, x: int, y: int) -> None:
        """A finger comes down, pixels from the top left."""
        self._touch = _touch(self._window, x, y)
        self._loop.post_dispatch_input("begin", self._touch)
        self.step(2)

    def release(self) -> None:
        """The finger is lifted."""
        self._loop.post_dispatch_input("end", self._touch)
        self.step(2)

    def key(self, code: int) -> None:
        """A key of the keyboard or keypad, by Kivy's number."""
        self._window.dispatch("on_key_down", code, 0, "", [])
        self.step(2)

    def pixels(self) -> Pixels:
        """What is on the screen now."""
        from kiosk.screens.offscreen import pixels

        return pixels(self._window)

    def picture(self) -> Image.Image:
        """What is on the screen now, as a picture."""
        return Image.fromarray(self.pixels())


def open_kit(display: str, first: View, voice_maker: Callable[[], object] | None = None) -> Kit:
    """Set Kivy up for this display and open the window."""
    prepare(WindowSettings(display, Path(tempfile.mkdtemp(prefix="mpaka-kivy-")), offscreen=True))
    return Kit(display, first, voice_maker() if voice_maker else None)


def _touch(window: object, x: int, y: int) -> object:
    from kivy.input.motionevent import MotionEvent

    class Finger(MotionEvent):
        def depack(self, args: dict[str, float]) -> None:
            self.sx, self.sy = args["x"], args["y"]
            self.profile = ["pos"]
            super().depack(args)

    width, height = window.system_size  # type: ignore[attr-defined]
    return Finger("kit", 1, {"x": x / (width - 1), "y": 1 - y / (height - 1)}, is_touch=True, type_id="touch")


def difference(one: Pixels, other: Pixels) -> float:
    """Share of pixels that differ by more than SAME, after forgiving a shift by one pixel in any direction; 1.0 for other sizes."""
    if one.shape != other.shape:
        return 1.0
    rows, columns = np.nonzero(_apart(one, other) > SAME)
    if not len(rows):
        return 0.0
    region = slice(max(0, rows.min() - 1), rows.max() + 2), slice(max(0, columns.min() - 1), columns.max() + 2)
    a, b = one[region], other[region]
    least = np.minimum.reduce([_apart(a, np.roll(b, (dy, dx), (0, 1))) for dy in (-1, 0, 1) for dx in (-1, 0, 1)])
    return float((least > SAME).sum() / (one.shape[0] * one.shape[1]))


def _apart(one: Pixels, other: Pixels) -> Pixels:
    """The largest difference of any channel, for each pixel."""
    difference: Pixels = (np.maximum(one, other) - np.minimum(one, other)).max(axis=2)
    return difference
