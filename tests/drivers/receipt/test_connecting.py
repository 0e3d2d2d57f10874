"""From the settings to a wire."""

import os
import socket
from contextlib import closing
from pathlib import Path

import pytest

from drivers.contract import SlipPrinted
from drivers.receipt import connecting
from drivers.receipt.connecting import Plug, read_usb
from drivers.simulated.usb_plug import Face, UsbPlug
from firmware_bridge.tcp_wire import TcpWire
from firmware_bridge.usb_wire import UsbWire
from firmware_bridge.usblp_wire import UsblpWire
from firmware_bridge.wire import WireLost
from tests.drivers.receipt.post import SHORT, Post


def test_a_usb_printer_is_named_by_ids_and_where_two_are_alike_by_its_port():
    assert read_usb("usb:04b8:0e15") == ((0x04B8, 0x0E15), "")
    assert read_usb("usblp:04b8:0E15@1-1.2") == ((0x04B8, 0x0E15), "1-1.2")


@pytest.mark.parametrize("port", ["usb:", "usb:epson", "usblp:04b8", "usb:04b8:0e15:1"])
def test_a_usb_printer_that_is_not_named_properly_is_refused_at_once(port):
    with pytest.raises(ValueError, match="vendor:product"):
        Plug(port)


@pytest.mark.parametrize("port", ["usblp:1209:dead", "usblp:1209:dead@9-9", "/dev/mpaka-not-there", "127.0.0.1:1"])
def test_a_printer_that_is_not_plugged_in_is_lost_with_its_name(port):
    with pytest.raises(WireLost, match=r"1209:dead|mpaka-not-there|127\.0\.0\.1:1"):
        Plug(port).connect()


def test_host_and_port_is_tcp_and_a_device_of_usblp_is_not_taken_for_a_serial_line(monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as server, closing(Plug(f"127.0.0.1:{server.getsockname()[1]}").connect()) as wire:
        assert isinstance(wire, TcpWire)
    # /dev/null stands for a device of usblp's number: that it is opened without a baud rate is what is shown
    monkeypatch.setattr(connecting, "USBLP_MAJOR", os.major(Path("/dev/null").stat().st_rdev))
    with closing(Plug("/dev/null").connect()) as wire:
        assert isinstance(wire, UsblpWire)


class UsbPrinter:
    """The emulator behind a composite device's printer interface: number 1, endpoints 0x02 and 0x84, beside something of the vendor's own."""

    ids = (0x04B8, 0x0E15)
    faces = (Face(0, codes=(0xFF, 0, 0), endpoints=((0x81, 3),)), Face(1, codes=(7, 1, 2), endpoints=((0x02, 2), (0x84, 2))))

    def __init__(self, firmware):
        self.firmware, self.said = firmware, b""

    def control(self, setup, data, length):
        return bytes(length)

    def give(self, endpoint, length):
        assert endpoint == 0x84
        said, self.said = self.said[:length], self.said[length:]
        return said or None

    def take(self, endpoint, data):
        assert endpoint == 0x02
        taken = min(len(data), self.firmware.room)
        self.said += b"".join(self.firmware.received(data[:taken]))
        return taken or None


def test_a_printer_on_libusb_is_found_by_its_class_prints_and_is_given_back_to_the_kernel(tmp_path, monkeypatch):
    post, bus = Post(tmp_path), UsbPlug()
    model = UsbPrinter(post.driver.firmware)
    bus.plug(model, port=(1, 2), kernel_driver_on=[1])
    monkeypatch.setattr(connecting, "UsbWire", lambda place: UsbWire(place, bus))
    printer = super(type(post.driver), post.driver)
    post.driver._plug = Plug("usb:04b8:0e15@9-1.2")
    assert printer.open(post.outlet) == "ESC/POS printer MPAKA SIMULATED"
    assert bus.kernel_has(model) == set()
    assert post.print() == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[0], SHORT)
    printer.close()
    assert bus.kernel_has(model) == {1}
    assert bus.free(model)
