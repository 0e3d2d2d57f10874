"""Keyboards through evdev, for readers that type: held by us alone, and found by what they are and where they hang, never as "the first keyboard".

What comes over this wire are the kernel's own events (key_events.py); nothing can be sent. After an unplug the events that were queued are read first,
then the wire is lost. UNPROVEN ON HARDWARE: shown with events on a pty and a pipe, and in the USB laboratory with a keyboard that
the kernel plays to itself (tests/hardware/typed.py).
"""

from collections.abc import Callable
from pathlib import Path
from typing import Self

import evdev

from firmware_bridge.key_events import SIZE
from firmware_bridge.stream import Stream, reason
from firmware_bridge.usb_ports import DEV, SYS, Node, Wanted, nodes, the_one
from firmware_bridge.wire import WireLost, WireSilent

CHUNK = 64 * SIZE
TYPING_KEYS = (16, 25, 28, 30, 44, 50)
"""Q, P, Enter, A, Z and M: of a reader's several interfaces the one that types has them."""


def keyboard(wanted: Wanted, sys: Path = SYS, dev: Path = DEV) -> Node:
    """The one that is meant: of a reader's several interfaces the one that types. Raises WireLost."""
    return the_one(wanted, [node for node in nodes("input", sys, dev) if _types(_keys(node, sys))])


class HidWire(Stream):
    """One keyboard's events."""

    def __init__(self, fd: int, name: str, free: Callable[[], None]) -> None:
        """Over a descriptor that is open already; `free` closes it."""
        super().__init__(fd, name, CHUNK)
        self._keyboard, self._free = name, free
        self._held = True

    @classmethod
    def hold(cls, node: Node) -> Self:
        """Open it for us alone: nobody else gets its keys, neither a screen nor a console. Raises WireLost."""
        try:
            device = evdev.InputDevice(str(node.path))
        except OSError as why:
            raise WireLost(f"{node.path} cannot be opened: {reason(why)}") from None
        try:
            device.grab()
        except OSError as why:
            device.close()
            raise WireLost(f"{node.path} is held by another program: {reason(why)}") from None
        return cls(device.fd, f"{node.usb} at {node.port}", device.close)

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """A keyboard takes no bytes. Raises WireSilent."""
        raise WireSilent(f"{self._keyboard} is a keyboard and takes no bytes")

    def close(self) -> None:
        """Let go of it."""
        super().close()
        if self._held:
            self._held = False
            self._free()


def _types(keys: str) -> bool:
    """Whether a device has the keys of a keyboard; `keys` as in sysfs: 64-bit words in hexadecimal, the highest first."""
    bits = 0
    for word in keys.split():
        bits = bits << 64 | int(word, 16)
    return all(bits >> key & 1 for key in TYPING_KEYS)


def _keys(node: Node, sys: Path) -> str:
    """Which keys it has, as sysfs says; none where it is being unplugged just now."""
    try:
        return (sys / "class/input" / node.path.name / "device/capabilities/key").read_text(encoding="ascii", errors="replace").strip()
    except OSError:
        return ""
