"""Extended data of a view: blocks, ridge counts, cores and deltas, both ways and with what is wrong."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.biometrics.extended import (
    CORES_AND_DELTAS,
    RIDGE_COUNTS,
    Block,
    Core,
    CoresAndDeltas,
    Delta,
    Neighbours,
    RidgeCounts,
    blocks,
    join,
    read_cores_and_deltas,
    read_ridge_counts,
    write_cores_and_deltas,
    write_ridge_counts,
)
from drivers.formats.biometrics.minutiae import RecordFormat
from drivers.formats.biometrics.record_bytes import RecordError
from tests.drivers.formats.biometrics.strategies import BLOCKS, BYTE, PLACE

ISO, ANSI = RecordFormat.ISO_2005, RecordFormat.ANSI_2004
CORES = st.builds(Core, PLACE, PLACE, st.none() | BYTE)
DELTAS = st.builds(Delta, PLACE, PLACE, st.none() | st.tuples(BYTE, BYTE, BYTE))


def test_the_length_of_a_block_counts_its_own_head() -> None:
    assert blocks(bytes.fromhex("0100 0006 BEEF 0002 0004"), ANSI) == (Block(0x100, b"\xbe\xef"), Block(2, b""))


def test_a_block_of_iso_2005_whose_length_leaves_its_head_out_is_read_too() -> None:
    outside = bytes.fromhex("0100 0002 BEEF")
    assert blocks(outside, ISO) == (Block(0x100, b"\xbe\xef"),)
    with pytest.raises(RecordError, match="length of extended data, byte 2: expected 4 to 6, found 2"):
        blocks(outside, ANSI)


@pytest.mark.parametrize("text", ["01", "0100", "0100 00", "0100 0005", "0100 0003 00", "0100 0004 00"])
def test_data_that_blocks_do_not_fill_is_refused(text: str) -> None:
    for format in (ISO, ANSI):
        with pytest.raises(RecordError):
            blocks(bytes.fromhex(text), format)


def test_a_block_that_two_bytes_of_length_cannot_count_is_not_written() -> None:
    with pytest.raises(RecordError, match="length of extended data"):
        join((Block(0x100, bytes(65532)),))


@given(BLOCKS, st.sampled_from(RecordFormat))
def test_any_blocks_are_read_as_they_were_written(those: tuple[Block, ...], format: RecordFormat) -> None:
    assert blocks(join(those), format) == those


def test_ridge_counts_are_triples_behind_their_rule() -> None:
    counts = read_ridge_counts(bytes.fromhex("01 010203 040500"))
    assert counts == RidgeCounts(Neighbours.FOUR, ((1, 2, 3), (4, 5, 0)))


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "rule of the ridge counts, byte 0: expected 1 bytes, found 0, the end of the record"),
        ("03", "rule of the ridge counts, byte 0: expected 0 to 2, found 3"),
        ("01 44BC362143", "ridge counts, byte 4: expected triples of minutia, minutia and ridges, found 2 bytes over"),
    ],
)
def test_ridge_counts_that_are_none_are_refused_with_the_place(text: str, words: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_ridge_counts(bytes.fromhex(text))
    assert str(refused.value) == words


@given(st.builds(RidgeCounts, st.sampled_from(Neighbours), st.lists(st.tuples(BYTE, BYTE, BYTE), max_size=9).map(tuple)))
def test_any_ridge_counts_are_read_as_they_were_written(counts: RidgeCounts) -> None:
    block = write_ridge_counts(counts)
    assert block.type == RIDGE_COUNTS
    assert read_ridge_counts(block.data) == counts


def test_iso_says_at_each_point_whether_it_has_angles_and_ansi_once() -> None:
    core, bare = Core(150, 250, 90), Core(100, 150)
    assert write_cores_and_deltas(CoresAndDeltas((core, bare), ()), ISO).data == bytes.fromhex("02 4096 00FA 5A 0064 0096 00")
    assert write_cores_and_deltas(CoresAndDeltas((core,), (Delta(1, 2, (3, 4, 5)),)), ANSI).data == bytes.fromhex(
        "41 0096 00FA 5A 41 0001 0002 030405"
    )
    with pytest.raises(RecordError, match="angles of cores, byte 0: expected all or none, found some"):
        write_cores_and_deltas(CoresAndDeltas((core, bare), ()), ANSI)


@pytest.mark.parametrize(
    ("format", "text", "words"),
    [
        (ISO, "01", "x of a core, byte 1"),
        (ISO, "10", "number of cores, byte 0: expected at most 15, found 16"),
        (ISO, "01 8001 0001 00", "x of a core, byte 1: expected 0 or 1 in the two high bits, found 2"),
        (ISO, "01 0001 4001 00", "place of a core, byte 1"),
        (ISO, "00 01 4001 0001 0203", "angles of a delta, byte 6: expected 3 bytes, found 2"),
        (ISO, "00 00 00", "end of the record, byte 2: expected no more bytes, found 1 more"),
        (ANSI, "81 0001 0001", "number of cores, byte 0: expected 0 or 1 in the two high bits, found 2"),
        (ANSI, "10", "number of cores, byte 0: expected at most 15, found 16"),
        (ANSI, "01 4001 0001 00", "place of a core, byte 1"),
    ],
)
def test_cores_and_deltas_that_are_none_are_refused_with_the_place(format: RecordFormat, text: str, words: str) -> None:
    with pytest.raises(RecordError) as refused:
        read_cores_and_deltas(bytes.fromhex(text), format)
    assert words in str(refused.value)


@given(st.lists(CORES, max_size=15).map(tuple), st.lists(DELTAS, max_size=15).map(tuple), st.sampled_from(RecordFormat))
def test_any_cores_and_deltas_are_read_as_they_were_written(
    cores: tuple[Core, ...], deltas: tuple[Delta, ...], format: RecordFormat
) -> None:
    points = CoresAndDeltas(cores, deltas)
    try:
        block = write_cores_and_deltas(points, format)
    except RecordError as refused:
        assert "all or none" in str(refused)
        return
    assert block.type == CORES_AND_DELTAS
    assert read_cores_and_deltas(block.data, format) == points


def test_more_points_than_four_bits_count_are_not_written() -> None:
    with pytest.raises(RecordError, match="number of cores"):
        write_cores_and_deltas(CoresAndDeltas((Core(1, 1),) * 16, ()), ISO)
    with pytest.raises(RecordError, match="place of a core"):
        write_cores_and_deltas(CoresAndDeltas((Core(16384, 1),), ()), ISO)
