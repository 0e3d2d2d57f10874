"""How fast the screens are, on the clock of the wall: `python -m tests.pictures.measure [lane10|kiosk21]`. Prints one JSON object.

Without a display this measures the software driver; on a kiosk leave SDL_VIDEODRIVER as it is there (set MPAKA_ONSCREEN=1).
"""

import json
import os
import resource
import statistics
import sys
import tempfile
import time
from importlib import import_module
from pathlib import Path

import numpy as np

from drivers.contract import Encoding, Kind
from kiosk.screens.theme import DISPLAYS
from kiosk.screens.voice import Silence
from kiosk.screens.window import WindowSettings, prepare
from tests.pictures import screens

STILL_S = 10.0


def cpu() -> float:
    """Processor seconds of this process so far."""
    return time.process_time()


def percentiles(seconds: list[float]) -> dict[str, float]:
    """Middle and worst, in milliseconds."""
    return {"median_ms": round(statistics.median(seconds) * 1000, 1), "worst_ms": round(max(seconds) * 1000, 1)}


def main(display: str) -> dict[str, object]:
    """Start, change screens, touch, show the camera, wait."""
    began = time.monotonic()
    prepare(WindowSettings(display, Path(tempfile.mkdtemp(prefix="mpaka-kivy-")), offscreen="MPAKA_ONSCREEN" not in os.environ))
    views = dict(screens.named("en"))
    app = import_module("kiosk.screens.app").TravellerApp(DISPLAYS[display], views["an-open-lane"], lambda _event: None, Silence())
    app.embed()
    loop, finish = import_module("kivy.base").EventLoop, import_module("kivy.graphics.opengl").glFinish
    loop.idle()
    finish()
    report: dict[str, object] = {"display": display, "renderer": app.renderer, "first_screen_s": round(time.monotonic() - began, 2)}
    import_module("kivy.clock").Clock._max_fps = 0

    def turn() -> float:
        at = time.monotonic()
        loop.idle()
        finish()
        return time.monotonic() - at

    changes = {}
    for round_ in ("first", "again"):
        times = []
        for view in views.values():
            at = time.monotonic()
            app.show(view)
            turn()
            turn()
            times.append(time.monotonic() - at)
        changes[round_] = percentiles(times)
    report["screen_change"] = changes
    app.show(views["saying-what-papers-one-has"])
    turn()
    touches = []
    for _ in range(20):
        at = time.monotonic()
        app.sheet._press(app.sheet.page.targets()[-1])
        turn()
        touches.append(time.monotonic() - at)
        app.sheet._pressed = None
        app.sheet._redraw()
        turn()
    report["touch_to_drawn"] = percentiles(touches)
    app.show(views["the-only-face"])
    turn()
    pixels, frames = np.zeros((720, 1280, 3), np.uint8).tobytes(), []
    for _ in range(60):
        at = time.monotonic()
        app.live(Kind.FACE_CAMERA, pixels, 1280, 720, Encoding.BGR8)
        turn()
        frames.append(time.monotonic() - at)
    report["live_1280x720_frame"] = percentiles(frames)
    import_module("kivy.clock").Clock._max_fps = 30
    for name in ("an-open-lane", "laying-down-the-first-document"):
        app.show(views[name])
        turn()
        turn()
        used, at = cpu(), time.monotonic()
        while time.monotonic() - at < STILL_S:
            loop.idle()
        report[f"processor_percent {name}"] = round(100 * (cpu() - used) / STILL_S, 2)
    report["memory_mb"] = round(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024)
    return report


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1] if len(sys.argv) > 1 else "lane10"), indent=1))
