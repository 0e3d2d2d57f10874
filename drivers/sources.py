"""The settings of a camera -> where its frames come from."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from drivers.camera_settings import wishes
from drivers.driver import DeviceAbsent
from drivers.frame_source import PICTURES, Capture, FrameSource, Pictures
from drivers.jpeg_stream import JpegStream, is_stream
from firmware_bridge.reach import reach
from firmware_bridge.wire import WireLost


def camera_settings(settings: Mapping[str, Any]) -> dict[str, Any]:
    """The settings, looked over before anything is opened. Raises ValueError for what no camera has, or where none is named."""
    wishes(settings)
    if "source" not in settings:
        reach(settings)
    return dict(settings)


def open_source(settings: Mapping[str, Any]) -> FrameSource:
    """By `source`: a device or video, a picture, a folder of pictures, `unix:PATH` or `tcp://HOST:PORT`; else by `usb` and `port`. Raises DeviceAbsent."""
    source = str(settings["source"]) if "source" in settings else _on_usb(settings)
    if is_stream(source):
        return JpegStream(source)
    path = Path(source)
    if path.is_dir() or (path.is_file() and path.suffix.lower() in PICTURES):
        return Pictures(path)
    if not path.exists():
        raise DeviceAbsent(f"{source} is not there")
    return Capture(source, dict(settings))


def _on_usb(settings: Mapping[str, Any]) -> str:
    """The camera's device file, as it is called just now."""
    try:
        return reach(settings).node("video4linux")
    except WireLost as why:
        raise DeviceAbsent(str(why)) from None
