"""The layout of ISO/IEC 19794-2:2011: each view (there: representation) has its own length and says how it was taken.

Reached through `minutiae_records`. Judged against one published vector, which has no certificates and minutiae of six bytes; the rest
stands as FingerprintIO's reader has it.
"""

from drivers.formats.biometrics.codes import ALL_FINGERS, IMPRESSIONS_2011, FingerPosition
from drivers.formats.biometrics.minutiae import Capture, Frame, MinutiaeRecord, QualityScore, RecordFormat, View
from drivers.formats.biometrics.points import one_of, read_extended, read_minutiae, write_extended, write_minutiae
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

_ISO_2011 = RecordFormat.ISO_2011
_TIME = (("year", 2), ("month", 1), ("day", 1), ("hour", 1), ("minute", 1), ("second", 1), ("millisecond", 2))
_DEVICE = (("capture device technology", 1), ("capture device vendor", 2), ("capture device type", 2))
_PICTURE = (
    ("finger position", 1),
    ("view number", 1),
    ("horizontal density", 2),
    ("vertical density", 2),
    ("impression type", 1),
    ("picture width", 2),
    ("picture height", 2),
)
_QUALITY = (("quality", 1), ("quality algorithm owner", 2), ("quality algorithm", 2))
_LENGTH = "view length"
_SHAPE = "minutia size and kind of endings"
_SHORT, _LONG = 5, 6
_ENDINGS = (0, 1, 2)


def read_body(reader: Reader) -> MinutiaeRecord:
    """The record, from behind its length to its end. Raises RecordError."""
    at = reader.at
    count = reader.number(2, "number of views")
    if not count:
        raise RecordError("number of views", at, "at least 1", "0")
    flag = one_of(reader.number(1, "certification flag"), (0, 1), "certification flag", reader.at - 1)
    views = tuple(_read_view(reader, certified=bool(flag)) for _ in range(count))
    reader.end()
    return MinutiaeRecord(_ISO_2011, views)


def _read_view(reader: Reader, certified: bool) -> View:
    begin = reader.at
    length = reader.number(4, _LENGTH)
    capture, qualities = _read_capture(reader, certified)
    at = reader.at
    fields = reader.numbers(_PICTURE)
    finger = FingerPosition(one_of(fields["finger position"], ALL_FINGERS, "finger position", at))
    one_of(fields["impression type"], IMPRESSIONS_2011, "impression type", at + 6)
    frame = Frame(fields["picture width"], fields["picture height"], fields["horizontal density"], fields["vertical density"])
    shape = reader.number(1, _SHAPE)
    long = one_of(shape >> 4, (_SHORT, _LONG), "minutia size", reader.at - 1) == _LONG
    ending = one_of(shape & 0xF, _ENDINGS, "kind of endings", reader.at - 1)
    minutiae = read_minutiae(reader, reader.number(1, "number of minutiae"), long)
    extended = read_extended(reader, _ISO_2011)
    if reader.at - begin != length:
        raise RecordError(_LENGTH, begin, f"{reader.at - begin}, the bytes of the view", str(length))
    capture = Capture(capture.taken, capture.technology, capture.vendor, capture.device, capture.certificates, ending, long)
    return View(finger, frame, minutiae, qualities, fields["view number"], fields["impression type"], extended, capture)


def _read_capture(reader: Reader, certified: bool) -> tuple[Capture, tuple[QualityScore, ...]]:
    year, month, day, hour, minute, second, millisecond = reader.numbers(_TIME).values()
    technology, vendor, device = reader.numbers(_DEVICE).values()
    count = reader.number(1, "number of qualities")
    qualities = tuple(QualityScore(*reader.numbers(_QUALITY).values()) for _ in range(count))
    certificates = None
    if certified:
        count = reader.number(1, "number of certificates")
        pairs = [(reader.number(2, "certification authority"), reader.number(1, "certification scheme")) for _ in range(count)]
        certificates = tuple(pairs)
    return Capture((year, month, day, hour, minute, second, millisecond), technology, vendor, device, certificates), qualities


def write_body(writer: Writer, record: MinutiaeRecord) -> None:
    """Put the record from behind its length on. Raises RecordError."""
    captures = [view.capture for view in record.views if view.capture is not None]
    flags = {capture.certificates is not None for capture in captures}
    if len(captures) != len(record.views) or len(flags) != 1:
        raise RecordError("certification flag", len(writer.data), "how each view was taken, all or none with certificates", "otherwise")
    writer.number(len(record.views), 2, "number of views")
    writer.number(int(flags == {True}), 1, "certification flag")
    for view, capture in zip(record.views, captures, strict=True):
        begin = len(writer.data)
        writer.number(0, 4, _LENGTH)
        _write_view(writer, view, capture)
        writer.data[begin : begin + 4] = (len(writer.data) - begin).to_bytes(4, "big")


def _write_view(writer: Writer, view: View, capture: Capture) -> None:
    writer.numbers(_TIME, dict(zip(dict(_TIME), capture.taken, strict=True)))
    writer.numbers(_DEVICE, dict(zip(dict(_DEVICE), (capture.technology, capture.vendor, capture.device), strict=True)))
    writer.number(len(view.qualities), 1, "number of qualities")
    for quality in view.qualities:
        writer.numbers(_QUALITY, dict(zip(dict(_QUALITY), (quality.score, quality.owner, quality.algorithm), strict=True)))
    if capture.certificates is not None:
        writer.number(len(capture.certificates), 1, "number of certificates")
        for authority, scheme in capture.certificates:
            writer.number(authority, 2, "certification authority")
            writer.number(scheme, 1, "certification scheme")
    _write_picture(writer, view)
    ending = one_of(capture.ending, _ENDINGS, "kind of endings", len(writer.data))
    writer.number((_LONG if capture.long else _SHORT) << 4 | ending, 1, _SHAPE)
    writer.number(len(view.minutiae), 1, "number of minutiae")
    write_minutiae(writer, view.minutiae, capture.long)
    write_extended(writer, view.extended, _ISO_2011)


def _write_picture(writer: Writer, view: View) -> None:
    at, frame = len(writer.data), view.frame
    values = {
        "finger position": one_of(view.finger, ALL_FINGERS, "finger position", at),
        "view number": view.number,
        "horizontal density": frame.x_density,
        "vertical density": frame.y_density,
        "impression type": one_of(view.impression, IMPRESSIONS_2011, "impression type", at + 6),
        "picture width": frame.width,
        "picture height": frame.height,
    }
    writer.numbers(_PICTURE, values)
