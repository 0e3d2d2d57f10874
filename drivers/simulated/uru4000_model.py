"""A U.are.U reader, played: its registers, interrupts, challenge and scrambled pictures, as drivers/fingerprint/uru4000_*.py describe them.

The scrambling is done here one bit at a time, as a reader's register would, and shares nothing with the driver's descrambling. What it does when it is
misused is our guess: no reader was there to ask.
"""

import functools
import secrets
import time
from collections import deque
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from drivers.fingerprint.uru4000_device import (
    CHALLENGE,
    CHALLENGE_LENGTH,
    IDENTITY,
    KEY,
    KEY_INDEX,
    MODE,
    MODELS,
    RESPONSE,
    STATUS,
    Event,
    Mode,
    response,
)
from drivers.fingerprint.uru4000_image import HEIGHT, WIDTH
from drivers.simulated.usb_plug import Face, Mute, Stall

Image = NDArray[np.uint8]
AS_RECORDED = ((0x02, 72), (0x00, 1), (0x02, 49), (0x01, 1), (0x00, 1), (0x02, 49), (0x00, 1), (0x02, 116))
"""The blocks of the recorded picture of a 4500: flags and lines."""
VERSIONS = bytes.fromhex("1a0a1a0a01150000002000108b211130")
"""The recorded reader's."""
FRAME_S = 0.1
INTERRUPTS, PICTURES = 0x81, 0x82
TAPS = 0x9248144D
STANDARD = 0x80


class Uru4000Model:
    """One reader. `seen` says what lies on the glass: a picture (290, 384), dark ridges on white, or None."""

    faces: tuple[Face, ...] = (Face(0, 0, (0xFF, 0xFF, 0xFF), ((INTERRUPTS, 3), (PICTURES, 2))),)

    def __init__(self, ids: tuple[int, int], seen: Callable[[], Image | None], blocks: tuple[tuple[int, int], ...] = AS_RECORDED) -> None:
        self.ids, self._seen, self.blocks = ids, seen, blocks
        self._model = MODELS[ids]
        self.status, self.mode = 0x80, Mode.OFF
        self.wakes_at, self.challenges_passed = 1, 0
        """The attempt at waking it up that works."""
        self._said: deque[Event] = deque()
        self._challenge, self._passed = b"", not self._model.challenged
        self.keys, self.lie = [0x54C4091B, 0x0BADF00D, 0x13579BDF], 0
        """What the pictures are scrambled under; `lie` is added to the key that it tells."""
        self._asked_key, self._taken_at = 0, 0.0
        self._taken: Image | None = None

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        """A register, or the standard question for the device's status. Raises Stall."""
        kind, request, register, _ = setup
        if kind == STANDARD:
            return bytes(2)
        if request != 0x04:
            raise Stall
        if kind & 0x80:
            return self._register(register)[:length]
        self._set(register, data)
        return b""

    def give(self, endpoint: int, length: int) -> bytes | None:
        """An interrupt, or a picture."""
        if endpoint == INTERRUPTS:
            self._look()
            return self._said.popleft().to_bytes(2, "big") + bytes(62) if self._said else None
        if self.mode is not Mode.CAPTURE or time.monotonic() - self._taken_at < FRAME_S:
            return None
        self._taken_at = time.monotonic()
        seen = self._taken = self._seen()
        return self._picture(np.full((HEIGHT, WIDTH), 250, np.uint8) if seen is None else seen)

    def take(self, endpoint: int, data: bytes) -> int | None:
        """It has no endpoint to write to."""
        raise Mute

    def _register(self, register: int) -> bytes:
        if register == CHALLENGE and self._model.challenged:
            self._challenge = secrets.token_bytes(CHALLENGE_LENGTH)
        values = {STATUS: bytes([self.status]), IDENTITY: VERSIONS, KEY: self._asked_key.to_bytes(4, "little"), CHALLENGE: self._challenge}
        if not values.get(register):
            raise Stall
        return values[register]

    def _set(self, register: int, data: bytes) -> None:
        if register == STATUS:
            self._set_status(data[0])
        elif register == MODE and data[0] in set(Mode):
            self.mode = Mode(data[0])
        elif register == KEY_INDEX:
            self._asked_key = self.lie ^ self.keys[data[0] % len(self.keys)] ^ int.from_bytes(data[1:5], "little")
        elif register == RESPONSE and self._model.challenged:
            self._passed = bool(self._challenge) and data == response(self._challenge)
            self.challenges_passed += self._passed
        else:
            raise Stall

    def _set_status(self, value: int) -> None:
        if value & 0x80:
            self.status |= 0x80
            return
        self.wakes_at -= 1
        if self._passed and self.wakes_at <= 0:
            self.status = value | 0x01
            self._said.append(Event.AWAKE)

    def _look(self) -> None:
        """A finger that is awaited is told once, and its lifting."""
        seen = self._seen()
        if self.mode is Mode.AWAIT_FINGER and seen is not None:
            self._said.append(Event.FINGER)
            self.mode = Mode.OFF
        # another finger: the one before was lifted, however quickly
        if self.mode is Mode.AWAIT_LIFTING and seen is not self._taken:
            self._said.append(Event.LIFTED)
            self.mode = Mode.OFF

    def _picture(self, image: Image) -> bytes:
        """As it goes over the wire: as the sensor sees it, in blocks, scrambled."""
        sensor = 255 - (image[::-1, ::-1] if self._model.turned else image)
        head, body = bytearray(64), bytearray()
        at = line = key = 0
        for place, (flags, lines) in enumerate(self.blocks):
            head[16 + 2 * place : 18 + 2 * place] = bytes([flags, lines])
            if flags & 0x80:
                key, at = key + 1, 0
            if not flags & 0x01:
                plain = sensor[line : line + lines].tobytes()
                body += self._scrambled(plain, key, at) if flags & 0x06 == 0x02 else plain
            line += lines
            at += 0 if flags & 0x04 else lines * WIDTH
        head[4:7] = (len(body) // WIDTH).to_bytes(2, "little") + bytes([0])
        return bytes(head + body)

    def _scrambled(self, plain: bytes, key: int, at: int) -> bytes:
        added = stream(self.keys[key])[at : at + len(plain) - 1]
        return b"\xa5" + (np.frombuffer(plain, np.uint8)[:-1] ^ added).tobytes()


@functools.cache
def stream(key: int) -> Image:
    """What a key adds to a picture, one step of the register after the other. Slow, so it is kept."""
    made = bytearray()
    for _ in range(HEIGHT * WIDTH):
        made.append(sum((key >> bit & 1) << place for place, bit in enumerate((4, 8, 11, 14, 18, 21, 24, 29))))
        key = key >> 1 | ((key & TAPS).bit_count() & 1) << 31
    return np.frombuffer(made, np.uint8)
