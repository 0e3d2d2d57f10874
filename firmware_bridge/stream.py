"""What wires over an open descriptor have in common: bytes out as far as they are taken, bytes in as they come, and whoever is tapped in hears both."""

import os
import select
import time

from firmware_bridge.tap import PULLED, SAID, SENT, note
from firmware_bridge.wire import WireLost, WireSilent

CHUNK = 4096
_GONE = select.POLLHUP | select.POLLERR | select.POLLNVAL


class Stream:
    """Over a descriptor that is open and does not block; whoever opened it closes it. A closed stream is WireLost."""

    def __init__(self, fd: int, name: str, chunk: int = CHUNK, *, queued: bool = True) -> None:
        """`chunk`: so many bytes at once.

        `queued`: what came before the plug was pulled can still be read, until a reading brings no byte. Else the loss is told at once, and a reading
        without a byte is only the end of a transfer.
        """
        self._fd, self._name, self._chunk, self._queued = fd, name, chunk, queued
        self._open = True
        self._poll = select.poll()

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
                count = os.write(self._fd, rest[: self._chunk])
            except BlockingIOError:
                continue
            except OSError as why:
                raise self._lost(reason(why)) from None
            note(SENT, bytes(rest[:count]))
            rest = rest[count:]

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out. Raises WireLost."""
        if not self._ready(timeout_s, select.POLLIN):
            return b""
        try:
            data = os.read(self._fd, self._chunk)
        except BlockingIOError:
            return b""
        except OSError as why:
            raise self._lost(reason(why)) from None
        if data:
            note(SAID, data)
        elif self._queued:
            raise self._lost("it hung up")
        return data

    def close(self) -> None:
        """From here on the descriptor's number may be somebody else's. May be called twice."""
        self._open = False

    def _ready(self, timeout_s: float, what: int) -> bool:
        if not self._open:
            raise WireLost(f"{self._name} is closed")
        self._poll.register(self._fd, what)
        events = dict(self._poll.poll(max(0.0, timeout_s) * 1000)).get(self._fd, 0)
        if events & _GONE and not (self._queued and events & what):
            raise self._lost("it hung up")
        return bool(events & what)

    def _lost(self, why: str) -> WireLost:
        note(PULLED)
        return WireLost(f"{self._name} is gone: {why}")


def reason(why: Exception) -> str:
    """What the kernel says, or what a library calls it where that says nothing."""
    number = getattr(why, "errno", None)
    return os.strerror(number) if number else type(why).__name__
