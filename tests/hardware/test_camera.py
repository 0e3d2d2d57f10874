"""A V4L2 camera that a kernel plays (vivid), through OpenCV in a device process. Minutes, and only where the laboratory is."""

from typing import Any

import pytest

from tests.hardware.laboratory import laboratory, needs_udevd

LOSS_MS, LOSS_AFTER_EVENT_MS, BACK_MS, CYCLES = 600, 200, 2000, 4
pytestmark = [pytest.mark.long, needs_udevd]


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    (found,) = laboratory(tmp_path_factory.mktemp("laboratory")).measured("tests.hardware.camera", str(CYCLES))
    print(found)
    return dict(found)


def test_format_and_size_are_taken_and_what_the_camera_has_not_is_refused_by_name(measured: dict[str, Any]) -> None:
    assert measured["identity"] == "camera 720 x 576 (exposure 300 refused; focus auto refused)"
    assert measured["test"][-2:] == ["exposure 300 refused", "focus auto refused"]


def test_a_portrait_is_taken_of_who_stands_before_the_camera_before_and_after_its_plug_was_pulled(measured: dict[str, Any]) -> None:
    for portrait in (measured["portrait"], measured["portrait_after"]):
        assert portrait["taken"]
        assert portrait["live"]


def test_a_camera_that_is_pulled_is_lost_in_time_and_back_in_time_under_its_new_name(measured: dict[str, Any]) -> None:
    assert len(measured["cycles"]) == CYCLES
    for one in measured["cycles"]:
        assert one["before"] != one["after"]
        assert one["lost_ms"] <= LOSS_MS
        assert one["lost_after_event_ms"] <= LOSS_AFTER_EVENT_MS
        assert one["back_ms"] <= BACK_MS
