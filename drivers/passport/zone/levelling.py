"""Light made even: the same step before the recogniser in training and at the border."""

import cv2
import numpy as np
from numpy.typing import NDArray

AROUND = (97, 33)  # pixels, columns and rows: about six characters wide and the strip high


def levelled(strip: NDArray[np.float32]) -> NDArray[np.float32]:
    """A grey strip (32, 832) of any range, minus the mean around each pixel, over the spread around it; clipped to -3..3."""
    mean = cv2.blur(strip, AROUND, borderType=cv2.BORDER_REFLECT)
    off = strip - mean
    spread = np.sqrt(np.maximum(cv2.blur(off * off, AROUND, borderType=cv2.BORDER_REFLECT), 0))  # a running sum can fall below 0
    floor = 0.25 * float(spread.mean()) + 1e-3  # empty paper must not be blown up to look like print
    return np.clip(off / (spread + floor), -3, 3).astype(np.float32)
