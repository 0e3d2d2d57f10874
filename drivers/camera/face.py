"""A camera that takes portraits: live pictures with what they lack, and the portrait once three frames in a row are well placed."""

import time
from collections.abc import Callable
from typing import Any

import cv2

from drivers.camera.placement import Placement, place
from drivers.contract import (
    Answer,
    CaptureFace,
    Done,
    Encoding,
    FaceCaptured,
    Hint,
    Kind,
    NotCaptured,
    Order,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.frame_source import Frame, FrameSource, fitted, jpeg, open_source

FRAME_S = 1 / 20
STEADY = 4
GIVE_UP_S = 20.0
PORTRAIT_BYTES = 40_000
LIVE_WIDTH, LIVE_HEIGHT = 960, 720
# A portrait shows head and shoulders: the face's box grown by these shares
ABOVE, BELOW, BESIDE = 0.45, 0.65, 0.55


class FaceCamera:
    """Settings: `source` (see frame_source.open_source) and the camera's own."""

    kind = Kind.FACE_CAMERA
    name = "face-camera"
    orders = (CaptureFace, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any], opening: Callable[[dict[str, Any]], FrameSource] = open_source) -> None:
        self._settings, self._opening = settings, opening
        self._source: FrameSource | None = None
        self._outlet: Outlet | None = None

    def open(self, outlet: Outlet) -> str:
        """Open the camera and take a first frame. Raises DeviceAbsent."""
        cv2.setNumThreads(1)
        self._source, self._outlet = self._opening(self._settings), outlet
        height, width = self._read().shape[:2]
        return f"camera {width} x {height}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Take a portrait, or test. Raises DeviceAbsent."""
        match order:
            case CaptureFace():
                return self._capture(until)
            case TestYourself():
                frame = self._read()
                found = (
                    f"{frame.shape[1]} x {frame.shape[0]} pixels",
                    f"mean brightness {float(frame.mean()):.0f} of 255",
                    f"sees: {place(frame).hint}",
                )
                return TestDone(min(frame.shape[:2]) >= 480, found)
            case _:
                return Done()

    def idle(self) -> None:
        """Look at a frame, so that a camera that is gone is noticed. Raises DeviceAbsent."""
        self._read()

    def close(self) -> None:
        """Free the camera."""
        if self._source is not None:
            self._source.close()
            self._source = None

    def _capture(self, until: Until) -> Answer:
        steady, began = 0, time.monotonic()
        best: tuple[int, Frame, Placement] | None = None
        while not until.over:
            at = time.monotonic()
            frame = self._read()
            found = place(frame)
            self._show(frame, found.hint)
            steady = steady + 1 if found.hint is Hint.OK else 0
            best = None if not steady else max(best or (0, frame, found), (found.quality, frame, found), key=lambda one: one[0])
            if steady >= STEADY and best is not None:
                return self._portrait(*best)
            if at - began > GIVE_UP_S:
                return NotCaptured(Unread.NO_FACE if found.hint is Hint.NOTHING_THERE else Unread.POOR_PICTURE)
            time.sleep(max(0.0, FRAME_S - (time.monotonic() - at)))
        return NotCaptured(Unread.TIMED_OUT)

    def _portrait(self, quality: int, frame: Frame, found: Placement) -> Answer:
        if self._outlet is None or found.box is None:
            raise DeviceAbsent("the camera is not open")
        x, y, w, h = found.box
        height, width = frame.shape[:2]
        top, bottom = max(0.0, y - h * ABOVE), min(1.0, y + h * (1 + BELOW))
        left, right = max(0.0, x - w * BESIDE), min(1.0, x + w * (1 + BESIDE))
        cut = fitted(frame[int(top * height) : int(bottom * height), int(left * width) : int(right * width)], 480, 640)
        picture = self._outlet.ring.put(jpeg(cut, PORTRAIT_BYTES), Encoding.JPEG, cut.shape[1], cut.shape[0])
        return FaceCaptured(picture, quality)

    def _show(self, frame: Frame, hint: Hint) -> None:
        small = fitted(frame, LIVE_WIDTH, LIVE_HEIGHT)
        if self._outlet is not None:
            self._outlet.frame(small.tobytes(), small.shape[1], small.shape[0], hint)

    def _read(self) -> Frame:
        if self._source is None:
            raise DeviceAbsent("the camera is not open")
        return self._source.read()
