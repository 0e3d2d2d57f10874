"""Drawn people for simulated cameras and specimen pages. Nobody's face: ovals and curves from a seed, in warm brown skin tones."""

import cv2
import numpy as np
from numpy.typing import NDArray

Frame = NDArray[np.uint8]
WALL = (198, 192, 184)
SKINS = ((92, 128, 184), (70, 102, 158), (58, 84, 132), (48, 70, 112))
CLOTHES = ((122, 78, 20), (46, 104, 28), (30, 92, 190), (120, 40, 90), (70, 70, 70))
HAIR = (28, 24, 22)
FINE = 3


def draw_face(seed: int, width: int = 1280, height: int = 960, *, child: bool = False) -> Frame:
    """Somebody before the lane's camera, BGR (height, width, 3): head in the middle, shoulders below."""
    rng = np.random.default_rng(seed)
    w, h = width * FINE // 2, height * FINE // 2
    image: Frame = np.full((h, w, 3), WALL, np.uint8)
    shade = np.linspace(1.06, 0.90, h)[:, None, None]
    image = np.clip(image * shade, 0, 255).astype(np.uint8)
    skin = np.array(SKINS[int(rng.integers(len(SKINS)))])
    head = round(h * (0.17 if child else 0.19))
    centre = (w // 2 + int(rng.integers(-12, 13)), round(h * (0.50 if child else 0.46)))
    _body(image, centre, head, skin, CLOTHES[int(rng.integers(len(CLOTHES)))])
    _head(image, centre, head, skin, rng, woman=bool(rng.integers(2)))
    smooth = cv2.resize(image, (width, height), interpolation=cv2.INTER_AREA)
    grain = rng.normal(0, 2.2, smooth.shape)
    return np.asarray(np.clip(smooth + grain, 0, 255), np.uint8)


def _colour(values: NDArray[np.float64] | NDArray[np.int64], share: float = 1.0) -> tuple[float, float, float]:
    blue, green, red = (float(min(255.0, value * share)) for value in values)
    return blue, green, red


def _body(image: Frame, centre: tuple[int, int], head: int, skin: NDArray[np.int64], cloth: tuple[int, int, int]) -> None:
    x, y = centre
    bottom = image.shape[0]
    cv2.ellipse(image, (x, bottom + head // 2), (round(head * 2.1), round(bottom - y - head * 0.7)), 0, 180, 360, cloth, -1, cv2.LINE_AA)
    cv2.rectangle(image, (x - head // 3, y + head // 2), (x + head // 3, y + round(head * 1.5)), _colour(skin, 0.82), -1)
    cv2.ellipse(image, (x, y + round(head * 1.55)), (round(head * 0.55), head // 3), 0, 0, 360, _colour(skin, 0.82), -1, cv2.LINE_AA)


def _head(image: Frame, centre: tuple[int, int], head: int, skin: NDArray[np.int64], rng: np.random.Generator, *, woman: bool) -> None:
    x, y = centre
    wide = round(head * 0.76)
    if woman:
        cv2.ellipse(image, (x, y - head // 8), (round(wide * 1.30), round(head * 1.18)), 0, 0, 360, HAIR, -1, cv2.LINE_AA)
    for side in (-1, 1):
        cv2.ellipse(image, (x + side * wide, y + head // 10), (head // 9, head // 5), 0, 0, 360, _colour(skin, 0.88), -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y), (wide, head), 0, 0, 360, _colour(skin), -1, cv2.LINE_AA)
    cv2.ellipse(image, (x, y - round(head * 0.55)), (round(wide * 0.98), round(head * 0.55)), 0, 180, 360, HAIR, -1, cv2.LINE_AA)
    apart = round(wide * 0.42)
    for side in (-1, 1):
        eye = (x + side * apart, y - head // 12)
        cv2.ellipse(image, eye, (head // 7, head // 15), 0, 0, 360, (238, 240, 240), -1, cv2.LINE_AA)
        cv2.circle(image, eye, head // 17, (30, 34, 44), -1, cv2.LINE_AA)
        cv2.ellipse(image, (eye[0], eye[1] - head // 7), (head // 6, head // 16), 0, 190, 350, HAIR, max(3, head // 26), cv2.LINE_AA)
    cv2.ellipse(image, (x, y + head // 5), (head // 9, head // 8), 0, 20, 160, _colour(skin, 0.72), max(3, head // 30), cv2.LINE_AA)
    smile = int(rng.integers(4, 10))
    cv2.ellipse(image, (x, y + round(head * 0.40)), (head // 4, head // smile), 0, 15, 165, (70, 60, 130), max(4, head // 22), cv2.LINE_AA)
