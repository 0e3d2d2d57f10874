"""Touching a window from a program: for people who are played. A touch goes the way of any touch, through the window's input."""

from itertools import count

from kivy.base import EventLoop
from kivy.clock import Clock
from kivy.input.motionevent import MotionEvent

from kiosk.screens.sheet import Sheet

PRESS_S = 0.12
_numbers = count(1)


class Fingertip(MotionEvent):
    """One touch at a place, given as shares of the window from the lower left."""

    def depack(self, args: dict[str, float]) -> None:
        """Take the place in."""
        self.sx, self.sy = args["x"], args["y"]
        self.profile = ["pos"]
        super().depack(args)


def tap(sheet: Sheet, target_id: str) -> bool:
    """Touch the middle of a target and let go a moment later; False where it is not there. The screen's thread only."""
    part = sheet.part(target_id)
    if part is None:
        return False
    press(sheet, *part.rect.centre, PRESS_S)
    return True


def press(sheet: Sheet, x: int, y: int, seconds: float) -> None:
    """Keep a finger on a place, pixels from the top left, for so long. The screen's thread only."""
    width, height = sheet.theme.display.width, sheet.theme.display.height
    place = {"x": x / max(1, width - 1), "y": 1 - y / max(1, height - 1)}
    touch = Fingertip("played", next(_numbers), place, is_touch=True, type_id="touch")
    EventLoop.post_dispatch_input("begin", touch)
    Clock.schedule_once(lambda _seconds: EventLoop.post_dispatch_input("end", touch), seconds)
