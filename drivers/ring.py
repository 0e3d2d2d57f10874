"""Pictures pass from host to lane through a file of three frames mapped into memory, in the runtime folder (a tmpfs).

Layout: slot k at k * (HEADER + room). Each slot has a header of two 64-bit little-endian numbers, `begun` and `done`: the writer sets
`begun`, writes the picture, sets `done` to the same number. A reader that does not find the number it was told in both, before and after
copying, has come too late. Standard library only; kiosk imports this too.
"""

import mmap
import os
import struct
from pathlib import Path
from typing import Self

from drivers.contract import Encoding, Picture

SLOTS = 3
HEADER = 16
ROOM = 1920 * 1080 * 3
_NUMBERS = struct.Struct("<QQ")


class RingWrong(ValueError):
    """The file is not a frame ring."""


class FrameRing:
    """Three frames in mapped memory. One writer (the host), any readers."""

    def __init__(self, memory: mmap.mmap) -> None:
        self._memory = memory
        self._room = len(memory) // SLOTS - HEADER
        self._number = 0
        # bytes of each slot that ever held something: what is wiped, so that an empty ring costs no memory
        self._used = [0] * SLOTS

    @classmethod
    def create(cls, path: Path, room: int = ROOM) -> Self:
        """Make the file anew, readable by its owner only, with room for so many bytes a frame."""
        path.unlink(missing_ok=True)
        fd = os.open(path, os.O_RDWR | os.O_CREAT | os.O_EXCL | os.O_CLOEXEC, 0o600)
        try:
            size = SLOTS * (HEADER + room)
            os.ftruncate(fd, size)
            return cls(mmap.mmap(fd, size))
        finally:
            os.close(fd)

    def put(self, data: bytes | memoryview, encoding: Encoding, width: int, height: int) -> Picture:
        """Write a picture into the next slot. Raises ValueError where it has no room."""
        size = len(data)
        if size > self._room:
            raise ValueError(f"a picture of {size} bytes does not fit a frame of {self._room}")
        self._number += 1
        slot = self._number % SLOTS
        self._used[slot] = max(self._used[slot], size)
        start = slot * (HEADER + self._room)
        self._memory[start : start + 8] = self._number.to_bytes(8, "little")
        self._memory[start + HEADER : start + HEADER + size] = data
        self._memory[start + 8 : start + HEADER] = self._number.to_bytes(8, "little")
        return Picture(slot, self._number, encoding, width, height, size)

    def take(self, picture: Picture) -> bytes | None:
        """A copy of the picture's bytes; None when it was overwritten, or never was there."""
        if not 0 <= picture.slot < SLOTS or not 0 <= picture.size <= self._room:
            return None
        start = picture.slot * (HEADER + self._room)
        if _NUMBERS.unpack_from(self._memory, start) != (picture.number, picture.number):
            return None
        data = self._memory[start + HEADER : start + HEADER + picture.size]
        return data if _NUMBERS.unpack_from(self._memory, start) == (picture.number, picture.number) else None

    def wipe(self) -> None:
        """Leave nothing of anybody: all frames that this writer wrote become zeros. Numbers go on rising."""
        for slot, used in enumerate(self._used):
            start = slot * (HEADER + self._room)
            self._memory[start : start + HEADER + used] = bytes(HEADER + used)
        self._used = [0] * SLOTS

    def close(self) -> None:
        """Let go of the mapping; the file stays for whoever made it."""
        self._memory.close()


def open_ring(path: Path) -> FrameRing:
    """The ring that a host made. Raises RingWrong."""
    try:
        with path.open("r+b") as file:
            memory = mmap.mmap(file.fileno(), 0)
    except (OSError, ValueError) as why:
        raise RingWrong(f"the frame ring cannot be opened ({type(why).__name__})") from None
    if len(memory) % SLOTS or len(memory) // SLOTS <= HEADER:
        memory.close()
        raise RingWrong("the file is not a frame ring")
    return FrameRing(memory)
