"""Devices are found by what they are and where they hang, whatever number the kernel gave them this time."""

import os
from pathlib import Path

import pytest

from firmware_bridge.reach import Reach, reach
from firmware_bridge.usb_ports import Wanted, find, nodes, port_of
from firmware_bridge.wire import WireLost
from tests.firmware_bridge.sysfs import Sysfs

READER, PRINTER = "2b78:0005", "04b8:0e15"


@pytest.fixture
def usb(tmp_path: Path) -> Sysfs:
    return Sysfs(tmp_path)


def found(tree: Sysfs, subsystem: str = "tty", **wanted: str) -> str:
    return find(Wanted(**wanted), subsystem, tree.sys, tree.dev).name


def test_a_reader_is_found_by_vendor_and_product_among_others(usb: Sysfs) -> None:
    usb.plug("1-1.1", PRINTER, "tty", "ttyACM0")
    usb.plug("1-1.2", READER, "tty", "ttyACM1")
    assert found(usb, usb=READER) == "ttyACM1"
    assert found(usb, usb=READER.upper()) == "ttyACM1"
    assert found(usb, port="1-1.1") == "ttyACM0"
    assert found(usb, usb=READER, port="1-1.2") == "ttyACM1"


def test_two_alike_are_told_apart_by_port_and_never_guessed(usb: Sysfs) -> None:
    usb.plug("1-1.10", READER, "tty", "ttyACM0")
    usb.plug("1-1.2", READER, "tty", "ttyACM1")
    assert found(usb, usb=READER, port="1-1.2") == "ttyACM1"
    assert found(usb, usb=READER, port="1-1.10") == "ttyACM0"
    with pytest.raises(WireLost, match=r"there are 2, at the ports 1-1\.2, 1-1\.10; add port to the settings"):
        found(usb, usb=READER)


def test_a_device_as_a_whole_is_found_and_never_the_hub_it_hangs_on(usb: Sysfs) -> None:
    hub = usb.plug_whole("1-1", "0424:2514", 1, 2)
    first, second = usb.plug_whole("1-1.2", READER, 1, 40), usb.plug_whole("1-1.3", READER, 1, 41)
    assert find(Wanted(READER, "1-1.3"), "usb", usb.sys, usb.dev) == second
    assert find(Wanted(port="1-1.2"), "usb", usb.sys, usb.dev) == first
    assert find(Wanted("0424:2514"), "usb", usb.sys, usb.dev) == hub
    with pytest.raises(WireLost, match="add port to the settings"):
        find(Wanted(READER), "usb", usb.sys, usb.dev)


def test_a_device_that_comes_back_under_another_node_name_is_found_there(usb: Sysfs) -> None:
    usb.plug("1-1.2", READER, "tty", "ttyACM0")
    assert found(usb, usb=READER) == "ttyACM0"
    usb.pull("tty", "ttyACM0")
    with pytest.raises(WireLost, match="2b78:0005 is not plugged in"):
        found(usb, usb=READER)
    usb.plug("1-1.2", READER, "tty", "ttyACM1")
    assert found(usb, usb=READER) == "ttyACM1"


def test_what_hangs_there_instead_is_said(usb: Sysfs) -> None:
    usb.plug("1-1.2", PRINTER, "tty", "ttyACM0")
    with pytest.raises(WireLost, match=r"2b78:0005 at port 1-1\.2 is not plugged in; there hangs 04b8:0e15"):
        found(usb, usb=READER, port="1-1.2")
    usb.plug("1-1.4", READER, "tty", "ttyACM1")
    with pytest.raises(WireLost, match=r"is not plugged in; one hangs at 1-1\.4"):
        found(usb, usb=READER, port="1-1.2")


def test_of_a_device_with_several_interfaces_the_first_is_meant(usb: Sysfs) -> None:
    usb.plug("2-3", READER, "tty", "ttyACM4", interface=2)
    usb.plug("2-4", PRINTER, "tty", "ttyACM9")
    assert found(usb, usb=READER) == "ttyACM4"
    assert [node.interface for node in nodes("tty", usb.sys, usb.dev)] == [2, 0]


def test_of_a_camera_the_device_file_with_frames_is_meant(usb: Sysfs) -> None:
    usb.plug("1-1.3", "046d:0825", "video4linux", "video1", interface=1, index=1)
    usb.plug("1-1.4", "046d:0825", "video4linux", "video0", index=0)
    assert found(usb, "video4linux", usb="046d:0825") == "video0"
    assert found(usb, "video4linux", port="1-1.4") == "video0"


@pytest.mark.parametrize(
    ("subsystem", "name", "node"), [("input", "input/event3", "event3"), ("usbmisc", "usb/lp0", "lp0"), ("hidraw", "hidraw2", "hidraw2")]
)
def test_keyboards_printers_and_hid_devices_are_found_where_the_kernel_puts_them(usb: Sysfs, subsystem: str, name: str, node: str) -> None:
    usb.plug("1-1.2", READER, subsystem, name)
    assert find(Wanted(READER), subsystem, usb.sys, usb.dev) == usb.dev / name
    assert found(usb, subsystem, usb=READER) == node


def test_a_keyboard_at_another_port_is_never_taken_for_the_reader(usb: Sysfs) -> None:
    usb.plug("1-1.1", "046a:0011", "input", "input/event0")
    with pytest.raises(WireLost):
        found(usb, "input", usb=READER)


def test_what_is_on_no_usb_and_what_vanishes_just_now_is_passed_by(usb: Sysfs) -> None:
    serial = usb.sys / "devices/platform/serial8250/tty/ttyS0"
    serial.mkdir(parents=True)
    (serial / "uevent").write_text("DEVNAME=ttyS0\n")
    usb.plug("1-1.2", READER, "tty", "ttyACM0")
    (usb.sys / "class/tty/ttyS0").symlink_to(serial)
    (usb.sys / "class/tty/ttyACM7").symlink_to(usb.sys / "devices/gone")
    assert [node.path.name for node in nodes("tty", usb.sys, usb.dev)] == ["ttyACM0"]


def test_a_machine_without_usb_has_no_devices(tmp_path: Path) -> None:
    with pytest.raises(WireLost, match="not plugged in"):
        find(Wanted(READER), "tty", tmp_path, tmp_path)


@pytest.mark.parametrize(
    ("settings", "complaint"),
    [
        ({}, "is missing"),
        ({"usb": "2b78"}, 'expected vendor:product in hexadecimal, such as "2b78:0005"'),
        ({"usb": "2b78:0005", "port": "/dev/ttyACM0"}, "expected a port path"),
        ({"usb": "2b78:0005:1"}, "expected vendor:product"),
        ({"port": "printer:tcp"}, "expected a device file, a port path such as 1-1.2, or host:port"),
    ],
)
def test_settings_that_say_no_place_are_refused_in_words(settings: dict[str, str], complaint: str) -> None:
    with pytest.raises(ValueError, match=complaint):
        reach(settings)


def test_settings_say_a_place_in_four_ways() -> None:
    assert reach({"port": "/dev/mpaka/reader"}) == Reach("/dev/mpaka/reader")
    assert reach({"port": "192.0.2.7:9100"}) == Reach("192.0.2.7:9100")
    assert reach({"port": "1-1.2"}) == Reach(wanted=Wanted(port="1-1.2"))
    assert reach({"usb": READER, "port": "1-1.2"}) == Reach(wanted=Wanted(READER, "1-1.2"))
    assert str(reach({"usb": READER, "port": "1-1.2"})) == "2b78:0005 at port 1-1.2"


def test_a_wire_leads_to_the_device_that_is_meant(usb: Sysfs) -> None:
    device, slave = os.openpty()
    usb.plug("1-1.2", READER, "tty", "ttyACM0", leads_to=os.ttyname(slave))
    wire = Reach(wanted=Wanted(READER), sys=usb.sys, dev=usb.dev).serial()
    wire.send(b"?")
    assert os.read(device, 10) == b"?"
    wire.close()
    os.close(slave)
    os.close(device)


def test_a_conversation_on_paper_is_a_wire_too(tmp_path: Path) -> None:
    paper = tmp_path / "talk.txt"
    paper.write_text("> 3f\n< 21\n")
    wire = reach({"port": f"recorded:{paper}"}).serial()
    wire.send(b"?")
    assert wire.receive(0.0) == b"!"
    with pytest.raises(WireLost, match="is no conversation"):
        reach({"port": f"recorded:{tmp_path}/none.txt"}).serial()


def test_libusb_and_sysfs_name_a_port_alike() -> None:
    assert port_of(1, (1, 2)) == "1-1.2"
    assert port_of(3, (4,)) == "3-4"
