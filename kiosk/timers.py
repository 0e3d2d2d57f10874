"""Alarms on the monotonic clock: one thread that sleeps until the next one is due."""

import heapq
import itertools
import threading
import time
from collections.abc import Callable


class Alarms:
    """Calls back after so many seconds, from its own thread. What is called must only put an event and return."""

    def __init__(self) -> None:
        self._due: list[tuple[float, int, Callable[[], None]]] = []
        self._numbers = itertools.count()
        self._changed = threading.Condition()
        self._closing = False
        self._thread = threading.Thread(target=self._run, name="alarms", daemon=True)
        self._thread.start()

    def after(self, seconds: float, ring: Callable[[], None]) -> None:
        """Ring once, after so many seconds."""
        with self._changed:
            heapq.heappush(self._due, (time.monotonic() + seconds, next(self._numbers), ring))
            self._changed.notify()

    def close(self) -> None:
        """Ring no more; waits for the thread."""
        with self._changed:
            self._closing = True
            self._changed.notify()
        self._thread.join()

    def _run(self) -> None:
        while (ring := self._next()) is not None:
            ring()

    def _next(self) -> Callable[[], None] | None:
        with self._changed:
            while not self._closing:
                wait = self._due[0][0] - time.monotonic() if self._due else None
                if wait is not None and wait <= 0:
                    return heapq.heappop(self._due)[2]
                self._changed.wait(wait)
        return None
