"""Records of finger minutiae: the published vectors, records made by hand, what is refused and where, and any bytes at all."""

import base64
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.biometrics.codes import FingerPosition
from drivers.formats.biometrics.extended import CORES_AND_DELTAS, RIDGE_COUNTS, blocks, read_cores_and_deltas, read_ridge_counts
from drivers.formats.biometrics.faults import faults
from drivers.formats.biometrics.minutiae import (
    ONE_FRAME,
    Frame,
    Minutia,
    MinutiaeRecord,
    MinutiaKind,
    QualityScore,
    RecordFormat,
    View,
)
from drivers.formats.biometrics.minutiae_records import read, write
from drivers.formats.biometrics.record_bytes import RecordError
from tests.drivers.formats.biometrics.specimens import SPECIMENS
from tests.drivers.formats.biometrics.strategies import records
from tests.drivers.formats.biometrics.vectors import REPAIRS, VECTORS, published, put_right, truth

FORMATS = tuple(RecordFormat)
WITH_TRUTH = [(file, name) for file, _, name in VECTORS if name]
FINGER = Frame(384, 480, 197, 197)
_KINDS = {"ENDING": MinutiaKind.ENDING, "BIFURCATION": MinutiaKind.BIFURCATION, "OTHER": MinutiaKind.OTHER, "EITHER": MinutiaKind.OTHER}
_IMPRESSIONS = {0: "LIVE_PLAIN"}
_RULES = {"CUSTOM": 0, "QUADRANTS": 1, "OCTANTS": 2}


def a_record(format: RecordFormat = RecordFormat.ISO_2005, **changes: Any) -> MinutiaeRecord:
    """A small record that conforms, with some values of its only view changed."""
    values: dict[str, Any] = {"qualities": (QualityScore(75),), "number": 0, "impression": 0}
    minutiae = (Minutia(MinutiaKind.ENDING, 100, 14, 56, 90),)
    view = View(FingerPosition.LEFT_INDEX, FINGER, minutiae, **(values | changes))
    return MinutiaeRecord(format, (view,), owner=0 if format in (RecordFormat.ISO_2005, RecordFormat.ISO_2011) else 66)


def as_truth(view: View, format: RecordFormat) -> dict[str, Any]:
    """A view in the words of the publisher's JSON, as far as it has them for every format."""
    return {
        "position": view.finger.name,
        "view": view.number,
        "scanType": _IMPRESSIONS[view.impression],
        "minutiae": [(minutia.kind, minutia.x, minutia.y, minutia.angle, minutia.quality) for minutia in view.minutiae],
        "counts": next((_counts(block.data) for block in blocks(view.extended, format) if block.type == RIDGE_COUNTS), None),
        "extensions": [(block.type, block.data) for block in blocks(view.extended, format) if block.type not in (1, 2)],
    }


def _counts(data: bytes) -> tuple[int, list[tuple[int, int, int]]]:
    found = read_ridge_counts(data)
    return found.neighbours, list(found.counts)


def said(finger: dict[str, Any]) -> dict[str, Any]:
    """The same words of the JSON itself."""
    counts = finger["counts"]
    keys = ("positionX", "positionY", "angle", "quality")
    return {
        "position": finger["position"],
        "view": finger["view"],
        "scanType": finger["scanType"],
        "minutiae": [(_KINDS[minutia["type"]], *(minutia[key] for key in keys)) for minutia in finger["minutiae"]],
        "counts": counts and (_RULES[counts["type"]], [(edge["from"], edge["to"], edge["count"]) for edge in counts["edges"]]),
        "extensions": [(extension["type"], base64.b64decode(extension["data"])) for extension in finger["extensions"]],
    }


@pytest.mark.parametrize(("file", "format"), [(file, format) for file, format, _ in VECTORS])
def test_a_published_record_is_written_byte_for_byte_as_it_was_read(file: str, format: RecordFormat) -> None:
    data = put_right(file)
    record = read(data)
    assert record.format is format
    assert write(record) == data


@pytest.mark.parametrize(("file", "name"), WITH_TRUTH)
def test_every_finger_of_a_published_record_says_what_its_publisher_says(file: str, name: str) -> None:
    record = read(put_right(file))
    fingers = truth(name)["fingerprints"]
    assert [as_truth(view, record.format) for view in record.views] == [said(finger) for finger in fingers]
    assert all(finger["coredelta"] is None for finger in fingers)


@pytest.mark.parametrize(("file", "name"), WITH_TRUTH)
def test_the_picture_the_sensor_and_the_qualities_of_a_published_record_are_what_its_publisher_says(file: str, name: str) -> None:
    record, whole = read(put_right(file)), truth(name)
    for view, finger in zip(record.views, whole["fingerprints"], strict=True):
        place = whole if record.format in ONE_FRAME else finger
        assert view.frame == Frame(place["width"], place["height"], place["resolutionX"], place["resolutionY"])
        if record.format is RecordFormat.ISO_2011:
            listed = [QualityScore(one["quality"], one["vendor"], one["algorithm"]) for one in finger["qrecords"]]
        else:
            listed = [QualityScore(finger["quality"], finger.get("qualityVendorId", 0), finger.get("qualityAlgorithmId", 0))]
        assert list(view.qualities) == listed
    assert (record.owner, record.product) == (whole.get("vendorId", 0), whole.get("subformat", 0))
    if record.format is not RecordFormat.ISO_2011:
        assert (record.sensor, record.certified) == (whole["sensorId"], whole["sensorCertified"])


PLACES = {
    "ansi378v2004-sample.dat": "record length, byte 8: expected 342, the bytes there are, found 340",
    "ansi378v2009-sample.dat": "record length, byte 8: expected 364, the bytes there are, found 363",
    "fmr.iso2005": "extended data area, byte 330: expected 42 bytes, found 41, the end of the record",
    "fmr.ansi2004": "end of the record, byte 1236: expected no more bytes, found 2 more",
}


@pytest.mark.parametrize("file", [file for file, _, _ in VECTORS if Path(file).name in REPAIRS])
def test_a_published_record_that_contradicts_itself_is_refused_and_the_place_named(file: str) -> None:
    data = published(file)
    with pytest.raises(RecordError) as refused:
        read(data)
    assert str(refused.value) == PLACES[Path(file).name]


def test_the_vectors_of_both_publishers_agree_on_the_minutiae_they_share() -> None:
    ansi = read(put_right("fingerprintio_vectors/ansi378v2009-sample.dat"))
    for file in ("nist_vectors/fmr.ansi2004", "nist_vectors/fmr.ansi2007"):
        views = read(put_right(file)).views[:2]
        assert [view.minutiae for view in views] == [view.minutiae for view in ansi.views]
    iso, nist = read(put_right("fingerprintio_vectors/iso19794p2v2005-sample.dat")), read(put_right("nist_vectors/fmr.iso2005"))
    for ours, theirs in zip(iso.views, nist.views, strict=True):
        assert [(one.kind, one.x, one.y, one.quality) for one in ours.minutiae] == [
            (one.kind, one.x, one.y, one.quality) for one in theirs.minutiae
        ]


@pytest.mark.parametrize(("file", "degrees"), [("nist_vectors/fmr.iso2005", 360 / 256), ("nist_vectors/fmr.ansi2004", 2)])
def test_cores_and_deltas_of_nist_fill_their_block_and_lie_where_they_can(file: str, degrees: float) -> None:
    record = read(put_right(file))
    view = record.views[-1]
    block = next(block for block in blocks(view.extended, record.format) if block.type == CORES_AND_DELTAS)
    points = read_cores_and_deltas(block.data, record.format)
    assert [(core.x, core.y) for core in points.cores] == [(150, 250), (100, 150)]
    assert [(delta.x, delta.y) for delta in points.deltas] == [(143, 232), (103, 104), (136, 214), (130, 319)]
    assert [core.angle for core in points.cores] == [90, 45]
    # ISO says at each point whether it has angles: the second delta has none there.
    assert [delta.angles is None for delta in points.deltas] == [False, degrees != 2, False, False]


def test_a_published_record_of_iso_2005_has_no_faults() -> None:
    assert faults(read(published("fingerprintio_vectors/iso19794p2v2005-sample.dat"))) == ()


@pytest.mark.parametrize("format", FORMATS)
def test_a_record_made_by_hand_is_read_as_it_was_meant_and_written_again(format: RecordFormat) -> None:
    record = read(SPECIMENS[format])
    view = record.views[0]
    assert (record.format, view.finger, view.number, view.impression) == (format, FingerPosition.LEFT_INDEX, 2, 1)
    assert view.frame == FINGER
    assert view.minutiae == (
        Minutia(MinutiaKind.ENDING, 100, 14, 56, 90),
        Minutia(MinutiaKind.BIFURCATION, 55, 18, 11, 80),
        Minutia(MinutiaKind.OTHER, 95, 51, 41, 0),
    )
    assert view.extended == bytes.fromhex("0100 0006 BEEF")
    assert view.qualities[0].score == 75
    assert write(record) == SPECIMENS[format]
    assert read(SPECIMENS[format], as_format=format) == record


def test_the_sensor_and_its_certification_stand_where_each_edition_has_them() -> None:
    assert {format: (read(data).compliance, read(data).sensor) for format, data in SPECIMENS.items()} == {
        RecordFormat.ISO_2005: (1, 2),
        RecordFormat.ANSI_2004: (1, 2),
        RecordFormat.ANSI_2007: (1, 2),
        RecordFormat.ANSI_2009: (0x80, 0x1002),
        RecordFormat.ANSI_2009_AM1: (0x80, 0x1002),
        RecordFormat.ISO_2011: (0, 0),
    }
    assert [read(data).certified for data in SPECIMENS.values()].count(True) == 2


def test_an_angle_is_turned_into_degrees_by_the_steps_of_its_format() -> None:
    minutia = Minutia(MinutiaKind.ENDING, 0, 0, 64)
    assert minutia.degrees(RecordFormat.ISO_2005) == 90
    assert minutia.degrees(RecordFormat.ANSI_2004) == 128


@pytest.mark.parametrize("format", FORMATS)
def test_a_record_cut_at_any_byte_or_with_one_too_many_is_refused(format: RecordFormat) -> None:
    whole = SPECIMENS[format]
    for data in (*(whole[:end] for end in range(len(whole))), whole + b"\0"):
        with pytest.raises(RecordError):
            read(data)


@pytest.mark.parametrize(
    ("format", "at", "instead", "words"),
    [
        (RecordFormat.ISO_2005, 0, 0, "format identifier and version, byte 0: expected those of a record of finger minutiae, found others"),
        (
            RecordFormat.ISO_2005,
            5,
            0x39,
            "format identifier and version, byte 0: expected those of a record of finger minutiae, found others",
        ),
        (RecordFormat.ISO_2005, 11, 0x3B, "record length, byte 8: expected 54, the bytes there are, found 59"),
        (RecordFormat.ISO_2005, 22, 0, "number of views, byte 22: expected at least 1, found 0"),
        (RecordFormat.ISO_2005, 22, 2, "finger position, byte 54: expected 1 bytes, found 0, the end of the record"),
        (RecordFormat.ISO_2005, 23, 1, "reserved byte of the header, byte 23: expected zero, found 1"),
        (RecordFormat.ISO_2005, 24, 11, "finger position, byte 24: expected one of 0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, found 11"),
        (RecordFormat.ISO_2005, 25, 0x24, "impression type, byte 25: expected one of 0, 1, 2, 3, 8, 9, found 4"),
        (RecordFormat.ISO_2005, 28, 0xC0, "type of a minutia, byte 28: expected one of 0, 1, 2, found 3"),
        (RecordFormat.ISO_2005, 30, 0x40, "y of a minutia, byte 30: expected zero in the two high bits, found others"),
        (RecordFormat.ISO_2005, 47, 4, "length of extended data, byte 50: expected 4 to 4, found 6"),
        (RecordFormat.ANSI_2004, 9, 0x3D, "record length, byte 8: expected 56, the bytes there are, found 61"),
        (RecordFormat.ANSI_2004, 53, 7, "length of extended data, byte 52: expected 4 to 6, found 7"),
        (RecordFormat.ANSI_2009_AM1, 23, 30, "impression type, byte 23: expected one of 0"),
        (RecordFormat.ISO_2011, 14, 2, "certification flag, byte 14: expected one of 0, 1, found 2"),
        (RecordFormat.ISO_2011, 18, 0x47, "view length, byte 15: expected 72, the bytes of the view, found 71"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_was_expected(format: RecordFormat, at: int, instead: int, words: str) -> None:
    data = bytearray(SPECIMENS[format])
    data[at] = instead
    with pytest.raises(RecordError) as refused:
        read(bytes(data), as_format=None if at < 8 else format)
    assert words in str(refused.value)


def test_the_place_of_an_error_is_there_for_a_program_too() -> None:
    data = bytearray(SPECIMENS[RecordFormat.ISO_2005])
    data[24] = 99
    with pytest.raises(RecordError) as refused:
        read(bytes(data))
    assert (refused.value.what, refused.value.at) == ("finger position", 24)


@pytest.mark.parametrize("format", FORMATS)
def test_a_record_is_not_read_as_another_edition(format: RecordFormat) -> None:
    for other in FORMATS:
        if other is not format:
            with pytest.raises(RecordError):
                read(SPECIMENS[format], as_format=other)


def test_a_vendor_who_writes_the_version_with_a_zero_is_read_and_written_as_it_was() -> None:
    data = bytearray(SPECIMENS[RecordFormat.ANSI_2004])
    data[4:8] = b"020\0"
    record = read(bytes(data))
    assert record.format is RecordFormat.ANSI_2004
    assert write(record) == data
    assert "version: not the one of this format" in faults(record)


def test_a_record_too_long_for_two_bytes_has_six_of_length_in_ansi_2004() -> None:
    extended = bytes.fromhex("0100 FFFF") + bytes(65531)
    record = MinutiaeRecord(RecordFormat.ANSI_2004, a_record(RecordFormat.ANSI_2004, extended=extended).views, owner=66)
    data = write(record)
    assert data[8:14] == b"\0\0" + len(data).to_bytes(4, "big")
    assert read(data) == record


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (MinutiaeRecord(RecordFormat.ISO_2005, ()), "number of views"),
        (MinutiaeRecord(RecordFormat.ISO_2005, a_record().views, owner=66), "no field for it"),
        (MinutiaeRecord(RecordFormat.ISO_2011, a_record().views), "how each view was taken"),
        (MinutiaeRecord(RecordFormat.ISO_2005, a_record().views, sensor=4096), "capture equipment, byte 12: expected 12 bits"),
        (MinutiaeRecord(RecordFormat.ISO_2005, a_record().views, version=b"030\0"), "version"),
        (a_record(qualities=()), "finger quality"),
        (a_record(qualities=(QualityScore(75, 6, 55),)), "quality algorithm"),
        (a_record(impression=29), "impression type, byte 25: expected one of 0, 1, 2, 3, 8, 9, found 29"),
        (a_record(number=16), "view number and impression type"),
        (a_record(extended=b"\1\0"), "length of extended data"),
        (MinutiaeRecord(RecordFormat.ISO_2005, (View(FingerPosition.RIGHT_FOUR, FINGER, (), (QualityScore(1),)),)), "finger position"),
        (
            MinutiaeRecord(
                RecordFormat.ISO_2005, (*a_record().views, View(FingerPosition.UNKNOWN, Frame(1, 1, 1, 1), (), (QualityScore(1),)))
            ),
            "the same in all views",
        ),
        (
            MinutiaeRecord(
                RecordFormat.ISO_2005,
                (View(FingerPosition.UNKNOWN, FINGER, (Minutia(MinutiaKind.ENDING, 16384, 0, 0),), (QualityScore(1),)),),
            ),
            "place of a minutia",
        ),
    ],
)
def test_what_a_format_has_no_place_for_is_not_written(record: MinutiaeRecord, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        write(record)


def test_nothing_measured_on_a_person_is_shown_by_a_record_or_its_errors() -> None:
    shown = repr(read(SPECIMENS[RecordFormat.ISO_2011]))
    for value in ("100", "14", "75", "BEEF", "2026"):
        assert value not in shown.replace("2011", "").replace("19794", "")


@pytest.mark.parametrize("format", FORMATS)
@given(st.data())
def test_any_record_that_can_be_written_is_read_as_what_it_is(format: RecordFormat, data: st.DataObject) -> None:
    record = data.draw(records(format))
    assert read(write(record), as_format=format) == record


@given(st.binary(max_size=200), st.sampled_from([b"", b"FMR\0 20\0", b"FMR\0" + b"030\0", b"FMR\0" + b"035\0"]))
def test_any_bytes_are_a_record_or_refused(rest: bytes, begin: bytes) -> None:
    try:
        record = read(begin + rest)
    except RecordError:
        return
    assert write(record) == begin + rest
