"""Descrambling: the same as the register of a reader, one bit after the other, only faster; and nothing false."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from drivers.fingerprint.placement import rough
from drivers.fingerprint.uru4000_image import (
    HEAD,
    TAPS,
    WIDTH,
    XOR_BITS,
    BadImage,
    descrambled,
    keystream,
    read_image,
    upright,
)


def one_bit_at_a_time(key: int, count: int) -> list[int]:
    stream = []
    for _ in range(count):
        stream.append(sum((key >> bit & 1) << place for place, bit in enumerate(XOR_BITS)))
        key = key >> 1 | (sum(key >> tap & 1 for tap in TAPS) & 1) << 31
    return stream


@settings(max_examples=40)
@given(st.integers(0, 2**32 - 1), st.integers(0, 2500))
def test_the_keystream_is_that_of_a_register_that_shifts_one_bit_at_a_time(key: int, count: int) -> None:
    assert keystream(key, count).tolist() == one_bit_at_a_time(key, count)


def test_the_taps_are_those_of_the_public_driver() -> None:
    assert sum(1 << tap for tap in TAPS) == 0x9248144D


def picture(blocks: list[tuple[int, int]], lines: int, data: bytes) -> bytes:
    head = bytearray(HEAD)
    head[4:6] = lines.to_bytes(2, "little")
    for at, block in enumerate(blocks):
        head[16 + 2 * at : 18 + 2 * at] = bytes(block)
    return bytes(head) + data


def test_an_absent_block_repeats_what_follows_it_and_lines_at_the_end_are_dark_glass() -> None:
    first, second = bytes([10]) * WIDTH, bytes([20]) * WIDTH
    image = descrambled(read_image(picture([(0, 1), (1, 1), (0, 1)], 2, first + second)), [])
    assert image[:, 0].tolist() == [10, 20, 20] + [0] * 287
    assert upright(image, turned=True)[-3:, 0].tolist() == [235, 235, 245]


@pytest.mark.parametrize(
    ("what", "raw"),
    [
        ("nothing", b""),
        ("a head alone", bytes(HEAD)),
        ("a byte too few", picture([(0, 2)], 2, bytes(2 * WIDTH - 1))),
        ("a byte too many", picture([(0, 2)], 2, bytes(2 * WIDTH + 1))),
        ("fewer lines in the blocks", picture([(0, 1)], 2, bytes(2 * WIDTH))),
        ("more lines in the blocks", picture([(0, 3)], 2, bytes(2 * WIDTH))),
        ("more absent lines than fit", picture([(1, 255), (1, 40), (0, 2)], 2, bytes(2 * WIDTH))),
        ("absent and scrambled", picture([(3, 1), (0, 2)], 2, bytes(2 * WIDTH))),
        ("all lines", picture([(0, 255), (0, 35)], 290, bytes(290 * WIDTH))),
    ],
)
def test_bytes_that_are_no_picture_are_refused(what: str, raw: bytes) -> None:
    with pytest.raises(BadImage):
        read_image(raw)


def test_a_wrong_key_is_found_out_in_every_line_whatever_was_on_the_glass() -> None:
    for grey in (0, 128, 255):
        plain = np.full((8, WIDTH), grey, np.uint8)
        noise = plain ^ keystream(0x1234567 + grey, plain.size).reshape(plain.shape)
        assert all(rough(line[None]) for line in noise)
        assert not rough(plain)


def test_ridges_of_the_strongest_contrast_are_not_taken_for_noise() -> None:
    # black and white lines, a child's: 3 pixels of each, as if scanned with 250 ppi
    assert not rough(np.tile(np.repeat(np.array([0, 60, 200, 255, 200, 60], np.uint8), 2), (4, 32)))


def test_as_many_keys_as_the_picture_takes_are_asked_for() -> None:
    image = read_image(picture([(2, 1), (0x82, 1), (0x80, 1)], 3, bytes(range(256)) * 4 + bytes(128)))
    assert image.key_numbers == [0, 1, 2]
    with pytest.raises(BadImage, match="1 keys for 3"):
        descrambled(image, [5])
