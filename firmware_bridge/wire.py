"""A wire carries bytes to a device and back. Nothing above this room names a port, a USB id or a baud rate."""

from typing import Protocol


class WireLost(OSError):
    """The device is unplugged, or its port is gone."""


class WireSilent(TimeoutError):
    """The device is there and did not take or give what it should have in time. `taken`: how many bytes of a sending it did take."""

    def __init__(self, text: str, taken: int = 0) -> None:
        super().__init__(text)
        self.taken = taken


class Wire(Protocol):
    """What serial, TCP and recorded wires have in common."""

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """All of these bytes, or WireSilent when they are not taken in time. Raises WireLost."""

    def receive(self, timeout_s: float) -> bytes:
        """What has come, as soon as something has; empty after the time-out. Raises WireLost."""

    def close(self) -> None:
        """Free the port. May be called twice."""
