"""What happens to print before a camera's picture of it reaches the reader: paper, ink, laminate, light, optics, sensor, coding.

Every function draws its strengths from ranges, so that the same seed gives the same wear.
"""

from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray

Grey: TypeAlias = NDArray[np.float32]


def noise(rng: np.random.Generator, shape: tuple[int, ...]) -> Grey:
    """Gaussian noise of spread 1."""
    return rng.standard_normal(shape, dtype=np.float32)


def clouds(rng: np.random.Generator, shape: tuple[int, int], cells: tuple[int, int]) -> Grey:
    """Soft clouds of spread about 1, `cells` (rows, columns) of them over the shape."""
    return np.asarray(cv2.resize(noise(rng, cells), (shape[1], shape[0]), interpolation=cv2.INTER_CUBIC), np.float32)


def _waves(rng: np.random.Generator, shape: tuple[int, int]) -> Grey:
    """One family of the fine lines of a guilloche, between 0 and 1; the lines swing along the sheet."""
    rows, columns = shape
    across = np.arange(columns, dtype=np.float32)
    swing = np.float32(rng.uniform(0, 24)) * np.sin(across * np.float32(rng.uniform(0.004, 0.03)) + np.float32(rng.uniform(0, 6)))
    phase = swing + across * np.float32(rng.uniform(-0.7, 0.7))
    turns = np.float32(rng.uniform(0.06, 1.0)) * (np.arange(rows, dtype=np.float32)[:, None] + phase[None, :])
    return np.asarray(np.maximum(0, np.sin(turns)), np.float32)


def paper(rng: np.random.Generator, shape: tuple[int, int]) -> Grey:
    """A sheet between 0 and 1 with a slope of light, soft clouds and, on half of them, the waves of a guilloche."""
    rows, columns = shape
    across, down = np.linspace(-1, 1, columns, dtype=np.float32), np.linspace(-1, 1, rows, dtype=np.float32)[:, None]
    sheet = np.float32(rng.uniform(0.5, 1.0)) + np.float32(rng.uniform(-0.15, 0.15)) * across + np.float32(rng.uniform(-0.1, 0.1)) * down
    sheet = sheet + np.float32(rng.uniform(0, 0.08)) * clouds(rng, shape, (3, 24))
    if rng.random() < 0.55:
        for _ in range(int(rng.integers(1, 4))):
            sheet += np.float32(rng.uniform(0.01, 0.16) * rng.choice([-1, 1])) * _waves(rng, shape)
    return np.asarray(sheet, np.float32)


def printed(rng: np.random.Generator, sheet: Grey, ink: Grey, worn: float = 1.0) -> Grey:
    """The sheet with the ink on it: dark or pale, its edges sharp or run, at times worn away in spots; `worn`: 0 to 1, how often and how."""
    strength = rng.uniform(0.7 - 0.4 * worn, 0.95)
    kind = rng.random() / max(worn, 1e-3)
    if kind < 0.25:
        spots = cv2.GaussianBlur(noise(rng, (ink.shape[0], ink.shape[1])), (0, 0), rng.uniform(0.6, 3))
        ink = ink * (spots < np.quantile(spots[::4, ::4], rng.uniform(0.85, 0.997)))
    elif kind < 0.4:
        run = cv2.GaussianBlur(ink, (0, 0), rng.uniform(0.6, 1.3)) + rng.uniform(0.03, 0.12) * noise(rng, ink.shape)
        ink = np.clip((run - rng.uniform(0.3, 0.6)) * 4 + 0.5, 0, 1).astype(np.float32)
    return (sheet * (1 - np.float32(strength) * ink)).astype(np.float32)


def overprinted(rng: np.random.Generator, sheet: Grey) -> Grey:
    """The sheet under broad strokes of a pale stamp or a word such as SPECIMEN, and under the bright bands of a foil."""
    rows, columns = sheet.shape
    if rng.random() < 0.12:
        mask = np.zeros(sheet.shape, np.uint8)
        for _ in range(int(rng.integers(1, 7))):
            ends = rng.uniform(-0.2, 1.2, (2, 2)) * [columns, rows * 2]
            first, last = (tuple(int(one) for one in end) for end in ends)
            cv2.line(mask, first, last, 255, int(rng.integers(2, max(4, rows // 3))), cv2.LINE_AA)
        sheet = np.asarray(sheet * (1 - np.float32(rng.uniform(0.05, 0.4)) * mask.astype(np.float32) / 255), np.float32)
    if rng.random() < 0.12:
        bands = clouds(rng, (rows, columns), (int(rng.integers(2, 5)), int(rng.integers(6, 40))))
        sheet = sheet + np.float32(rng.uniform(0.05, 0.35)) * np.clip(bands, 0, 1)
    return np.asarray(sheet, np.float32)


def lit(rng: np.random.Generator, picture: Grey) -> Grey:
    """The picture under a lamp: now and then the edge of a shadow or a patch of glare lies on it."""
    rows, columns = picture.shape
    across, down = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)[:, None]
    if rng.random() < 0.2:
        edge = np.clip((across + rng.normal(0, 1) * down - rng.uniform(0, columns)) / rng.uniform(4, 200), -1, 1)
        picture = (picture * (1 - rng.uniform(0.1, 0.6) * (edge * rng.choice([-1, 1]) * 0.5 + 0.5))).astype(np.float32)
    if rng.random() < 0.15:
        far = ((across - rng.uniform(0, columns)) / rng.uniform(20, 160)) ** 2 + ((down - rng.uniform(0, rows)) / rng.uniform(8, 40)) ** 2
        picture = (picture + rng.uniform(0.2, 0.8) * np.exp(-far)).astype(np.float32)
    return picture


def defocused(rng: np.random.Generator, picture: Grey, most: float) -> Grey:
    """The picture through a lens out of focus by up to `most` pixels: a bell or, in a third, the disc of the opening."""
    sigma = float(rng.uniform(0.3, most))
    if rng.random() < 0.67 or sigma < 0.8:
        return np.asarray(cv2.GaussianBlur(picture, (0, 0), sigma), np.float32)
    reach = int(np.ceil(2 * sigma))
    side = np.arange(-reach, reach + 1, dtype=np.float32)
    disc = np.clip(2 * sigma + 0.5 - np.hypot(side, side[:, None]), 0, 1)
    return np.asarray(cv2.filter2D(picture, -1, disc / disc.sum()), np.float32)


def shaken(rng: np.random.Generator, picture: Grey, most: float) -> Grey:
    """The picture of something that moved up to `most` pixels, in any direction, while the shutter was open."""
    length, way = rng.uniform(1.5, most), rng.uniform(0, np.pi)
    half = int(np.ceil(length / 2)) + 1
    kernel = np.zeros((2 * half + 1, 2 * half + 1), np.float32)
    along = np.linspace(-length / 2, length / 2, 8 * half)
    for x, y in zip(half + along * np.cos(way), half + along * np.sin(way), strict=True):
        left, top = int(x), int(y)
        for row, column, part in ((0, 0, (1 - x + left) * (1 - y + top)), (0, 1, (x - left) * (1 - y + top))):
            kernel[top + row, left + column] += part
        for row, column, part in ((1, 0, (1 - x + left) * (y - top)), (1, 1, (x - left) * (y - top))):
            kernel[top + row, left + column] += part
    return np.asarray(cv2.filter2D(picture, -1, kernel / kernel.sum()), np.float32)


def coded(rng: np.random.Generator, picture: Grey, quality: tuple[int, int]) -> NDArray[np.uint8]:
    """The picture as eight bits through JPEG of a quality in this range."""
    eight = np.clip(picture * 255, 0, 255).astype(np.uint8)
    done, data = cv2.imencode(".jpg", eight, [cv2.IMWRITE_JPEG_QUALITY, int(rng.integers(*quality))])
    assert done
    return np.asarray(cv2.imdecode(data, cv2.IMREAD_GRAYSCALE), np.uint8)


def seen(rng: np.random.Generator, picture: Grey) -> Grey:
    """The picture through a lens and a sensor: fewer pixels, defocus, motion, noise, coding, then enlarged again to its old size."""
    rows, columns = picture.shape
    scale = float(np.exp(rng.uniform(np.log(0.28), np.log(1.0))))
    small: Grey = np.asarray(
        cv2.resize(picture, None, fx=scale, fy=scale * rng.uniform(0.9, 1.1), interpolation=cv2.INTER_AREA), np.float32
    )
    if rng.random() < 0.6:
        small = defocused(rng, small, (2.2 if rng.random() < 0.4 else 1.2) * max(scale, 0.4))
    if rng.random() < 0.25:
        small = shaken(rng, small, 2 + 5 * scale)
    if rng.random() < 0.2:
        small = np.asarray(small + rng.uniform(0.3, 1.2) * (small - cv2.GaussianBlur(small, (0, 0), 1.2)), np.float32)
    grain = rng.uniform(0.0, 0.1 if rng.random() < 0.3 else 0.05)
    small = small * np.float32(rng.uniform(0.25, 1.0)) + np.float32(grain) * noise(rng, small.shape)
    if rng.random() < 0.3:  # a camera's own way of taking noise away
        softer = cv2.medianBlur(small, 3) if rng.random() < 0.4 else cv2.GaussianBlur(small, (0, 0), 0.7)
        small = np.asarray(softer, np.float32)
    eight = coded(rng, small, (15, 95)) if rng.random() < 0.6 else np.clip(small * 255, 0, 255).astype(np.uint8)
    enlarge = int(rng.choice([cv2.INTER_LINEAR, cv2.INTER_CUBIC]))
    return np.asarray(cv2.resize(eight, (columns, rows), interpolation=enlarge), np.uint8).astype(np.float32) / np.float32(255)
