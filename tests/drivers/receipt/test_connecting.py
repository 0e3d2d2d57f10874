"""From the settings to a wire."""

import os
import socket
from contextlib import closing
from dataclasses import replace
from pathlib import Path

import pytest

from drivers.contract import SlipPrinted
from drivers.receipt import connecting
from drivers.receipt.connecting import plug
from drivers.simulated.usb_plug import Face, UsbPlug
from firmware_bridge.tcp_wire import TcpWire
from firmware_bridge.usb_wire import UsbWire
from firmware_bridge.usblp_wire import UsblpWire
from firmware_bridge.wire import WireLost
from tests.drivers.receipt.post import SHORT, Post
from tests.firmware_bridge.sysfs import Sysfs


@pytest.mark.parametrize(
    "settings",
    [
        {},
        {"usb": "epson"},
        {"usb": "04b8:0e15", "port": "lp0"},
        {"usb": "04b8:0e15", "wire": "lp"},
        {"port": "/dev/null", "flow": "dsrdtr"},
    ],
)
def test_settings_that_name_no_printer_are_refused_at_once(settings):
    with pytest.raises(ValueError):
        plug(settings)


@pytest.mark.parametrize("wire", ["usblp", "libusb", "serial"])
def test_a_usb_printer_that_is_not_plugged_in_is_lost_with_its_ids(wire):
    with pytest.raises(WireLost, match="1209:dead|libusb 1.0"):
        plug({"usb": "1209:dead", "wire": wire}).connect()


@pytest.mark.parametrize("port", ["/dev/mpaka-not-there", "127.0.0.1:1"])
def test_a_printer_that_is_not_there_is_lost_with_its_address(port):
    with pytest.raises(WireLost, match=port):
        plug({"port": port}).connect()


def test_a_printer_of_usblp_is_found_by_ids_and_port_whatever_its_number(tmp_path):
    tree = Sysfs(tmp_path)
    for port, name in (("1-1.2", "usb/lp3"), ("2-4", "usb/lp0")):
        tree.plug(port, "04b8:0e15", "usbmisc", name)
    for port, name in (("1-1.2", "usb/lp3"), ("2-4", "usb/lp0")):
        where = replace(plug({"usb": "04b8:0e15", "port": port, "wire": "usblp"}).where, sys=tree.sys, dev=tree.dev)
        assert where.node("usbmisc") == str(tree.dev / name)


def test_host_and_port_is_tcp_and_a_device_of_usblp_is_not_taken_for_a_serial_line(monkeypatch):
    with closing(socket.create_server(("127.0.0.1", 0))) as server:
        port = f"127.0.0.1:{server.getsockname()[1]}"
        with closing(plug({"port": port}).connect()) as wire:
            assert isinstance(wire, TcpWire)
    # /dev/null stands for a device of usblp's number: that it is opened without a baud rate is what is shown
    monkeypatch.setattr(connecting, "USBLP_MAJOR", os.major(Path("/dev/null").stat().st_rdev))
    with closing(plug({"port": "/dev/null"}).connect()) as wire:
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
    post.driver._plug = plug({"usb": "04b8:0e15", "port": "9-1.2", "wire": "libusb"})
    assert printer.open(post.outlet) == "ESC/POS printer MPAKA SIMULATED"
    assert bus.kernel_has(model) == set()
    assert post.print() == SlipPrinted(confirmed=True)
    assert post.is_slip(post.receipts[0], SHORT)
    printer.close()
    assert bus.kernel_has(model) == {1}
    assert bus.free(model)
