"""A camera that loses a frame goes on; one that is pulled or falls silent is gone, in time."""

import struct
import time
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.catalogue import DriverUnknown, make
from drivers.driver import DeviceAbsent
from drivers.frame_source import FRAME_S, Capture, VideoDevice, frame_waits, unpacked
from drivers.png import chunks_fit
from drivers.sources import open_source

FRAME = np.full((48, 64, 3), 90, np.uint8)


class Video:
    """What OpenCV makes of a V4L2 device: a script of frames (1), lost frames (0) and, when it is over, nothing."""

    def __init__(self, script: str) -> None:
        self.script, self.freed, self.passed = list(script), False, 0

    def isOpened(self) -> bool:  # noqa: N802
        return bool(self.script)

    def set(self, property_: int, value: float, /) -> bool:
        return property_ != cv2.CAP_PROP_FOCUS

    def get(self, property_: int, /) -> float:
        return 0.0

    def read(self) -> tuple[bool, Any]:
        if self.script:
            return (True, FRAME) if self.script.pop(0) == "1" else (False, None)
        return False, None

    def grab(self) -> bool:
        self.passed += 1
        return True

    def release(self) -> None:
        self.freed = True


@pytest.fixture
def node(tmp_path: Path) -> Path:
    """A device file; anything that is no regular file."""
    device = tmp_path / "video0"
    device.mkdir()
    return device


def opened(node: Path, script: str, **settings: Any) -> tuple[Capture, Video]:
    video = Video(script)
    return Capture(str(node), settings, lambda source, backend: video, lambda camera, seconds: True), video


def test_a_lost_frame_is_no_lost_camera(node: Path) -> None:
    camera, _ = opened(node, "1001")
    assert camera.read().shape == (48, 64, 3)
    assert camera.read().shape == (48, 64, 3)
    assert camera.frames_lost == 2


def test_a_camera_without_a_frame_for_two_seconds_is_gone(node: Path) -> None:
    camera, _ = opened(node, "1")
    camera.read()
    began = time.monotonic()
    with pytest.raises(DeviceAbsent, match="gives no frame"):
        camera.read()
    assert FRAME_S <= time.monotonic() - began < FRAME_S + 1.0


def test_a_camera_that_is_pulled_while_its_next_frame_is_waited_for_is_gone_without_asking_its_driver_again(node: Path) -> None:
    def pulled(camera: VideoDevice, seconds: float) -> bool:
        node.rmdir()
        return False

    video = Video("11")
    camera = Capture(str(node), {}, lambda source, backend: video, pulled)
    with pytest.raises(DeviceAbsent, match="not there any more"):
        camera.read()
    assert video.script == ["1", "1"]


def test_only_frames_that_wait_are_let_go(node: Path) -> None:
    waiting = [True, True, False]
    camera = Capture(str(node), {}, lambda source, backend: Video("1"), lambda camera, seconds: waiting.pop(0))
    camera.refresh()
    assert waiting == []


def test_opencv_has_no_frame_of_a_camera_that_is_not_open() -> None:
    assert not frame_waits(cv2.VideoCapture(), 0.01)


def test_a_camera_that_is_pulled_is_gone_at_once(node: Path) -> None:
    camera, _ = opened(node, "1")
    camera.read()
    node.rmdir()
    began = time.monotonic()
    with pytest.raises(DeviceAbsent, match="is not there any more"):
        camera.read()
    assert time.monotonic() - began < 0.2


def test_a_setting_that_the_camera_refuses_is_kept_to_be_said(node: Path) -> None:
    camera, _ = opened(node, "1", focus=30)
    assert camera.refused == ("focus 30 refused",)


def test_frames_from_before_anybody_looked_are_let_go_and_the_camera_is_freed(node: Path) -> None:
    camera, video = opened(node, "1")
    camera.refresh()
    camera.close()
    assert video.passed > 0 and video.freed


def test_a_device_that_another_program_holds_cannot_be_opened(node: Path) -> None:
    with pytest.raises(DeviceAbsent, match="cannot be opened"):
        opened(node, "")


def test_a_camera_that_is_not_plugged_in_is_named_by_what_it_is() -> None:
    with pytest.raises(DeviceAbsent, match=r"f00d:f00d at port 1-1\.4 is not plugged in"):
        open_source({"usb": "f00d:f00d", "port": "1-1.4"})


@pytest.mark.parametrize("name", ["face-camera", "document-camera"])
@pytest.mark.parametrize(
    ("settings", "complaint"),
    [({}, "is missing"), ({"source": "/dev/video0", "exposure": -1}, "exposure"), ({"usb": "camera"}, "vendor:product")],
)
def test_settings_of_a_camera_that_cannot_be_are_refused_before_it_is_opened(name: str, settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(DriverUnknown, match=f"{name}.*{complaint}"):
        make(name, settings)


def test_a_picture_that_says_it_is_huge_is_refused_before_it_is_unpacked_and_without_a_warning() -> None:
    data = bytearray(cv2.imencode(".bmp", FRAME)[1])
    assert unpacked(bytes(data)) is not None
    for width, height in ((12_000, 10_000), (90_000, 90_000)):
        struct.pack_into("<ii", data, 18, width, height)
        assert unpacked(bytes(data)) is None


def test_a_png_whose_chunk_is_longer_than_the_file_is_refused_before_room_is_made_for_it() -> None:
    data = bytearray(cv2.imencode(".png", FRAME)[1])
    assert chunks_fit(bytes(data)) and chunks_fit(b"") and chunks_fit(b"\xff\xd8\xff\xe0")
    at = data.index(b"IDAT") - 4
    for length in (0x7FFF_FFFF, 0xFFFF_FFFF, len(data)):
        struct.pack_into(">I", data, at, length)
        assert not chunks_fit(bytes(data))
        assert unpacked(bytes(data)) is None
