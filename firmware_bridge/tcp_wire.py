"""TCP to a device with a port of its own, such as 9100 of a network printer. A closed connection is WireLost, not silence."""

import socket

from firmware_bridge.stream import Stream, reason
from firmware_bridge.wire import WireLost

CONNECT_S = 2.0
"""A printer on the same network answers within milliseconds; one that is switched off must not hold its host up."""


class TcpWire(Stream):
    """A connection to `host:port`; small writes go out at once."""

    def __init__(self, address: str) -> None:
        """Connect; raises WireLost when nobody is there, ValueError where the address has no port."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"{address}: expected host:port")
        try:
            self._socket = socket.create_connection((host, int(port)), CONNECT_S)
        except OSError as why:
            raise WireLost(f"{address} cannot be reached: {reason(why)}") from None
        self._socket.setblocking(False)
        # a question of three bytes does not wait for more to be sent
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(self._socket.fileno(), address)

    def close(self) -> None:
        """Hang up."""
        super().close()
        self._socket.close()
