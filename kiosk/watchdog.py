"""Telling systemd that we live: ready, stopping, and the watchdog, fed only when every part that matters has moved.

The protocol is sd_notify(3): a datagram to the socket that NOTIFY_SOCKET names. Without that variable nothing is sent.
"""

import os
import socket
import threading
from collections.abc import Mapping


class Watchdog:
    """Feeds systemd's watchdog while each of the named parts has moved since the last feed; one that is stuck stops the feeding."""

    def __init__(self, parts: tuple[str, ...], environment: Mapping[str, str] | None = None) -> None:
        environment = os.environ if environment is None else environment
        self._address = environment.get("NOTIFY_SOCKET", "")
        self._every_s = int(environment.get("WATCHDOG_USEC", "0")) / 1_000_000 / 3
        self._parts = frozenset(parts)
        self._moved: set[str] = set()
        self._lock = threading.Lock()
        self._closing = threading.Event()
        self._thread = threading.Thread(target=self._run, name="watchdog", daemon=True)

    def ready(self) -> None:
        """The station takes travellers or officers from now on; feeding begins."""
        self._send("READY=1")
        if self._address and self._every_s:
            self._thread.start()

    def moved(self, part: str) -> None:
        """A part says that it has moved. Called by that part itself, from its own thread."""
        with self._lock:
            self._moved.add(part)

    def close(self) -> None:
        """A clean stop begins."""
        self._send("STOPPING=1")
        self._closing.set()
        if self._thread.is_alive():
            self._thread.join()

    def _run(self) -> None:
        while not self._closing.wait(self._every_s):
            with self._lock:
                all_moved = self._moved >= self._parts
                if all_moved:
                    self._moved.clear()
            if all_moved:
                self._send("WATCHDOG=1")

    def _send(self, state: str) -> None:
        if not self._address:
            return
        # an address that begins with @ lies in the abstract namespace
        address = "\0" + self._address[1:] if self._address.startswith("@") else self._address
        with socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as line:
            line.sendto(state.encode(), address)
