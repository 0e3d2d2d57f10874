"""Frames between marks: what goes in comes out however it is split, and nothing comes out that was damaged."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.marked_frames import CHECKSUMS, LONGEST, OVER, MarkedFrames, Marks

CONTENT = b"P<UTOMFANO\rU000001019\r"
ALL_MARKS = [
    Marks(start, b"\x03", checksum, over, low_byte_first, hexadecimal)
    for start in (b"", b"\x02", b"\x02\x02")
    for checksum in CHECKSUMS
    for over in OVER
    for low_byte_first in (False, True)
    for hexadecimal in (False, True)
]
contents = st.lists(st.binary(max_size=90).map(lambda data: data.replace(b"\x02", b"A").replace(b"\x03", b"B")), max_size=4)


@given(contents, st.sampled_from(ALL_MARKS), st.integers(1, 9))
def test_frames_come_out_however_the_wire_splits_them(contents: list[bytes], marks: Marks, step: int) -> None:
    stream = b"".join(map(marks.frame, contents))
    frames = MarkedFrames(marks)
    assert [content for at in range(0, len(stream), step) for content in frames.feed(stream[at : at + step])] == contents


@pytest.mark.parametrize("marks", [one for one in ALL_MARKS if one.checksum != "none" and one.start], ids=str)
def test_a_changed_byte_costs_its_frame_and_no_other(marks: Marks) -> None:
    frame = marks.frame(CONTENT)
    for at in range(len(frame)):
        for mask in (0x01, 0x40, 0xFF):
            damaged = bytearray(frame)
            damaged[at] ^= mask
            frames = MarkedFrames(marks)
            got = frames.feed(bytes(damaged))
            # a digit written small is the same digit
            assert got in ([], [CONTENT])
            assert got == [] or bytes(damaged).upper() == frame.upper()
            frames.silence()
            assert frames.feed(frame) == [CONTENT]


def test_what_stands_between_frames_is_passed_over() -> None:
    marks = Marks(b"\x02", b"\x03", "xor")
    assert MarkedFrames(marks).feed(b"noise" + marks.frame(b"A") + b"\r\n" + marks.frame(b"B")) == [b"A", b"B"]


def test_a_frame_that_breaks_off_before_the_next_one_is_left_out() -> None:
    frames = MarkedFrames(Marks(b"\x02", b"\x03"))
    assert frames.feed(b"\x02P<UTO\x02P<UTOMFANO\x03") == [b"P<UTOMFANO"]
    assert frames.damaged == 1


def test_an_unfinished_frame_is_given_up_after_silence() -> None:
    frames = MarkedFrames(Marks(b"\x02", b"\x03"))
    assert frames.feed(b"\x02P<UTO") == []
    assert frames.silence()
    assert not frames.silence()
    assert frames.feed(b"MFANO\x03\x02A\x03") == [b"A"]


def test_a_frame_without_an_end_fills_no_memory() -> None:
    frames = MarkedFrames(Marks(b"\x02", b"\x03"))
    for _ in range(100):
        assert frames.feed(b"\x02" + b"A" * 100) == []
    assert len(frames._rest) <= LONGEST + 1


def test_a_frame_needs_an_end() -> None:
    with pytest.raises(ValueError, match="end"):
        MarkedFrames(Marks(b"\x02", b""))
