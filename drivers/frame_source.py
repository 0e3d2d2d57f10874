"""Where a camera driver's frames come from: a V4L2 device, a video, a folder of pictures, one picture, or a scene. OpenCV.

Frames are BGR, 8 bits, (height, width, 3). Two device families use this, and neither knows the other.
"""

import time
from pathlib import Path
from typing import Any, Protocol, cast

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.driver import DeviceAbsent

Frame = NDArray[np.uint8]
PICTURES = frozenset({".png", ".jpg", ".jpeg", ".bmp", ".webp", ".tif", ".tiff"})
SHOWN_S = 2.0


class FrameSource(Protocol):
    """Gives frames one by one."""

    def read(self) -> Frame:
        """The next frame. Raises DeviceAbsent when the camera is gone."""

    def close(self) -> None:
        """Free it."""


class Pictures:
    """One picture, or the pictures of a folder in turn, each for two seconds, as a camera would see them."""

    def __init__(self, path: Path) -> None:
        """Raises DeviceAbsent where there is no picture."""
        files = sorted(file for file in path.iterdir() if file.suffix.lower() in PICTURES) if path.is_dir() else [path]
        self._frames = [frame for file in files if (frame := read_picture(file)) is not None]
        if not self._frames:
            raise DeviceAbsent(f"{path} holds no picture")
        self._began = time.monotonic()

    def read(self) -> Frame:
        """The picture whose turn it is."""
        return self._frames[int((time.monotonic() - self._began) / SHOWN_S) % len(self._frames)]

    def close(self) -> None:
        """Nothing to free."""


class Capture:
    """A V4L2 device or a video file through OpenCV. A video begins anew at its end; a device that gives no frame is gone."""

    def __init__(self, source: str, settings: dict[str, Any]) -> None:
        """Raises DeviceAbsent where it cannot be opened. Settings: `width`, `height`, `fourcc`, `exposure`, `focus`."""
        self._source, self._video = source, Path(source).is_file()
        self._capture = cv2.VideoCapture(source, cv2.CAP_ANY if self._video else cv2.CAP_V4L2)
        if not self._capture.isOpened():
            raise DeviceAbsent(f"{source} cannot be opened")
        if fourcc := settings.get("fourcc"):
            self._capture.set(cv2.CAP_PROP_FOURCC, cv2.VideoWriter.fourcc(*str(fourcc)))
        wanted = {
            "width": cv2.CAP_PROP_FRAME_WIDTH,
            "height": cv2.CAP_PROP_FRAME_HEIGHT,
            "exposure": cv2.CAP_PROP_EXPOSURE,
            "focus": cv2.CAP_PROP_FOCUS,
        }
        for name, property_ in wanted.items():
            if name in settings:
                self._capture.set(property_, float(settings[name]))

    def read(self) -> Frame:
        """The next frame."""
        good, frame = self._capture.read()
        if not good and self._video:
            self._capture.set(cv2.CAP_PROP_POS_FRAMES, 0)
            good, frame = self._capture.read()
        if not good or frame is None:
            raise DeviceAbsent(f"{self._source} gives no frame")
        return cast(Frame, frame)

    def close(self) -> None:
        """Free the device."""
        self._capture.release()


def open_source(settings: dict[str, Any]) -> FrameSource:
    """The source that `settings["source"]` names: a device or video, a picture, or a folder of pictures. Raises DeviceAbsent."""
    source = str(settings["source"])
    path = Path(source)
    if path.is_dir() or path.suffix.lower() in PICTURES:
        return Pictures(path)
    if not path.exists():
        raise DeviceAbsent(f"{source} is not there")
    return Capture(source, settings)


def read_picture(path: Path) -> Frame | None:
    """A picture file as a frame; None where it is none."""
    try:
        data = np.frombuffer(path.read_bytes(), np.uint8)
        frame = cv2.imdecode(data, cv2.IMREAD_COLOR) if data.size else None
    except (OSError, cv2.error):
        return None
    return cast(Frame, frame) if frame is not None else None


def fitted(frame: Frame, width: int, height: int) -> Frame:
    """The frame brought down so that it fits; never up."""
    scale = min(width / frame.shape[1], height / frame.shape[0], 1.0)
    if scale == 1.0:
        return frame
    size = (max(1, round(frame.shape[1] * scale)), max(1, round(frame.shape[0] * scale)))
    return cast(Frame, cv2.resize(frame, size, interpolation=cv2.INTER_AREA))


def jpeg(frame: Frame, most_bytes: int) -> bytes:
    """The frame as a JPEG of at most so many bytes: the best quality that fits, then a smaller picture."""
    while True:
        for quality in (88, 80, 70, 60, 50):
            good, data = cv2.imencode(".jpg", frame, [cv2.IMWRITE_JPEG_QUALITY, quality])
            if good and data.size <= most_bytes:
                return bytes(data.tobytes())
        frame = fitted(frame, round(frame.shape[1] * 0.8), round(frame.shape[0] * 0.8))
