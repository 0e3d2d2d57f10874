"""TCP to a device with a port of its own, such as 9100 of a network printer. A closed connection is WireLost, not silence."""

import os
import select
import socket
import time

from firmware_bridge.tap import PULLED, SAID, SENT, note
from firmware_bridge.wire import WireLost, WireSilent

CHUNK = 4096
CONNECT_S = 2.0


class TcpWire:
    """A connection to `host:port`; small writes go out at once."""

    def __init__(self, address: str) -> None:
        """Connect; raises WireLost when nobody is there, ValueError where the address has no port."""
        host, _, port = address.rpartition(":")
        if not host or not port.isdigit():
            raise ValueError(f"{address}: expected host:port")
        self._name = address
        try:
            self._socket = socket.create_connection((host, int(port)), CONNECT_S)
        except OSError as why:
            raise self._lost(why) from None
        self._socket.setblocking(False)
        self._socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """All of these bytes. Raises WireLost, WireSilent."""
        due = time.monotonic() + timeout_s
        rest = memoryview(data)
        while rest:
            left = due - time.monotonic()
            if left <= 0 or not self._ready(left, write=True):
                taken = len(data) - len(rest)
                raise WireSilent(f"{self._name} took {taken} of {len(data)} bytes in {timeout_s:g} s", taken)
            try:
                count = self._socket.send(rest[:CHUNK])
            except BlockingIOError:
                continue
            except OSError as why:
                raise self._lost(why) from None
            note(SENT, bytes(rest[:count]))
            rest = rest[count:]

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out. Raises WireLost."""
        if not self._ready(timeout_s, write=False):
            return b""
        try:
            data = self._socket.recv(CHUNK)
        except BlockingIOError:
            return b""
        except OSError as why:
            raise self._lost(why) from None
        if not data:
            note(PULLED)
            raise WireLost(f"{self._name} hung up")
        note(SAID, data)
        return data

    def close(self) -> None:
        """Hang up."""
        self._socket.close()

    def _ready(self, timeout_s: float, *, write: bool) -> bool:
        try:
            readers, writers = ([], [self._socket]) if write else ([self._socket], [])
            return any(select.select(readers, writers, [], max(0.0, timeout_s))[:2])
        except (OSError, ValueError) as why:
            raise self._lost(why) from None

    def _lost(self, why: Exception) -> WireLost:
        note(PULLED)
        number = getattr(why, "errno", None)
        return WireLost(f"{self._name} is gone: {os.strerror(number) if number else type(why).__name__}")
