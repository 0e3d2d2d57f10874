"""The clock says where its time comes from, never starts below what was seen, and jumps do it no harm."""

from datetime import UTC, datetime, timedelta

import pytest

from kiosk.clock import BUILD, UNBOUNDED_S, SystemClock, kernel_uncertainty, parse_utc, utc_text
from kiosk.messages.payloads import ClockSource

NOON = datetime(2027, 3, 1, 12, 0, tzinfo=UTC)


class World:
    """A machine whose clocks are set by hand."""

    def __init__(self, wall: datetime = NOON, error: float | None = None, rtc: bool = False) -> None:
        self.wall, self.monotonic, self.error = wall, 100.0, error
        self.clock = SystemClock(lambda: self.wall, lambda: self.monotonic, lambda: self.error, rtc)

    def passes(self, seconds: float) -> None:
        self.wall += timedelta(seconds=seconds)
        self.monotonic += seconds


def test_a_disciplined_clock_is_known_with_the_kernel_s_own_error() -> None:
    stamp = World(error=0.02).clock.now()
    assert (stamp.utc, stamp.source, stamp.uncertainty_s, stamp.known) == (NOON, ClockSource.NTP, 0.02, True)


def test_a_board_without_a_battery_starts_at_the_last_moment_that_it_saw() -> None:
    world = World(wall=datetime(1970, 1, 1, tzinfo=UTC))
    assert world.clock.now().utc == BUILD
    world.clock.not_before(NOON)
    world.passes(10)
    stamp = world.clock.now()
    assert (stamp.utc, stamp.known, stamp.uncertainty_s) == (NOON + timedelta(seconds=10), False, UNBOUNDED_S)


def test_a_wall_clock_that_jumps_changes_nothing_while_it_is_not_disciplined() -> None:
    world = World()
    world.wall += timedelta(days=400)
    world.monotonic += 5
    assert world.clock.now().utc == NOON + timedelta(seconds=5)
    world.wall -= timedelta(days=4000)
    assert world.clock.now().utc == NOON + timedelta(seconds=5)


def test_headquarters_time_makes_a_clock_known_and_grows_less_sure() -> None:
    world = World()
    world.clock.heard(NOON + timedelta(hours=3), 100.0, 0.5)
    world.passes(1000)
    stamp = world.clock.now()
    assert (stamp.utc, stamp.source) == (NOON + timedelta(hours=3, seconds=1000), ClockSource.HEADQUARTERS)
    assert stamp.uncertainty_s == pytest.approx(0.6)
    world.clock.heard(NOON, world.monotonic, 50.0)
    assert world.clock.now().utc == stamp.utc, "a less sure word does not replace a surer one"


def test_by_how_much_the_machine_s_own_clock_is_off_is_known_once_headquarters_was_heard() -> None:
    world = World(error=0.02)
    assert world.clock.now().drift_s is None
    world.clock.heard(NOON - timedelta(seconds=4), 100.0, 0.01)
    world.passes(60)
    assert world.clock.now().drift_s == 4.0
    world.wall -= timedelta(seconds=10)
    assert world.clock.now().drift_s == -6.0


def test_a_clock_with_a_battery_is_taken_for_what_it_is_unless_it_runs_behind() -> None:
    assert World(rtc=True).clock.now().source is ClockSource.RTC
    behind = World(wall=datetime(2020, 1, 1, tzinfo=UTC), rtc=True)
    assert behind.clock.now().source is ClockSource.UNKNOWN


def test_even_a_disciplined_clock_is_not_believed_below_the_floor() -> None:
    world = World(error=0.01)
    world.clock.not_before(NOON + timedelta(days=1))
    stamp = world.clock.now()
    assert (stamp.utc, stamp.source) == (NOON + timedelta(days=1), ClockSource.UNKNOWN)


def test_order_is_kept_by_the_monotonic_clock() -> None:
    world = World()
    first = world.clock.now()
    world.passes(0.25)
    assert world.clock.now().monotonic_ms - first.monotonic_ms == 250
    assert first.boot_id == world.clock.now().boot_id


def test_moments_are_written_and_read_back() -> None:
    at = NOON + timedelta(milliseconds=37)
    assert utc_text(at) == "2027-03-01T12:00:00.037Z"
    assert parse_utc(utc_text(at)) == at


def test_this_machine_s_kernel_answers_or_says_that_it_is_not_disciplined() -> None:
    error = kernel_uncertainty()
    assert error is None or error >= 0
