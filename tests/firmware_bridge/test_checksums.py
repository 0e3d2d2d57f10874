"""Checksums against the nine bytes by which the catalogues name them."""

import pytest

from firmware_bridge.checksums import CRCS, xor


@pytest.mark.parametrize("name", sorted(CRCS))
def test_each_crc_gives_what_the_catalogue_says_of_nine_digits(name: str) -> None:
    assert CRCS[name].of(b"123456789") == CRCS[name].of_123456789


@pytest.mark.parametrize("name", sorted(CRCS))
def test_no_single_changed_bit_escapes_a_crc(name: str) -> None:
    data = b"P<UTOMFANO<<TUMAINI"
    for bit in range(len(data) * 8):
        changed = bytearray(data)
        changed[bit // 8] ^= 1 << bit % 8
        assert CRCS[name].of(bytes(changed)) != CRCS[name].of(data)


def test_exclusive_or() -> None:
    assert xor(b"") == 0
    assert xor(b"\x01\x02\x04") == 7
    assert xor(b"\xaa\xaa") == 0
