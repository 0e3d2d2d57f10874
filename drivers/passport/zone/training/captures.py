"""Pages before a camera, at three levels: L1 a reader or flatbed, L2 a kiosk's or a phone's camera, L3 hard.

The levels follow the acceptance of the product; the bench reads them and the tests take theirs from here.
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.training.glyphs import Face
from drivers.passport.zone.training.pages import Page, page


@dataclass(frozen=True)
class Level:
    """How far from ideal a capture is; each figure is the largest that is drawn."""

    turn: float  # degrees
    any_turn: float  # share of captures that lie upside down or on a side, or at any turn where `free`
    free: bool
    tilt: float  # how far a corner is moved, as a part of the page's width
    fills: tuple[float, float]  # part of the picture's width that the page takes
    blur: float  # pixels
    motion: int  # pixels
    noise: float
    dark: float  # least brightness
    glare: float  # share of captures with a patch of glare
    shadow: float
    quality: int  # least JPEG quality


LEVELS = {
    "L1": Level(3, 0.0, False, 0.0, (0.85, 0.98), 0.6, 0, 0.015, 0.7, 0.0, 0.0, 70),
    "L2": Level(10, 0.3, False, 0.05, (0.6, 0.92), 0.9, 0, 0.03, 0.55, 0.3, 0.2, 50),
    "L3": Level(15, 0.7, True, 0.12, (0.55, 0.85), 1.6, 5, 0.06, 0.25, 0.3, 0.5, 25),
}
FRAMES = ((1280, 720), (1280, 960), (1600, 1200))


@dataclass(frozen=True)
class Capture:
    """A camera's picture (H, W) in grey, and the type and lines of the zone in it; none for a page without a zone."""

    picture: NDArray[np.uint8]
    kind: Format | None
    lines: tuple[str, ...]


def _laid(rng: np.random.Generator, flat: Page, level: Level, frame: tuple[int, int]) -> NDArray[np.float32]:
    """The page on a desk, as the camera sees it."""
    rows, columns = flat.picture.shape
    askew = rng.uniform(-level.turn, level.turn)
    if rng.random() < level.any_turn:
        askew += rng.uniform(0, 360) if level.free else float(rng.choice([90, 180, 270]))
    corners = np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float64) - [columns / 2, rows / 2]
    cos, sin = np.cos(np.deg2rad(askew)), np.sin(np.deg2rad(askew))
    turned = corners @ np.array([[cos, sin], [-sin, cos]])
    turned += rng.uniform(-level.tilt, level.tilt, (4, 2)) * columns
    extent = turned.max(0) - turned.min(0)
    fit = min(frame[0] / extent[0], frame[1] / extent[1]) * rng.uniform(*level.fills)
    placed = turned * fit
    room = (np.array(frame) - extent * fit) / 2
    placed += np.array(frame) / 2 - (placed.max(0) + placed.min(0)) / 2 + rng.uniform(-0.8, 0.8, 2) * room
    through = cv2.getPerspectiveTransform((corners + [columns / 2, rows / 2]).astype(np.float32), placed.astype(np.float32))
    desk = rng.uniform(0.05, 0.9) + 0.03 * cv2.resize(rng.normal(0, 1, (40, 60)).astype(np.float32), frame)
    # Shrinking by a warp alone skips pixels of the fine page.
    soft = cv2.GaussianBlur(flat.picture, (0, 0), max(0.3, 0.45 / fit))
    lies = cv2.warpPerspective(np.ones_like(soft), through, frame)
    seen = cv2.warpPerspective(soft, through, frame, flags=cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    return np.asarray(lies * seen + (1 - lies) * desk, np.float32)


def _lit(rng: np.random.Generator, scene: NDArray[np.float32], level: Level) -> NDArray[np.float32]:
    rows, columns = scene.shape
    across, down = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
    scene = np.asarray(scene * np.float32(rng.uniform(level.dark, 1.0)), np.float32)
    if rng.random() < level.shadow:
        askew = rng.uniform(0, 2 * np.pi)
        edge = (across - rng.uniform(0, columns)) * np.cos(askew) + (down - rng.uniform(0, rows)) * np.sin(askew)
        scene = (scene * (1 - rng.uniform(0.2, 0.55) / (1 + np.exp(-edge / rng.uniform(3, 40))))).astype(np.float32)
    if rng.random() < level.glare:
        size = rng.uniform(30, 120)
        far = ((across - rng.uniform(0, columns)) ** 2 + (down - rng.uniform(0, rows)) ** 2) / size**2
        scene = (scene + rng.uniform(0.3, 0.9) * np.exp(-far)).astype(np.float32)
    return scene


def _taken(rng: np.random.Generator, scene: NDArray[np.float32], level: Level) -> NDArray[np.uint8]:
    scene = np.asarray(cv2.GaussianBlur(scene, (0, 0), rng.uniform(0.3, level.blur)), np.float32)
    if level.motion and rng.random() < 0.4:
        size = int(rng.integers(2, level.motion + 1))
        kernel = np.zeros((size, size), np.float32)
        kernel[size // 2] = 1 / size
        along = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), rng.uniform(0, 180), 1)
        turned = np.asarray(cv2.warpAffine(kernel, along, (size, size)), np.float32)
        scene = np.asarray(cv2.filter2D(scene, -1, turned / max(float(turned.sum()), 0.1)), np.float32)
    noisy = scene + rng.normal(0, rng.uniform(0, level.noise), scene.shape)
    coded = np.clip(noisy * 255, 0, 255).astype(np.uint8)
    _, data = cv2.imencode(".jpg", coded, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(level.quality, 96))])
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def capture(seed: int, number: int, level: Level, faces: tuple[Face, ...], kind: Format | None) -> Capture:
    """The capture with this number under this seed; the same call gives the same picture."""
    rng = np.random.default_rng([seed, number])
    flat = page(rng, kind, faces)
    frame = FRAMES[int(rng.integers(0, len(FRAMES)))]
    scene = _lit(rng, _laid(rng, flat, level, frame), level)
    return Capture(_taken(rng, scene, level), kind, flat.lines)
