"""The kernel's and udev's messages, byte for byte as they come over netlink, and whatever else somebody might send."""

import socket
import struct
import threading
import time

import pytest

from firmware_bridge.plug_events import UDEV_MAGIC, PlugEvent, PlugEvents, listen, read_event

PATH = "/devices/platform/scb/fd500000.pcie/usb1/1-1/1-1.2/1-1.2:1.0/tty/ttyACM0"
KERNEL_ADD = (
    f"add@{PATH}\0ACTION=add\0DEVPATH={PATH}\0SUBSYSTEM=tty\0SYNTH_UUID=0\0MAJOR=166\0MINOR=0\0DEVNAME=ttyACM0\0SEQNUM=2811\0".encode()
)
KERNEL_REMOVE = KERNEL_ADD.replace(b"add", b"remove")


def udev(pairs: bytes, magic: bytes = UDEV_MAGIC) -> bytes:
    """As systemd's device monitor sends it: 40 bytes of head, then the pairs."""
    head = b"libudev\0" + magic + struct.pack("=IIIIIII", 40, 40, len(pairs), 0xA7F3, 0, 0, 0)
    return head + pairs


UDEV_ADD = udev(f"ACTION=add\0DEVPATH={PATH}\0SUBSYSTEM=tty\0DEVNAME=/dev/ttyACM0\0ID_MM_DEVICE_IGNORE=1\0".encode())


def test_the_kernel_says_what_was_plugged_in_and_what_was_pulled() -> None:
    assert read_event(KERNEL_ADD, 4.5) == PlugEvent("add", "tty", PATH, "ttyACM0", 4.5)
    assert read_event(KERNEL_REMOVE) == PlugEvent("remove", "tty", PATH, "ttyACM0")


def test_udev_says_the_same_once_rights_are_set() -> None:
    assert read_event(UDEV_ADD) == PlugEvent("add", "tty", PATH, "ttyACM0")


@pytest.mark.parametrize(
    "data",
    [b"", b"\0", b"add", b"add@/x", b"libudev\0", UDEV_ADD[:30], udev(b"ACTION=add\0DEVPATH=/x\0", b"\0\0\0\0"), b"@\0ACTION=\0DEVPATH=\0"],
)
def test_what_is_no_event_is_none(data: bytes) -> None:
    assert read_event(data) is None


def test_a_wait_ends_as_soon_as_something_is_plugged_in() -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    events = PlugEvents(ours)
    theirs.send(KERNEL_ADD)
    theirs.send(UDEV_ADD)
    theirs.send(b"nonsense")
    assert [event.action for event in events.wait(20.0)] == ["add", "add"]
    assert [event.node for event in events.last] == ["ttyACM0", "ttyACM0"]
    theirs.close()
    events.close()


@pytest.mark.parametrize("with_line", [True, False])
def test_a_wait_can_be_ended_from_another_thread(with_line: bool) -> None:
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_DGRAM)
    events = PlugEvents(ours if with_line else None)
    threading.Thread(target=events.wake).start()
    began = time.monotonic()
    assert events.wait(20.0) == []
    assert time.monotonic() - began < 10.0
    events.close()
    theirs.close()
    ours.close()


def test_this_machine_lets_anybody_listen_or_says_why_not() -> None:
    try:
        line = listen()
    except OSError as why:
        pytest.skip(f"no netlink socket here: {why}")
    assert line.getsockname()[1] == 3
    line.close()
