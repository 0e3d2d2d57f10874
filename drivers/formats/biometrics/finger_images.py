"""Finger image records of ISO/IEC 19794-4:2005, as data group 3 of a passport holds them. *Unproven*: judged by our own round trip alone.

The layout is that of the standard's tables as open readers of passports know them (header 32 bytes, header of each picture 14); no
published vector was found, and the standard's text was not at hand. Not known is whether the header counts fingers or pictures where
one finger has several views: here, as in those readers, it counts pictures. Their bytes are kept as they are: nothing here decodes them.
"""

from dataclasses import dataclass, field
from enum import IntEnum

from drivers.formats.biometrics.codes import IMPRESSIONS_2004, SINGLE_FINGERS, SLAPS, FingerPosition
from drivers.formats.biometrics.points import one_of
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

IDENTIFIER = b"FIR\0"
VERSION = b"010\0"
QUALITY_NOT_GIVEN = 254

_LENGTH = "record length"
_PICTURE_LENGTH = "picture length"
_HEADER = (
    ("capture device", 2),
    ("acquisition level", 2),
    ("number of pictures", 1),
    ("scale units", 1),
    ("horizontal scan resolution", 2),
    ("vertical scan resolution", 2),
    ("horizontal picture resolution", 2),
    ("vertical picture resolution", 2),
    ("pixel depth", 1),
    ("compression", 1),
)
_PICTURE = (
    ("finger position", 1),
    ("number of views", 1),
    ("view number", 1),
    ("finger quality", 1),
    ("impression type", 1),
    ("picture width", 2),
    ("picture height", 2),
)
_FINGERS = SINGLE_FINGERS | SLAPS


class Scale(IntEnum):
    """What resolutions count: pixels an inch, or a centimetre."""

    INCH = 1
    CENTIMETRE = 2


class Compression(IntEnum):
    """How the pictures of a record are coded, all alike."""

    NONE = 0
    PACKED = 1
    WSQ = 2
    JPEG = 3
    JPEG_2000 = 4
    PNG = 5


@dataclass(frozen=True)
class FingerImage:
    """One picture: `data` as coded, `width` and `height` in pixels, `quality` 0 to 100 or QUALITY_NOT_GIVEN.

    `number` counts the views of one finger from 1 to `views`; `impression` is a code of `codes.IMPRESSIONS_2004`.
    """

    finger: FingerPosition
    width: int
    height: int
    data: bytes = field(repr=False)
    views: int = 1
    number: int = 1
    quality: int = field(default=QUALITY_NOT_GIVEN, repr=False)
    impression: int = 0


@dataclass(frozen=True)
class FingerImageRecord:
    """A whole record. Resolutions are (horizontal, vertical), in pixels a unit of `scale`; `level` is the setting level (31: 500 an inch, 8 bits)."""

    images: tuple[FingerImage, ...]
    compression: Compression
    scan_resolution: tuple[int, int] = (500, 500)
    resolution: tuple[int, int] = (500, 500)
    scale: Scale = Scale.INCH
    depth: int = 8
    level: int = 31
    device: int = 0


def read(data: bytes) -> FingerImageRecord:
    """The record in these bytes. Raises RecordError and nothing else."""
    reader = Reader(data)
    if reader.take(8, "format identifier and version") != IDENTIFIER + VERSION:
        raise RecordError("format identifier and version", 0, "FIR and 010", "others")
    reader.length(6, _LENGTH)
    fields = reader.numbers(_HEADER)
    reader.zero(2, "reserved bytes of the header")
    scale, depth, compression = _checked(fields["scale units"], fields["pixel depth"], fields["compression"])
    count = fields["number of pictures"]
    if not count:
        raise RecordError("number of pictures", 18, "at least 1", "0")
    images = tuple(_read_image(reader, compression, depth) for _ in range(count))
    reader.end()
    scanned = fields["horizontal scan resolution"], fields["vertical scan resolution"]
    pictured = fields["horizontal picture resolution"], fields["vertical picture resolution"]
    return FingerImageRecord(images, compression, scanned, pictured, scale, depth, fields["acquisition level"], fields["capture device"])


def _checked(scale: int, depth: int, compression: int) -> tuple[Scale, int, Compression]:
    """The header's codes, where they are known."""
    return (
        Scale(one_of(scale, tuple(Scale), "scale units", 19)),
        one_of(depth, range(1, 17), "pixel depth", 28),
        Compression(one_of(compression, tuple(Compression), "compression", 29)),
    )


def _read_image(reader: Reader, compression: Compression, depth: int) -> FingerImage:
    begin = reader.at
    length = reader.number(4, _PICTURE_LENGTH)
    fields = reader.numbers(_PICTURE)
    reader.zero(1, "reserved byte of a picture")
    header = reader.at - begin
    if length < header:
        raise RecordError(_PICTURE_LENGTH, begin, f"at least {header}", str(length))
    image = FingerImage(
        FingerPosition(one_of(fields["finger position"], _FINGERS, "finger position", begin + 4)),
        fields["picture width"],
        fields["picture height"],
        reader.take(length - header, "picture"),
        fields["number of views"],
        fields["view number"],
        fields["finger quality"],
        one_of(fields["impression type"], IMPRESSIONS_2004, "impression type", begin + 8),
    )
    _check_image(image, compression, depth, begin)
    return image


def _check_image(image: FingerImage, compression: Compression, depth: int, begin: int) -> None:
    """Refuse a view that cannot be, and bare pixels that are more or fewer than the picture's size says."""
    if not 1 <= image.number <= image.views:
        raise RecordError("view number", begin + 6, "1 to the number of views", "another")
    pixels = image.width * image.height
    sizes = {Compression.NONE: pixels * (1 if depth <= 8 else 2), Compression.PACKED: (pixels * depth + 7) // 8}
    expected = sizes.get(compression, len(image.data))
    if len(image.data) != expected:
        raise RecordError("picture", begin + 14, f"{expected} bytes, by its size and depth", str(len(image.data)))


def write(record: FingerImageRecord) -> bytes:
    """The bytes of a record. Raises RecordError for what has no place in one."""
    if not record.images:
        raise RecordError("number of pictures", 18, "at least 1", "0")
    _checked(record.scale, record.depth, record.compression)
    (scan_x, scan_y), (x, y) = record.scan_resolution, record.resolution
    numbers = (record.device, record.level, len(record.images), record.scale, scan_x, scan_y, x, y, record.depth, record.compression)
    writer = Writer()
    writer.data += IDENTIFIER + VERSION + bytes(6)
    writer.numbers(_HEADER, dict(zip(dict(_HEADER), numbers, strict=True)))
    writer.number(0, 2, "reserved bytes of the header")
    for image in record.images:
        _write_image(writer, image, record)
    writer.data[8:14] = len(writer.data).to_bytes(6, "big")
    return bytes(writer.data)


def _write_image(writer: Writer, image: FingerImage, record: FingerImageRecord) -> None:
    begin = len(writer.data)
    _check_image(image, record.compression, record.depth, begin)
    finger = one_of(image.finger, _FINGERS, "finger position", begin + 4)
    impression = one_of(image.impression, IMPRESSIONS_2004, "impression type", begin + 8)
    writer.number(14 + len(image.data), 4, _PICTURE_LENGTH)
    numbers = (finger, image.views, image.number, image.quality, impression, image.width, image.height)
    writer.numbers(_PICTURE, dict(zip(dict(_PICTURE), numbers, strict=True)))
    writer.number(0, 1, "reserved byte of a picture")
    writer.data += image.data
