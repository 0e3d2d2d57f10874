"""The window: which rows are on their way, and when they are sent again. Arithmetic on given times; no clock, no thread, no bytes."""

from collections.abc import Callable, Iterable

LONGEST_WAIT_S = 60.0
RTT_TIMES, LONGEST_RTT_S = 4.0, 5.0
JITTER = 0.25


class Window:
    """Rows by a rising number (sequence or place), in flight until headquarters has them. Times are monotonic seconds."""

    def __init__(self, size: int, first_wait_s: float, chance: Callable[[], float]) -> None:
        """At most `size` rows in flight; `chance` gives 0 to 1, so that not all stations send again at the same moment."""
        self._size, self._first_wait_s, self._chance = size, first_wait_s, chance
        self._flying: dict[int, int] = {}
        self._first_sent: dict[int, float] = {}
        self._wait_s = first_wait_s
        self._rtt_s = 0.0
        self._due_at = 0.0
        self.highest = 0

    @property
    def room(self) -> int:
        """How many more rows may be sent."""
        return self._size - len(self._flying)

    @property
    def empty(self) -> bool:
        """Whether nothing is on its way."""
        return not self._flying

    def sent(self, row: int, message: int, now: float) -> None:
        """A row went out as this MQTT message."""
        if not self._flying:
            self._plan(now)
        self._flying[row] = message
        self._first_sent.setdefault(row, now)
        self.highest = max(self.highest, row)

    def confirmed(self, messages: Iterable[int]) -> None:
        """The broker has these messages; that is not delivery, but the same row may now be sent again."""
        known = set(messages)
        self._flying = {row: 0 if message in known else message for row, message in self._flying.items()}

    def arrived(self, rows: Iterable[int], now: float) -> float | None:
        """Headquarters has these rows. Returns when the newest of them first left, None where none of them was ours."""
        gone = [row for row in rows if row in self._first_sent]
        for row in gone:
            self._flying.pop(row, None)
        left = max((self._first_sent.pop(row) for row in gone), default=None)
        if left is not None:
            if self._wait_s == self._first_wait_s:
                # a row that was sent again, or waited through an outage, says nothing about the line
                self._rtt_s = min(now - left, LONGEST_RTT_S)
            self._wait_s = self._first_wait_s
            self._plan(now)
        return left

    def arrived_upto(self, last: int, now: float) -> float | None:
        """Headquarters has all rows up to this one."""
        return self.arrived([row for row in self._first_sent if row <= last], now)

    def due(self, now: float) -> bool:
        """Whether what is on its way has to be sent again. Never while the broker still owes a confirmation: then the line is the trouble."""
        return bool(self._flying) and now >= self._due_at and not any(self._flying.values())

    def again(self, now: float) -> None:
        """Begin again at the lowest row, and be more patient next time."""
        self._wait_s = min(self._wait_s * 2, LONGEST_WAIT_S)
        self.restart(now)

    def restart(self, now: float) -> None:
        """A new connection: nothing is on its way."""
        self._flying.clear()
        self.highest = 0
        self._plan(now)

    def _plan(self, now: float) -> None:
        wait_s = min(max(self._wait_s, RTT_TIMES * self._rtt_s), LONGEST_WAIT_S)
        self._due_at = now + wait_s * (1 + JITTER * self._chance())
