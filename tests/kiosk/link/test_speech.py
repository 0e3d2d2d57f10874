"""What a station says of itself: since when a thing is as it is, by a clock that may learn the time only later; and nobody comes at once."""

from datetime import UTC, datetime, timedelta

from kiosk.clock import Stamp
from kiosk.link.speech import Since, status
from kiosk.link.words import Facts, Patience
from kiosk.messages.payloads import ClockSource, DeviceState, LaneState

SESSION = "018f8a8e-1111-7111-8111-111111111111"
START = datetime(2026, 12, 1, 8, 0, tzinfo=UTC)


def stamp(seconds: float, wrong_by: timedelta = timedelta(0), drift_s: float | None = None) -> Stamp:
    return Stamp(START + timedelta(seconds=seconds) + wrong_by, ClockSource.NTP, 0.1, "boot", int(seconds * 1000), drift_s)


def test_a_state_is_dated_when_it_began_and_anew_when_it_comes_back() -> None:
    since = Since()
    assert since.of({"paper": "ok"}, stamp(0)) == {"paper": "2026-12-01T08:00:00.000Z"}
    assert since.of({"paper": "ok"}, stamp(60)) == {"paper": "2026-12-01T08:00:00.000Z"}
    assert since.of({"paper": "out"}, stamp(61)) == {"paper": "2026-12-01T08:01:01.000Z"}
    assert since.of({"paper": "ok"}, stamp(90)) == {"paper": "2026-12-01T08:01:30.000Z"}


def test_a_clock_that_learns_the_time_later_dates_right_what_was_before() -> None:
    since = Since()
    since.of({"state": "open"}, stamp(10, wrong_by=timedelta(days=-400)))
    assert since.of({"state": "open"}, stamp(20)) == {"state": "2026-12-01T08:00:10.000Z"}


def test_a_status_tells_since_when_each_device_is_as_it_is_over_reconnects() -> None:
    since, well = Since(), Facts(LaneState.OPEN, devices={"receipt_printer": DeviceState.OK}, consumables={"paper": "ok"})
    status(well, LaneState.OPEN, SESSION, 1, stamp(0), None, since)
    broken = Facts(LaneState.OPEN, devices={"receipt_printer": DeviceState.FAILED}, consumables={"paper": "ok"})
    said = status(broken, LaneState.OPEN, SESSION, 2, stamp(60, drift_s=-0.25), None, since)
    begin = "2026-12-01T08:00:00.000Z"
    assert said.since == {"state": begin, "receipt_printer": "2026-12-01T08:01:00.000Z", "paper": begin}
    assert said.clock
    assert said.clock.drift_s == -0.25


def test_a_thousand_lanes_do_not_come_back_at_once() -> None:
    patience = Patience()
    for tries, limit_s in ((0, 1.0), (3, 8.0), (50, 30.0)):
        waits = sorted(patience.wait_s(tries) for _ in range(1000))
        assert 0 <= waits[0] <= waits[-1] <= limit_s
        # spread over the whole of it: no tenth of it is without its share
        shares = [sum(limit_s * tenth / 10 <= wait < limit_s * (tenth + 1) / 10 for wait in waits) for tenth in range(10)]
        assert min(shares) > 40, shares
