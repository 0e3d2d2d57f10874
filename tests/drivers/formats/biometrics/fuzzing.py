"""Bytes that nobody meant, for every parser of finger records. Run by tests/fuzzing.py.

Each input is made from its number: a record of ours, of any format, with bytes changed, put in, taken out, doubled or cut, half of the
time with its length put right again so that the parser gets deeper; now and then bytes at random. A parser answers with a value or with
RecordError. What it accepts must come back byte for byte when it is written, and its extended data and faults must be answered too.
"""

import random

from drivers.formats.biometrics import finger_images, minutiae_records
from drivers.formats.biometrics.extended import (
    Core,
    CoresAndDeltas,
    Delta,
    Neighbours,
    RidgeCounts,
    blocks,
    join,
    read_cores_and_deltas,
    read_ridge_counts,
    write_cores_and_deltas,
    write_ridge_counts,
)
from drivers.formats.biometrics.faults import faults
from drivers.formats.biometrics.minutiae import RecordFormat
from drivers.formats.biometrics.record_bytes import RecordError
from tests.drivers.formats.biometrics.specimens import IMAGE, SPECIMENS
from tests.fuzzing import Parser

FORMATS = tuple(RecordFormat)
SHORT_LENGTHS = {RecordFormat.ANSI_2004: 2}
COUNTS = write_ridge_counts(RidgeCounts(Neighbours.EIGHT, ((1, 2, 3), (4, 5, 6))))
POINTS = {
    format: write_cores_and_deltas(CoresAndDeltas((Core(10, 20, 30),), (Delta(40, 50, (60, 70, 80)), Delta(41, 51, (1, 2, 3)))), format)
    for format in FORMATS
}


def harmed(data: bytes, dice: random.Random) -> bytes:
    """The bytes with one to four kinds of harm."""
    changed = bytearray(data)
    for _ in range(dice.randint(1, 4)):
        at = dice.randrange(len(changed) + 1)
        match dice.randrange(6):
            case 0 | 1 if at < len(changed):
                changed[at] = dice.choice((0, 1, 2, 0x7F, 0x80, 0xFF, dice.randrange(256)))
            case 2 if at < len(changed):
                changed[at] ^= 1 << dice.randrange(8)
            case 3:
                changed[at:at] = dice.randbytes(dice.randint(1, 8))
            case 4:
                del changed[at : at + dice.randint(1, 8)]
            case _:
                changed[at:at] = changed[at : at + dice.randint(1, 20)]
    return bytes(changed[: dice.randrange(len(changed) + 1)] if dice.random() < 0.1 else changed)


def with_length(data: bytes, at: int, size: int) -> bytes:
    """The bytes with the record's length right, where there is room for one."""
    return data[:at] + len(data).to_bytes(size, "big") + data[at + size :] if len(data) >= at + size else data


def fuzz_minutiae(dice: random.Random) -> bool:
    """Whether a harmed record of minutiae is accepted, and then written as it was."""
    format = dice.choice(FORMATS)
    data = dice.randbytes(dice.randrange(80)) if dice.random() < 0.02 else harmed(SPECIMENS[format], dice)
    if dice.random() < 0.5:
        data = with_length(data, 8, SHORT_LENGTHS.get(format, 4))
    try:
        record = minutiae_records.read(data, as_format=dice.choice((None, format)))
    except RecordError:
        return False
    assert minutiae_records.write(record) == data
    faults(record)
    return True


def fuzz_images(dice: random.Random) -> bool:
    """Whether a harmed record of finger images is accepted, and then written as it was."""
    data = harmed(IMAGE, dice)
    if dice.random() < 0.5:
        data = with_length(data, 8, 6)
    try:
        record = finger_images.read(data)
    except RecordError:
        return False
    assert finger_images.write(record) == data
    return True


def fuzz_blocks(dice: random.Random) -> bool:
    """Whether harmed extended data is accepted. (ISO 2005 has two ways to count, so it is not written again from its blocks.)"""
    format = dice.choice(FORMATS)
    data = harmed(join((COUNTS, POINTS[format])), dice)
    try:
        found = blocks(data, format)
    except RecordError:
        return False
    assert format is RecordFormat.ISO_2005 or join(found) == data
    return True


def fuzz_ridge_counts(dice: random.Random) -> bool:
    """Whether harmed ridge counts are accepted, and then written as they were."""
    data = harmed(COUNTS.data, dice)
    try:
        counts = read_ridge_counts(data)
    except RecordError:
        return False
    assert write_ridge_counts(counts).data == data
    return True


def fuzz_points(dice: random.Random) -> bool:
    """Whether harmed cores and deltas are accepted, and then written so that they are read as the same."""
    format = dice.choice(FORMATS)
    data = harmed(POINTS[format].data, dice)
    try:
        points = read_cores_and_deltas(data, format)
    except RecordError:
        return False
    assert read_cores_and_deltas(write_cores_and_deltas(points, format).data, format) == points
    return True


PARSERS: dict[str, Parser] = {
    "minutiae records": fuzz_minutiae,
    "finger image records": fuzz_images,
    "blocks of extended data": fuzz_blocks,
    "ridge counts": fuzz_ridge_counts,
    "cores and deltas": fuzz_points,
}
