"""What stands against the standard in a record whose layout holds is listed; reading and writing do not refuse it."""

from dataclasses import replace

import pytest

from drivers.formats.biometrics.codes import FingerPosition
from drivers.formats.biometrics.extended import (
    Block,
    Core,
    CoresAndDeltas,
    Neighbours,
    RidgeCounts,
    join,
    write_cores_and_deltas,
    write_ridge_counts,
)
from drivers.formats.biometrics.faults import faults
from drivers.formats.biometrics.minutiae import Frame, Minutia, MinutiaeRecord, MinutiaKind, QualityScore, RecordFormat, View
from drivers.formats.biometrics.minutiae_records import read, write
from tests.drivers.formats.biometrics.vectors import put_right

ISO, ANSI = RecordFormat.ISO_2005, RecordFormat.ANSI_2004
FINE = Minutia(MinutiaKind.ENDING, 383, 479, 179, 100)
VIEW = View(FingerPosition.LEFT_INDEX, Frame(384, 480, 197, 197), (FINE,), (QualityScore(100),))


def a_record(view: View, format: RecordFormat = ISO) -> MinutiaeRecord:
    return MinutiaeRecord(format, (view,), owner=66 if format is ANSI else 0)


def with_minutia(**changes: int) -> View:
    return replace(VIEW, minutiae=(FINE, replace(FINE, **changes)))


def with_block(block: Block) -> View:
    return replace(VIEW, extended=join((block,)))


@pytest.mark.parametrize("format", [ISO, ANSI])
def test_a_record_within_every_range_has_no_faults(format: RecordFormat) -> None:
    assert faults(a_record(VIEW, format)) == ()


@pytest.mark.parametrize(
    ("view", "format", "fault"),
    [
        (with_minutia(angle=180), ANSI, "view 1 (from 1): minutia 2: an angle of 360 degrees or more"),
        (with_minutia(x=384), ISO, "view 1 (from 1): minutia 2: outside the picture"),
        (with_minutia(y=480), ISO, "view 1 (from 1): minutia 2: outside the picture"),
        (with_minutia(quality=101), ISO, "view 1 (from 1): minutia 2: a quality that is not 0 to 100"),
        (replace(VIEW, qualities=(QualityScore(254),)), ISO, "view 1 (from 1): finger quality: not 0 to 100"),
        (replace(VIEW, minutiae=(), frame=Frame(0, 480, 197, 197)), ISO, "view 1 (from 1): picture size: zero"),
        (replace(VIEW, frame=Frame(384, 480, 98, 197)), ISO, "view 1 (from 1): density: less than 99 pixels a centimetre"),
        (replace(VIEW, number=1), ISO, "view numbers: expected 0, 1, 2 … for each finger, in this order"),
        (
            with_block(write_ridge_counts(RidgeCounts(Neighbours.FOUR, ((1, 2, 3),)))),
            ISO,
            "view 1 (from 1): ridge counts: of a minutia that is not there",
        ),
        (
            with_block(write_cores_and_deltas(CoresAndDeltas((Core(384, 1),), ()), ISO)),
            ISO,
            "view 1 (from 1): cores and deltas: outside the picture",
        ),
        (with_block(Block(1, b"\7")), ISO, "view 1 (from 1): rule of the ridge counts, byte 0: expected 0 to 2, found 7"),
    ],
)
def test_a_fault_is_named_with_its_view_and_the_record_still_read_and_written(view: View, format: RecordFormat, fault: str) -> None:
    record = a_record(view, format)
    assert faults(record) == (fault,)
    assert read(write(record)) == record


def test_an_angle_of_any_byte_is_one_in_iso() -> None:
    assert faults(a_record(with_minutia(angle=255), ISO)) == ()


def test_a_quality_not_given_is_none_the_less_allowed_from_2009_on() -> None:
    view = replace(with_minutia(quality=254), qualities=(QualityScore(255, 6, 55),))
    assert faults(MinutiaeRecord(RecordFormat.ANSI_2009, (view,), owner=66)) == ()
    assert faults(MinutiaeRecord(RecordFormat.ANSI_2009, (view,))) == ("product owner: zero, expected the number registered with IBIA",)


def test_a_published_record_of_ansi_with_angles_of_iso_has_those_as_its_faults() -> None:
    found = faults(read(put_right("fingerprintio_vectors/ansi378v2004-sample.dat")))
    assert found[0] == "version: not the one of this format"
    assert found[-1] == "view 2 (from 1): ridge counts: of a minutia that is not there"
    assert all(fault.endswith("an angle of 360 degrees or more") for fault in found[1:-1])
    assert len(found) == 4
