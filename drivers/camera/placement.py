"""Where the face is and what the picture lacks. OpenCV and numpy; no model: OpenCV's wheel brings none.

A face is looked for as the largest upright oval of skin. Skin of every tone lies in a narrow field of the two colour-difference
channels of YCrCb, while its brightness says nothing (this is a placement aid, not a detector to be trusted: a better one comes with a later release and changes nothing outside this file).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import Hint

Frame = NDArray[np.uint8]
SMALL = 160
CR, CB = (135, 175), (80, 130)
DARK, BRIGHT, BLURRED = 45.0, 215.0, 12.0
NEAR, FAR = 0.62, 0.22
OFF = 0.17
OVAL = (0.95, 2.1)


@dataclass(frozen=True)
class Placement:
    """What was found: shares of the frame's size; `quality` 0 to 100 from size, centre, light and sharpness, only with Hint.OK."""

    hint: Hint
    quality: int = 0
    box: tuple[float, float, float, float] | None = None


def place(frame: Frame) -> Placement:
    """Judge a BGR frame."""
    scale = SMALL / frame.shape[0]
    small = np.asarray(cv2.resize(frame, (max(1, round(frame.shape[1] * scale)), SMALL), interpolation=cv2.INTER_AREA), np.uint8)
    light = float(cv2.cvtColor(small, cv2.COLOR_BGR2GRAY).mean())
    if light < DARK:
        return Placement(Hint.TOO_DARK)
    boxes = _ovals(small)
    if not boxes:
        return Placement(Hint.TOO_BRIGHT if light > BRIGHT else Hint.NOTHING_THERE)
    if len(boxes) > 1 and boxes[1][3] > 0.6 * boxes[0][3]:
        return Placement(Hint.SEVERAL_FACES)
    return _judged(frame, boxes[0])


def _ovals(small: NDArray[np.uint8]) -> list[tuple[float, float, float, float]]:
    """Boxes (x, y, width, height, as shares) of oval fields of skin, largest first."""
    colours = cv2.cvtColor(small, cv2.COLOR_BGR2YCrCb)
    skin = cv2.inRange(colours, np.array((40, CR[0], CB[0])), np.array((255, CR[1], CB[1])))
    skin = cv2.morphologyEx(skin, cv2.MORPH_OPEN, np.ones((5, 5), np.uint8))
    skin = cv2.morphologyEx(skin, cv2.MORPH_CLOSE, np.ones((9, 9), np.uint8))
    found, _ = cv2.findContours(skin, cv2.RETR_EXTERNAL, cv2.CHAIN_APPROX_SIMPLE)
    height, width = small.shape[:2]
    boxes = []
    for contour in found:
        x, y, w, h = cv2.boundingRect(contour)
        filled = cv2.contourArea(contour) / max(1, w * h)
        if h >= 0.12 * height and OVAL[0] <= h / max(1, w) <= OVAL[1] and 0.55 <= filled <= 0.95:
            boxes.append((x / width, y / height, w / width, h / height))
    return sorted(boxes, key=lambda box: -box[3])


def _judged(frame: Frame, box: tuple[float, float, float, float]) -> Placement:
    x, y, w, h = box
    if h < FAR:
        return Placement(Hint.TOO_FAR, box=box)
    if h > NEAR:
        return Placement(Hint.TOO_CLOSE, box=box)
    aside = max(abs(x + w / 2 - 0.5), abs(y + h / 2 - 0.5))
    if aside > OFF:
        return Placement(Hint.OFF_CENTRE, box=box)
    height, width = frame.shape[:2]
    face = frame[int(y * height) : int((y + h) * height), int(x * width) : int((x + w) * width)]
    grey = cv2.cvtColor(face, cv2.COLOR_BGR2GRAY)
    sharp = float(cv2.Laplacian(grey, cv2.CV_64F).var())
    if sharp < BLURRED:
        return Placement(Hint.MOVING, box=box)
    light = float(grey.mean())
    quality = 100 * (1 - aside / OFF * 0.3) * min(1.0, sharp / 60) ** 0.3 * (1 - min(1.0, abs(light - 128) / 128) * 0.4)
    return Placement(Hint.OK, max(1, min(100, round(quality))), box)
