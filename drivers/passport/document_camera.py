"""A camera over or under a glass, used as a passport reader: it reads the zone of what is laid there, and the code of a border pass.

Two frames must agree before a zone is passed on as confirmed. Border passes are read with OpenCV's QR detector.
"""

import time
from collections.abc import Callable
from typing import Any

import cv2

from drivers.contract import (
    Answer,
    DocumentRead,
    Done,
    Encoding,
    Hint,
    Kind,
    NotCaptured,
    Order,
    PassRead,
    Picture,
    ReadDocument,
    ReadPass,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.frame_source import Frame, FrameSource, fitted, jpeg, open_source
from drivers.passport.zone.read import read_zone
from drivers.passport.zone.reading import Reason, ZoneReading

FRAME_S = 0.1
LIVE_WIDTH, LIVE_HEIGHT = 960, 720
PAGE_BYTES = 120_000
AGREEING = 2
GIVE_UP_S = 12.0
# A document that lies there and is not read for so long counts as one try of the traveller
HINTS = {
    Reason.NOTHING_THERE: Hint.NOTHING_THERE,
    Reason.TOO_DARK: Hint.TOO_DARK,
    Reason.TOO_FAR: Hint.TOO_FAR,
    Reason.GLARE: Hint.GLARE,
    Reason.MOVING: Hint.MOVING,
    Reason.TURNED: Hint.TURNED,
    Reason.UNCLEAR: Hint.MOVING,
}


class DocumentCamera:
    """Settings: `source` (see frame_source.open_source) and the camera's own."""

    kind = Kind.DOCUMENT_CAMERA
    name = "document-camera"
    orders = (ReadDocument, ReadPass, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any], opening: Callable[[dict[str, Any]], FrameSource] = open_source) -> None:
        self._settings, self._opening = settings, opening
        self._source: FrameSource | None = None
        self._outlet: Outlet | None = None

    def open(self, outlet: Outlet) -> str:
        """Open the camera and take a first frame. Raises DeviceAbsent."""
        cv2.setNumThreads(1)
        self._source, self._outlet = self._opening(self._settings), outlet
        height, width = self._source.read().shape[:2]
        return f"camera {width} x {height}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document or a pass, or test. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read_document(until)
            case ReadPass():
                return self._read_pass(until)
            case TestYourself():
                return self._test()
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

    def _read_document(self, until: Until) -> Answer:
        agreed: dict[tuple[str, ...], int] = {}
        since: float | None = None
        why = Unread.NO_ZONE
        while not until.over:
            began = time.monotonic()
            frame = self._read()
            reading = read_zone(frame)
            self._show(frame, _hint(reading))
            if reading.valid:
                agreed[reading.lines] = agreed.get(reading.lines, 0) + 1
                if agreed[reading.lines] >= AGREEING:
                    return DocumentRead(reading.lines, confirmed=len(agreed) == 1, picture=self._page(frame))
            elif reading.type is not None:
                why = Unread.CHECK_DIGITS
            since = None if reading.reason is Reason.NOTHING_THERE else since or began
            if since is not None and began - since > GIVE_UP_S:
                return NotCaptured(why)
            _pause(began)
        return NotCaptured(Unread.TIMED_OUT)

    def _read_pass(self, until: Until) -> Answer:
        detector = cv2.QRCodeDetector()
        since: float | None = None
        while not until.over:
            began = time.monotonic()
            frame = self._read()
            text, corners, _ = detector.detectAndDecode(frame)
            self._show(frame, Hint.OK if text else Hint.MOVING if corners is not None else Hint.NOTHING_THERE)
            if text:
                return PassRead(text, self._page(frame))
            since = None if corners is None else since or began
            if since is not None and began - since > GIVE_UP_S:
                return NotCaptured(Unread.NOT_A_PASS)
            _pause(began)
        return NotCaptured(Unread.TIMED_OUT)

    def _test(self) -> Answer:
        frame = self._read()
        height, width = frame.shape[:2]
        light, sharp = float(frame.mean()), float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())
        found = (f"{width} x {height} pixels", f"mean brightness {light:.0f} of 255", f"sharpness {sharp:.0f}")
        return TestDone(width >= 640 and height >= 480, found)

    def _show(self, frame: Frame, hint: Hint) -> None:
        small = fitted(frame, LIVE_WIDTH, LIVE_HEIGHT)
        if self._outlet is not None:
            self._outlet.frame(small.tobytes(), small.shape[1], small.shape[0], hint)

    def _page(self, frame: Frame) -> Picture:
        small = fitted(frame, 1200, 900)
        if self._outlet is None:
            raise DeviceAbsent("the camera is not open")
        return self._outlet.ring.put(jpeg(small, PAGE_BYTES), Encoding.JPEG, small.shape[1], small.shape[0])

    def _read(self) -> Frame:
        if self._source is None:
            raise DeviceAbsent("the camera is not open")
        return self._source.read()


def _hint(reading: ZoneReading) -> Hint:
    return Hint.OK if reading.valid else HINTS.get(reading.reason or Reason.UNCLEAR, Hint.MOVING)


def _pause(began: float) -> None:
    """Ten frames a second leave the processor to others."""
    time.sleep(max(0.0, FRAME_S - (time.monotonic() - began)))
