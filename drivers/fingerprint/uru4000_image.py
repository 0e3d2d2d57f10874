"""The picture of a U.are.U reader as it comes over the bulk endpoint, descrambled. PURE. Source: the public driver in libfprint, and one recording of a 4500.

64 bytes of head: at 4 the number of lines (16 bits, little-endian), at 6 the number of the key, at 16 fifteen blocks of two bytes, flags and lines. Then
the lines, 384 bytes each. A block is scrambled (02), moves the key on or does not (04), may begin under another key (80), or is absent (01): its lines are
not sent. Scrambling: a register of 32 bits shifts right by one a byte, and takes in at its top the parity of its bits under TAPS; eight of its bits make
the byte that is added to the picture's. Scrambled data are shifted by one byte; the last byte of a block is lost. What the other bytes of the head mean is
not known. There is no checksum: what does not come out smooth, as skin and glass do, was descrambled wrongly and is refused.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from drivers.fingerprint.placement import Image, rough

WIDTH, HEIGHT, HEAD, BLOCKS = 384, 290, 64, 15
LONGEST = HEAD + WIDTH * HEIGHT
ABSENT, SCRAMBLED, KEY_STAYS, OTHER_KEY = 0x01, 0x02, 0x04, 0x80
TAPS = (0, 2, 3, 6, 10, 12, 19, 22, 25, 28, 31)
XOR_BITS = (4, 8, 11, 14, 18, 21, 24, 29)
KEY_BITS = 32
NOISY = 5000
"""Mean square of two lines' sum about its mean; above it the picture is scrambled. Random bytes give about 11,000, fingers some hundreds."""


class BadImage(ValueError):
    """These bytes are no picture of the reader, or could not be descrambled."""


@dataclass(frozen=True)
class Block:
    """A run of lines under one rule."""

    flags: int
    lines: int

    def has(self, flag: int) -> bool:
        """Whether a flag is set."""
        return bool(self.flags & flag)


@dataclass(frozen=True)
class Scrambled:
    """A picture as it came: `data` (lines, 384) uint8."""

    key_number: int
    blocks: tuple[Block, ...]
    data: Image

    @property
    def noisy(self) -> bool:
        """Whether the first two lines look scrambled."""
        if len(self.data) < 2:
            return True
        total = self.data[0].astype(np.int64) + self.data[1]
        return bool(((total - total.mean()) ** 2).mean() >= NOISY)

    @property
    def key_numbers(self) -> list[int]:
        """The keys that it takes, in order."""
        return [self.key_number + more & 0xFF for more in range(1 + sum(block.has(OTHER_KEY) for block in self.blocks))]


def read_image(raw: bytes) -> Scrambled:
    """The picture in one bulk transfer. Raises BadImage."""
    if len(raw) < HEAD:
        raise BadImage(f"a picture of {len(raw)} bytes")
    lines, key_number = struct.unpack_from("<HB", raw, 4)
    # more lines or fewer bytes than announced: something was lost on the way
    if not 0 < lines < HEIGHT or len(raw) != HEAD + lines * WIDTH:
        raise BadImage(f"{len(raw)} bytes for {lines} lines")
    blocks = tuple(_blocks(raw, lines))
    if sum(block.lines for block in blocks if not block.has(ABSENT)) != lines or sum(block.lines for block in blocks) > HEIGHT:
        raise BadImage("the blocks are not the lines")
    return Scrambled(key_number, blocks, np.frombuffer(raw, np.uint8, lines * WIDTH, HEAD).reshape(lines, WIDTH))


def _blocks(raw: bytes, lines: int) -> Iterator[Block]:
    """The blocks that are used: up to one without lines, or until all lines are there. What follows is not the picture's."""
    for at in range(16, 16 + 2 * BLOCKS, 2):
        block = Block(raw[at], raw[at + 1])
        if block.lines == 0 or lines == 0:
            return
        if block.has(ABSENT) and block.has(SCRAMBLED):
            raise BadImage("a block that is not there cannot be scrambled")
        if not block.has(ABSENT):
            lines = max(0, lines - block.lines)
        yield block


def descrambled(image: Scrambled, keys: list[int]) -> Image:
    """The finger, (290, 384), as the sensor sees it: dark glass, bright skin. One key of 32 bits for each of `key_numbers`. Raises BadImage.

    The lines of an absent block are what follows it; lines at the end that are not sent are zero.
    """
    plain = _decoded(image, keys) if keys else image.data
    if rough(plain):
        raise BadImage("it does not come out smooth")
    whole = np.zeros((HEIGHT, WIDTH), np.uint8)
    to = done = 0
    for block in image.blocks:
        piece = plain[done : done + block.lines]
        whole[to : to + len(piece)] = piece
        to += block.lines
        done += 0 if block.has(ABSENT) else block.lines
    return whole


def upright(image: Image, *, turned: bool) -> Image:
    """As records and eyes want it: dark ridges on white; `turned`: the reader sees the finger upside down."""
    return np.ascontiguousarray(255 - (image[::-1, ::-1] if turned else image))


def _decoded(image: Scrambled, keys: list[int]) -> Image:
    """Each block under its key."""
    plain = image.data.copy()
    left = list(keys)
    bytes_a_key = _bytes_under_each_key(image)
    if len(left) != len(bytes_a_key):
        raise BadImage(f"{len(left)} keys for {len(bytes_a_key)}")
    stream, at, key = keystream(left[0], bytes_a_key[0]), 0, 0
    done = 0
    for block in image.blocks:
        if block.has(OTHER_KEY):
            key, at = key + 1, 0
            stream = keystream(left[key], bytes_a_key[key])
        count = block.lines * WIDTH
        if block.has(SCRAMBLED) and not block.has(KEY_STAYS):
            piece = plain[done : done + block.lines].reshape(-1)
            piece[:-1] = piece[1:] ^ stream[at : at + count - 1]
            # the byte that the shift pushed out
            piece[-1] = 0
        if not block.has(KEY_STAYS):
            at += count
        done += 0 if block.has(ABSENT) else block.lines
    return plain


def _bytes_under_each_key(image: Scrambled) -> list[int]:
    counts = [0]
    for block in image.blocks:
        if block.has(OTHER_KEY):
            counts.append(0)
        if not block.has(KEY_STAYS):
            counts[-1] += block.lines * WIDTH
    return counts


def keystream(key: int, count: int) -> Image:
    """The first `count` bytes that a key adds to a picture.

    The register's lowest bits, one a step, are a sequence of which every bit is the sum of eleven before it. Squared over two elements, the rule holds
    with all distances doubled: so runs of 1, 2, 4 ... bits can be had at once.
    """
    bits = np.zeros(count + KEY_BITS, np.uint8)
    bits[:KEY_BITS] = [key >> bit & 1 for bit in range(KEY_BITS)]
    known, run = KEY_BITS, 1
    while known < len(bits):
        if known >= 2 * run * KEY_BITS:
            run *= 2
        length = min(run, len(bits) - known)
        start = known - KEY_BITS * run
        bits[known : known + length] = np.bitwise_xor.reduce([bits[start + tap * run : start + tap * run + length] for tap in TAPS])
        known += length
    mixed = np.zeros(count, np.uint8)
    for place, bit in enumerate(XOR_BITS):
        mixed |= bits[bit : bit + count] << place
    return mixed
