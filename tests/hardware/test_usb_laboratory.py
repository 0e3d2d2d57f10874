"""Real USB, played by a kernel to itself: what no pty can show. Minutes, and only where the laboratory is."""

import json

import pytest

from tests.hardware.laboratory import Guest, laboratory

LOSS_MS, BACK_MS, CYCLES = 600, 2000, 3


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Guest:
    return laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.mark.long
def test_a_reader_is_lost_within_600_ms_of_its_plug_and_back_within_2_s_under_the_new_name(guest: Guest) -> None:
    lines = guest.python("tests.hardware.replugged", str(CYCLES))
    measured = json.loads(next(line for line in lines if line.startswith("MEASURED")).removeprefix("MEASURED"))
    for one in measured:
        print(one)
        assert one["before"] != one["after"]
        assert one["lost_ms"] <= LOSS_MS
        assert one["back_ms"] <= BACK_MS
    assert len(measured) == CYCLES


@pytest.mark.long
def test_a_camera_loses_frames_and_goes_on_and_is_lost_and_back_when_it_is_unplugged(guest: Guest) -> None:
    lines = guest.python("tests.hardware.filmed")
    said = {name: json.loads(line.removeprefix(name)) for name in ("FRAMES", "PLUG") for line in lines if line.startswith(name)}
    print(said)
    assert said["FRAMES"]["shapes"] == [[360, 640, 3]]
    assert said["FRAMES"]["lost"] >= 1
    # the kernel's test camera has no shutter
    assert said["FRAMES"]["refused"] == ["exposure 156 refused"]
    assert said["PLUG"]["identity"].startswith("camera 640 x 480")
    assert said["PLUG"]["lost_after_event_ms"] <= LOSS_MS
    assert said["PLUG"]["back_after_event_ms"] <= BACK_MS
