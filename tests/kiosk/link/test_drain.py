"""The drain: what it asks of the journal, what it makes of answers that come late."""

from collections.abc import Callable

from kiosk.clock import SystemClock
from kiosk.journal.rows import Row
from kiosk.link.drain import AckJudged, Drain, PicturesCame, RowsCame
from kiosk.link.words import Patience
from kiosk.messages.topics import Leaf

PATIENCE = Patience(again_s=3.0, chance=lambda: 0.0)


class Slow:
    """A journal of thirty rows whose answers come when they are let go."""

    def __init__(self) -> None:
        self.asked: list[Callable[[], None]] = []

    def unsent(self, after: int, limit: int, then: Callable[[tuple[Row, ...]], None]) -> None:
        rows = tuple(Row(number, f"id-{number}", b"") for number in range(after + 1, min(after + limit, 30) + 1))
        self.asked.append(lambda: then(rows))

    def unsent_pictures(self, after: int, limit: int, then: Callable[[tuple[()]], None]) -> None:
        self.asked.append(lambda: then(()))


class Bench:
    """A drain in somebody's hands."""

    def __init__(self) -> None:
        self.now, self.sent = 0.0, list[int]()
        self.journal = Slow()
        self._came: list[RowsCame | PicturesCame | AckJudged] = []
        self.drain = Drain(self.journal, SystemClock(), self._came.append, PATIENCE, lambda: self.now)  # type: ignore[arg-type]

    def answer(self) -> None:
        """The journal's oldest answer arrives."""
        self.journal.asked.pop(0)()
        came = self._came.pop()
        assert isinstance(came, RowsCame)
        self.drain.rows_came(came, self._send)
        self.sent.extend(row.sequence for row in came.rows)

    def _send(self, leaf: Leaf, content: bytes) -> int:
        return 0


def test_a_late_answer_of_rows_further_on_does_not_hide_those_that_are_due_again() -> None:
    bench = Bench()
    bench.drain.begin(0.0)
    bench.answer()
    assert bench.sent == list(range(1, 21))
    highest = bench.drain._rows.highest
    # five rows arrive, five more are asked for, and before the journal answers headquarters has been silent too long
    bench.drain._rows.arrived_upto(5, 0.1)
    bench.drain.fresh()
    bench.now = 10.0
    bench.drain.turn(bench.now)
    assert (highest, bench.drain._rows.highest) == (20, 0)
    bench.answer()
    assert bench.drain._rows.empty, "the late answer is dropped"
    bench.answer()
    assert bench.drain._rows.highest == 20
