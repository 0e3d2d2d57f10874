"""Minutiae of five and six bytes, and what their bits cannot hold."""

import pytest

from drivers.formats.biometrics.minutiae import Minutia, MinutiaKind
from drivers.formats.biometrics.points import read_minutiae, write_minutiae
from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer

ENDING = Minutia(MinutiaKind.ENDING, 100, 14, 56, 90)


def test_a_minutia_of_six_bytes_has_a_quality_and_one_of_five_has_none() -> None:
    assert read_minutiae(Reader(bytes.fromhex("4064000E385A")), 1) == (ENDING,)
    assert read_minutiae(Reader(bytes.fromhex("4064000E38")), 1, with_quality=False) == (Minutia(MinutiaKind.ENDING, 100, 14, 56, 254),)


def test_a_quality_is_not_lost_by_writing_minutiae_without_one() -> None:
    with pytest.raises(RecordError, match="quality of a minutia, byte 0"):
        write_minutiae(Writer(), (ENDING,), with_quality=False)


@pytest.mark.parametrize("place", [(-1, 0), (16384, 0), (0, -1), (0, 16384)])
def test_a_place_of_more_than_fourteen_bits_is_not_written(place: tuple[int, int]) -> None:
    with pytest.raises(RecordError, match="place of a minutia, byte 0: expected 0 to 16383, found a number outside"):
        write_minutiae(Writer(), (Minutia(MinutiaKind.OTHER, *place, 0),))
