"""Fields are taken and put one after the other; what is missing, over or does not fit is an error with its place."""

import pytest

from drivers.formats.biometrics.record_bytes import Reader, RecordError, Writer


def test_fields_are_taken_in_their_order_and_the_end_is_known() -> None:
    reader = Reader(bytes.fromhex("0102 03 000405"))
    assert reader.numbers((("first", 2), ("second", 1))) == {"first": 0x102, "second": 3}
    reader.zero(1, "reserved")
    assert (reader.at, reader.left) == (4, 2)
    with pytest.raises(RecordError, match="end of the record, byte 4: expected no more bytes, found 2 more"):
        reader.end()
    assert reader.take(2, "rest") == b"\4\5"
    reader.end()


def test_a_field_that_the_record_ends_in_is_an_error_and_nothing_is_taken() -> None:
    reader = Reader(b"\1\2")
    with pytest.raises(RecordError, match="width, byte 0: expected 4 bytes, found 2, the end of the record"):
        reader.number(4, "width")
    assert reader.at == 0


@pytest.mark.parametrize("value", [-1, 256, 70_000])
def test_a_number_that_does_not_fit_its_field_is_not_put_and_not_shown(value: int) -> None:
    writer = Writer()
    with pytest.raises(RecordError) as refused:
        writer.number(value, 1, "quality")
    assert str(refused.value) == "quality, byte 0: expected 0 to 255, found a number outside"
    assert writer.data == b""


def test_an_error_can_be_moved_for_whoever_counts_from_an_earlier_byte() -> None:
    moved = RecordError("length", 2, "4", "3").moved(50)
    assert (str(moved), moved.at) == ("length, byte 52: expected 4, found 3", 52)
