"""What every driver is: one class that opens a device, carries out one order at a time, and says when the device is gone."""

import time
from collections.abc import Callable
from typing import Protocol

from drivers.contract import Answer, Encoding, FrameSeen, Hint, Kind, Notice, Order
from drivers.ring import FrameRing

IDLE_S = 0.1
"""How long a host waits between two calls of `idle`."""


class DeviceAbsent(OSError):
    """The device is not there, was unplugged, is silent, or refuses us. The text is for a technician and holds nothing of a person."""


class Until:
    """How long an order may go on: until its deadline, or until the lane rests the device or orders something else."""

    def __init__(self, deadline_s: float) -> None:
        self._deadline = time.monotonic() + deadline_s
        self.rested = False

    @property
    def over(self) -> bool:
        """Whether to stop now. Drivers look at this at least ten times a second."""
        return self.rested or time.monotonic() >= self._deadline

    @property
    def left_s(self) -> float:
        """Seconds that are left; never negative."""
        return 0.0 if self.rested else max(0.0, self._deadline - time.monotonic())


class Outlet:
    """Where a driver puts what it says without being asked, and its pictures."""

    def __init__(self, tell: Callable[[Notice], None], ring: FrameRing) -> None:
        self.tell, self.ring = tell, ring

    def frame(self, data: bytes | memoryview, width: int, height: int, hint: Hint, encoding: Encoding = Encoding.BGR8) -> None:
        """Show a live picture with what it lacks."""
        self.tell(FrameSeen(self.ring.put(data, encoding, width, height), hint))


class Driver(Protocol):
    """A device. The host calls everything from one thread."""

    kind: Kind
    name: str
    orders: tuple[type[Order], ...]

    def open(self, outlet: Outlet) -> str:
        """Open the device for us alone; returns what it says it is. Raises DeviceAbsent."""

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Do it. Ends soon after `until.over`, with an answer that then may go nowhere. Raises DeviceAbsent."""

    def idle(self) -> None:
        """Listen for what the device says by itself. Called each `IDLE_S` between orders, and at once when something was unplugged.

        Raises DeviceAbsent.
        """

    def close(self) -> None:
        """Free the device, also when it is gone already."""
