"""Days as they are written in each language."""

from datetime import date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.dates import day, known_part, moment
from kiosk.words.shelf import load_words

WORDS = load_words()


@pytest.mark.parametrize(
    ("language", "written"),
    [("en", "23 Aug 2026"), ("sw", "23 Ago 2026"), ("ny", "23 Oga 2026"), ("pt", "23 ago 2026"), ("fr", "23 août 2026")],
)
def test_a_day_is_written_in_the_travellers_language(language: str, written: str) -> None:
    assert day(WORDS, language, date(2026, 8, 23)) == written


def test_a_moment_has_the_time_of_day_as_the_clock_on_the_wall_shows_it() -> None:
    assert moment(WORDS, "en", datetime(2026, 11, 23, 8, 5)) == "23 Nov 2026 08:05"


@pytest.mark.parametrize(
    ("iso", "written"),
    [("1974-08-12", "12 Aug 1974"), ("1974-08", "Aug 1974"), ("1974", "1974"), ("", "Not known"), ("1974-13-40", "Not known")],
)
def test_a_date_of_birth_is_shown_as_far_as_it_is_known(iso: str, written: str) -> None:
    assert known_part(WORDS, "en", iso) == written


@given(st.one_of(st.text(), st.from_regex(r"\d{4}(-\d{2}){0,2}", fullmatch=True)), st.sampled_from(WORDS.languages))
def test_whatever_a_document_says_there_is_something_to_show(iso: str, language: str) -> None:
    assert known_part(WORDS, language, iso)
