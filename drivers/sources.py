"""The setting `source` of a camera -> where its frames come from."""

from pathlib import Path
from typing import Any

from drivers.driver import DeviceAbsent
from drivers.frame_source import PICTURES, Capture, FrameSource, Pictures
from drivers.jpeg_stream import JpegStream, is_stream


def open_source(settings: dict[str, Any]) -> FrameSource:
    """A device or video, a picture, a folder of pictures, `unix:PATH` or `tcp://HOST:PORT`. Raises DeviceAbsent."""
    source = str(settings["source"])
    if is_stream(source):
        return JpegStream(source)
    path = Path(source)
    if path.is_dir() or (path.is_file() and path.suffix.lower() in PICTURES):
        return Pictures(path)
    if not path.exists():
        raise DeviceAbsent(f"{source} is not there")
    return Capture(source, settings)
