"""Saying things: values, plurals, and the clips that a sentence is put together from."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kiosk.words.catalogue import Catalogue, Entry, MissingWords, Plural, Said, Status, Words, count_drafts
from kiosk.words.spoken import number_clips, spelled


def entry(key: str, *forms: str, status: Status = Status.DRAFT) -> Entry:
    return Entry(key, forms, status)


def words(*entries: Entry, plural: Plural = Plural.NOT_ONE) -> Words:
    return Words({"en": Catalogue("en", plural, {one.key: one for one in entries})})


def test_a_sentence_without_values_is_one_clip() -> None:
    assert words(entry("welcome", "Welcome")).said("welcome", "en") == Said("Welcome", ("welcome",))


def test_a_sentence_with_values_is_spoken_stretch_by_stretch() -> None:
    said = words(entry("turn", "Now {who}: {at} of {count}")).said("turn", "en", who=Said("your child", ("who_child",)), at=2, count=13)
    assert said == Said("Now your child: 2 of 13", ("turn", "who_child", "number_2", "turn-part2", "number_13"))


def test_a_code_is_spelled_out() -> None:
    said = words(entry("code", "Your code is {code}")).said("code", "en", code="K4T 7QF")
    assert said.clips == ("code", "letter_K", "number_4", "letter_T", "number_7", "letter_Q", "letter_F")


def test_what_is_only_read_has_no_clip() -> None:
    assert words(entry("row_name", "Name")).said("row_name", "en").clips == ()


@pytest.mark.parametrize(
    ("plural", "count", "text"), [(Plural.NOT_ONE, 0, "0 people"), (Plural.ABOVE_ONE, 0, "0 person"), (Plural.NOT_ONE, 1, "1 person")]
)
def test_each_language_counts_in_its_own_way(plural: Plural, count: int, text: str) -> None:
    assert words(entry("people", "{count} person", "{count} people"), plural=plural).say("people", "en", count=count) == text


def test_the_two_forms_of_a_plural_are_clips_of_their_own() -> None:
    both = words(entry("people", "{count} person", "{count} people"))
    assert both.said("people", "en", count=1).clips == ("number_1", "people-form0")
    assert both.said("people", "en", count=2).clips == ("number_2", "people-form1")


@pytest.mark.parametrize(
    ("key", "language", "values"), [("nothing", "en", {}), ("here", "xx", {}), ("here", "en", {}), ("many", "en", {"count": "two"})]
)
def test_words_that_are_not_there_are_named(key: str, language: str, values: dict[str, str]) -> None:
    some = words(entry("here", "{what}"), entry("many", "one", "{count}"))
    with pytest.raises(MissingWords, match=key if language == "en" else language):
        some.say(key, language, **values)


def test_one_language_can_be_handed_on_as_a_function() -> None:
    say = words(entry("wait", "Wait {seconds} seconds")).speaker("en")
    assert say("wait", seconds=5) == "Wait 5 seconds"
    with pytest.raises(MissingWords):
        words().speaker("xx")


def test_drafts_are_counted() -> None:
    some = words(entry("a", "A"), entry("b", "B", status=Status.REVIEWED), entry("c", "C"))
    assert (some.drafts(), count_drafts(some)) == ({"en": 2}, 2)


@pytest.mark.parametrize(
    ("number", "spoken"),
    [(0, "0"), (17, "17"), (99, "99"), (100, "1 0 0"), (205, "2 0 5"), (250, "2 50"), (999, "9 99"), (1234, "12 34"), (-1, "")],
)
def test_large_numbers_are_read_two_figures_at_a_time(number: int, spoken: str) -> None:
    assert number_clips(number) == tuple(f"number_{part}" for part in spoken.split())


@given(st.integers(0, 10**12))
def test_every_number_is_spoken_by_the_words_up_to_ninety_nine(number: int) -> None:
    figures = "".join(clip.removeprefix("number_") for clip in number_clips(number))
    assert figures == str(number)
    assert all(int(clip.removeprefix("number_")) <= 99 for clip in number_clips(number))


@given(st.text())
def test_whatever_is_spelled_only_letters_and_figures_are_heard(text: str) -> None:
    assert len(spelled(text)) == sum(character in "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789" for character in text.upper())
