"""Transfers under way beside others: nothing that is said is missed, and whoever waits hears of the end."""

import pytest

from drivers.fingerprint.transfers import BulkRead, Listener
from drivers.simulated.usb_plug import UsbPlug
from firmware_bridge.usb_wire import UsbPlace, UsbWire
from firmware_bridge.wire import WireLost, WireSilent
from tests.firmware_bridge.usb_models import Parrot

PATIENCE_S = 20


def plugged() -> tuple[Parrot, UsbPlug, UsbWire]:
    parrot, plug = Parrot(), UsbPlug()
    plug.plug(parrot)
    return parrot, plug, UsbWire(UsbPlace((Parrot.ids,)), plug)


def test_everything_that_is_said_is_heard_in_its_order() -> None:
    parrot, _, wire = plugged()
    ears = Listener(wire, 0x81, 64)
    for number in range(20):
        parrot.queue(0x81, bytes([number]))
    assert [ears.hear(PATIENCE_S) for _ in range(20)] == [bytes([number]) for number in range(20)]
    assert ears.hear(0.0) is None
    wire.close()


def test_a_listener_hears_of_the_pulled_plug_again_and_again() -> None:
    parrot, plug, wire = plugged()
    ears = Listener(wire, 0x81, 64)
    plug.pull(parrot)
    for _ in range(3):
        with pytest.raises(WireLost, match="is gone"):
            ears.hear(PATIENCE_S)
    wire.close()


@pytest.mark.parametrize("said", [b"", b"stall"])
def test_an_interrupt_that_is_empty_or_refused_ends_the_listening(said: bytes) -> None:
    parrot, _, wire = plugged()
    ears = Listener(wire, 0x81, 64)
    parrot.queue(0x81, said)
    with pytest.raises((WireLost, WireSilent)):
        ears.hear(PATIENCE_S)
    wire.close()


def test_a_read_gives_what_came_or_says_why_nothing_did() -> None:
    parrot, plug, wire = plugged()
    reading = BulkRead(wire, 0x82, 64, PATIENCE_S)
    parrot.queue(0x82, b"picture")
    assert reading.result() == b"picture"
    with pytest.raises(WireSilent):
        BulkRead(wire, 0x82, 64, 0.05).result()
    reading = BulkRead(wire, 0x82, 64, PATIENCE_S)
    plug.pull(parrot)
    with pytest.raises(WireLost):
        reading.result()
    wire.close()
