"""Where a reader on a serial line is: the one place that opens its port."""

from dataclasses import dataclass

from firmware_bridge.serial_wire import SerialWire
from firmware_bridge.wire import Wire


@dataclass(frozen=True)
class Port:
    """A device file, such as /dev/mpaka/passport_reader."""

    address: str

    def __str__(self) -> str:
        return self.address

    def serial(self, baud: int) -> Wire:
        """The wire, opened for us alone. Raises WireLost."""
        return SerialWire(self.address, baud)
