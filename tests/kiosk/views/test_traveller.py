"""The traveller's screens: there is one for every state, it says what to do, and nothing on it leads nowhere."""

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from hypothesis import given, settings

import kiosk.screens
from drivers.contract import Arrow, Hint, Kind
from kiosk.registration import states as s
from kiosk.registration.commands import Ignored
from kiosk.registration.events import Back, NoticeUnderstood, OfficerInstead
from kiosk.registration.names import StepName
from kiosk.registration.profile import Direction, Question
from kiosk.registration.step import step
from kiosk.views.traveller import Band, Scene, hint_sentence, lacking, view
from kiosk.words.catalogue import LANGUAGES
from kiosk.words.clips import to_speak
from tests.kiosk.registration.cases import STATES
from tests.kiosk.registration.visit import PROFILE, Visit
from tests.kiosk.registration.walks import WALKS, Moved
from tests.kiosk.views import golden
from tests.kiosk.views.onlookers import LEGAL, SCENE, WORDS, choices, in_language, sentences, texts

SPOKEN = to_speak(WORDS, LEGAL)
SCREENS = Path(kiosk.screens.__path__[0])
EVERY = pytest.mark.parametrize("label", STATES)
MOST_LINES = 3


def states(label: str) -> Iterator[s.State]:
    """This state in every language."""
    state = STATES[label]().state
    yield from (in_language(state, tag) for tag in LANGUAGES)


def each_state_of(walk: list[Moved]) -> Iterator[s.State]:
    """Where a walk has been, and in which language."""
    yield walk[0].before
    yield from (move.after for move in walk)


def is_accepted(state: s.State, event: object) -> bool:
    """Whether the registration does anything with it."""
    return not any(isinstance(command, Ignored) for command in step(state, event).commands)  # type: ignore[arg-type]


def test_the_cases_hold_every_state_there_is() -> None:
    assert {begins().state.name for begins in STATES.values()} == set(StepName)


@EVERY
def test_every_state_has_a_screen_in_every_language(label: str) -> None:
    for state in states(label):
        shown = view(state, SCENE)
        assert shown.name == state.name
        assert shown.title.text
        assert len(shown.lines) <= MOST_LINES
        assert all(text.strip() and "{" not in text for text in texts(shown) if text)


@EVERY
def test_nothing_that_can_be_touched_leads_nowhere(label: str) -> None:
    for state in states(label):
        for choice in choices(view(state, SCENE)):
            assert is_accepted(state, choice.event), choice.id


@settings(max_examples=40)
@given(WALKS)
def test_wherever_a_traveller_wanders_there_is_a_screen_and_every_touch_counts(walk: list[Moved]) -> None:
    for state in each_state_of(walk):
        shown = view(state, SCENE)
        assert shown.name == state.name and len(shown.lines) <= MOST_LINES
        assert all(is_accepted(state, choice.event) for choice in choices(shown))


def test_a_touch_that_counts_for_nothing_would_be_noticed() -> None:
    assert not is_accepted(Visit().to(StepName.FACE).state, NoticeUnderstood())


@EVERY
def test_an_officer_and_the_way_back_are_one_touch_away_wherever_something_is_asked(label: str) -> None:
    for state in states(label):
        shown = view(state, SCENE)
        if isinstance(state, s.Asking):
            assert shown.help is not None and isinstance(shown.help.event, OfficerInstead)
            assert shown.back is not None and isinstance(shown.back.event, Back)
            assert isinstance(step(state, shown.help.event).state, s.HelpDiscreet)
        else:
            assert shown.help is None and shown.back is None


@EVERY
def test_every_screen_says_what_to_do_next_or_what_is_happening(label: str) -> None:
    shown = view(STATES[label]().state, SCENE)
    assert shown.lines or shown.choices or shown.main or shown.waiting


@EVERY
def test_every_touch_has_a_name_of_its_own(label: str) -> None:
    names = [choice.id for choice in choices(view(STATES[label]().state, SCENE))]
    assert len(names) == len(set(names))


@EVERY
def test_everything_that_is_said_can_be_spoken(label: str) -> None:
    for state in states(label):
        for language, sentence in sentences(view(state, SCENE)):
            assert all((language, clip) in SPOKEN for clip in sentence.clips), sentence.key


@EVERY
def test_title_lines_and_choices_are_heard_by_those_who_cannot_read(label: str) -> None:
    for state in states(label):
        shown = view(state, SCENE)
        said = [shown.title, *shown.lines, *(choice.says for choice in choices(shown)), *([shown.waiting] if shown.waiting else [])]
        assert all(sentence.clips for sentence in said)


@EVERY
def test_every_picture_that_a_screen_names_has_been_drawn(label: str) -> None:
    shown = view(STATES[label]().state, SCENE)
    icons = (
        {choice.icon for choice in choices(shown)} | {row.icon for row in shown.rows} | ({shown.overlay.icon} if shown.overlay else set())
    )
    assert not [icon for icon in icons - {""} if not (SCREENS / "icons" / f"{icon}.png").is_file()]
    assert not shown.illustration or (SCREENS / "illustrations" / f"{shown.illustration}.svg").is_file()


@pytest.mark.parametrize("language", golden.LANGUAGES)
def test_the_screens_say_what_somebody_has_read_and_kept(language: str) -> None:
    assert golden.screens(language) == golden.path(language).read_text(encoding="utf-8")


@EVERY
def test_a_document_is_shown_to_its_holder_at_the_review_and_nowhere_else(label: str) -> None:
    state = STATES[label]().state
    shown = " ".join(texts(view(state, SCENE)))
    person = ("ERIKSSON", "ANNA MARIA", "L898902C3", "1974", "UTO PASS 7")
    assert any(part in shown for part in person) is (isinstance(state, s.Review) and "pass" not in label)


def test_the_lane_invites_in_its_own_languages_and_says_the_first() -> None:
    shown = view(in_language(Visit().state, "ny"), SCENE)
    assert [line.text for line in shown.lines] == [WORDS.say("touch_to_start", tag) for tag in ("ny", "en", "sw")]
    assert shown.language == "ny"


def test_each_language_offers_itself_in_its_own_words_and_voice() -> None:
    shown = view(Visit().to(StepName.LANGUAGE).state, SCENE)
    assert [(choice.language, choice.says.text) for choice in shown.choices] == [
        (tag, WORDS.say("language_name", tag)) for tag in PROFILE.languages
    ]


def test_the_header_says_which_way_and_which_state() -> None:
    leaving = replace(PROFILE, state="MOZ")
    for profile, says in ((leaving, "Leaving Mozambique"), (replace(leaving, direction=Direction.ENTRY, state="QQQ"), "Entering QQQ")):
        header = view(Visit(profile).state, SCENE).header
        assert (header.post, header.direction.text, header.arrow) == ("Tunduma", says, Arrow.RIGHT)


def test_only_a_lane_for_real_travellers_has_no_band() -> None:
    state = in_language(Visit().state, "sw")
    bands = {band: view(state, Scene(WORDS, LEGAL, "Tunduma", band)).header.band for band in Band}
    assert bands == {Band.NONE: "", Band.SAMPLE: "MFANO · SAMPLE", Band.PRACTICE: "MAZOEZI · PRACTICE"}


def test_a_closed_lane_gives_no_reason() -> None:
    closed = Visit().to(StepName.CLOSED).state
    shown = {view(replace(closed, kiosk=replace(closed.kiosk, closed=reason)), SCENE) for reason in s.ClosedFor}
    assert len(shown) == 1


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_hint_of_every_device_is_a_sentence_or_means_nothing_there(language: str) -> None:
    said = {(kind, hint): hint_sentence(kind, hint, language, WORDS) for kind in Kind for hint in Hint}
    assert {kind for (kind, _), sentence in said.items() if sentence} == {Kind.FACE_CAMERA, Kind.DOCUMENT_CAMERA, Kind.FINGERPRINT_SCANNER}
    assert all((language, clip) in SPOKEN for sentence in said.values() if sentence for clip in sentence.clips)
    for kind in (Kind.FACE_CAMERA, Kind.DOCUMENT_CAMERA):
        assert said[kind, Hint.TOO_FAR] != said[kind, Hint.TOO_CLOSE]
        assert said[kind, Hint.PRESS_HARDER] is None
    assert {hint for hint in Hint if all(said[kind, hint] is None for kind in Kind)} == set()


def test_a_lane_that_has_words_for_everything_lacks_nothing() -> None:
    every = replace(PROFILE, questions=tuple(Question))
    assert lacking(every, WORDS) == []


def test_a_lane_is_told_which_words_it_lacks() -> None:
    profile = replace(PROFILE, languages=("sw", "de"), purposes=("visit", "pilgrimage"))
    assert lacking(profile, WORDS) == [
        "language de: there is no catalogue",
        "language sw: nothing is written for the answer 'purpose_pilgrimage'",
    ]
