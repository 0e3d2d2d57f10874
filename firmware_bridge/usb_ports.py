"""Which device file belongs to which USB device: looked up in sysfs by vendor and product and by the port that it hangs on.

Source: the kernel's Documentation/ABI (sysfs-bus-usb) and what the tree shows: a port is named BUS-PORT[.PORT...] ("1-1.2"), the same path whatever
is plugged in there and after each replug. Node numbers (ttyACM0) change and are never relied upon.
"""

import re
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.wire import WireLost

SYS, DEV = Path("/sys"), Path("/dev")
PORT = re.compile(r"[1-9][0-9]{0,2}-[0-9]{1,3}(\.[0-9]{1,3}){0,6}")
IDS = re.compile(r"[0-9a-fA-F]{4}:[0-9a-fA-F]{4}")
LIKE_NUMBERS = re.compile(r"(\d+)")


@dataclass(frozen=True)
class Wanted:
    """What the settings say of a device: `usb` is vendor:product in hexadecimal, `port` a port path; either may be empty, not both."""

    usb: str = ""
    port: str = ""

    def __post_init__(self) -> None:
        """Raises ValueError for what is neither."""
        if self.usb and not IDS.fullmatch(self.usb):
            raise ValueError(f'usb: expected vendor:product in hexadecimal, such as "2b78:0005", got {self.usb!r}')
        if self.port and not PORT.fullmatch(self.port):
            raise ValueError(f'port: expected a port path such as "1-1.2", got {self.port!r}')
        if not self.usb and not self.port:
            raise ValueError('usb = "vendor:product" or port = "1-1.2" is missing')

    def __str__(self) -> str:
        """For a technician."""
        return " at port ".join(part for part in (self.usb.lower() or "any device", self.port) if part)

    def suits(self, usb: str, port: str) -> bool:
        """Whether a device with this vendor:product at this port is meant."""
        return (not self.usb or usb == self.usb.lower()) and (not self.port or port == self.port)


@dataclass(frozen=True)
class Node:
    """A device file of a USB device. `interface` is the number of its USB interface, -1 where sysfs does not say."""

    usb: str
    port: str
    interface: int
    path: Path


def is_port(text: str) -> bool:
    """Whether a setting names a USB port and not a file or a network address."""
    return bool(PORT.fullmatch(text))


def port_of(bus: int, ports: tuple[int, ...]) -> str:
    """The port path of a device as libusb names it: bus number and port numbers from the root."""
    return f"{bus}-{'.'.join(map(str, ports))}"


def find(wanted: Wanted, subsystem: str, sys: Path = SYS, dev: Path = DEV) -> Path:
    """The device file of the one device that is meant: of its interfaces the first. Raises WireLost, saying what is there instead.

    `subsystem` as in /sys/class: tty, input, hidraw, usbmisc, video4linux; or usb, for the device as a whole.
    """
    return the_one(wanted, nodes(subsystem, sys, dev)).path


def the_one(wanted: Wanted, there: list[Node]) -> Node:
    """Of these the first of the one device that is meant. Raises WireLost, saying what is there instead."""
    meant = [node for node in there if wanted.suits(node.usb, node.port)]
    ports = sorted({node.port for node in meant}, key=_by_number)
    if len(ports) > 1:
        raise WireLost(f"{wanted}: there are {len(ports)}, at the ports {', '.join(ports)}; add port to the settings")
    if not meant:
        raise WireLost(_not_there(wanted, there))
    return meant[0]


def nodes(subsystem: str, sys: Path = SYS, dev: Path = DEV) -> list[Node]:
    """Every device file of this subsystem that hangs on USB, in the order of ports, interfaces and numbers."""
    folder = sys / "bus" / "usb" / "devices" if subsystem == "usb" else sys / "class" / subsystem
    found = [node for entry in _entries(folder) if (node := _node(entry, dev)) is not None]
    return sorted(found, key=lambda node: (_by_number(node.port), node.interface, _by_number(node.path.name)))


def _entries(folder: Path) -> list[Path]:
    try:
        return list(folder.iterdir())
    except FileNotFoundError:
        # nothing of this kind was ever plugged in
        return []


def _node(entry: Path, dev: Path) -> Node | None:
    """None for what does not hang on USB, has no device file or an index of its own, or is being unplugged just now."""
    try:
        place = entry.resolve()
        # of a camera's device files only the first gives frames; the others give facts about them
        if _text(place / "index") not in ("", "0"):
            return None
        name = _member(_text(place / "uevent"), "DEVNAME")
        interface = -1
        for above in (place, *place.parents):
            number = _text(above / "bInterfaceNumber")
            interface = int(number, 16) if number and interface < 0 else interface
            if vendor := _text(above / "idVendor"):
                usb = f"{vendor}:{_text(above / 'idProduct')}".lower()
                return Node(usb, above.name, interface, dev / name) if name and is_port(above.name) else None
    except (OSError, ValueError):
        return None
    return None


def _text(file: Path) -> str:
    try:
        return file.read_text(encoding="ascii", errors="replace").strip()
    except (FileNotFoundError, NotADirectoryError):
        return ""


def _member(uevent: str, name: str) -> str:
    return next((line.partition("=")[2] for line in uevent.splitlines() if line.startswith(f"{name}=")), "")


def _by_number(text: str) -> list[tuple[int, str]]:
    """1-1.10 comes after 1-1.2."""
    return [(int(part), "") if part.isdecimal() else (0, part) for part in LIKE_NUMBERS.split(text) if part]


def _not_there(wanted: Wanted, there: list[Node]) -> str:
    alike = [node.port for node in there if wanted.usb and node.usb == wanted.usb.lower()]
    if alike:
        return f"{wanted} is not plugged in; one hangs at {', '.join(sorted(set(alike), key=_by_number))}"
    other = [node.usb for node in there if node.port == wanted.port]
    return f"{wanted} is not plugged in" + (f"; there hangs {other[0]}" if other else "")
