"""Frames of RTE Native under every reading of what its public pages leave open."""

from dataclasses import replace
from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.rte_frames import BCC_FROM, BCC_TO, LENGTH_BITS, LENGTH_FROM, Rte, RteFrames, Rules, rte_bytes, rules_that_fit

EVERY_RULE = [Rules(*one) for one in product(LENGTH_BITS, LENGTH_FROM, BCC_FROM, BCC_TO)]
ZONE = Rte(b"OU", 0x20, b"\r" + b"P<UTOMFANO<<TUMAINI<NEEMA<<<<<<<<<<<<<<<<<<<\r" + b"U000001019UTO9208160F3111243<<<<<<<<<<<<<<04\r")


@given(
    st.lists(st.builds(Rte, st.sampled_from([b"OU", b"XY"]), st.integers(0, 255), st.binary(max_size=150)), max_size=3),
    st.sampled_from(EVERY_RULE),
    st.integers(1, 9),
)
def test_frames_come_out_however_the_wire_splits_them(sent: list[Rte], rules: Rules, step: int) -> None:
    stream = b"".join(rte_bytes(frame, rules) for frame in sent)
    frames = RteFrames(rules)
    assert [frame for at in range(0, len(stream), step) for frame in frames.feed(stream[at : at + step])] == sent


def test_a_frame_as_the_public_pages_describe_it() -> None:
    data = rte_bytes(Rte(b"OU", 0, b"\r\r\r"), Rules(7, "soh", "soh", "etx"))
    assert data[:1] == b"\x01"
    assert data[1:3] == bytes([12, 0])
    assert data[3:7] == b"OU\x02\x00"
    assert data[-2:-1] == b"\x03"


def test_fourteen_bits_lie_differently_in_seven_and_in_eight() -> None:
    long = Rte(b"OU", 0, bytes(140))
    assert rte_bytes(long, Rules(7, "soh", "soh", "etx"))[1:3] == bytes([0x15, 0x01])
    assert rte_bytes(long, Rules(8, "soh", "soh", "etx"))[1:3] == bytes([0x95, 0x00])


@pytest.mark.parametrize("rules", EVERY_RULE[::7], ids=str)
def test_a_changed_byte_costs_its_frame_and_no_other(rules: Rules) -> None:
    whole = rte_bytes(ZONE, rules)
    for at in range(len(whole)):
        damaged = bytearray(whole)
        damaged[at] ^= 0x04
        frames = RteFrames(rules)
        for frame in frames.feed(bytes(damaged)):
            # what the check does not span may be another: never the zone
            assert frame.data == ZONE.data
            assert at < 7
        frames.silence()
        assert frames.feed(whole) == [ZONE]


@pytest.mark.parametrize("rules", EVERY_RULE, ids=str)
def test_one_specimen_tells_which_rules_a_reader_follows(rules: Rules) -> None:
    # a zone's frame is shorter than 128 bytes: 7 and 8 bits in each byte of its length are then the same
    assert list(rules_that_fit(rte_bytes(ZONE, rules))) == [replace(rules, length_bits=bits) for bits in LENGTH_BITS]


def test_bytes_of_something_else_fit_no_rules() -> None:
    assert list(rules_that_fit(b"P<UTOMFANO\r")) == []
