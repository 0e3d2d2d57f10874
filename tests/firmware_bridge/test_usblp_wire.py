"""USB printers by the kernel's usblp: finding them in a made-up sysfs, and the wire over a pty, which polls and fails as usblp does.

The real usblp is in tests/hardware.
"""

import os
import tty

import pytest

from firmware_bridge.usblp_wire import UsblpWire, find_usblp
from firmware_bridge.wire import WireLost, WireSilent

EPSON = (0x04B8, 0x0E15)


@pytest.fixture
def sysfs(tmp_path):
    """Two alike at ports 1-1.2 and 2-4, one other at 1-1.3, and one that is being unplugged."""

    def plug(name, port, vendor, product):
        device = tmp_path / "devices" / port
        (device / f"{port}:1.0").mkdir(parents=True)
        (device / "idVendor").write_text(f"{vendor:04x}\n")
        (device / "idProduct").write_text(f"{product:04x}\n")
        entry = tmp_path / "usbmisc" / name
        entry.mkdir(parents=True)
        (entry / "device").symlink_to(device / f"{port}:1.0")
        (entry / "uevent").write_text(f"MAJOR=180\nMINOR=0\nDEVNAME=usb/{name}\n")

    plug("lp0", "1-1.2", *EPSON)
    plug("lp1", "2-4", *EPSON)
    plug("lp7", "1-1.3", 0x0519, 0x0003)
    gone = tmp_path / "usbmisc" / "lp8"
    gone.mkdir()
    (gone / "device").symlink_to(tmp_path / "nowhere")
    return tmp_path / "usbmisc"


def test_a_printer_is_found_by_vendor_and_product_whatever_its_number(sysfs):
    assert find_usblp((0x0519, 0x0003), sysfs=sysfs) == "/dev/usb/lp7"


def test_two_alike_are_told_apart_by_port(sysfs):
    assert find_usblp(EPSON, "2-4", sysfs) == "/dev/usb/lp1"
    assert find_usblp(EPSON, "1-1.2", sysfs) == "/dev/usb/lp0"
    with pytest.raises(WireLost, match="2 times, at ports 1-1.2, 2-4"):
        find_usblp(EPSON, sysfs=sysfs)


def test_a_printer_that_is_not_there_or_hangs_elsewhere_is_lost(sysfs, tmp_path):
    for ids, port, where in (((1, 2), "", sysfs), (EPSON, "1-1.3", sysfs), (EPSON, "", tmp_path / "no sysfs")):
        with pytest.raises(WireLost, match="no such printer"):
            find_usblp(ids, port, where)


@pytest.fixture
def line():
    master, slave = os.openpty()
    tty.setraw(slave)
    wire = UsblpWire(os.ttyname(slave))
    os.close(slave)
    ends = [master]
    yield wire, master, ends
    wire.close()
    for end in ends:
        os.close(end)


def test_bytes_go_both_ways_and_waiting_ends_in_time(line):
    wire, master, _ = line
    wire.send(b"\x10\x04\x01")
    assert os.read(master, 10) == b"\x10\x04\x01"
    assert wire.receive(0.01) == b""
    os.write(master, b"\x12")
    assert wire.receive(1.0) == b"\x12"


def test_a_printer_that_takes_no_more_is_silent_and_says_how_much_it_took(line):
    wire, _, _ = line
    with pytest.raises(WireSilent) as stalled:
        wire.send(bytes(1 << 20), 0.1)
    taken = stalled.value.taken
    assert 0 < taken < 1 << 20
    assert f"took {taken} of" in str(stalled.value)


def test_an_unplugged_printer_is_lost_while_reading_and_while_writing(line):
    wire, master, ends = line
    os.close(master)
    ends.clear()
    with pytest.raises(WireLost, match="gone"):
        wire.receive(1.0)
    with pytest.raises(WireLost, match="gone"):
        wire.send(b"Mpaka")


def test_a_closed_wire_stays_closed(line):
    wire, _, _ = line
    wire.close()
    wire.close()
    with pytest.raises(WireLost, match="closed"):
        wire.receive(0.0)


def test_a_device_file_that_is_not_there_is_lost(tmp_path):
    with pytest.raises(WireLost, match="cannot be opened"):
        UsblpWire(str(tmp_path / "lp0"))
