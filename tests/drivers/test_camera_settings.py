"""What a camera is told, in which order, and what it refuses."""

from typing import Any

import cv2
import pytest

from drivers.camera_settings import adjust, wishes


class Camera:
    """A V4L2 camera as OpenCV shows it: knows some properties, rounds some, takes a fixed exposure only where its own judgement is off."""

    def __init__(self, **knows: float) -> None:
        self.told: list[int] = []
        self._values: dict[int, float] = {getattr(cv2, f"CAP_PROP_{name}"): value for name, value in knows.items()}

    def set(self, property_: int, value: float, /) -> bool:
        self.told.append(property_)
        judges = self._values.get(cv2.CAP_PROP_AUTO_EXPOSURE) == 3.0
        if property_ not in self._values or (property_ == cv2.CAP_PROP_EXPOSURE and judges):
            return False
        if property_ == cv2.CAP_PROP_FRAME_WIDTH:
            value = min(value, 1280.0)
        self._values[property_] = value
        return True

    def get(self, property_: int, /) -> float:
        return self._values.get(property_, -1.0)


def test_a_fixed_exposure_and_focus_switch_the_cameras_own_judgement_off_first() -> None:
    camera = Camera(AUTO_EXPOSURE=3.0, EXPOSURE=200.0, AUTOFOCUS=1.0, FOCUS=0.0, BUFFERSIZE=4.0)
    assert adjust(camera, wishes({"exposure": 156, "focus": 30})) == ()
    assert camera.get(cv2.CAP_PROP_EXPOSURE) == 156.0
    assert (camera.get(cv2.CAP_PROP_AUTO_EXPOSURE), camera.get(cv2.CAP_PROP_AUTOFOCUS)) == (1.0, 0.0)


def test_auto_gives_the_judgement_back_to_the_camera() -> None:
    camera = Camera(AUTO_EXPOSURE=1.0, AUTOFOCUS=0.0)
    assert adjust(camera, wishes({"exposure": "auto", "focus": "auto"})) == ()
    assert (camera.get(cv2.CAP_PROP_AUTO_EXPOSURE), camera.get(cv2.CAP_PROP_AUTOFOCUS)) == (3.0, 1.0)


def test_the_format_is_told_before_the_size_and_the_size_before_the_pace() -> None:
    camera = Camera()
    adjust(camera, wishes({"fps": 15, "height": 720, "format": "MJPG", "width": 1280}))
    assert camera.told[1:] == [cv2.CAP_PROP_FOURCC, cv2.CAP_PROP_FRAME_WIDTH, cv2.CAP_PROP_FRAME_HEIGHT, cv2.CAP_PROP_FPS]


def test_what_a_camera_refuses_or_rounds_is_said() -> None:
    yuyv = float(cv2.VideoWriter.fourcc(*"YUYV"))
    camera = Camera(FOURCC=yuyv, FRAME_WIDTH=640.0)
    refused = adjust(camera, wishes({"width": 1920, "focus": 30}))
    assert refused == ("width 1920 refused, it has 1280", "focus 30 refused")


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({"format": "MJPEG"}, "format: expected four letters"),
        ({"format": 1196444237}, "format: expected four letters"),
        ({"width": 0}, "width: expected a number from 16 to 16384"),
        ({"exposure": "manual"}, "exposure: expected a number from 1"),
        ({"focus": True}, "focus: expected a number from 0"),
        ({"fps": "fast"}, "fps: expected a number from 1"),
    ],
)
def test_what_no_camera_has_is_refused_with_its_name(settings: dict[str, Any], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        wishes(settings)
