"""A wire as a reader's driver sees it: what is lost or does not take bytes is an absent device."""

from collections.abc import Callable

from drivers.driver import DeviceAbsent
from firmware_bridge.wire import Wire, WireLost, WireSilent


class ReaderWire:
    """One wire, from plugging in to losing it. Every method but `close` raises DeviceAbsent."""

    def __init__(self) -> None:
        self._wire: Wire | None = None

    def plug(self, opening: Callable[[], Wire]) -> None:
        """Open it; what was open before is freed."""
        self.close()
        try:
            self._wire = opening()
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None

    def send(self, data: bytes) -> None:
        """All of these bytes."""
        try:
            self._open().send(data)
        except (WireLost, WireSilent) as why:
            raise DeviceAbsent(str(why)) from None

    def receive(self, timeout_s: float) -> bytes:
        """What has come; empty after the time-out."""
        try:
            return self._open().receive(timeout_s)
        except WireLost as why:
            raise DeviceAbsent(str(why)) from None

    def close(self) -> None:
        """Free it, also when it is gone already."""
        if self._wire is not None:
            self._wire.close()
            self._wire = None

    def _open(self) -> Wire:
        if self._wire is None:
            raise DeviceAbsent("the reader is not open")
        return self._wire
