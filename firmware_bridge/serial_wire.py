"""Serial ports: USB-CDC, UART, and the ptys of simulated devices. Opened for us alone; a port that is gone is WireLost, not silence."""

import serial

from firmware_bridge.stream import Stream, reason
from firmware_bridge.wire import WireLost


class SerialWire(Stream):
    """A serial port, 8N1, without DTR/DSR flow control, which Linux does not have."""

    def __init__(self, port: str, baud: int = 115200, *, rtscts: bool = False, xonxoff: bool = False) -> None:
        """Open the port; raises WireLost when it is not there or held by another program."""
        # exclusive: of two programs on one port each would get half of an answer
        try:
            self._port = serial.Serial(port, baud, timeout=0, write_timeout=0, rtscts=rtscts, xonxoff=xonxoff, exclusive=True)
        except (OSError, ValueError) as why:
            raise WireLost(f"{port} cannot be opened: {reason(why)}") from None
        super().__init__(self._port.fileno(), port)

    def close(self) -> None:
        """Free the port."""
        super().close()
        self._port.close()
