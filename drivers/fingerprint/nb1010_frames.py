"""What goes over the wire of a NextBiometrics NB-1010-U. PURE. Source: the public driver in libfprint, and one recording.

Both ways `80 code sequence 00 length(32 bits, little-endian)` and so many bytes less eight. The reader gives back the sequence number that it was sent.
38 asks for a finger: the answer 37 has at 12 how much is covered. 0D and 12 begin a picture; each is answered by 20. Then 90 parts 21 of 540 bytes come
by themselves: at 12 whether more follow, at 16 the number of their second line, at 20 the width, at 25 two lines, and three bytes of zero. What 0D does and
what the other fields mean is not known. No checksum: the heads and the order of the parts are all there is to check.
"""

import struct
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

WIDTH, HEIGHT, PARTS, LINES = 256, 180, 90, 2
ANSWER_LENGTH, PART_LENGTH, PART_HEAD = 16, 540, 25
COVERED = 0x60
ASK_FINGER = bytes.fromhex("80380100 08000000")
PREPARE = bytes.fromhex("800d0300 0c000000 00040000")
CAPTURE = bytes.fromhex("80120400 20000000 02000000 00000000 00000000 00000000 00000000 20000000")
FINGER, DONE, PART = 0x37, 0x20, 0x21
_HEAD = struct.Struct("<BBBBI")


class BadFrame(ValueError):
    """Bytes are not what the reader says at this point."""


@dataclass(frozen=True)
class Frame:
    """One frame: its code, the sequence number, and all of its bytes."""

    code: int
    sequence: int
    raw: bytes


def read_frame(raw: bytes) -> Frame:
    """The frame in one transfer. Raises BadFrame."""
    if len(raw) < _HEAD.size:
        raise BadFrame(f"{len(raw)} bytes are no frame")
    start, code, sequence, zero, length = _HEAD.unpack_from(raw)
    if (start, zero, length) != (0x80, 0, len(raw)):
        raise BadFrame(f"{len(raw)} bytes with the head {raw[: _HEAD.size].hex()}")
    return Frame(code, sequence, raw)


def read_answer(raw: bytes, question: bytes, code: int) -> bytes:
    """The answer to this question, 16 bytes. Raises BadFrame."""
    frame = read_frame(raw)
    if (frame.code, frame.sequence, len(raw)) != (code, question[2], ANSWER_LENGTH):
        raise BadFrame(f"{len(raw)} bytes with the head {raw[: _HEAD.size].hex()} answer {question[:3].hex()}")
    return raw


def is_covered(raw: bytes) -> bool:
    """Whether a finger lies there, from the answer to ASK_FINGER. Raises BadFrame."""
    return read_answer(raw, ASK_FINGER, FINGER)[12] > COVERED


def read_part(raw: bytes, number: int) -> bytes:
    """The two lines of part `number` (0 to 89). Raises BadFrame where it is another one."""
    frame = read_frame(raw)
    if frame.code != PART or len(raw) != PART_LENGTH:
        raise BadFrame(f"{len(raw)} bytes of code {frame.code:02x} are no part of a picture")
    more, line, width = struct.unpack_from("<III", raw, 12)
    if (more, line, width) != (number < PARTS - 1, number * LINES + 1, WIDTH):
        raise BadFrame(f"part {number} has line {line} of width {width}, more follow: {more}")
    return raw[PART_HEAD : PART_HEAD + LINES * WIDTH]


def image_of(parts: list[bytes]) -> NDArray[np.uint8]:
    """The picture, (180, 256), dark ridges on white, from the lines of 90 parts."""
    return np.frombuffer(b"".join(parts), np.uint8).reshape(HEIGHT, WIDTH)
