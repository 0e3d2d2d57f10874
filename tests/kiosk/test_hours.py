"""What a lane did in the last hours: counted, never named, and forgotten in time."""

from datetime import UTC, datetime, timedelta

from hypothesis import given
from hypothesis import strategies as st
from msgspec import UNSET

from kiosk.hours import KEPT, Hours
from kiosk.messages.payloads import Hour

NOON = datetime(2026, 12, 1, 12, 30, tzinfo=UTC)


def test_an_hour_counts_who_registered_and_how_long_the_middle_one_waited() -> None:
    hours = Hours()
    for minute in (0, 5, 10, 20):
        hours = hours.registered(NOON + timedelta(minutes=minute))
    for waited_s in (60, 600, 90):
        hours = hours.decided(NOON + timedelta(minutes=25), NOON + timedelta(minutes=25) - timedelta(seconds=waited_s))
    assert hours.said(NOON) == (Hour(hour="2026-12-01T12:00:00Z", registered=4, decided=3, wait_s=90),)


def test_a_decision_counts_in_the_hour_in_which_it_fell() -> None:
    hours = Hours().registered(NOON).decided(NOON + timedelta(hours=1), NOON)
    assert hours.said(NOON + timedelta(hours=1)) == (
        Hour(hour="2026-12-01T12:00:00Z", registered=1, decided=0, wait_s=UNSET),
        Hour(hour="2026-12-01T13:00:00Z", registered=0, decided=1, wait_s=3600),
    )


def test_a_clock_that_was_put_back_makes_no_wait_below_nothing() -> None:
    assert Hours().decided(NOON, NOON + timedelta(hours=5)).said(NOON)[0].wait_s == 0


def test_hours_are_forgotten() -> None:
    hours = Hours().registered(NOON)
    assert hours.said(NOON + KEPT + timedelta(hours=1)) == ()
    assert len(hours.registered(NOON + KEPT + timedelta(hours=1)).by_hour) == 1


@given(st.lists(st.integers(0, 48 * 60), max_size=60))
def test_however_long_a_lane_runs_it_says_little(minutes: list[int]) -> None:
    hours = Hours()
    for minute in sorted(minutes):
        hours = hours.registered(NOON + timedelta(minutes=minute))
    last = NOON + timedelta(minutes=max(minutes, default=0))
    said = hours.said(last)
    assert len(said) <= 7
    assert [entry.hour for entry in said] == sorted(entry.hour for entry in said)
    assert sum(entry.registered for entry in said) <= len(minutes)
