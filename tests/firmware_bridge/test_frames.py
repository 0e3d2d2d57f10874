"""Framing: split anywhere, damaged anywhere, and whole again with the next frame."""

from hypothesis import given
from hypothesis import strategies as st

from firmware_bridge.frames import CobsReader, Elyctis, ElyctisFrames, cobs, cobs_frame, crc16, elyctis_bytes, uncobs


def test_the_checksum_is_that_of_the_catalogue() -> None:
    assert crc16(b"123456789") == 0x29B1


@given(st.binary(max_size=600))
def test_stuffing_leaves_no_zero_and_gives_back_what_went_in(data: bytes) -> None:
    assert 0 not in cobs(data)
    assert uncobs(cobs(data)) == data


def test_the_examples_of_the_paper() -> None:
    assert cobs(b"\0") == b"\x01\x01"
    assert cobs(b"\x11\x22\0\x33") == b"\x03\x11\x22\x02\x33"
    assert cobs(b"") == b"\x01"
    assert cobs(bytes(range(1, 255))) == b"\xff" + bytes(range(1, 255))
    assert cobs(bytes(range(1, 256))) == b"\xff" + bytes(range(1, 255)) + b"\x02\xff"


@given(st.lists(st.binary(min_size=1, max_size=60), max_size=5), st.integers(1, 7))
def test_frames_come_out_however_the_wire_splits_them(payloads: list[bytes], step: int) -> None:
    stream = b"".join(cobs_frame(payload) for payload in payloads)
    reader = CobsReader()
    got = [payload for at in range(0, len(stream), step) for payload in reader.feed(stream[at : at + step])]
    assert got == payloads


@given(st.binary(min_size=1, max_size=40), st.data())
def test_one_damaged_byte_costs_at_most_its_frame(payload: bytes, data: st.DataObject) -> None:
    frame = bytearray(cobs_frame(payload))
    at = data.draw(st.integers(1, len(frame) - 2))
    frame[at] ^= data.draw(st.integers(1, 255))
    reader = CobsReader()
    got = reader.feed(bytes(frame) + cobs_frame(b"next"))
    assert got[-1] == b"next"
    assert payload not in got[:-1]


@given(st.binary(max_size=400))
def test_any_bytes_are_frames_or_nothing(data: bytes) -> None:
    CobsReader().feed(data)
    ElyctisFrames(b"ICVRWT").feed(data)


@given(st.lists(st.tuples(st.sampled_from([b"I", b"V", b"C"]), st.binary(max_size=120)), max_size=4), st.integers(1, 9))
def test_a_reader_that_splits_its_frames_anywhere_is_understood(frames: list[tuple[bytes, bytes]], step: int) -> None:
    stream = b"".join(elyctis_bytes(Elyctis(*frame)) for frame in frames)
    reader = ElyctisFrames(b"IVC")
    got = [frame for at in range(0, len(stream), step) for frame in reader.feed(stream[at : at + step])]
    assert got == [Elyctis(*frame) for frame in frames]


def test_an_unfinished_frame_is_given_up_after_silence() -> None:
    reader = ElyctisFrames(b"I")
    assert reader.feed(b"I\0\x20P<UTO") == []
    assert reader.silence()
    assert reader.feed(b"I\0\x01X") == [Elyctis(b"I", b"X")]
