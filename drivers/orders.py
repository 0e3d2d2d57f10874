"""Orders that wait for the driver, and the one that is being carried out: Rest ends them all."""

import threading
from collections import deque
from dataclasses import dataclass

from drivers.contract import Ordered, Rest
from drivers.driver import Until

# the answer must be with the lane before its own deadline, past which it kills the host
MARGIN_S, MARGIN_PART = 1.0, 0.2


@dataclass(frozen=True)
class Waiting:
    """An order and how long it may go on."""

    ordered: Ordered
    until: Until

    @property
    def rests(self) -> bool:
        """Whether this is the order to rest."""
        return isinstance(self.ordered.order, Rest)


class WaitingOrders:
    """In the order they came. Safe between the thread that listens and the thread that works."""

    def __init__(self) -> None:
        self._waiting: deque[Waiting] = deque()
        self._now: Waiting | None = None
        self._change = threading.Condition()
        self._woken = False

    def put(self, ordered: Ordered) -> None:
        """A new order; its time runs from now. Rest ends what is being waited for and drops what waits."""
        deadline = ordered.deadline_s
        new = Waiting(ordered, Until(deadline - min(MARGIN_S, deadline * MARGIN_PART)))
        with self._change:
            if new.rests:
                self._waiting.clear()
                if self._now is not None:
                    self._now.until.rested = True
            self._waiting.append(new)
            self._change.notify()

    def next(self, timeout_s: float) -> Waiting | None:
        """The next order, now being carried out; None after the time-out, or when woken."""
        with self._change:
            self._change.wait_for(lambda: self._waiting or self._woken, timeout_s)
            self._woken = False
            if not self._waiting:
                return None
            self._now = self._waiting.popleft()
            return self._now

    def wake(self) -> None:
        """End a wait for the next order: there is something to look at."""
        with self._change:
            self._woken = True
            self._change.notify()

    def done(self) -> None:
        """Nothing is being carried out."""
        with self._change:
            self._now = None

    def end(self) -> None:
        """Nobody waits for an answer any more: end what is carried out, drop what waits."""
        with self._change:
            self._waiting.clear()
            if self._now is not None:
                self._now.until.rested = True
            self._woken = True
            self._change.notify()

    def drop(self) -> None:
        """Forget what waits."""
        with self._change:
            self._waiting.clear()
