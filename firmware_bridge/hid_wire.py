"""Keyboards through evdev, for readers that type: held by us alone, and found by what they are and where they hang, never as "the first keyboard".

What comes over this wire are the kernel's own events (key_events.py); nothing can be sent. After an unplug the events that were queued are read first,
then the wire is lost. UNPROVEN ON HARDWARE: shown with events on a pty and a pipe, and in the USB laboratory with a keyboard that
the kernel plays to itself (tests/hardware/typed.py).
"""

import os
import re
import select
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import evdev

from firmware_bridge.key_events import SIZE
from firmware_bridge.tap import PULLED, SAID, note
from firmware_bridge.wire import WireLost, WireSilent

CHUNK = 64 * SIZE
TYPING_KEYS = (16, 25, 28, 30, 44, 50)
"""Q, P, Enter, A, Z and M: of a reader's several interfaces the one that types has them."""
_USB_ID = re.compile(r"([0-9a-fA-F]{4}):([0-9a-fA-F]{4})")


@dataclass(frozen=True)
class Keyboard:
    """One input device that can type. `path` is its name in /dev/input/by-path, or, without udev, the kernel's own name of the port."""

    node: str
    path: str
    name: str


def usb_id(text: str) -> tuple[int, int]:
    """Vendor and product in a text such as "0c2e:0b61". Raises ValueError."""
    found = _USB_ID.fullmatch(text)
    if found is None:
        raise ValueError(f"{text}: expected vendor:product as lsusb shows them, such as 0c2e:0b61")
    return int(found[1], 16), int(found[2], 16)


def keyboards(vendor: int, product: int, root: Path = Path("/")) -> list[Keyboard]:
    """The devices of this vendor and product that can type, in the order of their ports."""
    paths = _paths(root)
    found = []
    for event in (root / "sys/class/input").glob("event*"):
        device = event / "device"
        try:
            ids = (int(_text(device / "id/vendor"), 16), int(_text(device / "id/product"), 16))
            if ids == (vendor, product) and _types(_text(device / "capabilities/key")):
                path = paths.get(event.name) or _text(device / "phys")
                found.append(Keyboard(str(root / "dev/input" / event.name), path, _text(device / "name")))
        except (FileNotFoundError, ValueError):
            # unplugged while we looked, or no device of a bus
            continue
    return sorted(found, key=lambda one: one.path)


def the_one(found: Sequence[Keyboard], what: str, path: str) -> Keyboard:
    """The one that is meant. Raises WireLost where there is none, or several of which none is named."""
    fitting = [one for one in found if path in ("", one.path)]
    if len(fitting) == 1:
        return fitting[0]
    if not found:
        raise WireLost(f"no input device {what} that types")
    there = ", ".join(one.path for one in found)
    raise WireLost(f"no {what} at {path}; there is {there}" if path else f"{len(found)} devices are {what}: name one by its path: {there}")


class HidWire:
    """One keyboard's events."""

    def __init__(self, fd: int, name: str, free: Callable[[], None]) -> None:
        """Over a descriptor that is open already; `free` closes it."""
        self._fd, self._name, self._free = fd, name, free
        self._closed = False

    @classmethod
    def hold(cls, keyboard: Keyboard) -> Self:
        """Open it for us alone: nobody else gets its keys, neither a screen nor a console. Raises WireLost."""
        try:
            device = evdev.InputDevice(keyboard.node)
        except OSError as why:
            raise WireLost(f"{keyboard.node} cannot be opened: {_reason(why)}") from None
        try:
            device.grab()
        except OSError as why:
            device.close()
            raise WireLost(f"{keyboard.node} is held by another program: {_reason(why)}") from None
        return cls(device.fd, keyboard.path, device.close)

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """A keyboard takes no bytes. Raises WireSilent."""
        raise WireSilent(f"{self._name} is a keyboard and takes no bytes")

    def receive(self, timeout_s: float) -> bytes:
        """Events that have come; empty after the time-out. Raises WireLost, once what was queued has been read."""
        try:
            if not select.select([self._fd], [], [], max(0.0, timeout_s))[0]:
                return b""
            data = os.read(self._fd, CHUNK)
        except BlockingIOError:
            return b""
        except (OSError, ValueError) as why:
            note(PULLED)
            raise WireLost(f"{self._name} is gone: {_reason(why)}") from None
        if not data:
            note(PULLED)
            raise WireLost(f"{self._name} hung up")
        note(SAID, data)
        return data

    def close(self) -> None:
        """Let go of it."""
        if not self._closed:
            self._closed = True
            self._free()


def _paths(root: Path) -> dict[str, str]:
    """event3 -> its name in by-path; nothing where udev does not run."""
    folder = root / "dev/input/by-path"
    if not folder.is_dir():
        return {}
    return {link.readlink().name: link.name for link in folder.iterdir() if link.is_symlink()}


def _types(keys: str) -> bool:
    """Whether a device has the keys of a keyboard; `keys` as in sysfs: 64-bit words in hexadecimal, the highest first."""
    bits = 0
    for word in keys.split():
        bits = bits << 64 | int(word, 16)
    return all(bits >> key & 1 for key in TYPING_KEYS)


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace").strip()


def _reason(why: Exception) -> str:
    number = getattr(why, "errno", None)
    return os.strerror(number) if number else type(why).__name__
