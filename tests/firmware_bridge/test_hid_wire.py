"""Keyboards: found by what they are and where they hang, and read to the last event before they are lost."""

import os
import pty
import tty
from pathlib import Path

import pytest

from firmware_bridge.hid_wire import HidWire, Keyboard, keyboards, the_one, usb_id
from firmware_bridge.key_events import InputEvent, KeyStream, event_bytes
from firmware_bridge.wire import WireLost, WireSilent

ALL_KEYS = "10000 7 ff9f207ac14057ff febeffdfffefffff fffffffffffffffe"
MEDIA_KEYS = "3f000301ff 0 0 483ffff17aff32d bfd4444600000000 1 130ff38b17c000 677bfad9415fed 19ed68000004400 10000002"


def plug(root: Path, event: int, ids: str, port: str, keys: str = ALL_KEYS, by_path: bool = True) -> None:
    """Put an input device into a folder laid out like the machine's own."""
    device = root / f"sys/class/input/event{event}/device"
    (device / "id").mkdir(parents=True)
    (device / "capabilities").mkdir()
    vendor, product = ids.split(":")
    for name, text in {
        "id/vendor": vendor,
        "id/product": product,
        "capabilities/key": keys,
        "name": "Acme Reader",
        "phys": f"{port}/input0",
    }.items():
        (device / name).write_text(text + "\n")
    if by_path:
        links = root / "dev/input/by-path"
        links.mkdir(parents=True, exist_ok=True)
        (links / f"platform-usb-{port}-event-kbd").symlink_to(f"../event{event}")


def test_a_reader_is_found_by_vendor_and_product_and_never_as_the_first_keyboard(tmp_path: Path) -> None:
    plug(tmp_path, 0, "046d:c31c", "0:1.1")
    plug(tmp_path, 7, "0c2e:0b61", "0:1.2")
    found = keyboards(*usb_id("0c2e:0b61"), tmp_path)
    assert [one.node for one in found] == [str(tmp_path / "dev/input/event7")]
    assert the_one(found, "0c2e:0b61", "").path == "platform-usb-0:1.2-event-kbd"


def test_two_alike_are_told_apart_by_their_ports_and_one_must_be_named(tmp_path: Path) -> None:
    plug(tmp_path, 3, "0c2e:0b61", "0:1.4")
    plug(tmp_path, 4, "0c2e:0b61", "0:1.2")
    found = keyboards(0x0C2E, 0x0B61, tmp_path)
    with pytest.raises(
        WireLost, match=r"2 devices are 0c2e:0b61: name one by its path: platform-usb-0:1\.2-event-kbd, platform-usb-0:1\.4"
    ):
        the_one(found, "0c2e:0b61", "")
    assert the_one(found, "0c2e:0b61", "platform-usb-0:1.4-event-kbd").node.endswith("event3")
    with pytest.raises(WireLost, match="no 0c2e:0b61 at nowhere; there is platform"):
        the_one(found, "0c2e:0b61", "nowhere")


def test_of_a_readers_interfaces_the_one_that_types_is_taken(tmp_path: Path) -> None:
    plug(tmp_path, 1, "0c2e:0b61", "0:1.2:1.1", MEDIA_KEYS)
    plug(tmp_path, 2, "0c2e:0b61", "0:1.2:1.0")
    assert [one.node[-1] for one in keyboards(0x0C2E, 0x0B61, tmp_path)] == ["2"]


def test_without_udev_the_port_has_the_kernels_own_name(tmp_path: Path) -> None:
    plug(tmp_path, 1, "0c2e:0b61", "usb-dummy_hcd.0-1", by_path=False)
    assert keyboards(0x0C2E, 0x0B61, tmp_path)[0].path == "usb-dummy_hcd.0-1/input0"


def test_a_reader_that_is_not_there_is_lost_with_its_name(tmp_path: Path) -> None:
    with pytest.raises(WireLost, match="no input device 0c2e:0b61 that types"):
        the_one(keyboards(0x0C2E, 0x0B61, tmp_path), "0c2e:0b61", "")
    with pytest.raises(WireLost, match="cannot be opened"):
        HidWire.hold(Keyboard(str(tmp_path / "event99"), "nowhere", ""))


@pytest.mark.parametrize("text", ["", "0c2e", "0c2e:0b61:1", "wxyz:0b61", "c2e:b61"])
def test_what_is_no_vendor_and_product_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="vendor:product"):
        usb_id(text)


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
