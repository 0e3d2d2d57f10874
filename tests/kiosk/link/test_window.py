"""The window: at most so many rows on their way, again until headquarters has them, and more patient each time."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.link.window import JITTER, LONGEST_WAIT_S, Window


def window(size: int = 20) -> Window:
    return Window(size, 3.0, lambda: 1.0)


def test_rows_go_until_the_window_is_full() -> None:
    flying = window(3)
    for row in (4, 5, 6):
        flying.sent(row, row + 100, 0.0)
    assert (flying.room, flying.highest, flying.empty) == (0, 6, False)
    assert flying.arrived_upto(5, 1.0) == 0.0
    assert flying.room == 2


def test_what_the_broker_confirmed_is_sent_again_when_headquarters_stays_silent() -> None:
    flying = window()
    flying.sent(1, 7, 0.0)
    assert not flying.due(100.0), "the broker owes a confirmation: the line is the trouble, not headquarters"
    flying.confirmed([7])
    assert not flying.due(2.9)
    assert flying.due(3.0 * (1 + JITTER))


def test_each_silence_is_waited_for_twice_as_long_up_to_a_minute_and_any_word_ends_that() -> None:
    flying, now, waits = window(), 0.0, []
    for _ in range(7):
        flying.sent(1, 0, now)
        began = now
        while not flying.due(now):
            now += 0.25
        waits.append(now - began)
        flying.again(now)
    assert waits == sorted(waits)
    assert waits[-1] <= LONGEST_WAIT_S * (1 + JITTER) + 0.25
    flying.sent(1, 0, now)
    flying.arrived([1], now + 0.1)
    flying.sent(2, 0, now)
    assert flying.due(now + 0.1 + 3.0 * (1 + JITTER))


def test_the_time_a_row_first_left_is_known_also_when_it_was_sent_again() -> None:
    flying = window()
    flying.sent(1, 0, 10.0)
    flying.restart(20.0)
    assert flying.empty
    flying.sent(1, 0, 21.0)
    assert flying.arrived_upto(1, 22.0) == 10.0
    assert flying.arrived_upto(1, 23.0) is None


@given(st.lists(st.tuples(st.sampled_from(["sent", "confirmed", "arrived", "again", "restart"]), st.integers(1, 30)), max_size=40))
def test_whatever_happens_the_window_holds_no_more_than_was_sent(steps: list[tuple[str, int]]) -> None:
    flying, now = window(5), 0.0
    for what, row in steps:
        now += 1.0
        if what == "sent" and flying.room:
            flying.sent(row, row, now)
        elif what == "confirmed":
            flying.confirmed([row])
        elif what == "arrived":
            flying.arrived_upto(row, now)
        elif what == "again":
            flying.again(now)
        elif what == "restart":
            flying.restart(now)
        assert 0 <= flying.room <= 5
        assert flying.empty == (flying.room == 5)
