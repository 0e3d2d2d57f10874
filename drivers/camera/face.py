"""A camera that takes portraits: live pictures with what they lack, and the best of four frames in a row that are well placed and still."""

import time
from typing import Any

from drivers.camera.finder import Face
from drivers.camera.placement import Placement, moved, place
from drivers.contract import (
    Answer,
    CaptureFace,
    Done,
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
from drivers.driver import Outlet, Until
from drivers.frame_source import Frame
from drivers.sources import camera_settings
from drivers.watching import Watching, on

STEADY = 4
PATIENCE_S = 20.0
PORTRAIT_BYTES = 40_000
# A portrait shows head and shoulders, three wide and four high: so many faces wide, the face's middle so far down
PORTRAIT_WIDTH, PORTRAIT_HEIGHT = 480, 640
FACES_WIDE, FACE_DOWN = 2.1, 0.48


class FaceCamera:
    """Settings: `source`, or `usb` and `port` (sources.py), the camera's own (camera_settings.py); `patience`, seconds until a try is over (20)."""

    kind = Kind.FACE_CAMERA
    name = "face-camera"
    orders: tuple[type[Order], ...] = (CaptureFace, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = camera_settings(settings)
        self._patience_s = float(settings.get("patience", PATIENCE_S))
        self._camera: Watching | None = None

    def open(self, outlet: Outlet) -> str:
        """Open the camera and take a first frame. Raises DeviceAbsent."""
        self._camera = Watching(self._settings, outlet)
        height, width = self._camera.look().shape[:2]
        return f"camera {width} x {height}{self._camera.complaint}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Take a portrait, or test. Raises DeviceAbsent."""
        camera = on(self._camera)
        match order:
            case CaptureFace():
                return _capture(camera, until, self._patience_s)
            case TestYourself():
                return _test(camera)
            case _:
                return Done()

    def idle(self) -> None:
        """Notice a camera that is gone. Raises DeviceAbsent."""
        on(self._camera).idle()

    def close(self) -> None:
        """Free the camera."""
        if self._camera is not None:
            self._camera.close()
            self._camera = None


def _capture(camera: Watching, until: Until, patience_s: float) -> Answer:
    camera.begin()
    began = time.monotonic()
    still: list[tuple[Placement, Frame]] = []
    while not until.over:
        frame = camera.look()
        found = place(frame)
        if still and found.hint is Hint.OK and moved(still[-1][0].face, found.face):
            found = Placement(Hint.MOVING, face=found.face)
        camera.show(frame, found.hint)
        still = [*still, (found, frame)] if found.hint is Hint.OK else []
        if len(still) >= STEADY:
            return _portrait(camera, *max(still, key=lambda one: one[0].quality))
        if time.monotonic() - began > patience_s:
            return NotCaptured(Unread.NO_FACE if found.face is None else Unread.POOR_PICTURE)
        camera.pace(until)
    return NotCaptured(Unread.TIMED_OUT)


def _portrait(camera: Watching, found: Placement, frame: Frame) -> Answer:
    if found.face is None:
        return NotCaptured(Unread.NO_FACE)
    cut = head_and_shoulders(frame, found.face)
    return FaceCaptured(camera.keep(cut, PORTRAIT_WIDTH, PORTRAIT_HEIGHT, PORTRAIT_BYTES), found.quality)


def _test(camera: Watching) -> Answer:
    camera.begin()
    frame = camera.look()
    found = (
        f"{frame.shape[1]} x {frame.shape[0]} pixels",
        f"mean brightness {float(frame.mean()):.0f} of 255",
        f"sees: {place(frame).hint.replace('_', ' ')}",
    )
    return TestDone(min(frame.shape[:2]) >= 480, (*found, *camera.refused))


def head_and_shoulders(frame: Frame, face: Face) -> Frame:
    """The part of the frame that a portrait shows, as much of it as the frame holds; three wide and four high."""
    height, width = frame.shape[:2]
    wide = min(face.box[2] * FACES_WIDE, width, height * PORTRAIT_WIDTH / PORTRAIT_HEIGHT)
    high = wide * PORTRAIT_HEIGHT / PORTRAIT_WIDTH
    left = min(max(0.0, face.centre[0] - wide / 2), width - wide)
    top = min(max(0.0, face.centre[1] - high * FACE_DOWN), height - high)
    return frame[round(top) : round(top + high), round(left) : round(left + wide)]
