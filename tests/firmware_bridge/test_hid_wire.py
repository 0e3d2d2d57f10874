"""Keyboards: found by what they are and where they hang, and read to the last event before they are lost."""

import os
import pty
import tty
from pathlib import Path

import pytest

from firmware_bridge.hid_wire import HidWire, keyboard
from firmware_bridge.key_events import InputEvent, KeyStream, event_bytes
from firmware_bridge.usb_ports import Node, Wanted
from firmware_bridge.wire import WireLost, WireSilent
from tests.firmware_bridge.sysfs import Sysfs

ALL_KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
MEDIA_KEYS = "3f000301ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17c000 677bfad9415fed 19ed68000004400 10000002"


def test_a_reader_is_found_by_vendor_and_product_and_never_as_the_first_keyboard(tmp_path: Path) -> None:
    tree = Sysfs(tmp_path)
    tree.plug("1-1.1", "046d:c31c", "input", "input/event0", keys=ALL_KEYS)
    there = tree.plug("1-1.2", "0c2e:0b61", "input", "input/event7", keys=ALL_KEYS)
    found = keyboard(Wanted("0C2E:0B61"), tree.sys, tree.dev)
    assert (found.path, found.port) == (there, "1-1.2")


def test_two_alike_are_told_apart_by_their_ports_and_one_must_be_named(tmp_path: Path) -> None:
    tree = Sysfs(tmp_path)
    tree.plug("1-1.4", "0c2e:0b61", "input", "input/event3", keys=ALL_KEYS)
    tree.plug("1-1.2", "0c2e:0b61", "input", "input/event4", keys=ALL_KEYS)
    with pytest.raises(WireLost, match=r"there are 2, at the ports 1-1\.2, 1-1\.4; add port to the settings"):
        keyboard(Wanted("0c2e:0b61"), tree.sys, tree.dev)
    assert keyboard(Wanted("0c2e:0b61", "1-1.4"), tree.sys, tree.dev).path.name == "event3"
    with pytest.raises(WireLost, match=r"is not plugged in; one hangs at 1-1\.2, 1-1\.4"):
        keyboard(Wanted("0c2e:0b61", "1-1.3"), tree.sys, tree.dev)


def test_of_a_readers_interfaces_the_one_that_types_is_taken(tmp_path: Path) -> None:
    tree = Sysfs(tmp_path)
    tree.plug("1-1.2", "0c2e:0b61", "input", "input/event1", keys=MEDIA_KEYS)
    tree.plug("1-1.2", "0c2e:0b61", "input", "input/mouse0")
    tree.plug("1-1.2", "0c2e:0b61", "input", "input/event2", interface=1, keys=ALL_KEYS)
    assert keyboard(Wanted("0c2e:0b61"), tree.sys, tree.dev).path.name == "event2"


def test_a_reader_that_is_not_there_is_lost_with_its_name(tmp_path: Path) -> None:
    tree = Sysfs(tmp_path)
    with pytest.raises(WireLost, match="0c2e:0b61 is not plugged in"):
        keyboard(Wanted("0c2e:0b61"), tree.sys, tree.dev)
    with pytest.raises(WireLost, match="cannot be opened"):
        HidWire.hold(Node("0c2e:0b61", "1-1.2", 0, tmp_path / "event99"))


def test_queued_events_are_read_before_the_loss_is_told() -> None:
    master, slave = pty.openpty()
    tty.setraw(slave)
    wire = HidWire(slave, "pty", lambda: os.close(slave))
    sent = [InputEvent(1.0, 1, 30, 1), InputEvent(1.0, 0, 0, 0)]
    assert wire.receive(0.0) == b""
    os.write(master, b"".join(map(event_bytes, sent)))
    assert KeyStream().feed(wire.receive(1.0)) == sent
    os.close(master)
    with pytest.raises(WireLost, match="pty"):
        wire.receive(1.0)
    wire.close()
    wire.close()
    with pytest.raises(WireLost):
        wire.receive(0.0)


def test_a_pipe_that_ends_is_a_keyboard_that_is_gone() -> None:
    ours, theirs = os.pipe()
    wire = HidWire(ours, "pipe", lambda: os.close(ours))
    os.write(theirs, event_bytes(InputEvent(1.0, 1, 30, 1)))
    os.close(theirs)
    assert len(wire.receive(1.0)) == 24
    with pytest.raises(WireLost, match="hung up"):
        wire.receive(1.0)
    wire.close()


def test_nothing_can_be_sent_to_a_keyboard() -> None:
    ours, theirs = os.pipe()
    wire = HidWire(ours, "pipe", lambda: os.close(ours))
    with pytest.raises(WireSilent, match="takes no bytes"):
        wire.send(b"x")
    wire.close()
    os.close(theirs)
