"""A driver in this process, opened as a host would, with what it says kept."""

from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import Answer, Encoding, FrameSeen, Hint, Notice, Order, Picture
from drivers.driver import Driver, Outlet, Until
from drivers.ring import FrameRing


class OpenDriver:
    """`with OpenDriver(driver, folder) as opened: opened.order(CaptureFinger(...))`."""

    def __init__(self, driver: Driver, folder: Path, room: int = 1 << 19) -> None:
        self.driver, self.said = driver, list[Notice]()
        self._ring = FrameRing.create(folder / "driver.ring", room)
        self.identity = ""

    def __enter__(self) -> "OpenDriver":
        try:
            self.identity = self.driver.open(Outlet(self.said.append, self._ring))
        except OSError:
            self.driver.close()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        self.driver.close()
        self._ring.close()

    def order(self, order: Order, seconds: float = 5.0) -> Answer:
        """Carry it out."""
        return self.driver.carry_out(order, Until(seconds))

    def image(self, picture: Picture) -> NDArray[np.uint8]:
        """A picture that was taken."""
        assert picture.encoding is Encoding.PNG
        data = self._ring.take(picture)
        assert data is not None
        image = cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED)
        assert image is not None
        return np.asarray(image, np.uint8)

    @property
    def hints(self) -> list[Hint]:
        """What the live pictures lacked."""
        return [word.hint for word in self.said if isinstance(word, FrameSeen)]
