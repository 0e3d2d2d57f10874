"""A Honeywell imager's menu: what is acknowledged, refused, or not answered."""

from pathlib import Path

import pytest

from drivers import contract
from drivers.driver import DeviceAbsent, Until
from drivers.passport.honeywell import ACK, ENQ, NAK, HoneywellImager, menu_verdict
from drivers.simulated.imager import Imager
from drivers.simulated.scene import Seen
from firmware_bridge.recorded_wire import RecordedWire, read_conversation
from firmware_bridge.wire import Wire
from tests.drivers.passport.readers import NOBODY, EmulatedWire

CONVERSATIONS = Path(__file__).parents[2] / "conversations"


class OnWire(HoneywellImager):
    """The imager on a wire of the test's choice."""

    def __init__(self, wire: Wire, **settings: object) -> None:
        super().__init__({"port": "paper", "answer_s": 0.05, **settings})
        self._chosen = wire

    def _plug(self) -> Wire:
        return self._chosen


def test_the_menu_is_set_in_memory_and_never_in_flash() -> None:
    wire = RecordedWire(read_conversation((CONVERSATIONS / "honeywell_refuses_template.txt").read_text()))
    with pytest.raises(DeviceAbsent, match="menu ocrats9: the reader does not take this value"):
        OnWire(wire, menu=["allena0", "ocrena1", "ocrats9"]).open(NOBODY)
    assert wire.left == 0


def test_an_item_that_the_model_does_not_know_is_said() -> None:
    with pytest.raises(DeviceAbsent, match="menu ocrxyz1: the reader knows no such item"):
        OnWire(EmulatedWire(Imager()), menu=["ocrxyz1"]).open(NOBODY)


def test_a_silent_imager_is_absent() -> None:
    with pytest.raises(DeviceAbsent, match="silent"):
        OnWire(RecordedWire(read_conversation("> 16 4d 0d 61 6c 6c 65 6e 61 30 21\n~\n> 16 4d 0d 61 6c 6c 65 6e 61 30 21\n~\n"))).open(
            NOBODY
        )


def test_each_item_is_confirmed_in_the_self_test() -> None:
    reader = OnWire(EmulatedWire(Imager()))
    assert reader.open(NOBODY) == "OCR imager, set to allena0, ocrena1, ocrats2"
    tested = reader.carry_out(contract.TestYourself(), Until(1.0))
    assert tested == contract.TestDone(True, ("allena0 is acknowledged", "ocrena1 is acknowledged", "ocrats2 is acknowledged"))


@pytest.mark.parametrize(
    ("said", "verdict"),
    [
        (b"OCRENA1\x06", ACK),
        (b"ocrena1\x06!", ACK),
        (b"OCRENA1[\x06].\r\n", ACK),
        (b"OCRENA7\x15", NAK),
        (b"OCRENA1\x05", ENQ),
        (b"OCRENA1", None),
        (b"\x06", None),
        (b"ALLENA0\x06", None),
        (b"ALLENA0\x06OCRENA1\x06", ACK),
        (b"", None),
    ],
)
def test_a_verdict_counts_only_behind_an_echo_that_names_the_item(said: bytes, verdict: int | None) -> None:
    assert menu_verdict(said, "ocrena1") == verdict


@pytest.mark.parametrize("menu", [[], "ocrena1", ["ocr"], ["ocrena1!"], ["ocrena1."], [1]])
def test_a_menu_that_is_none_or_would_write_flash_is_refused(menu: object) -> None:
    with pytest.raises(ValueError, match="menu"):
        HoneywellImager({"port": "x", "menu": menu})


def test_the_emulator_reads_only_with_ocr_on_and_a_trigger_and_once_for_each() -> None:
    imager, seen = Imager(), Seen(1, ("A", "B"))
    assert imager.received(b"\x16T\r", seen) == []
    assert imager.received(b"\x16M\rocrena1!\x16M\rocrats2!\x16T", seen) == [b"OCRENA1\x06", b"OCRATS2\x06", b"A\rB\r"][:2]
    assert imager.received(b"\r", seen) == [b"A\rB\r"]
    assert imager.tick(seen) == []
    assert imager.received(b"\x16T\r", Seen()) == []
    assert imager.tick(seen) == [b"A\rB\r"]
    assert imager.received(b"\x16T\r\x16U\r", Seen()) == []
    assert imager.tick(seen) == []
