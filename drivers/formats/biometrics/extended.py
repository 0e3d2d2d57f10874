"""Extended data of a view of minutiae: blocks, and the two kinds that the standards define and vectors show, ridge counts, cores and deltas.

A block is its type, its length and its data. The length includes the four bytes of type and length. For ISO/IEC 19794-2:2005 two
readings are in use: NIST's vector counts them in, another published vector does not; there a block is read either way.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from drivers.formats.biometrics.minutiae import ISO_FORMATS, RecordFormat
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

RIDGE_COUNTS = 1
CORES_AND_DELTAS = 2
_HEAD = 4
_ANGLE_GIVEN = 1
_MOST_POINTS = 15


@dataclass(frozen=True)
class Block:
    """One block: its type and its data without type and length."""

    type: int
    data: bytes = field(repr=False)


class Neighbours(IntEnum):
    """By which rule the pairs of minutiae were chosen whose ridges are counted."""

    ANY = 0
    FOUR = 1
    EIGHT = 2


@dataclass(frozen=True)
class RidgeCounts:
    """Ridges counted between pairs of minutiae: `counts` holds (first minutia, second minutia, ridges)."""

    neighbours: Neighbours
    counts: tuple[tuple[int, int, int], ...] = field(repr=False)


@dataclass(frozen=True)
class Core:
    """A core; `angle` in the units of the record, None where it is not given."""

    x: int = field(repr=False)
    y: int = field(repr=False)
    angle: int | None = field(default=None, repr=False)


@dataclass(frozen=True)
class Delta:
    """A delta; its three angles in the units of the record, None where they are not given."""

    x: int = field(repr=False)
    y: int = field(repr=False)
    angles: tuple[int, int, int] | None = field(default=None, repr=False)


@dataclass(frozen=True)
class CoresAndDeltas:
    """The cores and the deltas of a view."""

    cores: tuple[Core, ...] = field(repr=False)
    deltas: tuple[Delta, ...] = field(repr=False)


def blocks(extended: bytes, format: RecordFormat) -> tuple[Block, ...]:
    """The blocks of extended data; raises RecordError where they do not fill it exactly. Places count from the start of the data."""
    try:
        return _split(extended, counted_in=_HEAD)
    except RecordError as problem:
        if format is not RecordFormat.ISO_2005:
            raise
        try:
            return _split(extended, counted_in=0)
        except RecordError:
            # Of the two readings the standard's own is the one whose error helps.
            raise problem from None


def _split(extended: bytes, counted_in: int) -> tuple[Block, ...]:
    reader, found = Reader(extended), []
    while reader.left:
        type_ = reader.number(2, "type of extended data")
        at = reader.at
        length = reader.number(2, "length of extended data")
        if not counted_in <= length <= reader.left + counted_in:
            raise RecordError("length of extended data", at, f"{counted_in} to {reader.left + counted_in}", str(length))
        found.append(Block(type_, reader.take(length - counted_in, "extended data")))
    return tuple(found)


def join(those: tuple[Block, ...]) -> bytes:
    """Extended data of these blocks, their lengths as the standards count them. Raises RecordError."""
    writer = Writer()
    for block in those:
        writer.number(block.type, 2, "type of extended data")
        writer.number(_HEAD + len(block.data), 2, "length of extended data")
        writer.data += block.data
    return bytes(writer.data)


def read_ridge_counts(data: bytes) -> RidgeCounts:
    """The ridge counts in a block's data. Raises RecordError, with places counted from the start of the data."""
    reader = Reader(data)
    rule = reader.number(1, "rule of the ridge counts")
    if rule not in tuple(Neighbours):
        raise RecordError("rule of the ridge counts", 0, "0 to 2", str(rule))
    if over := reader.left % 3:
        raise RecordError("ridge counts", len(data) - over, "triples of minutia, minutia and ridges", f"{over} bytes over")
    rest = data[1:]
    return RidgeCounts(Neighbours(rule), tuple((rest[at], rest[at + 1], rest[at + 2]) for at in range(0, len(rest), 3)))


def write_ridge_counts(counts: RidgeCounts) -> Block:
    """These ridge counts as a block. Raises RecordError."""
    writer = Writer()
    writer.number(counts.neighbours, 1, "rule of the ridge counts")
    for first, second, ridges in counts.counts:
        writer.number(first, 1, "first minutia of a ridge count")
        writer.number(second, 1, "second minutia of a ridge count")
        writer.number(ridges, 1, "ridge count")
    return Block(RIDGE_COUNTS, bytes(writer.data))


def read_cores_and_deltas(data: bytes, format: RecordFormat) -> CoresAndDeltas:
    """The cores and deltas in a block's data. Raises RecordError, with places counted from the start of the data.

    ANSI says once, in the two high bits of each number of points, whether angles are given; ISO says it at each point, in the two high
    bits of x. A number of points has four bits.
    """
    reader = Reader(data)
    cores = tuple(Core(x, y, angles[0] if angles else None) for x, y, angles in _points(reader, format, 1, "core"))
    deltas = tuple(
        Delta(x, y, (angles[0], angles[1], angles[2]) if angles else None) for x, y, angles in _points(reader, format, 3, "delta")
    )
    reader.end()
    return CoresAndDeltas(cores, deltas)


def _points(reader: Reader, format: RecordFormat, angles: int, what: str) -> list[tuple[int, int, bytes]]:
    """The next number of points, and as many points, each with its angles (empty where they are not given)."""
    head = reader.number(1, f"number of {what}s")
    given, count = (0, head) if format in ISO_FORMATS else (_flag(head >> 6, reader.at - 1, f"number of {what}s"), head & 0x3F)
    if count > _MOST_POINTS:
        raise RecordError(f"number of {what}s", reader.at - 1, f"at most {_MOST_POINTS}", str(count))
    points = []
    for _ in range(count):
        at = reader.at
        x, y = reader.number(2, f"x of a {what}"), reader.number(2, f"y of a {what}")
        has = _flag(x >> 14, at, f"x of a {what}") if format in ISO_FORMATS else given
        if (format not in ISO_FORMATS and x >> 14) or y >> 14:
            raise RecordError(f"place of a {what}", at, "zero in the two high bits", "others")
        points.append((x & 0x3FFF, y, reader.take(angles * has, f"angles of a {what}")))
    return points


def _flag(bits: int, at: int, what: str) -> int:
    """Whether the two high bits say that angles are given."""
    if bits > _ANGLE_GIVEN:
        raise RecordError(what, at, "0 or 1 in the two high bits", str(bits))
    return bits


def write_cores_and_deltas(points: CoresAndDeltas, format: RecordFormat) -> Block:
    """These cores and deltas as a block. Raises RecordError; in ANSI either all cores have an angle or none has, and so the deltas."""
    writer = Writer()
    _put_points(writer, format, [(core.x, core.y, () if core.angle is None else (core.angle,)) for core in points.cores], "core")
    _put_points(writer, format, [(delta.x, delta.y, delta.angles or ()) for delta in points.deltas], "delta")
    return Block(CORES_AND_DELTAS, bytes(writer.data))


def _put_points(writer: Writer, format: RecordFormat, points: list[tuple[int, int, tuple[int, ...]]], what: str) -> None:
    with_angles = {bool(angles) for _, _, angles in points}
    at, iso = len(writer.data), format in ISO_FORMATS
    if not iso and len(with_angles) > 1:
        raise RecordError(f"angles of {what}s", at, "all or none", "some")
    if len(points) > _MOST_POINTS:
        raise RecordError(f"number of {what}s", at, f"at most {_MOST_POINTS}", str(len(points)))
    writer.number(len(points) | (0 if iso or True not in with_angles else 0x40), 1, f"number of {what}s")
    for x, y, angles in points:
        if x >> 14 or y >> 14:
            raise RecordError(f"place of a {what}", len(writer.data), "0 to 16383", "a number outside")
        writer.number(x | (0x4000 if iso and angles else 0), 2, f"x of a {what}")
        writer.number(y, 2, f"y of a {what}")
        for angle in angles:
            writer.number(angle, 1, f"angle of a {what}")
