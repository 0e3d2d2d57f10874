"""Records of finger images: a record made by hand, round trips, what is refused and where. No published vector was found to judge them by."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.biometrics.codes import FingerPosition
from drivers.formats.biometrics.finger_images import Compression, FingerImage, FingerImageRecord, Scale, read, write
from drivers.formats.biometrics.record_bytes import RecordError
from tests.drivers.formats.biometrics.specimens import IMAGE
from tests.drivers.formats.biometrics.strategies import image_records

FINGER = FingerImage(FingerPosition.RIGHT_INDEX, 4, 2, bytes(range(8)), quality=75)
RECORD = FingerImageRecord((FINGER,), Compression.NONE, device=0x1002)


def test_a_record_made_by_hand_is_read_as_it_was_meant_and_written_again() -> None:
    assert read(IMAGE) == RECORD
    assert write(RECORD) == IMAGE


def test_a_compressed_picture_is_kept_as_it_is() -> None:
    record = FingerImageRecord((replace(FINGER, data=b"\xff\xa0 any WSQ"),), Compression.WSQ, scale=Scale.CENTIMETRE, resolution=(197, 197))
    assert read(write(record)) == record


def test_a_record_cut_at_any_byte_or_with_one_too_many_is_refused() -> None:
    for data in (*(IMAGE[:end] for end in range(len(IMAGE))), IMAGE + b"\0"):
        with pytest.raises(RecordError):
            read(data)


@pytest.mark.parametrize(
    ("at", "instead", "words"),
    [
        (0, 0, "format identifier and version, byte 0: expected FIR and 010, found others"),
        (13, 0x37, "record length, byte 8: expected 54, the bytes there are, found 55"),
        (18, 0, "number of pictures, byte 18: expected at least 1, found 0"),
        (18, 2, "picture length, byte 54: expected 4 bytes, found 0, the end of the record"),
        (19, 3, "scale units, byte 19: expected one of 1, 2, found 3"),
        (28, 0, "pixel depth, byte 28: expected one of 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15, 16, found 0"),
        (28, 9, "picture, byte 46: expected 16 bytes, by its size and depth, found 8"),
        (29, 6, "compression, byte 29: expected one of 0, 1, 2, 3, 4, 5, found 6"),
        (31, 1, "reserved bytes of the header, byte 30: expected zero, found 1"),
        (35, 13, "picture length, byte 32: expected at least 14, found 13"),
        (35, 23, "picture, byte 46: expected 9 bytes, found 8, the end of the record"),
        (36, 11, "finger position, byte 36: expected one of"),
        (38, 2, "view number, byte 38: expected 1 to the number of views, found another"),
        (40, 4, "impression type, byte 40: expected one of 0, 1, 2, 3, 8, 9, found 4"),
        (42, 5, "picture, byte 46: expected 10 bytes, by its size and depth, found 8"),
        (45, 1, "reserved byte of a picture, byte 45: expected zero, found 1"),
    ],
)
def test_what_is_wrong_is_said_with_its_place_and_what_was_expected(at: int, instead: int, words: str) -> None:
    data = bytearray(IMAGE)
    data[at] = instead
    with pytest.raises(RecordError) as refused:
        read(bytes(data))
    assert words in str(refused.value)


@pytest.mark.parametrize(
    ("record", "words"),
    [
        (replace(RECORD, images=()), "number of pictures"),
        (replace(RECORD, depth=17), "pixel depth"),
        (replace(RECORD, level=65536), "acquisition level"),
        (replace(RECORD, images=(replace(FINGER, data=b""),)), "by its size and depth"),
        (replace(RECORD, images=(replace(FINGER, finger=FingerPosition.BOTH_INDEXES),)), "finger position"),
        (replace(RECORD, images=(replace(FINGER, number=2),)), "view number"),
    ],
)
def test_what_has_no_place_in_a_record_is_not_written(record: FingerImageRecord, words: str) -> None:
    with pytest.raises(RecordError, match=words):
        write(record)


def test_nothing_measured_on_a_person_is_shown_by_a_record() -> None:
    shown = repr(RECORD)
    assert "75" not in shown
    assert "\\x01" not in shown


@given(image_records())
def test_any_record_that_can_be_written_is_read_as_what_it_is(record: FingerImageRecord) -> None:
    assert read(write(record)) == record


@given(st.binary(max_size=120))
def test_any_bytes_are_a_record_or_refused(rest: bytes) -> None:
    data = b"FIR\0" + b"010\0" + (14 + len(rest)).to_bytes(6, "big") + rest
    try:
        record = read(data)
    except RecordError:
        return
    assert write(record) == data
