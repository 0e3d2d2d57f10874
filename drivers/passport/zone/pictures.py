"""Picture files from outside: opened as grey pictures, or refused with a sentence that says why."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.sizes import size_of
from drivers.png import chunks_fit

LARGEST_FILE = 64 * 1024 * 1024  # bytes
LARGEST_PICTURE = 40_000_000  # pixels; twice what the largest camera meant for this has
SMALLEST_SIDE = 16  # pixels
ENOUGH = 1250  # pixels, longer side from which a picture of a page mostly needs no more
JPEG = b"\xff\xd8"
GREY = {1: cv2.IMREAD_GRAYSCALE, 2: cv2.IMREAD_REDUCED_GRAYSCALE_2, 4: cv2.IMREAD_REDUCED_GRAYSCALE_4}
PLAIN = "8-bit picture in one of PNG, JPEG, BMP, GIF, WebP, TIFF or PNM"


class NotAPicture(ValueError):
    """A file that cannot be opened as a picture; the text says why, in words, without the file's content."""


def open_picture(path: Path) -> NDArray[np.uint8]:
    """The picture in a file as grey (H, W), upright as its camera held it, transparent parts white. Raises NotAPicture."""
    return _unpacked(_checked(path)[0], 1)


def smaller_first(path: Path) -> Iterator[tuple[NDArray[np.uint8], int]]:
    """The picture in a file, and how many times smaller than there it came out: a very large JPEG first comes smaller, at less cost.

    Raises NotAPicture.
    """
    data, longer = _checked(path)
    if data.startswith(JPEG) and longer >= 2 * ENOUGH:
        shrink = 4 if longer >= 4 * ENOUGH else 2
        yield _unpacked(data, shrink), shrink
    yield _unpacked(data, 1), 1


def _checked(path: Path) -> tuple[bytes, int]:
    """The bytes of a file that says it is a picture of a size that is read, and its longer side in pixels."""
    data = _bytes_of(path)
    size = size_of(data)
    if size is None:
        raise NotAPicture(f"not a picture: expected an {PLAIN}")
    width, height = size
    if width * height > LARGEST_PICTURE:
        raise NotAPicture(f"{width} x {height} pixels are too many: at most {LARGEST_PICTURE // 1_000_000} million are read")
    if min(width, height) < SMALLEST_SIDE:
        raise NotAPicture(f"{width} x {height} pixels are too few to hold a zone")
    return data, max(size)


def _bytes_of(path: Path) -> bytes:
    try:
        if path.is_dir():
            raise NotAPicture("a folder, not a picture file")
        if not path.is_file():
            raise NotAPicture("no such file")
        length = path.stat().st_size
        if length > LARGEST_FILE:
            raise NotAPicture(f"{length} bytes are too many: at most {LARGEST_FILE // 1_048_576} MiB are read")
        data = path.read_bytes()
    except OSError as problem:
        raise NotAPicture(f"the file cannot be read: {problem.strerror or type(problem).__name__}") from problem
    if not data:
        raise NotAPicture("the file is empty")
    return data


def _unpacked(data: bytes, shrink: int) -> NDArray[np.uint8]:
    """The grey picture in these bytes; only a PNG with an alpha channel needs the second way."""
    if not chunks_fit(data):
        raise NotAPicture("the picture is damaged")
    raw = np.frombuffer(data, np.uint8)
    has_alpha = data.startswith(b"\x89PNG") and data[25:26] in (b"\4", b"\6")
    try:
        picture = cv2.imdecode(raw, cv2.IMREAD_UNCHANGED if has_alpha else GREY[shrink])
    except cv2.error as problem:
        raise NotAPicture("the picture is damaged") from problem
    if picture is None or picture.size == 0:
        raise NotAPicture("the picture is damaged, or of a kind that is not read")
    return _on_white(np.asarray(picture)) if picture.ndim == 3 else np.asarray(picture, np.uint8)


def _on_white(picture: NDArray[np.generic]) -> NDArray[np.uint8]:
    """A picture (H, W, 3 or 4) of 8 or 16 bits as grey on white paper."""
    eight = picture if picture.dtype == np.uint8 else (picture.astype(np.uint32) >> 8).astype(np.uint8)
    grey = cv2.cvtColor(np.ascontiguousarray(eight[..., :3]), cv2.COLOR_BGR2GRAY)
    if picture.shape[2] < 4:
        return np.asarray(grey, np.uint8)
    alpha = eight[..., 3].astype(np.uint16)
    return ((grey.astype(np.uint16) * alpha + 255 * (255 - alpha)) // 255).astype(np.uint8)
