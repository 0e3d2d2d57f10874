"""How a visa stands on the day of a crossing."""

from datetime import date

import pytest

from kiosk.crossings.permits import Permit, Standing, Status, standing

JUNE, JULY, AUGUST = date(2026, 6, 1), date(2026, 7, 1), date(2026, 8, 1)


def visa(number: str, begins: date, ends: date, ended: date | None = None) -> Permit:
    return Permit(number, "UTO", "UTO", "L898902C3", "C", begins, ends, Status.CANCELLED if ended else Status.VALID, ended, "")


@pytest.mark.parametrize(
    ("day", "stands"),
    [
        (date(2026, 5, 31), Standing.NOT_KNOWN),
        (JUNE, Standing.VALID),
        (JULY, Standing.VALID),
        (date(2026, 7, 2), Standing.EXPIRED),
    ],
)
def test_a_visa_is_valid_on_both_its_days_and_between(day: date, stands: Standing) -> None:
    assert standing([visa("V1", JUNE, JULY)], day)[0] is stands


def test_a_cancelled_one_was_valid_until_the_day_on_which_it_ended() -> None:
    permit = visa("V1", JUNE, AUGUST, ended=JULY)
    assert standing([permit], date(2026, 6, 30)) == (Standing.VALID, "V1")
    assert standing([permit], JULY) == (Standing.CANCELLED, "V1")


def test_one_that_ended_after_it_had_expired_is_expired() -> None:
    assert standing([visa("V1", JUNE, JULY, ended=AUGUST)], AUGUST) == (Standing.EXPIRED, "V1")


def test_the_best_of_several_counts_and_is_named() -> None:
    old, cancelled, good = visa("V1", JUNE, JUNE), visa("V2", JUNE, AUGUST, ended=JUNE), visa("V3", JUNE, AUGUST)
    assert standing([old, cancelled, good], JULY) == (Standing.VALID, "V3")
    assert standing([old, cancelled], JULY) == (Standing.CANCELLED, "V2")
    assert standing([old], JULY) == (Standing.EXPIRED, "V1")
    assert standing([], JULY) == (Standing.NOT_KNOWN, "")


def test_without_a_known_day_nothing_is_determined() -> None:
    assert standing([visa("V1", JUNE, AUGUST)], None) == (Standing.UNDETERMINED, "")
