"""A camera that takes portraits: live pictures with what they lack, and the best of four frames in a row that are well placed and still."""

import time
from collections.abc import Callable
from typing import Any

import cv2

from drivers.camera.finder import Face
from drivers.camera.placement import Placement, moved, place
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

FRAME_S = 1 / 12
STEADY = 4
GIVE_UP_S = 20.0
PORTRAIT_BYTES = 40_000
LIVE_WIDTH, LIVE_HEIGHT = 960, 720
# A portrait shows head and shoulders, three wide and four high: so many faces wide, the face's middle so far down
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 480, 640
FACES_WIDE, FACE_DOWN = 2.1, 0.48


class FaceCamera:
    """Settings: `source` (see frame_source.open_source) and the camera's own."""

    kind = Kind.FACE_CAMERA
    name = "face-camera"
    orders: tuple[type[Order], ...] = (CaptureFace, Rest, TestYourself)

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
        began = time.monotonic()
        still: list[tuple[Placement, Frame]] = []
        while not until.over:
            at = time.monotonic()
            frame = self._read()
            found = place(frame)
            if still and found.face is not None and moved(still[-1][0].face, found.face):
                still, found = [], Placement(Hint.MOVING, face=found.face) if found.hint is Hint.OK else found
            self._show(frame, found.hint)
            still = [*still, (found, frame)] if found.hint is Hint.OK else []
            if len(still) >= STEADY:
                return self._portrait(*max(still, key=lambda one: one[0].quality))
            if at - began > GIVE_UP_S:
                return NotCaptured(Unread.NO_FACE if found.face is None else Unread.POOR_PICTURE)
            time.sleep(max(0.0, FRAME_S - (time.monotonic() - at)))
        return NotCaptured(Unread.TIMED_OUT)

    def _portrait(self, found: Placement, frame: Frame) -> Answer:
        if self._outlet is None or found.face is None:
            raise DeviceAbsent("the camera is not open")
        cut = fitted(head_and_shoulders(frame, found.face), PORTRAIT_WIDTH, PORTRAIT_HEIGHT)
        picture = self._outlet.ring.put(jpeg(cut, PORTRAIT_BYTES), Encoding.JPEG, cut.shape[1], cut.shape[0])
        return FaceCaptured(picture, found.quality)

    def _show(self, frame: Frame, hint: Hint) -> None:
        small = fitted(frame, LIVE_WIDTH, LIVE_HEIGHT)
        if self._outlet is not None:
            self._outlet.frame(small.tobytes(), small.shape[1], small.shape[0], hint)

    def _read(self) -> Frame:
        if self._source is None:
            raise DeviceAbsent("the camera is not open")
        return self._source.read()


def head_and_shoulders(frame: Frame, face: Face) -> Frame:
    """The part of the frame that a portrait shows, as much of it as the frame holds; three wide and four high."""
    height, width = frame.shape[:2]
    wide = min(face.box[2] * FACES_WIDE, width, height * PORTRAIT_WIDTH / PORTRAIT_HEIGHT)
    high = wide * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
    left = min(max(0.0, face.centre[0] - wide / 2), width - wide)
    top = min(max(0.0, face.centre[1] - high * FACE_DOWN), height - high)
    return frame[round(top) : round(top + high), round(left) : round(left + wide)]
