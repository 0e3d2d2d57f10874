import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.receipt import escpos
from drivers.receipt.escpos import Bitmap


def laid_down(commands: bytes) -> list[bytes]:
    """The rows that a printer would print, without white at their right: a second reading of GS v 0 and ESC J."""
    rows: list[bytes] = []
    at = 0
    while at < len(commands):
        if commands[at : at + 2] == b"\x1bJ":
            rows += [b""] * commands[at + 2]
            at += 3
            continue
        assert commands[at : at + 3] == b"\x1dv0"
        doubled = {0: False, 3: True}[commands[at + 3]]
        width, height = (int.from_bytes(commands[at + 4 + 2 * n : at + 6 + 2 * n], "little") for n in (0, 1))
        at += 8
        for _ in range(height):
            row = commands[at : at + width]
            if doubled:
                row = int("".join(bit * 2 for byte in row for bit in f"{byte:08b}"), 2).to_bytes(2 * width)
            rows += [row.rstrip(b"\x00")] * (2 if doubled else 1)
            at += width
    return rows


def twice(bitmap: Bitmap) -> Bitmap:
    """The picture twice as large: every dot a square of four."""
    rows = []
    for number in range(bitmap.height):
        bits = "".join(bit * 2 for byte in bitmap.row(number) for bit in f"{byte:08b}")
        rows += [int(bits, 2).to_bytes(2 * bitmap.stride)] * 2
    return Bitmap(bitmap.stride * 16, 2 * bitmap.height, b"".join(rows))


bitmaps = st.integers(1, 40).flatmap(
    lambda width: st.lists(
        st.one_of(st.just(bytes((width + 7) // 8)), st.binary(min_size=(width + 7) // 8, max_size=(width + 7) // 8)), max_size=120
    ).map(lambda rows: Bitmap(width, len(rows), b"".join(rows)))
)


@settings(max_examples=150, deadline=None)
@given(st.one_of(bitmaps, bitmaps.map(twice)))
def test_a_picture_is_laid_down_row_by_row_as_it_was_drawn(bitmap):
    sent = escpos.picture(bitmap)
    shifts = [[bitmap.shifted(dots).row(n).rstrip(b"\x00") for n in range(bitmap.height)] for dots in range(8)]
    assert laid_down(sent) in shifts
    assert not escpos.hides_real_time(sent)


@pytest.mark.parametrize("hidden", [b"\x10\x04", b"\x10\x05", b"\x10\x14"])
def test_dots_that_look_like_a_real_time_command_are_moved_until_they_do_not(hidden):
    bitmap = Bitmap(48, 1, b"\xff" + hidden + b"\x01\x80\x00")
    sent = escpos.picture(bitmap)
    assert escpos.hides_real_time(bitmap.data)
    assert not escpos.hides_real_time(sent)
    assert laid_down(sent) == [bitmap.shifted(1).data.rstrip(b"\x00")]


def test_a_clean_picture_is_not_moved():
    bitmap = Bitmap(16, 2, b"\xf0\x0f\x80\x00")
    assert escpos.picture(bitmap) == b"\x1dv0\x00\x02\x00\x02\x00\xf0\x0f\x80\x00"


def test_white_rows_become_feeds_and_a_long_white_stretch_takes_several():
    bitmap = Bitmap(8, 302, b"\x01" + bytes(300) + b"\x01")
    assert escpos.picture(bitmap) == b"\x1dv0\x00\x01\x00\x01\x00\x01" + b"\x1bJ\xff\x1bJ\x2d" + b"\x1dv0\x00\x01\x00\x01\x00\x01"


def test_large_dots_go_in_a_quarter_of_the_bytes():
    rows = [b"\xf3\x0c", b"\xcf\x30", b"\x00\x03", b"\xff\xff", b"\x0c\xc0"]
    coarse = Bitmap(16, 10, b"".join(row * 2 for row in rows))
    sent = escpos.picture(coarse)
    assert sent == b"\x1dv0\x03\x01\x00\x05\x00" + bytes([0b11010010, 0b10110100, 0b00000001, 0xFF, 0b00101000])
    assert laid_down(sent) == [coarse.row(n).rstrip(b"\x00") for n in range(10)]


def test_no_band_is_longer_than_the_nuls_that_free_a_printer_left_in_the_middle_of_one():
    sent = escpos.picture(Bitmap(576, 200, b"\xfe" * 72 * 200))
    heads = [at for at in range(len(sent)) if sent[at : at + 3] == b"\x1dv0"]
    assert max(after - before for before, after in zip(heads, [*heads[1:], len(sent)], strict=True)) <= escpos.LONGEST_BAND
    assert escpos.free_from_broken_command().startswith(bytes(escpos.LONGEST_BAND))


def test_a_bitmap_with_too_few_bytes_is_refused():
    with pytest.raises(ValueError, match="rows"):
        Bitmap(9, 2, b"\x00\x00\x00")


def test_the_printer_draws_a_code_from_its_five_commands():
    sent = escpos.qr("MPK1:K4T7QF", 5)
    assert sent == (
        b"\x1ba\x01\x1d(k\x04\x001A2\x00\x1d(k\x03\x001C\x05\x1d(k\x03\x001E1\x1d(k\x0e\x001P0MPK1:K4T7QF\x1d(k\x03\x001Q0\x1ba\x00"
    )


@pytest.mark.parametrize(("text", "module"), [("", 4), ("a\x10\x04", 4), ("a" * 2332, 4), ("abc", 0), ("abc", 17)])
def test_a_code_that_no_printer_can_draw_is_refused(text, module):
    with pytest.raises(ValueError, match="QR"):
        escpos.qr(text, module)


def test_a_job_number_is_four_figures_and_begins_again():
    assert escpos.process_id(7) == b"\x1d(H\x06\x00000007"
    assert escpos.process_id(10_007) == escpos.process_id(7)
    assert len(escpos.process_id(7)) == 11


def test_only_four_questions_can_be_asked_at_once():
    assert escpos.ask(4) == b"\x10\x04\x04"
    with pytest.raises(ValueError, match="DLE EOT"):
        escpos.ask(5)
