"""Bytes that no reader meant: `python -m tests.drivers.fingerprint.fuzzing [--count 1000000] [--seed 1] [--parser NAME]`.

Each input is made from its number: a good one cut, lengthened or changed, or noise. Whatever it is, the parser answers or raises its own error.
"""

import argparse
import random
import struct
import sys
import time
from collections import Counter
from collections.abc import Callable

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


def uru4000_picture(chance: random.Random) -> str:
    """One picture, and its descrambling under keys of nobody."""
    try:
        image = read_image(_spoiled(_picture(chance), chance))
        keys = [chance.getrandbits(32) for _ in image.key_numbers] if image.noisy else []
        whole = descrambled(image, keys)
    except BadImage:
        return "refused"
    assert whole.shape == (HEIGHT, LINE) and whole.dtype == np.uint8
    return "read"


def nb1010_part(chance: random.Random) -> str:
    """One part of a picture."""
    number = chance.randrange(90)
    good = struct.pack("<BBBBIIIII", 0x80, 0x21, 0, 0, PART_LENGTH, 0, number < 89, 2 * number + 1, WIDTH) + bytes(PART_LENGTH - 24)
    try:
        assert len(read_part(_spoiled(good, chance), number)) == LINES * WIDTH
    except BadFrame:
        return "refused"
    return "read"


def nb1010_answer(chance: random.Random) -> str:
    """One answer."""
    code, question = chance.choice([(0x37, ASK_FINGER), (DONE, CAPTURE)])
    raw = _spoiled(struct.pack("<BBBBIII", 0x80, code, question[2], 0, 16, 0, chance.randrange(256)), chance)
    try:
        is_covered(raw) if question is ASK_FINGER else read_answer(raw, question, code)
    except BadFrame:
        return "refused"
    return "read"


def zfm_stream(chance: random.Random) -> str:
    """Three packets with something wrong, cut anywhere; a whole one after them is found again."""
    last = Packet(PacketKind.ANSWER, b"\0last")
    stream = b"".join(packet_bytes(Packet(chance.choice([1, 2, 7, 8]), chance.randbytes(chance.randrange(40)))) for _ in range(3))
    reader, came, at = PacketReader(), list[Packet](), 0
    # a length that was changed may ask for up to a packet's most bytes
    stream = _spoiled(stream, chance) + packet_bytes(last) * 24
    while at < len(stream):
        step = chance.randint(1, 100)
        came += reader.feed(stream[at : at + step])
        at += step
    assert came[-1] == last
    return "refused" if reader.damaged else "read"


def zfm_answer(chance: random.Random) -> str:
    """Facts, or a picture, of some length."""
    try:
        if chance.random() < 0.5:
            facts_of(_spoiled(bytes.fromhex("0000000900960003ffffffff00020006"), chance))
        else:
            image_of(bytes(chance.choice([0, 1, 18432, 36864, 36863, chance.randrange(40000)])))
    except BadAnswer:
        return "refused"
    return "read"


PARSERS: dict[str, Callable[[random.Random], str]] = {
    parser.__name__: parser for parser in (uru4000_picture, nb1010_part, nb1010_answer, zfm_stream, zfm_answer)
}


def fuzz(name: str, count: int, seed: int) -> Counter[str]:
    """So many inputs: how many were read and how many refused. Whatever else a parser raises comes out with the input's number."""
    found = Counter[str]()
    for number in range(count):
        try:
            found[PARSERS[name](random.Random(f"{name} {seed} {number}"))] += 1
        except Exception as why:
            raise AssertionError(f"{name}, number {number} of seed {seed}: {type(why).__name__} {why}") from why
    return found


def main(arguments: list[str]) -> None:
    """Fuzz and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=1_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--parser", choices=sorted(PARSERS))
    chosen = parser.parse_args(arguments)
    for name in [chosen.parser] if chosen.parser else PARSERS:
        began = time.monotonic()
        found = fuzz(name, chosen.count, chosen.seed)
        print(f"{name:20} {found['read']:9d} read {found['refused']:9d} refused, nothing else, in {time.monotonic() - began:.0f} s")


if __name__ == "__main__":
    main(sys.argv[1:])
