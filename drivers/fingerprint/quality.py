"""NFIQ 2 where a library of it is installed (nbis-py), and nothing where it is not: never a number that only looks like one.

The score is defined at 500 ppi: a picture of another resolution is brought to it before. 0.3 s for 560 by 416 pixels, so it is for the one picture that was
taken and not for live ones.
"""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.fingerprint.pictures import png

DEFINED_AT_PPI = 500
SCORES = range(101)
LIBRARY = "nbis"


class Quality:
    """NFIQ 2 of finger pictures. Loads the library once."""

    def __init__(self) -> None:
        self._library: Any = import_module(LIBRARY) if find_spec(LIBRARY) else None
        self._extractor: Any = None
        if self._library is not None:
            settings = self._library.NbisExtractorSettings(
                min_quality=0.0, get_center=False, check_fingerprint=False, compute_nfiq2=True, ppi=None
            )
            self._extractor = self._library.new_nbis_extractor(settings)

    @property
    def installed(self) -> bool:
        """Whether scores can be had."""
        return self._extractor is not None

    def score(self, image: NDArray[np.uint8], ppi: int) -> int | None:
        """0 to 100; None where it is not installed, or where it can say nothing of this picture (one without minutiae)."""
        if self._extractor is None:
            return None
        try:
            score = int(self._extractor.extract_minutiae(png(at_500_ppi(image, ppi))).quality().score)
        except self._library.NbisError:
            return None
        return score if score in SCORES else None


def at_500_ppi(image: NDArray[np.uint8], ppi: int) -> NDArray[np.uint8]:
    """The picture at the resolution that the score is defined for."""
    if ppi == DEFINED_AT_PPI:
        return image
    scale = DEFINED_AT_PPI / ppi
    size = (round(image.shape[1] * scale), round(image.shape[0] * scale))
    return np.asarray(cv2.resize(image, size, interpolation=cv2.INTER_AREA if scale < 1 else cv2.INTER_CUBIC), np.uint8)
