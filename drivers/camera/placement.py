"""What a picture of a face lacks as a portrait, judged from the largest face in it.

Light is judged by the brightest parts of the face (the whites of the eyes, highlights), never by how dark the skin is.
"""

import math
from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.camera.finder import Face, find_faces
from drivers.contract import Hint
from drivers.frame_source import Frame

FAR, NEAR = 0.19, 0.55
"""Height of the face, eyebrows to chin, as a share of the picture's."""
OFF = 0.16
"""How far the face's middle may lie from the picture's, as a share of each side."""
ROLL, YAW = 0.22, 0.30
"""Tangent of the line of the eyes; the nose's way from between the eyes, in distances of the eyes."""
RIVAL = 0.6
"""A second face of this part of the first's height is one too many: who is meant?"""
DARK, BURNT, BURNT_PART = 60.0, 250, 0.12
BLURRED, SHARP = 0.006, 0.03
JUDGED_PX = 160
MOVED = 0.08


@dataclass(frozen=True)
class Placement:
    """What was found; `quality` 0 to 100 from size, place, light and sharpness, our own measure, given only with Hint.OK."""

    hint: Hint
    quality: int = 0
    face: Face | None = None


def place(frame: Frame) -> Placement:
    """Judge a BGR frame."""
    faces = find_faces(frame)
    if not faces:
        return Placement(_nobody(frame))
    face = faces[0]
    if len(faces) > 1 and faces[1].box[3] > RIVAL * face.box[3]:
        return Placement(Hint.SEVERAL_FACES, face=face)
    lacks = _where(face, frame.shape[1], frame.shape[0])
    if lacks is not None:
        return Placement(lacks, face=face)
    skin = _cut(frame, face)
    lacks = _light(skin)
    sharp = sharpness(skin)
    if lacks is None and sharp < BLURRED:
        lacks = Hint.MOVING
    return Placement(lacks, face=face) if lacks is not None else Placement(Hint.OK, _quality(face, frame, sharp), face)


def moved(before: Face | None, now: Face | None) -> bool:
    """Whether the face is elsewhere than a frame ago, by more than a twelfth of its size."""
    if before is None or now is None:
        return True
    way = np.subtract(now.centre, before.centre)
    return bool(np.hypot(*way) > MOVED * now.box[3] or abs(now.box[3] - before.box[3]) > MOVED * now.box[3])


def sharpness(grey: NDArray[np.uint8]) -> float:
    """Energy of fine detail as a part of the contrast, of a face brought to one size: about 0.03 in focus, 0.003 out of it."""
    scale = JUDGED_PX / max(grey.shape)
    small = cv2.resize(grey, None, fx=scale, fy=scale, interpolation=cv2.INTER_AREA) if scale < 1 else grey
    contrast = float(small.std()) + 1.0
    return float(np.abs(cv2.Laplacian(small, cv2.CV_64F)).mean()) / contrast / 10


def _nobody(frame: Frame) -> Hint:
    """Why no face was found: too little light, somebody far away in the middle, or nobody."""
    if float(np.percentile(frame[::8, ::8], 95)) < DARK:
        return Hint.TOO_DARK
    height, width = frame.shape[:2]
    middle = frame[height // 4 : height - height // 4, width // 4 : width - width // 4]
    return Hint.TOO_FAR if find_faces(middle) else Hint.NOTHING_THERE


def _where(face: Face, width: int, height: int) -> Hint | None:
    share = face.box[3] / height
    if share < FAR:
        return Hint.TOO_FAR
    if share > NEAR:
        return Hint.TOO_CLOSE
    if abs(face.centre[0] / width - 0.5) > OFF or abs(face.centre[1] / height - 0.5) > OFF:
        return Hint.OFF_CENTRE
    across = np.subtract(face.left_eye, face.right_eye)
    apart = float(np.hypot(*across)) + 1e-6
    between = np.add(face.left_eye, face.right_eye) / 2
    # along the line of the eyes, whatever the head's roll
    aside = abs(float(np.dot(np.subtract(face.nose, between), across))) / apart**2
    return Hint.TURNED if abs(across[1]) > ROLL * abs(across[0]) or aside > YAW else None


def _cut(frame: Frame, face: Face) -> NDArray[np.uint8]:
    """The face alone, grey."""
    x, y, w, h = face.box
    part = frame[max(0, int(y)) : int(y + h) + 1, max(0, int(x)) : int(x + w) + 1]
    return np.asarray(cv2.cvtColor(part, cv2.COLOR_BGR2GRAY), np.uint8)


def _light(skin: NDArray[np.uint8]) -> Hint | None:
    if float(np.percentile(skin, 98)) < DARK:
        return Hint.TOO_DARK
    return Hint.TOO_BRIGHT if float((skin >= BURNT).mean()) > BURNT_PART else None


def _quality(face: Face, frame: Frame, sharp: float) -> int:
    """All of it good is 100; what is worst counts most."""
    height, width = frame.shape[:2]
    aside = max(abs(face.centre[0] / width - 0.5), abs(face.centre[1] / height - 0.5)) / OFF
    parts = (min(1.0, sharp / SHARP), 1 - 0.4 * aside, min(1.0, face.box[3] / 180), face.score)
    return max(1, min(100, round(100 * math.sqrt(min(parts)) * sum(parts) / len(parts))))
