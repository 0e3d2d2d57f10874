"""Where a camera driver's frames come from: a V4L2 device, a video, a folder of pictures, one picture, or a stream of JPEGs. OpenCV.

Frames are BGR, 8 bits, (height, width, 3). Two device families use this, and neither knows the other.
"""

import io
import time
import warnings
from collections.abc import Callable
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image

from drivers.camera_settings import Adjustable, adjust, wishes
from drivers.driver import DeviceAbsent
from drivers.png import chunks_fit

Frame = NDArray[np.uint8]
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})
SHOWN_S = 2.0
LARGEST_FILE, LARGEST_PICTURE = 64 * 1024 * 1024, 40_000_000
FRAME_S, WAIT_S, AT_ONCE_S, RETRY_S = 2.0, 0.1, 0.001, 0.02
STALE_FRAMES = 4
"""As many frames as V4L2 may keep from before anybody looked."""


class FrameSource(Protocol):
    """Gives frames one by one."""

    refused: tuple[str, ...]

    def read(self) -> Frame:
        """The next frame. Raises DeviceAbsent when the camera is gone."""

    def refresh(self) -> None:
        """Forget what was seen before now. Raises DeviceAbsent."""

    def check(self) -> None:
        """Whether the camera is still plugged in, at next to no cost. Raises DeviceAbsent when it is not."""

    def close(self) -> None:
        """Free it."""


class Pictures:
    """One picture, or the pictures of a folder in turn, each for two seconds, as a camera would see them."""

    refused: tuple[str, ...] = ()

    def __init__(self, path: Path) -> None:
        """Raises DeviceAbsent where there is no picture."""
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURES) if path.is_dir() else [path]
        self._path = path
        self._frames = [frame for file in files if (frame := read_picture(file)) is not None]
        if not self._frames:
            raise DeviceAbsent(f"{path} holds no picture that can be read")
        self._began = time.monotonic()

    def read(self) -> Frame:
        """The picture whose turn it is."""
        return self._frames[int((time.monotonic() - self._began) / SHOWN_S) % len(self._frames)]

    def refresh(self) -> None:
        """Begin with the first."""
        self._began = time.monotonic()

    def check(self) -> None:
        """Raises DeviceAbsent when the file or folder is gone."""
        if not self._path.exists():
            raise DeviceAbsent(f"{self._path} is not there any more")

    def close(self) -> None:
        """Nothing to free."""


class VideoDevice(Adjustable, Protocol):
    """What of cv2.VideoCapture is used."""

    def isOpened(self) -> bool:  # noqa: N802
        """Whether it could be opened."""

    def read(self) -> tuple[bool, Any]:
        """The next frame."""

    def grab(self) -> bool:
        """Let a frame pass."""

    def release(self) -> None:
        """Free it."""


def frame_waits(camera: VideoDevice, seconds: float) -> bool:
    """Whether a frame comes within so many seconds; none comes from a camera that is gone or was never started."""
    try:
        # of one that is not open OpenCV would read through a null pointer
        return camera.isOpened() and cv2.VideoCapture.waitAny([cast(cv2.VideoCapture, camera)], round(seconds * 1e9))[0]
    except cv2.error:
        # it says so at once
        return False


class Capture:
    """A V4L2 device or a video file through OpenCV. A video begins anew at its end. A lost frame is not a lost camera; two seconds without one are.

    V4L2 streams to one program at a time: a camera that another program holds gives no frame. `refused`: settings that the camera did not take.
    """

    def __init__(
        self,
        source: str,
        settings: dict[str, Any],
        opening: Callable[[str, int], VideoDevice] = cv2.VideoCapture,
        has_frame: Callable[[VideoDevice, float], bool] = frame_waits,
    ) -> None:
        """Raises DeviceAbsent where it cannot be opened, ValueError for settings that no camera has. Settings: camera_settings.py."""
        self._source, self._video = source, Path(source).is_file()
        wanted, self._has_frame = wishes(settings), has_frame
        self._capture = opening(source, cv2.CAP_ANY if self._video else cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise DeviceAbsent(f"{source} cannot be opened as a camera or video")
        self.refused = () if self._video else adjust(self._capture, wanted)
        self.frames_lost = 0

    def read(self) -> Frame:
        """The next frame. Raises DeviceAbsent."""
        due = time.monotonic() + FRAME_S
        while True:
            # a driver that waits in the kernel for the next frame does not hear that its camera was pulled
            waits = self._video or self._has_frame(self._capture, WAIT_S)
            good, frame = self._capture.read() if waits else (False, None)
            if good and frame is not None:
                return np.asarray(frame, np.uint8)
            self.check()
            if time.monotonic() > due:
                raise DeviceAbsent(f"{self._source} gives no frame")
            if self._video:
                self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            elif waits:
                self.frames_lost += 1
            time.sleep(RETRY_S)

    def refresh(self) -> None:
        """Let the frames go that the device kept from before."""
        stale = 0 if self._video else STALE_FRAMES
        while stale and self._has_frame(self._capture, AT_ONCE_S):
            self._capture.grab()
            stale -= 1

    def check(self) -> None:
        """A USB camera that is pulled takes its device file with it."""
        if not Path(self._source).exists():
            raise DeviceAbsent(f"{self._source} is not there any more")

    def close(self) -> None:
        """Free the device."""
        self._capture.release()


def read_picture(path: Path) -> Frame | None:
    """A picture file as a frame; None where it is none, or too large to be one."""
    try:
        data = path.read_bytes() if path.stat().st_size <= LARGEST_FILE else b""
    except OSError:
        return None
    return unpacked(data) if data else None


def unpacked(data: bytes) -> Frame | None:
    """The frame in these bytes of a picture file; None where there is none, or one of more than 40 million pixels."""
    if not chunks_fit(data):
        return None
    try:
        with warnings.catch_warnings():
            # what is too large is refused below, by a limit of our own
            warnings.simplefilter("ignore", Image.DecompressionBombWarning)
            with Image.open(io.BytesIO(data)) as picture:
                width, height = picture.size
        if width * height > LARGEST_PICTURE:
            return None
        frame = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
    except (OSError, ValueError, SyntaxError, Image.DecompressionBombError, cv2.error):
        return None
    return np.asarray(frame, np.uint8) if frame is not None else None


def fitted(frame: Frame, width: int, height: int) -> Frame:
    """The frame brought down so that it fits; never up."""
    scale = min(width / frame.shape[1], height / frame.shape[0], 1.0)
    if scale == 1.0:
        return frame
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    return np.asarray(cv2.resize(frame, size, interpolation=cv2.INTER_AREA), np.uint8)


def jpeg(frame: Frame, most_bytes: int) -> bytes:
    """The frame as a JPEG of at most so many bytes: the best quality that fits, then a smaller picture."""
    while True:
        for quality in (88, 80, 70, 60, 50):
            good, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if good and data.size <= most_bytes:
                return bytes(data.tobytes())
        frame = fitted(frame, round(frame.shape[1] * 0.8), round(frame.shape[0] * 0.8))
