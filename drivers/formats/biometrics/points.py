"""What every record of minutiae has: a list of minutiae of five or six bytes, and an area of extended data behind it."""

from collections.abc import Collection

from drivers.formats.biometrics.extended import blocks
from drivers.formats.biometrics.minutiae import Minutia, MinutiaKind, RecordFormat
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

QUALITY_NOT_GIVEN = 254
_TYPE_AND_X = "type and x of a minutia"
_Y = "y of a minutia"
_AREA = "length of the extended data area"


def one_of(value: int, allowed: Collection[int], what: str, at: int) -> int:
    """The code, where it is one that this format knows. Raises RecordError."""
    if value not in allowed:
        raise RecordError(what, at, "one of " + ", ".join(str(int(code)) for code in sorted(allowed)), str(int(value)))
    return value


def read_minutiae(reader: Reader, count: int, with_quality: bool = True) -> tuple[Minutia, ...]:
    """The next minutiae. Raises RecordError."""
    return tuple(_read_minutia(reader, with_quality) for _ in range(count))


def _read_minutia(reader: Reader, with_quality: bool) -> Minutia:
    at = reader.at
    first = reader.number(2, _TYPE_AND_X)
    kind = one_of(first >> 14, tuple(MinutiaKind), "type of a minutia", at)
    y = reader.number(2, _Y)
    if y >> 14:
        raise RecordError(_Y, at + 2, "zero in the two high bits", "others")
    angle = reader.number(1, "angle of a minutia")
    quality = reader.number(1, "quality of a minutia") if with_quality else QUALITY_NOT_GIVEN
    return Minutia(MinutiaKind(kind), first & 0x3FFF, y, angle, quality)


def write_minutiae(writer: Writer, minutiae: tuple[Minutia, ...], with_quality: bool = True) -> None:
    """Put minutiae, without their number. Raises RecordError."""
    for minutia in minutiae:
        if not (0 <= minutia.x < 0x4000 and 0 <= minutia.y < 0x4000):
            raise RecordError("place of a minutia", len(writer.data), "0 to 16383", "a number outside")
        if not with_quality and minutia.quality != QUALITY_NOT_GIVEN:
            raise RecordError("quality of a minutia", len(writer.data), f"{QUALITY_NOT_GIVEN}, since the view has no qualities", "another")
        writer.number(minutia.kind << 14 | minutia.x, 2, _TYPE_AND_X)
        writer.number(minutia.y, 2, _Y)
        writer.number(minutia.angle, 1, "angle of a minutia")
        if with_quality:
            writer.number(minutia.quality, 1, "quality of a minutia")


def read_extended(reader: Reader, format: RecordFormat) -> bytes:
    """The extended data that comes next, byte for byte, once its blocks are seen to fill it exactly. Raises RecordError."""
    size = reader.number(2, _AREA)
    begin = reader.at
    extended = reader.take(size, "extended data area")
    _check(extended, format, begin)
    return extended


def write_extended(writer: Writer, extended: bytes, format: RecordFormat) -> None:
    """Put extended data behind its length. Raises RecordError where it is not filled by blocks."""
    _check(extended, format, len(writer.data) + 2)
    writer.number(len(extended), 2, _AREA)
    writer.data += extended


def _check(extended: bytes, format: RecordFormat, begin: int) -> None:
    try:
        blocks(extended, format)
    except RecordError as problem:
        # Blocks count places from the start of the area; whoever looks at a record counts from its own start.
        raise problem.moved(begin) from None
