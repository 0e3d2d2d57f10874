"""The settings of a device -> how it is reached. One way for every driver, so that each can be found again, and played from paper.

`port` is a device file (/dev/...), a USB port path (1-1.2), host:port of the network, or `recorded:FILE`, a conversation (recorded_wire.py);
`usb` is vendor:product in hexadecimal. With `usb`, `port` may only be a port path: it tells two alike from one another. `record` is a file into which
the conversation is written down: for specimens on a table only, so a lane's host refuses it.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from firmware_bridge.recorded_wire import RecordedWire, RecordingWire, read_conversation
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
    record: Path | None = None

    def __str__(self) -> str:
        """For a technician."""
        return str(self.wanted or self.address)

    def node(self, subsystem: str) -> str:
        """The device file, as it is called just now. Raises WireLost."""
        return self.address if self.wanted is None else str(find(self.wanted, subsystem, self.sys, self.dev))

    def serial(self, baud: int = 115200, *, rtscts: bool = False, xonxoff: bool = False) -> Wire:
        """A wire to a serial device, to a network port, or to a recording of either. Raises WireLost."""
        wire = self._serial(baud, rtscts=rtscts, xonxoff=xonxoff)
        return wire if self.record is None else _WrittenDown(wire, self.record)

    def _serial(self, baud: int, *, rtscts: bool, xonxoff: bool) -> Wire:
        if self.address.startswith(RECORDED):
            return _played(Path(self.address.removeprefix(RECORDED)))
        if self.wanted is None and ":" in self.address and not self.address.startswith("/"):
            return TcpWire(self.address)
        return SerialWire(self.node("tty"), baud, rtscts=rtscts, xonxoff=xonxoff)


def reach(settings: Mapping[str, Any]) -> Reach:
    """From the settings `usb` and `port`. Raises ValueError where they do not say where the device is."""
    usb, port = str(settings.get("usb", "")), str(settings.get("port", ""))
    record = Path(settings["record"]) if "record" in settings else None
    if usb or is_port(port) or not port:
        return Reach(wanted=Wanted(usb, port), record=record)
    if not port.startswith(("/", RECORDED)) and ":" in port and not NETWORK.fullmatch(port):
        raise ValueError(f"port: expected a device file, a port path such as 1-1.2, or host:port, got {port!r}")
    return Reach(port, record=record)


class _WrittenDown(RecordingWire):
    """Adds to a file, which ends with the wire."""

    def __init__(self, wire: Wire, file: Path) -> None:
        self._file = file.open("a", encoding="utf-8")
        super().__init__(wire, self._file)

    def close(self) -> None:
        super().close()
        self._file.close()


def _played(file: Path) -> RecordedWire:
    try:
        return RecordedWire(read_conversation(file.read_text(encoding="utf-8")))
    except (OSError, ValueError) as why:
        raise WireLost(f"{file} is no conversation: {why}") from None
