"""Readers as they were recorded: the same bytes both ways, the same picture to the last pixel, and nothing false when something goes wrong.

The recordings and their pictures are libfprint's; they lie beside the project, not in it. Through libusb they need umockdev-run (Debian: umockdev).
"""

import json
import shutil
import subprocess
import sys
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.contract import CaptureFinger, Finger, FingerCaptured, Hint
from drivers.fingerprint.placement import place
from drivers.simulated.usb_plug import UsbPlug
from tests.drivers.fingerprint.hostile import on_plug, through_libusb
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.fingerprint.replayed import READERS, command, replaying
from tests.drivers.fingerprint.usb_recordings import RECORDINGS, read_recording, reference, write_recording

PATIENCE_S = 60
needs_umockdev = pytest.mark.skipif(shutil.which("umockdev-run") is None, reason="umockdev is not installed")
each_reader = pytest.mark.parametrize("name", sorted(READERS))
pytestmark = pytest.mark.skipif(not RECORDINGS.is_dir(), reason="the shared data is not beside this project")


@each_reader
def test_what_was_recorded_is_asked_again_word_for_word_and_gives_the_same_picture(name: str, tmp_path: Path) -> None:
    plug, reader = UsbPlug(), READERS[name].played(READERS[name].conversation(), strict=True)
    plug.plug(reader)
    with OpenDriver(READERS[name].driver({}, plug), tmp_path) as opened:
        answer = opened.order(CaptureFinger(Finger.LEFT_THUMB))
        assert isinstance(answer, FingerCaptured)
        assert answer.ppi == READERS[name].ppi
        assert np.array_equal(opened.image(answer.picture), reference(READERS[name].folder))
        if name == "uru4000":
            while reader.left > 1:
                opened.driver.idle()
    # all was played: closing has nothing to switch off where the finger's lifting did
    assert reader.left == 0


@needs_umockdev
@each_reader
def test_through_libusb_not_one_pixel_of_the_recorded_picture_is_different(name: str, tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    done = subprocess.run(command(name, picture), capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert json.loads(done.stdout)["outcome"] == "FingerCaptured", done.stderr
    image = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert int((image != reference(READERS[name].folder)).sum()) == 0


@needs_umockdev
def test_in_a_host_on_libusb_the_recorded_reader_answers_with_its_picture(tmp_path: Path) -> None:
    picture = tmp_path / "picture.png"
    capture = RECORDINGS / READERS["uru4000"].folder / "capture.pcapng"
    program = [sys.executable, "-m", "tests.drivers.fingerprint.replayed_host", str(tmp_path), str(picture)]
    done = subprocess.run([*replaying("uru4000", capture), *program], capture_output=True, text=True, check=False, timeout=PATIENCE_S)
    assert done.returncode == 0, done.stderr
    assert "4500" in done.stdout
    image = cv2.imread(str(picture), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert np.array_equal(image, reference("uru4000-4500"))


@each_reader
def test_a_recording_in_which_something_goes_wrong_never_gives_a_false_picture(name: str) -> None:
    # patient, since a busy machine must still come as far as the picture
    found = on_plug(name, 12, seed=4, patience_s=0.5)
    assert sum(found.values()) == 12
    assert any(what.endswith("FingerCaptured") for what in found)
    assert any(what.endswith("gone") for what in found)


@pytest.mark.long
@needs_umockdev
def test_an_altered_capture_file_through_libusb_never_gives_a_false_picture() -> None:
    assert sum(through_libusb("uru4000", 25, seed=4).values()) == 25


def test_what_was_recorded_of_the_4500_is_no_finger_that_the_gate_lets_through() -> None:
    assert place(reference("uru4000-4500")).hint is Hint.OFF_CENTRE
    assert place(reference("nb1010")).hint is Hint.OK


def test_a_capture_file_is_written_as_it_was_read(tmp_path: Path) -> None:
    original = RECORDINGS / "uru4000-4500" / "capture.pcapng"
    write_recording(tmp_path / "copy.pcapng", *read_recording(original))
    assert (tmp_path / "copy.pcapng").read_bytes() == original.read_bytes()
