"""Two-digit years: who is a baby and who is a hundred, and what is not known stays unknown."""

from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.dates import Birth, Expiry, NotADate, PartialDate, age, ages, can_be_a_date, read_birth, read_expiry, write_date

TODAY = date(2026, 11, 24)


def birth(text: str, today: date = TODAY) -> Birth:
    answer = read_birth(text, today)
    assert isinstance(answer, Birth)
    return answer


@pytest.mark.parametrize(
    ("text", "born"),
    [
        ("740812", "1974-08-12"),
        ("261124", "2026-11-24"),
        ("260101", "2026-01-01"),
        ("261125", "1926-11-25"),
        ("000229", "2000-02-29"),
        ("300101", "1930-01-01"),
    ],
)
def test_the_century_of_a_birth_is_the_latest_in_which_the_whole_date_is_not_after_today(text: str, born: str) -> None:
    assert birth(text).when.iso == born


def test_a_baby_born_this_year_is_not_a_hundred_years_old() -> None:
    baby = birth("261015")
    assert ages(baby.when, TODAY) == (0, 0)
    # Someone of a hundred has the same six characters: an officer asks, the kiosk does not guess.
    assert baby.or_earlier is not None
    assert baby.or_earlier.iso == "1926-10-15"
    assert baby.ages(TODAY) is None


@pytest.mark.parametrize(("text", "both"), [("161125", True), ("160101", True), ("151123", False), ("261125", False), ("740812", False)])
def test_an_officer_asks_where_someone_may_be_ten_or_a_hundred_and_ten(text: str, both: bool) -> None:
    assert (birth(text).or_earlier is not None) is both


@pytest.mark.parametrize(
    ("text", "iso", "span"),
    [
        ("74<<<<", "1974", (51, 52)),
        ("7412<<", "1974-12", (51, 51)),
        ("7411<<", "1974-11", (51, 52)),
        ("<<<<<<", "", None),
        ("<<0812", "", None),
        ("74<<12", "1974", (51, 52)),
    ],
)
def test_what_is_not_known_of_a_birth_is_not_made_up(text: str, iso: str, span: tuple[int, int] | None) -> None:
    answer = birth(text)
    assert answer.when.iso == iso
    assert answer.when.whole is None
    assert answer.ages(TODAY) == span


def test_a_birth_this_month_on_an_unknown_day_may_be_in_this_century() -> None:
    assert birth("2611<<").when.iso == "2026-11"
    assert birth("2612<<").when.iso == "1926-12"
    assert ages(birth("2611<<").when, TODAY) == (0, 0)


@pytest.mark.parametrize(
    "text", ["741312", "740832", "740800", "740012", "230229", "A40812", "7408 2", "74081", "", "7<0812", "٧٤٠٨١٢", "<<0230"]
)
def test_what_no_calendar_has_is_not_a_date(text: str) -> None:
    assert isinstance(read_birth(text, TODAY), NotADate)
    assert isinstance(read_expiry(text, TODAY), NotADate)
    assert not can_be_a_date(text)


def test_a_leap_day_that_only_the_future_has_is_not_a_birth() -> None:
    assert isinstance(read_birth("000229", date(2000, 2, 28)), NotADate)
    assert can_be_a_date("000229")


@pytest.mark.parametrize(
    ("text", "day"),
    [
        ("261124", date(2026, 11, 24)),
        ("261123", date(2026, 11, 23)),
        ("411231", date(2041, 12, 31)),
        ("420101", date(1942, 1, 1)),
        ("991231", date(1999, 12, 31)),
    ],
)
def test_an_expiry_lies_up_to_fifteen_years_ahead_or_in_the_past(text: str, day: date) -> None:
    assert read_expiry(text, TODAY) == Expiry(day)


def test_fifteen_years_ahead_are_counted_over_the_turn_of_a_century() -> None:
    assert read_expiry("050101", date(2095, 6, 1)) == Expiry(date(2105, 1, 1))


def test_a_document_is_good_on_the_day_it_expires_and_not_on_the_next() -> None:
    expiry = read_expiry("261124", TODAY)
    assert isinstance(expiry, Expiry)
    assert expiry.good_on(TODAY)
    assert not expiry.good_on(TODAY + timedelta(days=1))


def test_a_document_without_an_expiry_is_good_and_one_with_half_an_expiry_is_asked_about() -> None:
    assert read_expiry("<<<<<<", TODAY) == Expiry(None)
    assert Expiry(None).good_on(TODAY)
    assert isinstance(read_expiry("2611<<", TODAY), NotADate)


def test_someone_born_on_a_leap_day_is_older_on_the_first_of_march() -> None:
    assert age(date(2008, 2, 29), date(2026, 2, 28)) == 17
    assert age(date(2008, 2, 29), date(2026, 3, 1)) == 18


@given(st.dates(date(1990, 1, 1), date(2090, 1, 1)), st.integers(0, 99 * 365))
def test_everyone_under_a_hundred_is_read_back_as_born_when_they_were(today: date, days: int) -> None:
    born = today - timedelta(days=days)
    answer = read_birth(write_date(born), today)
    assert isinstance(answer, Birth)
    assert answer.when.whole == born
    assert answer.when.earliest == answer.when.latest == born


@given(st.text("0123456789<AZ", max_size=7), st.dates(date(1950, 1, 1), date(2100, 1, 1)))
def test_any_text_has_an_answer_and_no_one_is_born_tomorrow_or_past_a_hundred_and_ten(text: str, today: date) -> None:
    read_expiry(text, today)
    answer = read_birth(text, today)
    if isinstance(answer, Birth) and answer.when.earliest and answer.when.latest:
        assert answer.when.earliest <= today
        assert age(answer.when.latest, today) <= 110
        assert write_date(answer.when) == text
    assert not (isinstance(answer, Birth) and not can_be_a_date(text))


def test_a_date_shows_nothing_of_itself_in_a_log() -> None:
    assert "1974" not in repr(birth("740812")) + repr(PartialDate(1974)) + repr(read_expiry("300101", TODAY))
