"""Serial ports: USB-CDC, UART, and the ptys of simulated devices. Opened for us alone; a port that is gone is WireLost, not silence."""

import os
import select
import time

import serial

from firmware_bridge.tap import PULLED, SAID, SENT, note
from firmware_bridge.wire import WireLost, WireSilent

CHUNK = 4096


class SerialWire:
    """A serial port, 8N1, without DTR/DSR flow control, which Linux does not have."""

    def __init__(self, port: str, baud: int = 115200, *, rtscts: bool = False, xonxoff: bool = False) -> None:
        """Open the port; raises WireLost when it is not there or held by another program."""
        try:
            self._port = serial.Serial(port, baud, timeout=0, write_timeout=0, rtscts=rtscts, xonxoff=xonxoff, exclusive=True)
        except (OSError, ValueError) as why:
            raise WireLost(f"{port} cannot be opened: {_reason(why)}") from None
        self._name = port

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
                count = os.write(self._port.fileno(), rest[:CHUNK])
            except BlockingIOError:
                continue
            except (OSError, serial.SerialException) as why:
                raise self._lost(why) from None
            note(SENT, bytes(rest[:count]))
            rest = rest[count:]

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out. Raises WireLost."""
        if not self._ready(timeout_s, write=False):
            return b""
        try:
            data = os.read(self._port.fileno(), CHUNK)
        except BlockingIOError:
            return b""
        except (OSError, serial.SerialException) as why:
            raise self._lost(why) from None
        if not data:
            # readable and empty: the other end has hung up
            note(PULLED)
            raise WireLost(f"{self._name} hung up")
        note(SAID, data)
        return data

    def close(self) -> None:
        """Free the port."""
        self._port.close()

    def _ready(self, timeout_s: float, *, write: bool) -> bool:
        try:
            fd = self._port.fileno()
            readers, writers = ([], [fd]) if write else ([fd], [])
            return any(select.select(readers, writers, [], max(0.0, timeout_s))[:2])
        except (OSError, ValueError, serial.SerialException) as why:
            raise self._lost(why) from None

    def _lost(self, why: Exception) -> WireLost:
        note(PULLED)
        return WireLost(f"{self._name} is gone: {_reason(why)}")


def _reason(why: Exception) -> str:
    number = getattr(why, "errno", None)
    return os.strerror(number) if number else type(why).__name__
