"""Each reader against conversations on paper: what it sends is what its source says, byte for byte, and what it makes of the answers."""

from pathlib import Path

import pytest

from drivers.contract import Answer, DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import Driver, Until
from drivers.passport.framed import FramedReader
from drivers.passport.honeywell import HoneywellImager
from drivers.passport.rte_native import RteNativeReader
from drivers.simulated.framing_readers import MARKS, RULES
from firmware_bridge.recorded_wire import RecordedWire, read_conversation
from firmware_bridge.wire import Wire
from tests.drivers.passport.readers import NOBODY

CONVERSATIONS = Path(__file__).parents[2] / "conversations"
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def on(wire: Wire, driver: type, **settings: object) -> Driver:
    """The driver with this wire."""

    class OnWire(driver):  # type: ignore[misc]
        def _plug(self) -> Wire:
            return wire

    made: Driver = OnWire({"port": "paper", **settings})
    return made


@pytest.mark.parametrize(
    ("name", "driver", "settings", "answer"),
    [
        ("honeywell_td3_confirmed", HoneywellImager, {}, DocumentRead(ZONE, confirmed=True)),
        ("honeywell_reads_differ", HoneywellImager, {}, DocumentRead(ZONE, confirmed=False)),
        ("framed_td3", FramedReader, MARKS, DocumentRead(ZONE, confirmed=True)),
        ("framed_wrong_checksum", FramedReader, MARKS, NotCaptured(Unread.TIMED_OUT)),
        ("rte_native_td3", RteNativeReader, RULES, DocumentRead(ZONE, confirmed=True)),
        ("rte_native_nothing_read", RteNativeReader, RULES, NotCaptured(Unread.NO_ZONE)),
    ],
)
def test_what_a_reader_says_is_taken_for_what_it_is_worth(name: str, driver: type, settings: dict[str, str], answer: Answer) -> None:
    wire = RecordedWire(read_conversation((CONVERSATIONS / f"{name}.txt").read_text()))
    reader = on(wire, driver, **settings)
    reader.open(NOBODY)
    assert reader.carry_out(ReadDocument(), Until(0.5)) == answer
    assert wire.left == 0
