"""What a station refused: counted by kind, journalled, and said in its status. A hostile broker cannot fill the journal with it.

Of each kind the first is journalled, then each doubling of their number, and where it goes on, one an hour: a million refusals in a day make
some forty rows. The rows hold the kind and the number, and nothing that came from outside.
"""

import logging
import threading
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from kiosk.clock import Clock
from kiosk.messages.payloads import Refusal, Refused

log = logging.getLogger(__name__)

HOUR_S = 3600.0

Audit = Callable[[Mapping[str, str | int]], None]


@dataclass
class _Count:
    times: int = 0
    journalled: int = 0
    journalled_at: float = 0.0


class Refusals:
    """Shared by a station's links. Safe from any thread."""

    def __init__(self, audit: Audit | None, clock: Clock, monotonic: Callable[[], float] = time.monotonic) -> None:
        """`audit` writes a row of the journal; None for a station that has none."""
        self._audit, self._clock, self._monotonic = audit, clock, monotonic
        self._lock = threading.Lock()
        self._counts: dict[Refusal, _Count] = {}
        self._last = ""

    def note(self, kind: Refusal, times: int = 1) -> None:
        """This was refused, so many times."""
        now = self._monotonic()
        with self._lock:
            self._last = self._clock.now().text
            count = self._counts.setdefault(kind, _Count())
            count.times += times
            if count.times < 2 * count.journalled and now - count.journalled_at < HOUR_S:
                return
            count.journalled, count.journalled_at = count.times, now
            log.warning("refused: %s (%d so far)", kind, count.times)
            if self._audit is not None:
                self._audit({"event": "refused", "what": str(kind), "times": count.times})

    def seen(self) -> Refused | None:
        """What was refused since the program began; None where nothing was."""
        with self._lock:
            counts = {str(kind): count.times for kind, count in self._counts.items()}
            return Refused(last=self._last, counts=counts) if counts else None
