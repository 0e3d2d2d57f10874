"""Faces in a picture, found by BlazeFace (models/README.md) under OpenCV: 2 to 6 ms a frame of one thread. It finds faces and recognises nobody.

The network sees 128 x 128 RGB pixels from -1 to 1. For each of 896 places on a grid it gives a score (before the logistic function) and 16
numbers in pixels from that place: centre and size of the face, then right eye, left eye, nose, mouth, right ear, left ear.
Source: Bazarevsky and others, "BlazeFace: Sub-millisecond Neural Face Detection on Mobile GPUs", 2019.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.frame_source import Frame

MODEL = Path(__file__).parent / "models" / "blazeface_short_range.tflite"
SIDE = 128
# cells a side, and answers a cell
GRIDS = ((16, 2), (8, 6))
SURE, OVERLAP = 0.55, 0.3

Point = tuple[float, float]


@dataclass(frozen=True)
class Face:
    """A face in pixels of the picture. `box` is x, y, width, height, from the eyebrows to the chin; right and left are the person's own."""

    box: tuple[float, float, float, float]
    right_eye: Point
    left_eye: Point
    nose: Point
    mouth: Point
    score: float

    @property
    def centre(self) -> Point:
        """Middle of the box."""
        x, y, w, h = self.box
        return x + w / 2, y + h / 2


def find_faces(frame: Frame) -> list[Face]:
    """The faces in a BGR frame, largest first."""
    square, side, left, top = _squared(frame)
    net = _network()
    net.setInput(cv2.dnn.blobFromImage(square, 1 / 127.5, (SIDE, SIDE), (127.5, 127.5, 127.5), swapRB=True))
    numbers, scores = net.forward(("regressors", "classificators"))
    score = 1 / (1 + np.exp(-np.clip(np.asarray(scores, np.float64).reshape(-1), -60, 60)))
    sure = np.flatnonzero(score >= SURE)
    if not sure.size:
        return []
    values = np.asarray(numbers, np.float64).reshape(-1, 8, 2)[sure] / SIDE
    values[:, 0] += _places()[sure]
    values[:, 2:] += _places()[sure][:, None]
    # from shares of the square to pixels of the frame; sizes (row 1) are not moved
    values *= side
    values[:, [0, 2, 3, 4, 5, 6, 7]] -= (left, top)
    boxes = np.hstack([values[:, 0] - values[:, 1] / 2, values[:, 1]])
    kept = np.asarray(cv2.dnn.NMSBoxes(boxes.tolist(), score[sure].tolist(), SURE, OVERLAP)).reshape(-1)
    return sorted((_face(boxes[at], values[at], float(score[sure][at])) for at in kept), key=lambda face: -face.box[3])


def _face(box: NDArray[np.float64], values: NDArray[np.float64], score: float) -> Face:
    x, y, w, h = (float(number) for number in box)
    right_eye, left_eye, nose, mouth = ((float(point[0]), float(point[1])) for point in values[2:6])
    return Face((x, y, w, h), right_eye, left_eye, nose, mouth, score)


def _squared(frame: Frame) -> tuple[Frame, int, int, int]:
    """The frame in the middle of a black square; the square's side, and where the frame lies in it."""
    height, width = frame.shape[:2]
    side = max(height, width)
    left, top = (side - width) // 2, (side - height) // 2
    square = cv2.copyMakeBorder(frame, top, side - height - top, left, side - width - left, cv2.BORDER_CONSTANT)
    return np.asarray(square, np.uint8), side, left, top


@cache
def _network() -> cv2.dnn.Net:
    # OpenCV 5's new engine gives only one of the two outputs
    return cv2.dnn.readNetFromTFLite(str(MODEL), cv2.dnn.ENGINE_CLASSIC)


@cache
def _places() -> NDArray[np.float64]:
    """Middles of the grid's cells as shares of the square, one for each answer: (896, 2)."""
    places = []
    for cells, answers in GRIDS:
        y, x = np.mgrid[0:cells, 0:cells]
        middles = (np.stack([x, y], axis=-1).reshape(-1, 2) + 0.5) / cells
        places.append(np.repeat(middles, answers, axis=0))
    return np.concatenate(places)
