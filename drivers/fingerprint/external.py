"""A vendor's own program as a fingerprint scanner: it speaks to us as drivers/vendor_program.py says, and may say FrameSeen.

Images are refused that a record could not use: other than 8 bits grey, a resolution outside 490 to 510 ppi (500 +- 2 %), or 4 bits dressed up as 8.
"""

import numpy as np
from numpy.typing import NDArray

from drivers.contract import (
    Answer,
    CaptureFinger,
    Encoding,
    FingerCaptured,
    FrameSeen,
    Kind,
    NotCaptured,
    Order,
    Picture,
    Rest,
    TestYourself,
    Unread,
)
from drivers.driver import Outlet
from drivers.external import ExternalDriver
from drivers.fingerprint.pictures import fit_for_record, into_ring
from drivers.lines import Word

PPI = range(490, 511)


class ExternalScanner(ExternalDriver):
    """Settings: as of every external driver."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "external-fingerprint"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)
    folder = "fingerprint_program"

    def _judged(self, answer: Answer, outlet: Outlet) -> Answer | None:
        if not isinstance(answer, FingerCaptured):
            return None
        image = self._image(answer.picture)
        if image is None or answer.ppi not in PPI:
            return NotCaptured(Unread.POOR_PICTURE)
        return FingerCaptured(answer.finger, into_ring(image, outlet.ring), answer.ppi, answer.quality)

    def _image(self, picture: Picture) -> NDArray[np.uint8] | None:
        """The finger, (height, width); None where a record could not use it."""
        if picture.encoding is not Encoding.GREY8 or picture.width < 1 or picture.size != picture.width * picture.height:
            return None
        data = self._program.take(picture)
        if data is None:
            return None
        image = np.frombuffer(data, np.uint8).reshape(picture.height, picture.width)
        return image if fit_for_record(image) else None

    def _heard(self, word: Word, outlet: Outlet) -> None:
        if not isinstance(word, FrameSeen):
            return
        data = self._program.take(word.picture)
        if data is not None and word.picture.encoding is Encoding.GREY8:
            outlet.frame(data, word.picture.width, word.picture.height, word.hint, Encoding.GREY8)
