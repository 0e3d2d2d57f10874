"""A finger at a lane's window, timed: it comes at any moment, and what counts is when the picture that follows has been drawn.

Import only after Kivy was prepared, that is after a LaneStation was made.
"""

import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from itertools import count
from typing import Any

import numpy as np
from kivy.base import EventLoop
from kivy.core.window import Window

from kiosk.screens.hands import Fingertip
from kiosk.screens.offscreen import pixels

REST_S, DOWN_S, PATIENCE_S = 0.2, 0.15, 25.0
FRAME_S = 1 / 30


class Frames:
    """Every picture that the window has finished, with the state that it shows."""

    def __init__(self, app: Any) -> None:
        self._app, self._drawn = app, threading.Condition()
        self.at, self.shows, self.number = 0.0, "", 0
        window, finish = type(Window), type(Window).flip

        def flip(shown: Any) -> None:
            # returns when the picture is drawn: glFinish offscreen, the swap of buffers on a display
            finish(shown)
            with self._drawn:
                self.at, self.shows, self.number = time.monotonic(), app.showing.view.name, self.number + 1
                self._drawn.notify_all()

        window.flip = flip

    def wait(self, suits: Callable[[], bool], what: str) -> float:
        """When the first picture that suits was drawn. Raises TimeoutError."""
        with self._drawn:
            if not self._drawn.wait_for(suits, PATIENCE_S):
                raise TimeoutError(f"{what} was not drawn in {PATIENCE_S} s; {self.shows} is on the screen")
            return self.at

    def showing(self, *names: str) -> float:
        """When one of these states was drawn."""
        return self.wait(lambda: self.shows in names, " or ".join(names))


@dataclass
class Times:
    """Seconds of what was looked at, and processor seconds of the lane for the whole of a touch and its new screen."""

    reactions: list[float] = field(default_factory=list)
    changes: list[float] = field(default_factory=list)
    cpu: list[float] = field(default_factory=list)
    unseen: int = 0
    slowest: tuple[float, str] = (0.0, "")


class Visitor:
    """Touches targets by their names."""

    def __init__(self, app: Any, frames: Frames) -> None:
        self._app, self._frames = app, frames
        self._numbers, self._chance = count(1), random.Random(1)
        self.times = Times()

    def touch(self, *targets: str, to: tuple[str, ...]) -> None:
        """Touch the first of these that is there, and wait until one of the states `to` is drawn. Raises TimeoutError."""
        time.sleep(REST_S)
        due = time.monotonic() + PATIENCE_S
        while (target := self._there(targets)) is None:
            if time.monotonic() > due:
                raise TimeoutError(f"{', '.join(targets)} cannot be touched on {self._frames.shows}")
            if self._there(("page_forward",)):
                self._press("page_forward")
            time.sleep(REST_S)
        before = self._on_screen(lambda: pixels(Window))
        # a finger comes at any moment of a frame
        time.sleep(REST_S + self._chance.uniform(0, FRAME_S))
        cpu, finger, began = time.process_time(), self._finger(target), time.monotonic()
        self.times.reactions.append(self._event("begin", finger) - began)
        cpu = time.process_time() - cpu
        if np.array_equal(before, self._on_screen(lambda: pixels(Window))):
            self.times.unseen += 1
        time.sleep(DOWN_S + self._chance.uniform(0, FRAME_S))
        cpu_again, began = time.process_time(), time.monotonic()
        self._app.call(lambda: EventLoop.post_dispatch_input("end", finger))
        self.times.changes.append(self._frames.showing(*to) - began)
        self.times.slowest = max(self.times.slowest, (self.times.changes[-1], f"{target} to {self._frames.shows}"))
        self.times.cpu.append(cpu + time.process_time() - cpu_again)

    def _press(self, target: str) -> None:
        finger = self._finger(target)
        self._event("begin", finger)
        time.sleep(DOWN_S)
        self._event("end", finger)

    def _event(self, kind: str, finger: Fingertip) -> float:
        """Give it to the window and wait for the picture after it."""
        given: list[int] = []

        def give() -> None:
            EventLoop.post_dispatch_input(kind, finger)
            given.append(self._frames.number)

        self._app.call(give)
        return self._frames.wait(lambda: bool(given) and self._frames.number > given[0], f"what follows {kind}")

    def _there(self, targets: tuple[str, ...]) -> str | None:
        return next((target for target in targets if self._on_screen(lambda target=target: self._app.sheet.part(target))), None)

    def _finger(self, target: str) -> Fingertip:
        display = self._app.sheet.theme.display
        x, y = self._on_screen(lambda: self._app.sheet.part(target).rect.centre)
        place = {"x": x / (display.width - 1), "y": 1 - y / (display.height - 1)}
        return Fingertip("played", next(self._numbers), place, is_touch=True, type_id="touch")

    def _on_screen(self, what: Callable[[], Any]) -> Any:
        done, came = threading.Event(), []
        self._app.call(lambda: (came.append(what()), done.set()))
        if not done.wait(PATIENCE_S):
            raise TimeoutError("the window does not move")
        return came[0]
