"""A camera over or under a glass, used as a passport reader: it reads the zone of what is laid there, and the code of a border pass.

Two frames must agree before a zone is passed on. Border passes are read with OpenCV's QR detector.
"""

import time
from collections.abc import Iterator
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import (
    Answer,
    DocumentLaid,
    DocumentRead,
    DocumentTaken,
    Done,
    Hint,
    Kind,
    NotCaptured,
    Order,
    PassRead,
    ReadDocument,
    ReadPass,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import Outlet, Until
from drivers.frame_source import Frame
from drivers.passport.zone import Reason, Votes, ZoneReading, read_zone
from drivers.sources import camera_settings
from drivers.watching import Watching, on

PAGE_WIDTH, PAGE_HEIGHT, PAGE_BYTES = 1200, 900, 120_000
PATIENCE_S = 12.0
"""What lies there and is not read for so long counts as one try of the traveller."""
SAME, AGAIN_S = 1.5, 0.5
"""A frame that differs by less than this many greys is of the same scene; such a one is read again only twice a second."""
BARE = 12.0
"""Greys by which an empty glass varies at most."""
HINTS = {
    Reason.NOTHING_THERE: Hint.NOTHING_THERE,
    Reason.TOO_DARK: Hint.TOO_DARK,
    Reason.TOO_FAR: Hint.TOO_FAR,
    Reason.GLARE: Hint.GLARE,
    Reason.MOVING: Hint.MOVING,
    Reason.TURNED: Hint.TURNED,
    Reason.COVERED: Hint.COVERED,
    Reason.UNCLEAR: Hint.MOVING,
}
POOR = frozenset({Reason.TOO_DARK, Reason.TOO_FAR, Reason.GLARE, Reason.COVERED, Reason.MOVING, Reason.UNCLEAR})


class DocumentCamera:
    """Settings: `source`, or `usb` and `port` (sources.py), the camera's own (camera_settings.py); `patience`, seconds that something may lie there unread (12)."""

    kind = Kind.DOCUMENT_CAMERA
    name = "document-camera"
    orders: tuple[type[Order], ...] = (ReadDocument, ReadPass, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._settings = camera_settings(settings)
        self._patience_s = float(settings.get("patience", PATIENCE_S))
        self._outlet: Outlet | None = None
        self._camera: Watching | None = None

    def open(self, outlet: Outlet) -> str:
        """Open the camera and take a first frame. Raises DeviceAbsent."""
        self._outlet, self._camera = outlet, Watching(self._settings, outlet)
        frame = self._camera.look()
        # the nets are loaded now rather than before the first traveller
        read_zone(frame)
        height, width = frame.shape[:2]
        return f"camera {width} x {height}{self._camera.complaint}"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document or a pass, or test. Raises DeviceAbsent."""
        camera = on(self._camera)
        match order:
            case ReadDocument():
                return self._read_document(camera, until)
            case ReadPass():
                return _read_pass(camera, until, _Patience(self._patience_s))
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

    def _read_document(self, camera: Watching, until: Until) -> Answer:
        votes, patience = Votes(), _Patience(self._patience_s)
        for frame, reading in _readings(camera, until):
            laid = reading.reason is not Reason.NOTHING_THERE or not _bare(frame)
            self._tell(patience.change(laid))
            votes = votes.with_frame(reading) if laid else Votes()
            if votes.accepted is not None:
                # another reading in between, valid too, is a doubt that an officer should know of
                sole = len(votes.counts) == 1
                return DocumentRead(votes.accepted.lines, sole, camera.keep(frame, PAGE_WIDTH, PAGE_HEIGHT, PAGE_BYTES))
            if patience.over:
                return NotCaptured(_why(reading))
        return NotCaptured(Unread.TIMED_OUT)

    def _tell(self, notice: DocumentLaid | DocumentTaken | None) -> None:
        if notice is not None and self._outlet is not None:
            self._outlet.tell(notice)


class _Patience:
    """How long something has lain there without being read."""

    def __init__(self, most_s: float) -> None:
        self._most_s, self._laid, self._since = most_s, False, 0.0

    @property
    def over(self) -> bool:
        return self._laid and time.monotonic() - self._since > self._most_s

    def change(self, laid: bool) -> DocumentLaid | DocumentTaken | None:
        """What there is to tell when something is laid down or taken away."""
        if laid is self._laid:
            return None
        self._laid, self._since = laid, time.monotonic()
        return DocumentLaid() if laid else DocumentTaken()


def _readings(camera: Watching, until: Until) -> Iterator[tuple[Frame, ZoneReading]]:
    """Frames with what was read in them; a frame like the last one is shown, and read again only now and then."""
    camera.begin()
    before: NDArray[np.float32] | None = None
    reading, read_at = ZoneReading(reason=Reason.NOTHING_THERE), 0.0
    while not until.over:
        frame = camera.look()
        now = _thumbnail(frame)
        same = before is not None and before.shape == now.shape and float(np.abs(before - now).mean()) < SAME
        if not same or reading.valid or time.monotonic() - read_at > AGAIN_S:
            before, reading, read_at = now, read_zone(frame), time.monotonic()
        camera.show(frame, Hint.OK if reading.valid else HINTS[reading.reason or Reason.UNCLEAR])
        yield frame, reading
        camera.pace(until)


def _thumbnail(frame: Frame) -> NDArray[np.float32]:
    small = cv2.resize(frame, (80, 60), interpolation=cv2.INTER_AREA)
    return np.asarray(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY), np.float32)


def _bare(frame: Frame) -> bool:
    """Whether nothing at all lies on the glass."""
    return float(_thumbnail(frame).std()) < BARE


def _why(reading: ZoneReading) -> Unread:
    if reading.type is not None:
        return Unread.CHECK_DIGITS
    return Unread.POOR_PICTURE if reading.reason in POOR else Unread.NO_ZONE


def pass_text(code: bytes) -> str:
    """What a code says, without space around it; empty where that is no text, or holds control characters: such a code is no border pass."""
    try:
        text = code.decode("utf-8").strip()
    except UnicodeDecodeError:
        return ""
    return text if text.isprintable() else ""


def _read_pass(camera: Watching, until: Until, patience: _Patience) -> Answer:
    detector = cv2.QRCodeDetector()
    camera.begin()
    while not until.over:
        frame = camera.look()
        # as bytes: as a text it would end at a zero character, and be an error where it is not UTF-8
        code, corners, _ = detector.detectAndDecodeBytes(frame)
        text = pass_text(code)
        # four corners where something like a code is seen
        code_seen = np.size(corners) >= 8
        camera.show(frame, Hint.OK if text else Hint.MOVING if code_seen else Hint.NOTHING_THERE)
        if text:
            return PassRead(text, camera.keep(frame, PAGE_WIDTH, PAGE_HEIGHT, PAGE_BYTES))
        patience.change(code_seen or not _bare(frame))
        if patience.over:
            return NotCaptured(Unread.NOT_A_PASS)
        camera.pace(until)
    return NotCaptured(Unread.TIMED_OUT)


def _test(camera: Watching) -> Answer:
    camera.begin()
    frame = camera.look()
    height, width = frame.shape[:2]
    sharp = float(cv2.Laplacian(cv2.cvtColor(frame, cv2.COLOR_BGR2GRAY), cv2.CV_64F).var())
    found = (f"{width} x {height} pixels", f"mean brightness {float(frame.mean()):.0f} of 255", f"sharpness {sharp:.0f}")
    return TestDone(width >= 640 and height >= 480, (*found, *camera.refused))
