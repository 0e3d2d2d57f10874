"""A reader described by settings: whatever its manual says of start, end, separator and checksum, its zones are read, and altered frames are not."""

from itertools import product

import pytest

from drivers.contract import DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import Until
from drivers.passport.framed import FramedReader, content_lines
from drivers.passport.rte_native import main, optical_lines
from drivers.simulated.framing_readers import FramingReader
from firmware_bridge.checksums import CRCS
from firmware_bridge.marked_frames import OVER, Marks
from firmware_bridge.rte_frames import Rte, Rules, rte_bytes
from firmware_bridge.wire import Wire
from tests.drivers.passport.readers import CARD, NOBODY, SMALL, ZONE, EmulatedWire


class OnWire(FramedReader):
    """The reader on a wire of the test's choice."""

    def __init__(self, wire: Wire, **settings: object) -> None:
        super().__init__({"port": "memory", **settings})
        self._chosen = wire

    def _plug(self) -> Wire:
        return self._chosen


@pytest.mark.parametrize(
    ("checksum", "over", "order", "written"),
    [*product(("xor", *CRCS), OVER, ("high",), ("bytes",)), *product(("xor", "crc16-arc"), ("all",), ("low",), ("bytes", "digits"))],
)
def test_a_frame_of_each_description_is_read_and_confirmed_by_its_checksum(checksum: str, over: str, order: str, written: str) -> None:
    marks = Marks(b"\x02", b"\x03", checksum, over, order == "low", written == "digits")
    wire = EmulatedWire(FramingReader(marks))
    reader = OnWire(wire, start="02", end="03", checksum=checksum, over=over, order=order, written=written)
    reader.open(NOBODY)
    for lines in (ZONE, CARD, SMALL):
        wire.lay(*lines)
        assert reader.carry_out(ReadDocument(), Until(1.0)) == DocumentRead(lines, confirmed=True)


@pytest.mark.parametrize("separator", ["0d", "0d 0a", "7c", ""])
def test_lines_are_divided_as_the_settings_say(separator: str) -> None:
    wire = EmulatedWire(FramingReader(Marks(b"\x02", b"\x03", "xor"), bytes.fromhex(separator)))
    reader = OnWire(wire, start="02", end="03", checksum="xor", separator=separator)
    reader.open(NOBODY)
    for lines in (ZONE, CARD, SMALL):
        wire.lay(*lines)
        assert reader.carry_out(ReadDocument(), Until(1.0)) == DocumentRead(lines, confirmed=True)


def test_a_checksum_of_another_kind_than_the_settings_say_reads_nothing() -> None:
    wire = EmulatedWire(FramingReader(Marks(b"\x02", b"\x03", "crc16-xmodem")))
    reader = OnWire(wire, start="02", end="03", checksum="crc16-modbus")
    reader.open(NOBODY)
    wire.lay(*ZONE)
    assert reader.carry_out(ReadDocument(), Until(0.2)) == NotCaptured(Unread.TIMED_OUT)


def test_separators_are_taken_exactly_and_small_letters_are_no_part_of_a_zone() -> None:
    assert content_lines(b"AB\rCD\r", b"\r") == ("AB", "CD")
    assert content_lines(b"AB\nCD\r", b"\r") == ("AB\nCD",)
    assert content_lines(b"ab\r", b"\r") == ("ab",)
    assert content_lines(b"\rAB", b"\r") == ("", "AB")
    assert content_lines(b"", b"\r") == ()
    assert content_lines(b"A B", b"") == ("A B",)


@pytest.mark.parametrize(
    ("data", "lines"),
    [
        ("\r" + "\r".join(ZONE) + "\r", ZONE),
        ("\r".join(CARD) + "\r", CARD),
        ("\r" + "\r".join(line + "_" * 8 for line in SMALL) + "\r", SMALL),
        ("\r\r\r", ()),
        ("\r".join(CARD), ()),
        ("\r" + "\r".join(SMALL) + "\r", ()),
        ("\r".join(ZONE) + "\r\r", ()),
        ("", ()),
        ("A\rB\rC\rD\r", ()),
    ],
)
def test_the_optical_data_of_rte_native_are_three_lines_filled_up(data: str, lines: tuple[str, ...]) -> None:
    assert optical_lines(data.encode()) == lines


def test_a_technician_finds_out_with_one_specimen_which_settings_fit(capsys: pytest.CaptureFixture[str]) -> None:
    rules = Rules(7, "length", "type", "before-etx")
    frame = rte_bytes(Rte(b"OU", 0, ("\r" + "\r".join(ZONE) + "\r").encode()), rules)
    assert main([frame.hex()]) == 0
    said = capsys.readouterr().out
    assert 'length_bits = "7", length_from = "length", bcc_from = "type", bcc_to = "before-etx"' in said
    assert len(said.splitlines()) == 2
    assert main([frame[:-1].hex() + "00"]) == 1
