"""What every scanner's picture has to be before a record may hold it, and how it goes into the host's ring."""

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import Encoding, Picture
from drivers.ring import FrameRing

SMALLEST, FEWEST_GREYS = 150, 17


def fit_for_record(image: NDArray[np.uint8]) -> bool:
    """Large enough, and 8 bits: a module of 4 bits has 16 greys, however they are spread over 0 to 255."""
    return min(image.shape) >= SMALLEST and np.unique(image).size >= FEWEST_GREYS


def png(image: NDArray[np.uint8]) -> bytes:
    """As PNG: without loss, and small enough for a record's media. Raises ValueError."""
    good, data = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
    if not good:
        raise ValueError("a picture cannot be written as PNG")
    return data.tobytes()


def into_ring(image: NDArray[np.uint8], ring: FrameRing) -> Picture:
    """A picture that was taken, (height, width) uint8."""
    return ring.put(png(image), Encoding.PNG, image.shape[1], image.shape[0])
