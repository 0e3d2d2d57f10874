"""The net that shows where the lines of a zone run; its weights lie beside this file, made by `training`."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

WEIGHTS = Path(__file__).parent / "detector.onnx"
HEIGHT, WIDTH = 384, 512  # pixels of the picture that is searched
STRIDE = 4  # pixels of that picture for each place of the maps
MAPS = 4  # a line is here; cosine and sine of the way it is read; logarithm to base 2 of its capitals' height over 8 pixels
AROUND = (41, 41)  # pixels


def levelled(picture: NDArray[np.uint8]) -> NDArray[np.float32]:
    """A grey picture (H, W), minus the mean around each pixel, over the spread around it: light and paper no longer count."""
    plain = picture.astype(np.float32)
    off = plain - cv2.blur(plain, AROUND)
    spread = np.sqrt(np.maximum(cv2.blur(off * off, AROUND), 0))
    floor = np.float32(0.3 * float(spread.mean()) + 0.5)
    return np.clip(off / (spread + floor), -3, 3).astype(np.float32)


class Detector:
    """Loads the weights once; `look` is then about 10 ms of one core. Not for two threads at a time."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(weights))

    def look(self, picture: NDArray[np.uint8]) -> NDArray[np.float32]:
        """A grey picture (384, 512) -> maps (4, 96, 128): chance of a line, cosine, sine, height."""
        self._net.setInput(levelled(picture).reshape(1, 1, HEIGHT, WIDTH))
        maps = np.array(self._net.forward(), np.float32).reshape(MAPS, HEIGHT // STRIDE, WIDTH // STRIDE)
        maps[0] = 1 / (1 + np.exp(-maps[0]))
        return maps
