"""How old a station's lists are, told only where the time is known."""

from kiosk.clock import Stamp, parse_utc
from kiosk.messages.payloads import ClockSource
from kiosk.programs.setting_up import list_ages, versions

NOW = parse_utc("2026-12-02T08:00:00Z")


def test_a_list_is_as_old_as_its_making_and_what_says_nothing_is_left_out() -> None:
    made = {"staff": "2026-12-01T08:00:00Z", "key_set": "2026-12-02T09:00:00Z", "old": "", "odd": "2026-13-01T08:00:00Z"}
    assert list_ages(made, Stamp(NOW, ClockSource.NTP, 0.1, "boot", 0)) == {"staff": 86_400, "key_set": 0}
    assert list_ages(made, Stamp(NOW, ClockSource.UNKNOWN, 1e9, "boot", 0)) == {}


def test_what_runs_is_named_with_its_version() -> None:
    found = versions("0.1.0")
    assert found["mpaka"] == "0.1.0"
    assert {"python", "linux"} <= set(found)
