"""The Elyctis driver against conversations on paper: what it sends is what the command set says, byte for byte."""

import io
from pathlib import Path

import pytest

from drivers import contract
from drivers.contract import Answer, DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.passport.elyctis import COMMANDS, ElyctisReader
from drivers.ring import FrameRing
from drivers.simulated.faults import Troublemaker
from drivers.simulated.passport_reader import IdBox
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.scene import Scene
from firmware_bridge.recorded_wire import RecordedWire, Recorder, read_conversation
from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.tap import tapped
from firmware_bridge.wire import Wire

CONVERSATIONS = Path(__file__).parents[2] / "conversations"
ZONE = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


class OnWire(ElyctisReader):
    """The reader on a wire of the test's choice."""

    def __init__(self, wire: Wire, **settings: object) -> None:
        super().__init__({"port": "paper", **settings})
        self._chosen = wire

    def _plug(self) -> Wire:
        return self._chosen


@pytest.fixture
def outlet(tmp_path: Path) -> Outlet:
    return Outlet(lambda notice: None, FrameRing.create(tmp_path / "ring", 16))


def read(wire: RecordedWire, outlet: Outlet) -> Answer:
    """Open the reader and read one document; the whole conversation must be used up."""
    reader = OnWire(wire)
    reader.open(outlet)
    answer = reader.carry_out(ReadDocument(), Until(5.0))
    assert wire.left == 0
    return answer


@pytest.mark.parametrize(
    ("name", "answer"),
    [
        ("td3_confirmed", DocumentRead(ZONE, confirmed=True)),
        ("reads_differ", DocumentRead(ZONE, confirmed=False)),
        ("wrong_digits", NotCaptured(Unread.CHECK_DIGITS)),
        ("damaged_frame", DocumentRead(ZONE, confirmed=True)),
        ("taken_away", DocumentRead(ZONE, confirmed=False)),
        ("slow_firmware", DocumentRead(ZONE, confirmed=True)),
    ],
)
def test_what_the_reader_says_is_taken_for_what_it_is_worth(name: str, answer: Answer, outlet: Outlet) -> None:
    text = (CONVERSATIONS / f"elyctis_{name}.txt").read_text()
    assert read(RecordedWire(read_conversation(text)), outlet) == answer


def test_a_plug_pulled_while_a_document_is_waited_for_is_a_lost_device(outlet: Outlet) -> None:
    text = (CONVERSATIONS / "elyctis_pulled.txt").read_text()
    with pytest.raises(DeviceAbsent):
        read(RecordedWire(read_conversation(text)), outlet)


def test_a_reader_that_never_answers_is_absent(outlet: Outlet) -> None:
    with pytest.raises(DeviceAbsent, match="silent at 9600 and 115200 Bd"):
        OnWire(RecordedWire(read_conversation("> 56 00 00\n~\n> 56 00 00\n~"))).open(outlet)


def test_a_conversation_recorded_from_the_emulator_plays_back_to_the_same_answer(outlet: Outlet, tmp_path: Path) -> None:
    scene, paper = Scene(tmp_path / "scene"), io.StringIO()
    scene.put("passport_reader", lines=ZONE)
    device = PtyDevice("passport_reader", IdBox(), scene, Troublemaker())
    reader = OnWire(SerialWire(device.path))
    with tapped(Recorder(paper)):
        reader.open(outlet)
        answer = reader.carry_out(ReadDocument(), Until(5.0))
    reader.close()
    device.close()
    assert answer == DocumentRead(ZONE, confirmed=True)
    assert read(RecordedWire(read_conversation(paper.getvalue())), outlet) == answer


def test_a_document_left_lying_is_not_read_twice_and_each_order_arms_the_reader_anew() -> None:
    box, scene = IdBox(), Scene(Path("/nowhere"))
    seen = scene.look("passport_reader")
    assert box.received(b"C\0\1\1", seen) == [b"C\0\1\1"]
    assert box.tick(seen) == []
    lying = type(seen)(laid=1, lines=ZONE)
    assert len(box.tick(lying)) == 1
    assert box.tick(lying) == []
    assert box.received(b"C\0\1\1", lying) == [b"C\0\1\1"]
    assert box.tick(lying) == []
    assert len(box.tick(type(seen)(laid=2, lines=ZONE))) == 1
    assert b"C" in COMMANDS


def test_the_speed_at_which_the_reader_answers_is_found_and_a_speed_in_the_settings_is_kept(outlet: Outlet) -> None:
    text = "> 56 00 00\n~\n> 56 00 00\n< 56 00 01 31\n> 54 00 00\n< 54 00 01 41\n"
    reader = OnWire(RecordedWire(read_conversation(text)))
    assert reader.open(outlet) == "A, firmware 1"
    assert reader._baud == 115200
    reader = OnWire(RecordedWire(read_conversation(text.partition("~\n")[2])), baud=57600)
    reader.open(outlet)
    assert reader._baud == 57600


def test_a_reader_that_lost_what_it_read_is_armed_again_for_the_same_order(outlet: Outlet) -> None:
    text = (CONVERSATIONS / "elyctis_armed_again.txt").read_text()
    assert read(RecordedWire(read_conversation(text)), outlet) == DocumentRead(ZONE, confirmed=True)


def test_a_second_frame_in_the_queue_is_not_taken_for_a_second_look(outlet: Outlet) -> None:
    text = (CONVERSATIONS / "elyctis_said_twice.txt").read_text()
    assert read(RecordedWire(read_conversation(text)), outlet) == DocumentRead(ZONE, confirmed=False)


def test_the_self_test_tells_product_firmware_ocr_serial_number_and_speed(outlet: Outlet, tmp_path: Path) -> None:
    device = PtyDevice("passport_reader", IdBox(), Scene(tmp_path / "scene"))
    reader = OnWire(SerialWire(device.path))
    assert reader.open(outlet) == "ID BOX One, firmware 1.20 simulated"
    assert reader.carry_out(contract.TestYourself(), Until(5.0)) == contract.TestDone(
        True, ("product ID BOX One", "firmware 1.20 simulated", "OCR OCR 3.1", "serial number SIM-000001", "9600 Bd")
    )
    reader.close()
    device.close()
