"""Transfers that must be under way before something else is done: an interrupt endpoint that is always listened to, and one bulk read beside a request."""

import queue
import threading

from firmware_bridge.usb_wire import UsbWire
from firmware_bridge.wire import WireLost, WireSilent

GRACE_S = 0.5


class Listener:
    """Reads an interrupt endpoint in a thread of its own until the wire is closed or lost: so nothing is missed, and a pulled plug is known at once."""

    def __init__(self, wire: UsbWire, endpoint: int, length: int) -> None:
        self._wire, self._endpoint, self._length = wire, endpoint, length
        self._heard: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()
        threading.Thread(target=self._listen, name="interrupts", daemon=True).start()

    def hear(self, timeout_s: float) -> bytes | None:
        """What the device says next; None after the time-out. Raises WireLost once nothing more will come."""
        try:
            heard = self._heard.get(timeout=timeout_s) if timeout_s > 0 else self._heard.get_nowait()
        except queue.Empty:
            return None
        if isinstance(heard, OSError):
            # so that whoever asks again hears the same
            self._heard.put(heard)
            raise heard
        return heard

    def _listen(self) -> None:
        try:
            while data := self._wire.read(self._endpoint, self._length, None):
                self._heard.put(data)
        except OSError as why:
            self._heard.put(why)
            return
        # an empty interrupt: the kernel has given the transfer up
        self._heard.put(WireLost("the reader is listened to no more"))


class BulkRead:
    """One bulk read, begun at once in a thread of its own."""

    def __init__(self, wire: UsbWire, endpoint: int, length: int, timeout_s: float) -> None:
        self._wire, self._asked = wire, (endpoint, length, timeout_s)
        self._came: queue.SimpleQueue[bytes | OSError] = queue.SimpleQueue()
        begun = threading.Event()
        threading.Thread(target=self._read, args=(begun,), name="picture", daemon=True).start()
        begun.wait()

    def result(self) -> bytes:
        """What came, waited for. Raises what `read` of the wire raises."""
        try:
            came = self._came.get(timeout=self._asked[2] + GRACE_S)
        except queue.Empty:
            # the kernel keeps its own deadline; nobody waits for ever where it does not
            raise WireSilent("a transfer does not end") from None
        if isinstance(came, OSError):
            raise came
        return came

    def _read(self, begun: threading.Event) -> None:
        begun.set()
        try:
            self._came.put(self._wire.read(*self._asked))
        except OSError as why:
            self._came.put(why)
