"""The layout of ISO/IEC 19794-2:2011: how a view was taken, certificates, minutiae of five bytes."""

from dataclasses import replace

import pytest

from drivers.formats.biometrics.minutiae import Capture, MinutiaeRecord, QualityScore, RecordFormat
from drivers.formats.biometrics.minutiae_records import read, write
from drivers.formats.biometrics.record_bytes import RecordError
from tests.drivers.formats.biometrics.specimens import SPECIMENS
from tests.drivers.formats.biometrics.vectors import published, truth

RECORD = read(SPECIMENS[RecordFormat.ISO_2011])
VIEW = RECORD.views[0]
CAPTURE = Capture((2026, 12, 15, 17, 35, 20, 500), 3, 0xABCD, 0x0102, ((0xAA, 7),), ending=1)


def with_capture(capture: Capture) -> MinutiaeRecord:
    return replace(RECORD, views=(replace(VIEW, capture=capture),))


def test_how_a_view_was_taken_is_what_its_publisher_says() -> None:
    record = read(published("fingerprintio_vectors/iso19794p2v2011-sample.dat"))
    for view, finger in zip(record.views, truth("iso19794p2v2011")["fingerprints"], strict=True):
        assert view.capture is not None
        assert view.capture.taken == tuple(finger["datetime"].values())
        assert (view.capture.vendor, view.capture.device) == (finger["sensorVendor"], finger["sensorId"])
        assert (view.capture.technology, view.capture.ending, view.capture.certificates) == (0, 0, None)


def test_a_view_made_by_hand_says_when_and_with_what_it_was_taken_and_all_its_qualities() -> None:
    assert VIEW.capture == CAPTURE
    assert VIEW.qualities == (QualityScore(75, 6, 55), QualityScore(55, 6, 56))


def test_a_header_without_certificates_has_none_in_its_views() -> None:
    data = write(with_capture(replace(CAPTURE, certificates=None)))
    assert len(data) == len(SPECIMENS[RecordFormat.ISO_2011]) - 4
    assert data[14] == 0
    assert read(data) == with_capture(replace(CAPTURE, certificates=None))


def test_views_with_and_without_certificates_do_not_go_into_one_record() -> None:
    without = replace(VIEW, capture=replace(CAPTURE, certificates=None))
    with pytest.raises(RecordError, match="all or none with certificates"):
        write(replace(RECORD, views=(VIEW, without)))


def test_minutiae_of_five_bytes_have_no_quality() -> None:
    bare = tuple(replace(minutia, quality=254) for minutia in VIEW.minutiae)
    record = replace(RECORD, views=(replace(VIEW, minutiae=bare, capture=replace(CAPTURE, long=False)),))
    assert len(write(record)) == len(SPECIMENS[RecordFormat.ISO_2011]) - 3
    assert read(write(record)) == record
    with pytest.raises(RecordError, match="quality of a minutia"):
        write(with_capture(replace(CAPTURE, long=False)))


@pytest.mark.parametrize(("at", "instead", "words"), [(59, 0x41, "minutia size"), (59, 0x63, "kind of endings"), (54, 10, "impression")])
def test_a_view_of_a_shape_that_is_not_known_is_refused(at: int, instead: int, words: str) -> None:
    data = bytearray(SPECIMENS[RecordFormat.ISO_2011])
    data[at] = instead
    with pytest.raises(RecordError, match=words):
        read(bytes(data), as_format=RecordFormat.ISO_2011)


def test_a_kind_of_endings_that_is_not_known_is_not_written() -> None:
    with pytest.raises(RecordError, match="kind of endings"):
        write(with_capture(replace(CAPTURE, ending=3)))
