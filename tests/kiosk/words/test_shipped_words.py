"""The catalogues that the product ships: complete, used, short enough, and honest about who has read them."""

import pytest

from kiosk.words.catalogue import LANGUAGES, STAFF, STAFF_LANGUAGES, Status, fields
from kiosk.words.shelf import load_words
from tests.kiosk.words import uses

WORDS = load_words()
ENTRIES = [entry for language in LANGUAGES for entry in WORDS.catalogue(language).entries.values()]
LONGEST_LINE = {"en": 62, "sw": 64, "ny": 68, "pt": 66, "fr": 70}
"""In characters: what a traveller reads at one glance."""


def keys(language: str, *, staff: bool) -> set[str]:
    return {entry.key for entry in WORDS.catalogue(language).entries.values() if entry.for_staff is staff}


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_one_traveller_is_told_every_traveller_is_told(language: str) -> None:
    assert keys(language, staff=False) == keys("en", staff=False)


@pytest.mark.parametrize("language", STAFF_LANGUAGES)
def test_what_officers_and_technicians_are_told_is_written_in_their_languages(language: str) -> None:
    everywhere = set().union(*(keys(each, staff=True) for each in LANGUAGES))
    assert keys(language, staff=True) == everywhere


def test_every_key_that_is_asked_for_by_name_is_written() -> None:
    staff_is_written = bool(keys("en", staff=True))
    wanted = {key for key in uses.asked_for() if staff_is_written or not key.startswith(STAFF)}
    assert len(wanted) > 50
    assert not {key for key in wanted if not WORDS.has(key, "en")}


def test_nothing_is_written_that_nobody_says() -> None:
    assert not sorted({entry.key for entry in ENTRIES if not uses.is_used(entry.key)})


def test_a_word_that_nobody_says_would_be_noticed() -> None:
    assert not uses.is_used("nobody_ever_says_this")
    assert uses.is_used("welcome") and uses.is_used("hint_face_too_far") and uses.is_used("purpose_home")


@pytest.mark.parametrize("key", sorted(keys("en", staff=False)))
def test_every_language_puts_in_the_same_values(key: str) -> None:
    wanted = {fields(form) for form in WORDS.entry(key, "en").forms}
    for language in LANGUAGES:
        entry = WORDS.entry(key, language)
        assert {fields(form) for form in entry.forms} == wanted
        assert len(entry.forms) == len(WORDS.entry(key, "en").forms)


def test_lines_are_short_enough_to_be_read_at_one_glance() -> None:
    long = [(language, entry.key) for language in LANGUAGES for entry in WORDS.catalogue(language).entries.values()
            if not entry.for_staff and any(len(form) > LONGEST_LINE[language] for form in entry.forms)]  # fmt: skip
    assert not long


def test_words_have_no_spaces_that_slipped_in() -> None:
    assert not [entry.key for entry in ENTRIES for form in entry.forms if form != form.strip() or "  " in form]


def test_french_signs_do_not_fall_onto_the_next_line() -> None:
    french = WORDS.catalogue("fr").entries.values()
    assert not [entry.key for entry in french for form in entry.forms for sign in "?:;!" if f" {sign}" in form]


def test_every_chichewa_draft_says_that_a_speaker_is_needed() -> None:
    drafts = [entry for entry in WORDS.catalogue("ny").entries.values() if entry.status is Status.DRAFT]
    assert drafts
    assert {entry.note for entry in drafts} == {"needs a speaker"}


def test_every_language_calls_itself_by_its_own_name() -> None:
    names = {language: WORDS.say("language_name", language) for language in LANGUAGES}
    assert names == {"en": "English", "sw": "Kiswahili", "ny": "Chichewa", "pt": "Português", "fr": "Français"}


@pytest.mark.parametrize("language", LANGUAGES)
def test_numbers_are_words_of_their_own_without_doubles(language: str) -> None:
    words = [WORDS.say(f"number_{number}", language) for number in range(100)]
    assert len(set(words)) == 100
