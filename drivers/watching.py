"""What every camera driver does: open a source, look at frames at a steady pace, show them live, notice when the camera is gone."""

import time
from collections.abc import Callable
from typing import Any

import cv2

from drivers.contract import Encoding, Hint, Picture
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.frame_source import Frame, FrameSource, fitted, jpeg
from drivers.sources import open_source

FRAME_S = 1 / 12
LIVE_WIDTH, LIVE_HEIGHT = 960, 720
LOOK_S = 3.0


class Watching:
    """One camera, from opening to losing it. Every method may raise DeviceAbsent."""

    def __init__(self, settings: dict[str, Any], outlet: Outlet, opening: Callable[[dict[str, Any]], FrameSource] = open_source) -> None:
        cv2.setNumThreads(1)
        self._outlet = outlet
        self._source = opening(settings)
        self._looked = self._due = time.monotonic()

    @property
    def refused(self) -> tuple[str, ...]:
        """Settings that the camera did not take."""
        return self._source.refused

    @property
    def complaint(self) -> str:
        """The same, to stand behind what the camera is."""
        return f" ({'; '.join(self.refused)})" if self.refused else ""

    def look(self) -> Frame:
        """The next frame."""
        frame = self._source.read()
        self._looked = time.monotonic()
        return frame

    def begin(self) -> None:
        """From now on only frames of now."""
        self._source.refresh()
        self._due = time.monotonic()

    def pace(self, until: Until) -> None:
        """Wait until the next frame is due: twelve a second leave the processor to others."""
        self._due = max(self._due + FRAME_S, time.monotonic())
        time.sleep(min(until.left_s, max(0.0, self._due - time.monotonic())))

    def idle(self) -> None:
        """Notice an unplugged camera at once and a silent one within seconds, at little cost."""
        self._source.check()
        if time.monotonic() - self._looked > LOOK_S:
            self._source.refresh()
            self.look()

    def show(self, frame: Frame, hint: Hint) -> None:
        """The live picture with what it lacks."""
        small = fitted(frame, LIVE_WIDTH, LIVE_HEIGHT)
        self._outlet.frame(small.tobytes(), small.shape[1], small.shape[0], hint)

    def keep(self, frame: Frame, width: int, height: int, most_bytes: int) -> Picture:
        """The picture of an answer, as JPEG."""
        small = fitted(frame, width, height)
        data = jpeg(small, most_bytes)
        return self._outlet.ring.put(data, Encoding.JPEG, small.shape[1], small.shape[0])

    def close(self) -> None:
        """Free the camera."""
        self._source.close()


def on(camera: Watching | None) -> Watching:
    """The camera that is open. Raises DeviceAbsent where none is."""
    if camera is None:
        raise DeviceAbsent("the camera is not open")
    return camera
