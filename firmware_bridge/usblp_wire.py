"""USB printers through the kernel's usblp: /dev/usb/lp0 and so on, found by usb_ports.py since the number changes with each plug.

usblp lets one program in at a time, answers EBUSY to a second, and ENODEV once the device is unplugged. Facts: Linux, drivers/usb/class/usblp.c.
"""

import errno
import os
import select
import time

from firmware_bridge.tap import PULLED, SAID, SENT, note
from firmware_bridge.wire import WireLost, WireSilent

USBLP_MAJOR = 180
"""Character devices of USB classes (usbmisc); of those only usblp's can be a printer's."""
CHUNK = 4096


class UsblpWire:
    """One printer, for us alone."""

    def __init__(self, path: str) -> None:
        """Open it; raises WireLost when it is not there or held by another program."""
        self._name = path
        self._poll = select.poll()
        try:
            self._fd: int | None = os.open(path, os.O_RDWR | os.O_NONBLOCK | os.O_CLOEXEC | os.O_NOCTTY)
        except OSError as why:
            raise WireLost(f"{path} cannot be opened: {_reason(why)}") from None

    def send(self, data: bytes, timeout_s: float = 2.0) -> None:
        """All of these bytes. Raises WireLost, WireSilent."""
        due = time.monotonic() + timeout_s
        rest = memoryview(data)
        while rest:
            left = due - time.monotonic()
            if left <= 0 or not self._ready(left, select.POLLOUT):
                taken = len(data) - len(rest)
                raise WireSilent(f"{self._name} took {taken} of {len(data)} bytes in {timeout_s:g} s", taken)
            try:
                count = os.write(self._open_fd(), rest[:CHUNK])
            except BlockingIOError:
                continue
            except OSError as why:
                raise self._lost(why) from None
            note(SENT, bytes(rest[:count]))
            rest = rest[count:]

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out, and where the printer ends a transfer without a byte. Raises WireLost."""
        if not self._ready(timeout_s, select.POLLIN):
            return b""
        try:
            data = os.read(self._open_fd(), CHUNK)
        except BlockingIOError:
            return b""
        except OSError as why:
            raise self._lost(why) from None
        if data:
            note(SAID, data)
        return data

    def close(self) -> None:
        """Let go of it. May be called twice."""
        if self._fd is not None:
            os.close(self._fd)
            self._fd = None

    def _ready(self, timeout_s: float, what: int) -> bool:
        fd = self._open_fd()
        self._poll.register(fd, what)
        events = dict(self._poll.poll(max(0.0, timeout_s) * 1000)).get(fd, 0)
        if events & (select.POLLHUP | select.POLLERR | select.POLLNVAL):
            # usblp says so once the device is gone; what it had not given out by then is lost
            note(PULLED)
            raise WireLost(f"{self._name} is gone: unplugged")
        return bool(events & what)

    def _open_fd(self) -> int:
        if self._fd is None:
            raise WireLost(f"{self._name} is closed")
        return self._fd

    def _lost(self, why: OSError) -> WireLost:
        note(PULLED)
        return WireLost(f"{self._name} is gone: {_reason(why)}")


def _reason(why: OSError) -> str:
    return "another program holds it" if why.errno == errno.EBUSY else os.strerror(why.errno or errno.EIO)
