"""A portrait is taken of somebody who stands well and still; until then the live picture says what it lacks."""

from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers import contract
from drivers.camera.finder import find_faces
from drivers.contract import CaptureFace, DeviceReady, Encoding, FaceCaptured, FrameSeen, Hint, NotCaptured, Rest, Unread
from drivers.simulated.faces import draw_face
from drivers.simulated.scene import Scene
from tests.drivers.running_host import RunningHost

DEVICE = "face_camera"


@pytest.fixture(scope="module")
def people(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("people")
    well = draw_face(1)
    cv2.imwrite(str(folder / "well.png"), well)
    cv2.imwrite(str(folder / "aside.png"), np.roll(well, 280, axis=1))
    return folder


def camera(tmp_path: Path) -> RunningHost:
    return RunningHost("simulated-face-camera", {"scene": str(tmp_path / "scene")}, tmp_path)


def test_somebody_steps_up_comes_to_the_middle_and_is_taken(tmp_path: Path, people: Path) -> None:
    scene = Scene(tmp_path / "scene")
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        ticket = host.order(CaptureFace())
        host.frame_with(lambda seen: seen.hint is Hint.NOTHING_THERE)
        scene.put(DEVICE, image=str(people / "aside.png"))
        host.frame_with(lambda seen: seen.hint is Hint.OFF_CENTRE)
        scene.put(DEVICE, image=str(people / "well.png"))
        host.frame_with(lambda seen: seen.hint is Hint.OK)
        face = host.answer(ticket, FaceCaptured)
        data = host.take(face.picture)
        assert face.picture.encoding is Encoding.JPEG
        assert len(data) <= 40_000
        assert 40 < face.quality <= 100
        portrait = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_COLOR)
        assert portrait is not None
        assert len(find_faces(np.asarray(portrait, np.uint8))) == 1


@pytest.mark.parametrize(("who", "why"), [("", Unread.NO_FACE), ("aside.png", Unread.POOR_PICTURE)])
def test_nobody_and_somebody_who_never_comes_to_the_middle_are_one_try(tmp_path: Path, people: Path, who: str, why: Unread) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(people / who) if who else "")
    with RunningHost("simulated-face-camera", {"scene": str(tmp_path / "scene"), "patience": 0.8}, tmp_path) as host:
        host.wait_for(DeviceReady)
        assert host.answer(host.order(CaptureFace()), NotCaptured).why is why


def test_rest_stops_the_live_picture_and_wipes_it(tmp_path: Path, people: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(people / "aside.png"))
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.order(CaptureFace(), 600)
        host.frame_with(lambda seen: seen.hint is Hint.OFF_CENTRE)
        host.answer(host.order(Rest()), contract.Done)
        ring = (tmp_path / "face_camera.ring").read_bytes()
        assert not any(ring)


def test_the_self_test_says_what_the_camera_sees(tmp_path: Path, people: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(people / "well.png"))
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        test = host.answer(host.order(contract.TestYourself()), contract.TestDone)
        assert test.passed
        assert "sees: ok" in test.findings


def test_live_pictures_are_bgr_and_small_enough_for_the_screen(tmp_path: Path, people: Path) -> None:
    scene = Scene(tmp_path / "scene")
    scene.put(DEVICE, image=str(people / "aside.png"))
    with camera(tmp_path) as host:
        host.wait_for(DeviceReady)
        host.order(CaptureFace(), 600)
        seen = host.wait_for(FrameSeen)
        assert (seen.picture.encoding, seen.picture.width, seen.picture.height) == (Encoding.BGR8, 960, 720)
        assert len(host.take(seen.picture)) == 960 * 720 * 3
