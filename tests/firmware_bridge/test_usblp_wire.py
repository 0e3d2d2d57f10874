"""USB printers by the kernel's usblp: the wire over a pty, which polls and fails as usblp does.

The real usblp is in tests/hardware.
"""

import os
import tty

import pytest

from firmware_bridge.usblp_wire import UsblpWire
from firmware_bridge.wire import WireLost, WireSilent


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
