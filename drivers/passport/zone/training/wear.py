"""What happens to a printed line before a camera's picture of it reaches the recogniser: paper, print, light, optics, coding."""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.float32]


def paper(rng: np.random.Generator, shape: tuple[int, int]) -> Grey:
    """A sheet between 0 and 1 with a slope of light, soft clouds and, on half of them, the waves of a guilloche."""
    rows, columns = shape
    across, down = np.meshgrid(np.linspace(-1, 1, columns, dtype=np.float32), np.linspace(-1, 1, rows, dtype=np.float32))
    sheet = np.full(shape, rng.uniform(0.55, 1.0), np.float32) + rng.uniform(-0.15, 0.15) * across + rng.uniform(-0.1, 0.1) * down
    clouds = cv2.resize(rng.normal(0, 1, (3, 24)).astype(np.float32), (columns, rows), interpolation=cv2.INTER_CUBIC)
    sheet += rng.uniform(0, 0.08) * clouds
    if rng.random() < 0.5:
        for _ in range(int(rng.integers(1, 4))):
            bend = rng.uniform(0, 12) * np.sin(across * rng.uniform(4, 30) + rng.uniform(0, 6))
            waves = np.sin(rng.uniform(0.05, 0.9) * (down * rows + bend * 2) + across * columns * rng.uniform(-0.4, 0.4))
            sheet += rng.uniform(0.01, 0.12) * np.maximum(0, waves).astype(np.float32) * rng.choice([-1, 1])
    return np.asarray(sheet, np.float32)


def printed(rng: np.random.Generator, sheet: Grey, ink: Grey) -> Grey:
    """The sheet with the ink on it: dark or pale, at times worn away in spots."""
    strength = rng.uniform(0.35, 0.95)
    if rng.random() < 0.2:
        spots = cv2.GaussianBlur(rng.normal(0, 1, ink.shape).astype(np.float32), (0, 0), rng.uniform(0.8, 3))
        ink = ink * (spots < np.quantile(spots[::4, ::4], rng.uniform(0.9, 0.997)))
    return (sheet * (1 - strength * ink)).astype(np.float32)


def lit(rng: np.random.Generator, picture: Grey) -> Grey:
    """The picture under a lamp: now and then the edge of a shadow or a patch of glare lies on it."""
    rows, columns = picture.shape
    if rng.random() < 0.15:
        edge = np.clip((np.arange(columns) - rng.uniform(0, columns)) / rng.uniform(4, 200), -1, 1)
        picture = (picture * (1 - rng.uniform(0.1, 0.5) * (edge * rng.choice([-1, 1]) * 0.5 + 0.5))).astype(np.float32)
    if rng.random() < 0.12:
        across, down = np.meshgrid(np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32))
        far = ((across - rng.uniform(0, columns)) / rng.uniform(20, 160)) ** 2 + ((down - rng.uniform(0, rows)) / rng.uniform(8, 40)) ** 2
        picture = (picture + rng.uniform(0.2, 0.8) * np.exp(-far)).astype(np.float32)
    return picture


def seen(rng: np.random.Generator, picture: Grey) -> Grey:
    """The picture through a lens and a sensor: fewer pixels, defocus, motion, noise, then enlarged again to its old size."""
    rows, columns = picture.shape
    scale = float(np.exp(rng.uniform(np.log(0.34), np.log(1.0))))
    small = cv2.resize(picture, None, fx=scale, fy=scale * rng.uniform(0.9, 1.1), interpolation=cv2.INTER_AREA)
    if rng.random() < 0.5:
        small = cv2.GaussianBlur(small, (0, 0), rng.uniform(0.3, 1.2) * max(scale, 0.45))
    if rng.random() < 0.15:
        size = int(rng.integers(2, 6))
        along = cv2.getRotationMatrix2D(((size - 1) / 2, (size - 1) / 2), rng.uniform(0, 180), 1)
        kernel = cv2.warpAffine(np.eye(size, dtype=np.float32), along, (size, size))
        small = cv2.filter2D(small, -1, np.asarray(kernel / max(float(np.sum(kernel)), 0.1), np.float32))
    if rng.random() < 0.2:
        small = small + rng.uniform(0.3, 1.2) * (small - cv2.GaussianBlur(small, (0, 0), 1.2))
    small = small * rng.uniform(0.5, 1.0) + rng.normal(0, rng.uniform(0.0, 0.06), small.shape)
    coded = np.clip(small * 255, 0, 255).astype(np.uint8)
    if rng.random() < 0.5:
        done, data = cv2.imencode(".jpg", coded, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(25, 95))])
        assert done
        coded = np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)
    enlarge = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return np.asarray(cv2.resize(coded, (columns, rows), interpolation=enlarge), np.uint8).astype(np.float32) / np.float32(255)
