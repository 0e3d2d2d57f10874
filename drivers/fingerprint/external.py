"""A vendor's own program as a fingerprint scanner: it speaks to us as drivers/vendor_program.py says, and may say FrameSeen.

Images are refused that a record could not use: other than 8 bits grey, a resolution outside 490 to 510 ppi (500 +- 2 %), or 4 bits dressed up as 8.
"""

from typing import Any

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import (
    Answer,
    CaptureFinger,
    Done,
    Encoding,
    FingerCaptured,
    FrameSeen,
    Kind,
    NotCaptured,
    Order,
    Picture,
    Rest,
    TestDone,
    TestYourself,
    Unread,
)
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.lines import Word
from drivers.vendor_program import VendorProgram

PPI = range(490, 511)
SMALLEST, FEWEST_GREYS = 150, 17


class ExternalScanner:
    """Settings: `program`, the command line of the vendor's program; `runtime`, where its folder is made (the host gives it)."""

    kind = Kind.FINGERPRINT_SCANNER
    name = "external-fingerprint"
    orders: tuple[type[Order], ...] = (CaptureFinger, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._program = VendorProgram(self.kind, settings, "fingerprint_program")
        self._outlet: Outlet | None = None

    def open(self, outlet: Outlet) -> str:
        """Start the program and wait until its device is ready. Raises DeviceAbsent."""
        self._outlet = outlet
        return self._program.start()

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Pass the order on and wait for its answer. Raises DeviceAbsent."""
        return self._judged(self._program.ask(order, until, self._heard))

    def idle(self) -> None:
        """Hear what the program says by itself. Raises DeviceAbsent."""
        self._program.listen(self._heard)

    def close(self) -> None:
        """End the program."""
        self._program.end()

    def _judged(self, answer: Answer) -> Answer:
        match answer:
            case FingerCaptured(finger=finger, picture=picture, ppi=ppi, quality=quality):
                image = self._image(picture)
                if image is None or ppi not in PPI:
                    return NotCaptured(Unread.POOR_PICTURE)
                return FingerCaptured(finger, self._copied(image), ppi, quality)
            case NotCaptured() | TestDone() | Done():
                return answer
            case _:
                raise DeviceAbsent("the program answers what was not asked")

    def _image(self, picture: Picture) -> NDArray[np.uint8] | None:
        """The finger, (height, width); None where a record could not use it."""
        if picture.encoding is not Encoding.GREY8 or picture.size != picture.width * picture.height:
            return None
        data = self._program.take(picture)
        if data is None or min(picture.width, picture.height) < SMALLEST:
            return None
        image = np.frombuffer(data, np.uint8).reshape(picture.height, picture.width)
        # a module of 4 bits has 16 greys, however they are spread over 0 to 255
        return image if np.unique(image).size >= FEWEST_GREYS else None

    def _copied(self, image: NDArray[np.uint8]) -> Picture:
        """Into the host's ring as PNG: without loss, and small enough for a record's media."""
        good, png = cv2.imencode(".png", image, [cv2.IMWRITE_PNG_COMPRESSION, 9])
        if not good or self._outlet is None:
            raise DeviceAbsent("the program's picture cannot be written as PNG")
        return self._outlet.ring.put(png.tobytes(), Encoding.PNG, image.shape[1], image.shape[0])

    def _heard(self, word: Word) -> None:
        if isinstance(word, FrameSeen) and self._outlet is not None:
            data = self._program.take(word.picture)
            if data is not None and word.picture.encoding is Encoding.GREY8:
                self._outlet.frame(data, word.picture.width, word.picture.height, word.hint, Encoding.GREY8)
