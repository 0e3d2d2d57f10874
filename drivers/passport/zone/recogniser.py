"""The net that names the characters of a strip; its weights lie beside this file, made by `training`."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.alphabet import NOTHING, STRIDE, STRIP_HEIGHT, STRIP_WIDTH
from drivers.passport.zone.levelling import levelled

WEIGHTS = Path(__file__).parent / "recogniser.onnx"


class Recogniser:
    """Loads the weights once; `look` is then about 10 ms of one core. Not for two threads at a time."""

    def __init__(self, weights: Path = WEIGHTS) -> None:
        self._net = cv2.dnn.readNetFromONNX(str(weights))

    def look(self, strip: NDArray[np.float32]) -> NDArray[np.float64]:
        """A grey strip (32, 832) -> (208, 38): for each column the chance of each character, and of none, centred there."""
        self._net.setInput(levelled(strip).reshape(1, 1, STRIP_HEIGHT, STRIP_WIDTH))
        scores = np.asarray(self._net.forward(), np.float64).reshape(NOTHING + 1, STRIP_WIDTH // STRIDE).T
        chances = np.exp(scores - scores.max(1, keepdims=True))
        return np.asarray(chances / chances.sum(1, keepdims=True))
