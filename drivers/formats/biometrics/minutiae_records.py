"""Reading and writing records of finger minutiae: ISO/IEC 19794-2 and ANSI INCITS 378, all in the editions of `RecordFormat`.

The layout is strict: every length must be that of the bytes, reserved bits must be zero, codes must be known, nothing may be left over.
What a layout can hold and the standard still does not allow (an angle of 400 degrees) is no matter of reading: `faults` lists it.
Sources: the published vectors of NIST and of FingerprintIO and the layouts that their readers know; the standards were not at hand.
"""

from collections.abc import Collection, Mapping
from typing import NamedTuple

from drivers.formats.biometrics import records_2011
from drivers.formats.biometrics.codes import ALL_FINGERS, IMPRESSIONS_2004, IMPRESSIONS_2009, SINGLE_FINGERS, FingerPosition
from drivers.formats.biometrics.minutiae import IDENTIFIER, ONE_FRAME, VERSIONS, Frame, MinutiaeRecord, QualityScore, RecordFormat, View
from drivers.formats.biometrics.points import one_of, read_extended, read_minutiae, write_extended, write_minutiae
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

# A vector that claims to be ANSI 378-2004 has a zero where the standard has a space; it is read, and its version kept.
_OTHER_VERSIONS: Mapping[bytes, tuple[RecordFormat, ...]] = {b"020\0": (RecordFormat.ISO_2005, RecordFormat.ANSI_2004)}
_BEGIN = 8  # where the record's length stands, behind identifier and version
_LENGTH = "record length"
_COUNT = "number of views"
_LEAST_ANSI, _LEAST_ISO = 26, 24  # bytes of a header
_FIRST_LONG = 65536 + 4  # bytes of the shortest record that two bytes cannot count

_PRODUCT = (("product owner", 2), ("product type", 2))
_EQUIPMENT = (("capture equipment", 2),)
_FRAME = (("picture width", 2), ("picture height", 2), ("horizontal density", 2), ("vertical density", 2))
_FIRST_VIEW = (("finger position", 1), ("view number and impression type", 1), ("finger quality", 1))
_LATER_VIEW = (
    ("finger position", 1),
    ("view number", 1),
    ("impression type", 1),
    ("finger quality", 1),
    ("quality algorithm owner", 2),
    ("quality algorithm", 2),
    *_FRAME,
)


class _Layout(NamedTuple):
    """The header behind the record's length, the header of a view, and the codes that this edition knows."""

    header: tuple[tuple[str, int], ...]
    view: tuple[tuple[str, int], ...]
    fingers: Collection[int]
    impressions: Mapping[int, str]


_WITH_CERTIFICATION = (*_PRODUCT, ("certification", 1), ("capture equipment", 2))
_LAYOUTS = {
    RecordFormat.ISO_2005: _Layout((*_EQUIPMENT, *_FRAME), _FIRST_VIEW, SINGLE_FINGERS, IMPRESSIONS_2004),
    RecordFormat.ANSI_2004: _Layout((*_PRODUCT, *_EQUIPMENT, *_FRAME), _FIRST_VIEW, SINGLE_FINGERS, IMPRESSIONS_2004),
    RecordFormat.ANSI_2007: _Layout((*_PRODUCT, *_EQUIPMENT), _LATER_VIEW, SINGLE_FINGERS, IMPRESSIONS_2009),
    RecordFormat.ANSI_2009: _Layout(_WITH_CERTIFICATION, _LATER_VIEW, SINGLE_FINGERS, IMPRESSIONS_2009),
    RecordFormat.ANSI_2009_AM1: _Layout(_WITH_CERTIFICATION, _LATER_VIEW, ALL_FINGERS, IMPRESSIONS_2009),
}


def read(data: bytes, as_format: RecordFormat | None = None) -> MinutiaeRecord:
    """The record in these bytes. Raises RecordError and nothing else.

    Of the three editions with version 030 the one whose layout holds is taken, and where none holds the error is that of the one that
    was followed furthest. `as_format` reads as that edition alone.
    """
    candidates = _of_version(data)
    if as_format is not None:
        candidates = tuple(format for format in candidates if format is as_format)
    elif RecordFormat.ANSI_2004 in candidates:
        candidates = (_by_length(data),)
    problems = []
    for format in candidates:
        try:
            return _read(data, format)
        except RecordError as problem:
            problems.append(problem)
    if not problems:
        raise RecordError("format identifier and version", 0, f"those of {as_format or 'a record of finger minutiae'}", "others")
    raise max(problems, key=lambda problem: problem.at)


def _of_version(data: bytes) -> tuple[RecordFormat, ...]:
    """The formats that begin as these bytes do."""
    identifier, version = data[:4], data[4:8]
    if identifier != IDENTIFIER:
        return ()
    return tuple(format for format, own in VERSIONS.items() if own == version) + _OTHER_VERSIONS.get(version, ())


def _by_length(data: bytes) -> RecordFormat:
    """ISO 2005 or ANSI 2004, which differ first in their lengths: four bytes; or two, or two zeros and four.

    No record is shorter than its header: what is too little for the length of one is the high half of the length of the other.
    """
    first, second = int.from_bytes(data[8:10], "big"), int.from_bytes(data[10:12], "big")
    ansi = first >= _LEAST_ANSI or (not first and second < _LEAST_ISO)
    return RecordFormat.ANSI_2004 if ansi else RecordFormat.ISO_2005


def _read(data: bytes, format: RecordFormat) -> MinutiaeRecord:
    reader = Reader(data)
    version = reader.take(_BEGIN, "version")[4:]
    _read_length(reader, format)
    if format is RecordFormat.ISO_2011:
        return records_2011.read_body(reader)
    header = reader.numbers(_LAYOUTS[format].header)
    count = reader.number(1, _COUNT)
    if not count:
        raise RecordError(_COUNT, reader.at - 1, "at least 1", "0")
    reader.zero(1, "reserved byte of the header")
    frame = _frame(header) if format in ONE_FRAME else None
    views = tuple(_read_view(reader, format, frame) for _ in range(count))
    reader.end()
    sensor, compliance = header["capture equipment"], header.get("certification")
    if compliance is None:
        sensor, compliance = sensor & 0xFFF, sensor >> 12
    other = b"" if version == VERSIONS[format] else version
    return MinutiaeRecord(format, views, header.get("product owner", 0), header.get("product type", 0), sensor, compliance, other)


def _read_length(reader: Reader, format: RecordFormat) -> None:
    """Pass over the record's length. ANSI 378-2004: two bytes, or two zeros and four bytes for a record that two cannot count."""
    if format is not RecordFormat.ANSI_2004:
        reader.length(4, _LENGTH)
    elif len(reader.data) < _FIRST_LONG:
        reader.length(2, _LENGTH)
    else:
        reader.zero(2, _LENGTH)
        reader.length(4, _LENGTH)


def _frame(fields: Mapping[str, int]) -> Frame:
    width, height, x_density, y_density = (fields[what] for what, _ in _FRAME)
    return Frame(width, height, x_density, y_density)


def _read_view(reader: Reader, format: RecordFormat, frame: Frame | None) -> View:
    layout, at = _LAYOUTS[format], reader.at
    fields = reader.numbers(layout.view)
    finger = FingerPosition(one_of(fields["finger position"], layout.fingers, "finger position", at))
    if frame is None:
        number, impression, impression_at = fields["view number"], fields["impression type"], at + 2
    else:
        number, impression = divmod(fields["view number and impression type"], 16)
        impression_at = at + 1
    one_of(impression, layout.impressions, "impression type", impression_at)
    quality = QualityScore(fields["finger quality"], fields.get("quality algorithm owner", 0), fields.get("quality algorithm", 0))
    minutiae = read_minutiae(reader, reader.number(1, "number of minutiae"))
    extended = read_extended(reader, format)
    return View(finger, frame or _frame(fields), minutiae, (quality,), number, impression, extended)


def write(record: MinutiaeRecord) -> bytes:
    """The bytes of a record. Raises RecordError for what the record's format has no place for; what was read is written as it was."""
    format = record.format
    if record.version and format not in _OTHER_VERSIONS.get(record.version, ()):
        raise RecordError("version", 4, f"that of {format}", "another")
    if not record.views:
        raise RecordError(_COUNT, _BEGIN, "at least 1", "0")
    writer = Writer()
    size = 2 if format is RecordFormat.ANSI_2004 else 4
    writer.data += IDENTIFIER + (record.version or VERSIONS[format]) + bytes(size)
    if format is RecordFormat.ISO_2011:
        _refuse(record, ("owner", "product", "sensor", "compliance"))
        records_2011.write_body(writer, record)
    else:
        _write_header(writer, record)
        for view in record.views:
            _write_view(writer, view, format)
    writer.data[_BEGIN : _BEGIN + size] = _length(len(writer.data), size)
    return bytes(writer.data)


def _refuse(record: MinutiaeRecord, names: tuple[str, ...]) -> None:
    """Refuse values for which the format has no field."""
    for name in names:
        if getattr(record, name):
            raise RecordError(name, _BEGIN, f"nothing, since {record.format} has no field for it", "a value")


def _length(length: int, size: int) -> bytes:
    """The length of a record of so many bytes, in `size` bytes; where two are too few, in two zeros and four."""
    return length.to_bytes(size, "big") if length < 256**size else bytes(2) + (length + 4).to_bytes(4, "big")


def _write_header(writer: Writer, record: MinutiaeRecord) -> None:
    layout = _LAYOUTS[record.format]
    names = dict(layout.header)
    if "product owner" not in names:
        _refuse(record, ("owner", "product"))
    values = {"product owner": record.owner, "product type": record.product, "capture equipment": record.sensor}
    if "certification" in names:
        values["certification"] = record.compliance
    elif 0 <= record.sensor < 4096 and 0 <= record.compliance < 16:
        values["capture equipment"] = record.compliance << 12 | record.sensor
    else:
        raise RecordError("capture equipment", len(writer.data), "12 bits, and 4 of certification", "more")
    if record.format in ONE_FRAME:
        if len({view.frame for view in record.views}) > 1:
            raise RecordError("picture width", len(writer.data), f"the same in all views, since {record.format} has one for all", "several")
        values |= _frame_values(record.views[0].frame)
    writer.numbers(layout.header, values)
    writer.number(len(record.views), 1, _COUNT)
    writer.number(0, 1, "reserved byte of the header")


def _frame_values(frame: Frame) -> dict[str, int]:
    return dict(zip(dict(_FRAME), (frame.width, frame.height, frame.x_density, frame.y_density), strict=True))


def _write_view(writer: Writer, view: View, format: RecordFormat) -> None:
    layout, at = _LAYOUTS[format], len(writer.data)
    quality = _one_quality(view, format, at)
    impression = one_of(view.impression, layout.impressions, "impression type", at + (1 if format in ONE_FRAME else 2))
    values = {
        "finger position": one_of(view.finger, layout.fingers, "finger position", at),
        "view number and impression type": view.number << 4 | impression,
        "view number": view.number,
        "impression type": impression,
        "finger quality": quality.score,
        "quality algorithm owner": quality.owner,
        "quality algorithm": quality.algorithm,
        **_frame_values(view.frame),
    }
    writer.numbers(layout.view, values)
    writer.number(len(view.minutiae), 1, "number of minutiae")
    write_minutiae(writer, view.minutiae)
    write_extended(writer, view.extended, format)


def _one_quality(view: View, format: RecordFormat, at: int) -> QualityScore:
    """The view's only quality, with an algorithm only where the format has a field for it."""
    if len(view.qualities) != 1 or view.capture is not None:
        raise RecordError("finger quality", at, f"one, and nothing of the capture, since {format} has no more", "otherwise")
    quality = view.qualities[0]
    if format in ONE_FRAME and (quality.owner or quality.algorithm):
        raise RecordError("quality algorithm", at, f"none, since {format} has no field for it", "one")
    return quality
