"""An NB-1010-U, played: the questions it was recorded to be asked, and its pictures in 90 parts (drivers/fingerprint/nb1010_frames.py)."""

import struct
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.simulated.usb_plug import Face, Stall

Image = NDArray[np.uint8]
OUT, IN, PARTS = 0x02, 0x83, 90
COVERED, BARE = 0xF7, 0x0B


class Nb1010Model:
    """One reader. `seen` says what lies on it: a picture (180, 256), dark ridges on white, or None."""

    ids = (0x298D, 0x1010)
    faces: tuple[Face, ...] = (Face(0, 0, (0, 0, 0), ((0x81, 3), (OUT, 2), (IN, 2))),)

    def __init__(self, seen: Callable[[], Image | None]) -> None:
        self._seen = seen
        self.says: deque[bytes] = deque()

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        """It knows the standard questions only. Raises Stall."""
        if setup[0] != 0x80:
            raise Stall
        return bytes(length)

    def give(self, endpoint: int, length: int) -> bytes | None:
        """The next answer or part."""
        return self.says.popleft() if endpoint == IN and self.says else None

    def take(self, endpoint: int, data: bytes) -> int | None:
        """A question. Raises Stall for one that it does not know."""
        if len(data) < 8 or data[0] != 0x80 or int.from_bytes(data[4:8], "little") != len(data):
            raise Stall
        code, sequence, seen = data[1], data[2], self._seen()
        if code == 0x38:
            self._say(0x37, sequence, COVERED if seen is not None else BARE)
        elif code in (0x0D, 0x12):
            self._say(0x20, sequence, 0)
        else:
            raise Stall
        if code == 0x12:
            self.says.extend(_parts(np.full((180, 256), 230, np.uint8) if seen is None else seen))
        return len(data)

    def _say(self, code: int, sequence: int, value: int) -> None:
        self.says.append(struct.pack("<BBBBIII", 0x80, code, sequence, 0, 16, 0, value))


def _parts(image: Image) -> list[bytes]:
    """As it sends a picture."""
    head = struct.Struct("<BBBBIIIIIB")
    return [
        head.pack(0x80, 0x21, 0, 0, 540, 0, part < PARTS - 1, 2 * part + 1, 256, 1) + image[2 * part : 2 * part + 2].tobytes() + bytes(3)
        for part in range(PARTS)
    ]
