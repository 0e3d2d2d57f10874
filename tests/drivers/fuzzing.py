"""Bytes that nobody meant, for what every family reads: lines between lane, host and vendors' programs, JPEGs in a stream, pictures, recordings for a trial."""

import random
import struct

import cv2
import numpy as np

from drivers.contract import (
    Answered,
    DocumentRead,
    Encoding,
    Finger,
    FingerCaptured,
    FrameSeen,
    Hello,
    Hint,
    Kind,
    Ordered,
    Picture,
    PrintSlip,
)
from drivers.frame_source import unpacked
from drivers.jpeg_stream import JpegCutter
from drivers.lines import LONGEST, BadLine, LineReader, order_from_line, to_line, word_from_line
from drivers.paper_trial import NoTrial, read_recording
from drivers.works import SLIP
from tests.fuzzing import Parser, pieces, spoiled

PICTURE = Picture(1, 7, Encoding.JPEG, 640, 480, 31_000)
WORDS = [
    to_line(Hello(1, Kind.PASSPORT_READER, "vendor", "1.0", ("ReadDocument",), "/run/x/ring")),
    to_line(FrameSeen(PICTURE, Hint.OK)),
    to_line(Answered(3, DocumentRead(("P<UTO", "L898"), True, PICTURE))),
    to_line(Answered(4, FingerCaptured(Finger.LEFT_THUMB, PICTURE, 500, 61))),
]
ORDER = to_line(Ordered(7, 5.0, PrintSlip(SLIP)))
_WRONG = (b"null", b"-1", b"1e999", b'"x"', b"[[[[", b"{}", b"true", b'{"is":"Picture"}', b"\xff\xfe", b"NaN", b"9" * 400)
JPEG, PNG, BMP = (
    bytes(cv2.imencode(kind, np.arange(24 * 32, dtype=np.uint16).astype(np.uint8).reshape(24, 32))[1]) for kind in (".jpg", ".png", ".bmp")
)
RECORDING = b'# driver: framed\n# settings: {"end": "0a"}\n> 54 00\n< 54 00 02\n~\n'


def _reworded(line: bytes, dice: random.Random) -> bytes:
    """A line that is JSON still, more often than not: one of its values, or a name, is another."""
    parts = line.rstrip(b"\n").replace(b":", b"\0:\0").replace(b",", b"\0,\0").split(b"\0")
    parts[dice.randrange(len(parts))] = dice.choice(_WRONG)
    return b"".join(parts)


def _harmed(line: bytes, dice: random.Random) -> bytes:
    return _reworded(line, dice) if dice.random() < 0.4 else spoiled(line, dice).replace(b"\n", b"")


def word_line(dice: random.Random) -> bool:
    """Whether a line of a host or of a vendor's program is a word; what is one can be said again."""
    try:
        word = word_from_line(_harmed(dice.choice(WORDS), dice))
    except BadLine:
        return False
    try:
        said = to_line(word)
    except UnicodeEncodeError:
        # half of a pair of surrogates, which JSON lets through
        return True
    assert word_from_line(said) == word
    return True


def order_line(dice: random.Random) -> bool:
    """Whether a line of the lane is an order."""
    try:
        order_from_line(_harmed(ORDER, dice))
    except BadLine:
        return False
    return True


def cut_lines(dice: random.Random) -> bool:
    """Whether the lines of a stream came as they were, however it was cut. A line that does not end is refused, and the next is read."""
    reader, long = LineReader(), dice.random() < 0.01
    stream = b"x" * (LONGEST + 1) if long else b"".join(spoiled(line, dice) for line in dice.choices(WORDS, k=3))
    try:
        found = [line for piece in pieces(stream, dice, 40_000 if long else 100) for line in reader.feed(piece)]
    except BadLine:
        assert reader.feed(b"\nnext\n")[-1] == b"next"
        return False
    assert b"\n".join([*found, reader.feed(b"\n")[0]]) == stream
    return True


def jpegs(dice: random.Random) -> bool:
    """Whether a JPEG came whole out of a stream; one behind whatever came does in the end."""
    cutter = JpegCutter()
    stream = spoiled(JPEG * 2, dice) + JPEG * 2
    found = [picture for piece in pieces(stream, dice, 300) for picture in cutter.feed(piece)]
    assert found[-1] == JPEG
    assert all(picture.startswith(b"\xff\xd8\xff") and picture.endswith(b"\xff\xd9") for picture in found)
    return found.count(JPEG) > 2


def picture(dice: random.Random) -> bool:
    """Whether a file or a frame of a camera unpacks to a picture."""
    data = bytearray(spoiled(dice.choice((JPEG, PNG, BMP)), dice))
    if dice.random() < 0.02 and len(data) > 30:
        # a size out of all proportion, where a PNG and a BMP have theirs
        struct.pack_into(">I", data, dice.choice((16, 18, 20, 22)), dice.getrandbits(32))
    frame = unpacked(bytes(data))
    assert frame is None or (frame.ndim == 3 and frame.dtype == np.uint8)
    return frame is not None


def recording(dice: random.Random) -> bool:
    """Whether a text is a recording for a trial."""
    try:
        read_recording(spoiled(RECORDING, dice).decode("latin-1"))
    except NoTrial:
        return False
    return True


PARSERS: dict[str, Parser] = {
    "lines of a vendor's program": word_line,
    "lines of the lane": order_line,
    "lines in a stream": cut_lines,
    "JPEGs in a stream": jpegs,
    "pictures": picture,
    "recordings for a trial": recording,
}
