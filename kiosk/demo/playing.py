"""How a program plays a person at a window: looks at what is shown, pictures it, touches what is there."""

import json
import sys
import threading
import time
import traceback
from collections.abc import Callable
from functools import partial
from importlib import import_module
from pathlib import Path
from typing import Any

from kiosk.demo.page import Shot

SETTLE_S, LOOK_S, PATIENCE_S = 0.45, 0.05, 60.0


class Stuck(RuntimeError):
    """The person does not know how to go on; the text says on which screen."""


class Playing:
    """A window that is played. Pictures are numbered in the order of the story."""

    def __init__(self, app: Any, pictures: Path, prefix: str) -> None:
        """`app` is a TravellerApp or a BoardApp."""
        self._app, self._pictures, self._prefix = app, pictures, prefix
        self.shots: list[Shot] = []

    def on_screen(self, what: Callable[[], Any]) -> Any:
        """Do this on the screen's thread and wait for what comes of it."""
        done, came = threading.Event(), []

        def carry_out() -> None:
            came.append(what())
            done.set()

        self._app.call(carry_out)
        if not done.wait(PATIENCE_S):
            raise Stuck("the window does not move")
        return came[0]

    def picture(self, says: str, settle_s: float = SETTLE_S) -> None:
        """Keep what is on the screen now."""
        time.sleep(settle_s)
        file = f"{self._prefix}-{len(self.shots) + 1:02d}.png"
        self.on_screen(lambda: self._app.snapshot(self._pictures / file))
        self.shots.append(Shot(file, says))

    def touch(self, *wanted: str) -> str:
        """Touch the first of these that can be touched, turning pages where there are any. Raises Stuck."""
        # Kivy is imported only after the window's surroundings were prepared
        tap = import_module("kiosk.screens.hands").tap
        due = time.monotonic() + PATIENCE_S
        while time.monotonic() < due:
            for target in (*wanted, "page_forward"):
                if self.on_screen(partial(tap, self._app.sheet, target)):
                    time.sleep(SETTLE_S)
                    if target != "page_forward":
                        return target
            time.sleep(LOOK_S)
        raise Stuck(f"none of {', '.join(wanted)} can be touched")

    def hold_corner(self, seconds: float) -> None:
        """Keep a finger in the upper left corner, as a technician does."""
        press = import_module("kiosk.screens.hands").press
        self.on_screen(partial(press, self._app.sheet, 12, 12, seconds))
        time.sleep(seconds + SETTLE_S)


def play_at(station: Any, play: Callable[[], None]) -> int:
    """Run a station's window while somebody plays at it; the exit status says whether the story came to its end."""
    failed: list[str] = []

    def played() -> None:
        try:
            play()
        except (Stuck, OSError, LookupError, AttributeError):
            failed.append(traceback.format_exc())
        station.stop()

    station.start()
    threading.Thread(target=played, name="played", daemon=True).start()
    station.run()
    station.close()
    for reason in failed:
        print(reason, file=sys.stderr)
    return 1 if failed else 0


def until(there: Callable[[], bool], what: str, patience_s: float = PATIENCE_S) -> None:
    """Wait until it is so. Raises Stuck."""
    due = time.monotonic() + patience_s
    while not there():
        if time.monotonic() > due:
            raise Stuck(f"waited {patience_s:.0f} s for {what}")
        time.sleep(LOOK_S)


def write_story(path: Path, chapters: list[tuple[str, str, list[Shot]]]) -> None:
    """Leave the story for the page: title, what it is about, the pictures."""
    told = [{"title": title, "story": story, "shots": [[shot.file, shot.says] for shot in shots]} for title, story, shots in chapters]
    path.write_text(json.dumps(told), encoding="utf-8")
