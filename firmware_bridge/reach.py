"""The settings of a device -> how it is reached. One way for every driver, so that each can be found again, and played from paper.

`port` is a device file (/dev/...), a USB port path (1-1.2), host:port of the network, or `recorded:FILE`, a conversation (recorded_wire.py);
`usb` is vendor:product in hexadecimal. With `usb`, `port` may only be a port path: it tells two alike from one another.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.recorded_wire import RecordedWire, read_conversation
from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.tcp_wire import TcpWire
from firmware_bridge.usb_ports import DEV, SYS, Wanted, find, is_port
from firmware_bridge.wire import Wire, WireLost

RECORDED = "recorded:"
NETWORK = re.compile(r"[^\s/]+:[0-9]{1,5}")


@dataclass(frozen=True)
class Reach:
    """Where a device is. Either `wanted`, looked up anew at each opening, or `address`, taken as it stands."""

    address: str = ""
    wanted: Wanted | None = None
    sys: Path = SYS
    dev: Path = DEV

    def __str__(self) -> str:
        """For a technician."""
        return str(self.wanted or self.address)

    def node(self, subsystem: str) -> str:
        """The device file, as it is called just now. Raises WireLost."""
        return self.address if self.wanted is None else str(find(self.wanted, subsystem, self.sys, self.dev))

    def serial(self, baud: int = 115200, *, rtscts: bool = False, xonxoff: bool = False) -> Wire:
        """A wire to a serial device, to a network port, or to a recording of either. Raises WireLost."""
        if self.address.startswith(RECORDED):
            return _played(Path(self.address.removeprefix(RECORDED)))
        if self.wanted is None and ":" in self.address and not self.address.startswith("/"):
            return TcpWire(self.address)
        return SerialWire(self.node("tty"), baud, rtscts=rtscts, xonxoff=xonxoff)


def reach(settings: Mapping[str, Any]) -> Reach:
    """From the settings `usb` and `port`. Raises ValueError where they do not say where the device is."""
    usb, port = str(settings.get("usb", "")), str(settings.get("port", ""))
    if usb or is_port(port) or not port:
        return Reach(wanted=Wanted(usb, port))
    if not port.startswith(("/", RECORDED)) and ":" in port and not NETWORK.fullmatch(port):
        raise ValueError(f"port: expected a device file, a port path such as 1-1.2, or host:port, got {port!r}")
    return Reach(port)


def _played(file: Path) -> RecordedWire:
    try:
        return RecordedWire(read_conversation(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as why:
        raise WireLost(f"{file} is no conversation: {why}") from None
