"""From the `port` in the settings to a wire.

/dev/ttyUSB0, /dev/mpaka/receipt_printer    a serial line, or what the kernel's usblp made of a USB printer: the device says which
10.0.0.7:9100                               TCP
usblp:04b8:0e15 or usblp:04b8:0e15@1-1.2    usblp's device of that vendor, product and port path, whatever its number is today
usb:04b8:0e15 or usb:04b8:0e15@1-1.2        libusb: the interface of class 7 is found by its descriptor
"""

import os
import stat
from dataclasses import dataclass
from pathlib import Path

from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.tcp_wire import TcpWire
from firmware_bridge.usb_wire import UsbPlace, UsbWire, read_ids
from firmware_bridge.usblp_wire import USBLP_MAJOR, UsblpWire, find_usblp
from firmware_bridge.wire import Wire

FLOWS = ("rtscts", "xonxoff", "none")
PRINTER_CLASS = 7
BOTH_WAYS = (2, 3, 1)
"""Protocols of the printer class, the best first: both ways, IEEE 1284.4, one way."""


@dataclass(frozen=True)
class Plug:
    """Where the printer hangs. Settings: `port`, and for a serial line `baud` and `flow`."""

    port: str
    baud: int = 115200
    flow: str = "rtscts"

    def __post_init__(self) -> None:
        """Raises ValueError for what is neither."""
        if self.flow not in FLOWS:
            raise ValueError(f"flow must be one of {', '.join(FLOWS)}")
        if self.port.startswith(("usb:", "usblp:")):
            read_usb(self.port)

    def connect(self) -> Wire:
        """Open it for us alone. Raises WireLost; ValueError for an address without a port."""
        if self.port.startswith("usb:"):
            ids, where = read_usb(self.port)
            return UsbWire(UsbPlace(ids=(ids,), port=where, interface_class=PRINTER_CLASS, protocols=BOTH_WAYS))
        if self.port.startswith("usblp:"):
            return UsblpWire(find_usblp(*read_usb(self.port)))
        if ":" in self.port and not self.port.startswith("/"):
            return TcpWire(self.port)
        if _is_usblp(self.port):
            return UsblpWire(self.port)
        return SerialWire(self.port, self.baud, rtscts=self.flow == "rtscts", xonxoff=self.flow == "xonxoff")


def read_usb(port: str) -> tuple[tuple[int, int], str]:
    """Vendor and product, and the port path or nothing, of `usb:04b8:0e15@1-1.2`. Raises ValueError."""
    ids, _, where = port.partition(":")[2].partition("@")
    return read_ids(ids), where


def _is_usblp(path: str) -> bool:
    try:
        found = Path(path).stat()
    except OSError:
        # not there: the serial wire says so
        return False
    return stat.S_ISCHR(found.st_mode) and os.major(found.st_rdev) == USBLP_MAJOR
