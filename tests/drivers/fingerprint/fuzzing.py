"""Bytes that no scanner meant, for each parser of the fingerprint scanners: a good one cut, lengthened or changed, or noise. Run by tests/fuzzing.py."""

import random
import struct

import numpy as np

from drivers.fingerprint.nb1010_frames import (
    ASK_FINGER,
    CAPTURE,
    DONE,
    LINES,
    PART_LENGTH,
    WIDTH,
    BadFrame,
    is_covered,
    read_answer,
    read_part,
)
from drivers.fingerprint.uru4000_image import HEIGHT, BadImage, descrambled, read_image
from drivers.fingerprint.uru4000_image import WIDTH as LINE
from drivers.fingerprint.zfm_packets import BadAnswer, Packet, PacketKind, PacketReader, facts_of, image_of, packet_bytes
from tests.fuzzing import Parser, pieces


def _picture(chance: random.Random) -> bytes:
    """A picture of few lines, as a U.are.U would send it."""
    blocks = [(chance.choice([0, 1, 2, 2, 4, 6, 0x80, 0x82]), chance.randint(1, 4)) for _ in range(chance.randint(1, 6))]
    lines = sum(count for flags, count in blocks if not flags & 1)
    head = bytearray(64)
    head[4:7] = struct.pack("<HB", lines, chance.randrange(256))
    for at, block in enumerate(blocks):
        head[16 + 2 * at : 18 + 2 * at] = bytes(block)
    return bytes(head) + bytes([chance.randrange(256)]) * (lines * LINE)


def _spoiled(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    match chance.randrange(6):
        case 0:
            return chance.randbytes(chance.randrange(len(data) + 64))
        case 1:
            del data[chance.randrange(len(data) + 1) :]
        case 2:
            data += chance.randbytes(chance.randint(1, 500))
        case 3 | 4:
            for _ in range(chance.choice([1, 2, 5, 20])):
                data[chance.randrange(min(len(data), 64))] = chance.randrange(256)
    return bytes(data)


def uru4000_picture(chance: random.Random) -> bool:
    """One picture, and its descrambling under keys of nobody."""
    try:
        image = read_image(_spoiled(_picture(chance), chance))
        keys = [chance.getrandbits(32) for _ in image.key_numbers] if image.noisy else []
        whole = descrambled(image, keys)
    except BadImage:
        return False
    assert whole.shape == (HEIGHT, LINE) and whole.dtype == np.uint8
    return True


def nb1010_part(chance: random.Random) -> bool:
    """One part of a picture."""
    number = chance.randrange(90)
    good = struct.pack("<BBBBIIIII", 0x80, 0x21, 0, 0, PART_LENGTH, 0, number < 89, 2 * number + 1, WIDTH) + bytes(PART_LENGTH - 24)
    try:
        assert len(read_part(_spoiled(good, chance), number)) == LINES * WIDTH
    except BadFrame:
        return False
    return True


def nb1010_answer(chance: random.Random) -> bool:
    """One answer."""
    code, question = chance.choice([(0x37, ASK_FINGER), (DONE, CAPTURE)])
    raw = _spoiled(struct.pack("<BBBBIII", 0x80, code, question[2], 0, 16, 0, chance.randrange(256)), chance)
    try:
        is_covered(raw) if question is ASK_FINGER else read_answer(raw, question, code)
    except BadFrame:
        return False
    return True


def zfm_stream(chance: random.Random) -> bool:
    """Three packets with something wrong, cut anywhere; a whole one after them is found again."""
    last = Packet(PacketKind.ANSWER, b"\0last")
    stream = b"".join(packet_bytes(Packet(chance.choice([1, 2, 7, 8]), chance.randbytes(chance.randrange(40)))) for _ in range(3))
    reader = PacketReader()
    # a length that was changed may ask for up to a packet's most bytes
    stream = _spoiled(stream, chance) + packet_bytes(last) * 24
    came = [packet for piece in pieces(stream, chance) for packet in reader.feed(piece)]
    assert came[-1] == last
    return not reader.damaged


def zfm_answer(chance: random.Random) -> bool:
    """Facts, or a picture, of some length."""
    try:
        if chance.random() < 0.5:
            facts_of(_spoiled(bytes.fromhex("0000000900960003ffffffff00020006"), chance))
        else:
            image_of(bytes(chance.choice([0, 1, 18432, 36864, 36863, chance.randrange(40000)])))
    except BadAnswer:
        return False
    return True


PARSERS: dict[str, Parser] = {
    "U.are.U pictures": uru4000_picture,
    "NB-1010 parts of pictures": nb1010_part,
    "NB-1010 answers": nb1010_answer,
    "ZFM packets": zfm_stream,
    "ZFM answers": zfm_answer,
}
