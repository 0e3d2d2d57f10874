"""Faces found and judged, on drawn people: nobody's face is in this tree."""

import hashlib
from functools import cache

import cv2
import numpy as np
import pytest

from drivers.camera.face import head_and_shoulders
from drivers.camera.finder import MODEL, find_faces
from drivers.camera.placement import moved, place
from drivers.contract import Hint
from drivers.frame_source import Frame, jpeg
from drivers.simulated import faces

WIDTH, HEIGHT = 1280, 960
# each person is drawn once for all tests
draw_face = cache(faces.draw_face)
SOMEBODY = draw_face(1)
WALL: Frame = np.full((HEIGHT, WIDTH, 3), 185, np.uint8)


def warped(scale: float = 1.0, turn: float = 0.0, right: float = 0.0) -> Frame:
    """Somebody nearer or farther, with the head tilted, or to one side."""
    matrix = cv2.getRotationMatrix2D((WIDTH / 2, HEIGHT / 2), turn, scale)
    matrix[0, 2] += right
    return np.asarray(cv2.warpAffine(SOMEBODY, matrix, (WIDTH, HEIGHT), borderMode=cv2.BORDER_REPLICATE), np.uint8)


def test_the_model_is_the_one_that_was_published() -> None:
    assert hashlib.sha256(MODEL.read_bytes()).hexdigest() == "3bc182eb9f33925d9e58b5c8d59308a760f4adea8f282370e428c51212c26633"


@pytest.mark.parametrize("seed", range(8))
def test_a_face_is_found_where_it_was_drawn(seed: int) -> None:
    face = find_faces(draw_face(seed))[0]
    assert face.centre[0] == pytest.approx(WIDTH / 2, abs=40)
    assert HEIGHT * 0.4 < face.centre[1] < HEIGHT * 0.65
    assert face.right_eye[0] < face.nose[0] < face.left_eye[0]
    assert face.right_eye[1] < face.nose[1] < face.mouth[1]


@pytest.mark.parametrize("shape", [(480, 640), (720, 1280), (640, 480)])
def test_a_face_is_found_at_any_shape_of_picture(shape: tuple[int, int]) -> None:
    height, width = shape
    face = find_faces(draw_face(3, width, height))[0]
    assert face.centre[0] == pytest.approx(width / 2, abs=width / 20)


@pytest.mark.parametrize("seed", range(3))
def test_no_face_is_found_in_patterns_and_noise(seed: int) -> None:
    rng = np.random.default_rng(seed)
    assert find_faces(rng.integers(0, 256, (480, 640, 3), np.uint8)) == []
    assert find_faces(np.asarray(cv2.resize(rng.integers(0, 256, (6, 8, 3), np.uint8), (640, 480)), np.uint8)) == []


def test_somebody_who_stands_well_is_told_to_hold_still() -> None:
    found = place(SOMEBODY)
    assert found.hint is Hint.OK
    assert 50 < found.quality <= 100


@pytest.mark.parametrize(
    ("frame", "hint"),
    [
        (WALL, Hint.NOTHING_THERE),
        (np.zeros_like(WALL), Hint.TOO_DARK),
        (warped(0.45), Hint.TOO_FAR),
        (warped(2.3), Hint.TOO_CLOSE),
        (warped(right=300.0), Hint.OFF_CENTRE),
        (warped(turn=25.0), Hint.TURNED),
        ((SOMEBODY * 0.25).astype(np.uint8), Hint.TOO_DARK),
        (cv2.GaussianBlur(SOMEBODY, (0, 0), 7), Hint.MOVING),
        (np.hstack([draw_face(1, 640, 960), draw_face(2, 640, 960)]), Hint.SEVERAL_FACES),
        (np.where(SOMEBODY > 60, 255, SOMEBODY).astype(np.uint8), Hint.TOO_BRIGHT),
    ],
    ids=["nobody", "night", "far", "close", "aside", "tilted", "dark", "blurred", "two people", "burnt"],
)
def test_what_a_picture_lacks_is_said(frame: Frame, hint: Hint) -> None:
    assert place(np.asarray(frame, np.uint8)).hint is hint


@pytest.mark.parametrize("seed", range(8))
def test_nobody_is_told_that_it_is_dark_because_of_their_skin(seed: int) -> None:
    assert place(draw_face(seed)).hint is Hint.OK


def test_a_blurred_portrait_has_less_quality_than_a_sharp_one() -> None:
    blurred = place(np.asarray(cv2.GaussianBlur(SOMEBODY, (0, 0), 2.5), np.uint8))
    assert blurred.quality < place(SOMEBODY).quality


def test_somebody_who_steps_aside_has_moved() -> None:
    here, there = find_faces(SOMEBODY)[0], find_faces(warped(right=60.0))[0]
    assert not moved(here, here)
    assert moved(here, there)
    assert moved(None, here)


@pytest.mark.parametrize("right", [-200.0, 0.0, 200.0])
def test_a_portrait_holds_the_whole_head_and_stays_small(right: float) -> None:
    frame = warped(right=right)
    face = find_faces(frame)[0]
    portrait = head_and_shoulders(frame, face)
    again = find_faces(portrait)[0]
    assert portrait.shape[0] / portrait.shape[1] == pytest.approx(4 / 3, abs=0.02)
    assert again.centre[0] / portrait.shape[1] == pytest.approx(0.5, abs=0.1)
    assert 0.3 < again.box[3] / portrait.shape[0] < 0.6
    assert len(jpeg(portrait, 40_000)) <= 40_000
