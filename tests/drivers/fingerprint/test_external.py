"""A vendor's program is believed only as far as its images are fit for a record, and its end is the device's end, not ours."""

import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers import contract
from drivers.catalogue import DriverUnknown, make
from drivers.contract import (
    CaptureFinger,
    DeviceGone,
    DeviceReady,
    Encoding,
    Finger,
    FingerCaptured,
    FrameSeen,
    Hint,
    NotCaptured,
    Rest,
    Unread,
)
from drivers.simulated.ridges import HEIGHT, WIDTH, draw
from drivers.simulated.scene import Scene
from tests.drivers.running_host import RunningHost, is_alive


def vendor(tmp_path: Path, defect: str) -> RunningHost:
    program = [sys.executable, "-m", "tests.drivers.fingerprint.vendor", defect]
    return RunningHost("external-fingerprint", {"program": program}, tmp_path)


def simulated(tmp_path: Path) -> RunningHost:
    return RunningHost("simulated-fingerprint-scanner", {"scene": str(tmp_path / "scene")}, tmp_path)


def test_a_finger_laid_down_is_taken_with_500_ppi_and_8_bits_and_without_loss(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with simulated(tmp_path) as host:
        assert host.wait_for(DeviceReady).identity == "synthetic fingers, 500 ppi"
        ticket = host.order(CaptureFinger(Finger.LEFT_INDEX))
        scene.put("fingerprint_scanner", finger=6)
        seen = host.wait_for(FrameSeen)
        assert seen.hint in (Hint.PRESS_HARDER, Hint.OK)
        taken = host.answer(ticket, FingerCaptured)
        assert (taken.finger, taken.ppi, taken.quality) == (Finger.LEFT_INDEX, 500, None)
        assert taken.picture.encoding is Encoding.PNG
        image = cv2.imdecode(np.frombuffer(host.take(taken.picture), np.uint8), cv2.IMREAD_UNCHANGED)
        assert image is not None
        assert (image.shape, image.dtype) == ((HEIGHT, WIDTH), np.uint8)
        assert np.array_equal(image, draw(63))


def test_a_finger_left_lying_is_not_taken_for_the_next_one(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put("fingerprint_scanner", finger=1)
    with simulated(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.answer(host.order(CaptureFinger(Finger.RIGHT_THUMB)), FingerCaptured)
        assert host.answer(host.order(CaptureFinger(Finger.LEFT_THUMB), 2.0), NotCaptured).why is Unread.TIMED_OUT
        scene.put("fingerprint_scanner", finger=1)
        assert host.answer(host.order(CaptureFinger(Finger.LEFT_THUMB)), FingerCaptured).finger is Finger.LEFT_THUMB


def test_two_fingers_are_not_alike(tmp_path: Path) -> None:
    assert not np.array_equal(draw(1), draw(2))
    assert np.array_equal(draw(1), draw(1))


@pytest.mark.parametrize("defect", ["four bits", "250 ppi", "small", "wrong size", "not there"])
def test_an_image_that_a_record_could_not_use_is_refused(tmp_path: Path, defect: str) -> None:
    with vendor(tmp_path, defect) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(CaptureFinger(Finger.RIGHT_INDEX)), NotCaptured).why is Unread.POOR_PICTURE


@pytest.mark.parametrize(
    ("defect", "said"),
    [
        ("nonsense", "speaks nonsense"),
        ("another kind", "receipt_printer"),
        ("another protocol", "protocol 99"),
        ("ends at once", "has ended"),
    ],
)
def test_a_program_that_is_not_what_it_should_be_is_said_to_be_gone(tmp_path: Path, defect: str, said: str) -> None:
    with vendor(tmp_path, defect) as host:
        assert said in host.wait_for(DeviceGone).reason


def test_a_program_that_dies_in_the_middle_is_started_again(tmp_path: Path) -> None:
    with vendor(tmp_path, "dies") as host:
        host.wait_for(DeviceReady)
        host.order(CaptureFinger(Finger.RIGHT_THUMB))
        assert "has ended" in host.wait_for(DeviceGone).reason
        host.wait_for(DeviceReady)


def test_a_program_that_hangs_is_ended_and_started_again(tmp_path: Path) -> None:
    with vendor(tmp_path, "hangs") as host:
        host.wait_for(DeviceReady)
        (first,) = host.children
        host.order(CaptureFinger(Finger.RIGHT_THUMB))
        assert "silent" in host.wait_for(DeviceGone).reason
        host.wait_for(DeviceReady)
        assert not is_alive(first)


def test_a_program_that_cannot_be_started_is_said_with_its_name(tmp_path: Path) -> None:
    with RunningHost("external-fingerprint", {"program": ["/opt/vendor/bin/fingerprint"]}, tmp_path) as host:
        assert host.wait_for(DeviceGone).reason.endswith("/opt/vendor/bin/fingerprint cannot be started: No such file or directory")


def test_rest_ends_the_wait_for_a_finger(tmp_path: Path) -> None:
    with simulated(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.order(CaptureFinger(Finger.RIGHT_THUMB), 600)
        host.answer(host.order(Rest()), contract.Done)
        assert host.answer(host.order(contract.TestYourself()), contract.TestDone).passed


def test_a_program_that_is_not_a_list_is_refused_before_anything_starts(tmp_path: Path) -> None:
    with pytest.raises(DriverUnknown, match="expected a list"):
        make("external-fingerprint", {"program": "/bin/scanner", "runtime": str(tmp_path)})
