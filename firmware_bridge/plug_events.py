"""Plugged in, pulled out: the kernel's and udev's own messages over a netlink socket (NETLINK_KOBJECT_UEVENT), without a library.

Source: the kernel's lib/kobject_uevent.c (header `ACTION@DEVPATH`, then KEY=VALUE, each ended by a zero byte) and systemd's device-monitor.c (`libudev`,
magic FEEDCAFE, offsets and lengths, then the same pairs). A message is a door bell and nothing else: it says when to look, never what is there, so
that nobody can lie to us with one. See docs/decisions/0008.
"""

import contextlib
import os
import select
import socket
import struct
import time
from collections import deque
from dataclasses import dataclass

NETLINK_KOBJECT_UEVENT = 15
KERNEL, UDEV = 1, 2
"""The groups: the kernel's own words, first on a removal; udev's, once it has set names and rights."""
UDEV_HEAD = struct.Struct("=8s4sIIII")
UDEV_NAME, UDEV_MAGIC = b"libudev\0", bytes.fromhex("feedcafe")
LONGEST = 65536
MOST_KEPT = 64


@dataclass(frozen=True)
class PlugEvent:
    """Something was plugged in or pulled: `action` add, remove, bind, change ...; `node` under /dev, or empty. `at` by the monotonic clock, in s."""

    action: str
    subsystem: str
    path: str
    node: str = ""
    at: float = 0.0


def read_event(data: bytes, at: float = 0.0) -> PlugEvent | None:
    """The event in one message of the kernel or of udev; None for anything else."""
    if data.startswith(UDEV_NAME):
        pairs = _udev_pairs(data)
    else:
        head, _, pairs = data.partition(b"\0")
        if b"@" not in head:
            return None
    values = dict(part.split("=", 1) for part in pairs.decode("utf-8", "replace").split("\0") if "=" in part)
    action, path = values.get("ACTION", ""), values.get("DEVPATH", "")
    if not action or not path:
        return None
    return PlugEvent(action, values.get("SUBSYSTEM", ""), path, values.get("DEVNAME", "").removeprefix("/dev/"), at)


def _udev_pairs(data: bytes) -> bytes:
    if len(data) < UDEV_HEAD.size:
        return b""
    _, magic, _, start, length, _ = UDEV_HEAD.unpack_from(data)
    return data[start : start + length] if magic == UDEV_MAGIC else b""


def listen() -> socket.socket:
    """A socket that hears the kernel and udev. Raises OSError where none can be had, as in some containers."""
    line = socket.socket(socket.AF_NETLINK, socket.SOCK_DGRAM | socket.SOCK_CLOEXEC, NETLINK_KOBJECT_UEVENT)
    try:
        line.bind((0, KERNEL | UDEV))
    except OSError:
        line.close()
        raise
    return line


class PlugEvents:
    """Waits for events; `wake` ends a wait from another thread. Without a socket it only waits."""

    def __init__(self, line: socket.socket | None) -> None:
        self._line = line
        self._ear, self._mouth = os.pipe2(os.O_CLOEXEC | os.O_NONBLOCK)
        self.last: deque[PlugEvent] = deque(maxlen=MOST_KEPT)

    def wait(self, timeout_s: float) -> list[PlugEvent]:
        """The events that have come, as soon as one has; none after the time-out or when woken."""
        sources: list[int | socket.socket] = [self._ear] if self._line is None else [self._ear, self._line]
        ready = select.select(sources, [], [], max(0.0, timeout_s))[0]
        if self._ear in ready:
            with contextlib.suppress(BlockingIOError):
                os.read(self._ear, 4096)
        events = self._waiting() if self._line in ready else []
        self.last.extend(events)
        return events

    def wake(self) -> None:
        """End a wait. Any thread."""
        with contextlib.suppress(BlockingIOError):
            os.write(self._mouth, b"!")

    def close(self) -> None:
        """Free the socket."""
        if self._line is not None:
            self._line.close()
        for fd in (self._ear, self._mouth):
            os.close(fd)

    def _waiting(self) -> list[PlugEvent]:
        found = []
        while self._line is not None and select.select([self._line], [], [], 0.0)[0]:
            try:
                data = self._line.recv(LONGEST)
            except OSError:
                # more came than the kernel keeps for us (ENOBUFS): something has happened, whatever it was
                found.append(PlugEvent("lost", "", "", at=time.monotonic()))
                break
            if not data:
                # only where a test's end of the line is closed
                self._line = None
            elif event := read_event(data, time.monotonic()):
                found.append(event)
        return found
