"""What the kernel and a lane's device say, with the times at which they said it."""

import queue
import threading
import time

from firmware_bridge.plug_events import PlugEvent, PlugEvents, listen
from kiosk import devices
from kiosk.devices import Told

GIVE_UP_S = 120.0
# the guest is slow, and slower still where this machine is busy: a host takes half a minute to start there
devices.START_LIMIT_S = 100.0


class Ear:
    """The kernel's own words of one subsystem."""

    def __init__(self, subsystem: str) -> None:
        self._subsystem, self._events = subsystem, list[PlugEvent]()
        self._plugs = PlugEvents(listen())
        threading.Thread(target=self._live, daemon=True).start()

    def _live(self) -> None:
        while True:
            self._events += self._plugs.wait(GIVE_UP_S)

    def at(self, action: str, after: float) -> float:
        """When it first said so, after this moment."""
        due = time.monotonic() + GIVE_UP_S
        while time.monotonic() < due:
            for event in list(self._events):
                if event.action == action and event.subsystem == self._subsystem and event.at >= after:
                    return event.at
            time.sleep(0.01)
        raise TimeoutError(f"no {action} of {self._subsystem}")


def heard(told: "queue.Queue[tuple[float, Told]]", kind: type) -> tuple[float, object]:
    """The next word of this kind and when it came."""
    while True:
        at, one = told.get(timeout=GIVE_UP_S)
        if isinstance(one.word, kind):
            return at, one.word
