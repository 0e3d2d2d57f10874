"""From the settings of a printer to its wire.

port = "/dev/ttyUSB0"                       a serial line, or what the kernel's usblp made of a USB printer: the device file says which
port = "10.0.0.7:9100"                      TCP
usb = "04b8:0e15", port = "1-1.2"           USB (firmware_bridge/reach.py), with `wire`: usblp, the kernel's driver, libusb, where the interface
                                            of class 7 is found by its descriptor, or serial, for printers that are a USB serial line
"""

import os
import stat
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.reach import Reach, reach
from firmware_bridge.usb_wire import UsbPlace, UsbWire, read_ids
from firmware_bridge.usblp_wire import USBLP_MAJOR, UsblpWire
from firmware_bridge.wire import Wire

FLOWS = ("rtscts", "xonxoff", "none")
WIRES = ("serial", "usblp", "libusb")
PRINTER_CLASS = 7
BOTH_WAYS = (2, 3, 1)
"""Protocols of the printer class, the best first: both ways, IEEE 1284.4, one way."""


@dataclass(frozen=True)
class Plug:
    """Where the printer hangs."""

    where: Reach
    wire: str = "serial"
    baud: int = 115200
    flow: str = "rtscts"

    def connect(self) -> Wire:
        """Open it for us alone. Raises WireLost; ValueError for an address without a port."""
        wanted, address = self.where.wanted, self.where.address
        if wanted is not None and self.wire == "libusb":
            ids = (read_ids(wanted.usb),) if wanted.usb else ()
            return UsbWire(UsbPlace(ids=ids, port=wanted.port, interface_class=PRINTER_CLASS, protocols=BOTH_WAYS))
        if wanted is not None and self.wire == "usblp":
            return UsblpWire(self.where.node("usbmisc"))
        if _is_usblp(address):
            return UsblpWire(address)
        return self.where.serial(self.baud, rtscts=self.flow == "rtscts", xonxoff=self.flow == "xonxoff")


def plug(settings: Mapping[str, Any]) -> Plug:
    """From the settings `usb`, `port`, `wire` (serial), `baud` (115200) and `flow` (rtscts). Raises ValueError for what makes no sense."""
    made = Plug(
        reach(settings), str(settings.get("wire", "serial")), int(settings.get("baud", 115200)), str(settings.get("flow", "rtscts"))
    )
    if made.flow not in FLOWS:
        raise ValueError(f"flow must be one of {', '.join(FLOWS)}")
    if made.wire not in WIRES:
        raise ValueError(f"wire must be one of {', '.join(WIRES)}")
    return made


def _is_usblp(path: str) -> bool:
    try:
        found = Path(path).stat()
    except OSError:
        # not there, or no file at all: whoever opens it says so
        return False
    return stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == USBLP_MAJOR
