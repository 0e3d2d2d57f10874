"""The layout laws hold on every screen, and each law is seen to fail on a page made wrong."""

from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import length, set_lines
from kiosk.screens.page import Page
from kiosk.screens.palette import Contrast
from kiosk.screens.parts.base import Part, Target, Words
from kiosk.screens.parts.button import Button, Tile
from kiosk.screens.pictures import drawings, icons
from kiosk.screens.theme import DISPLAYS, TEXT_SIZES, Theme
from kiosk.screens.traveller.compose import compose
from kiosk.views.parts import Choice, Layout, Sentence, View
from tests.pictures import laws, samples, screens

LANE = Theme(DISPLAYS["lane10"])


def leaves(view: View, theme: Theme) -> list[Page]:
    first = compose(view, theme)
    return [first.page, *(compose(view, theme, n).page for n in range(1, first.leaf.total))]


@pytest.mark.parametrize("display", ["lane10", "kiosk21"])
@pytest.mark.parametrize("scale", TEXT_SIZES)
@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_every_screen_keeps_every_law_of_geometry(display: str, scale: float, language: str) -> None:
    theme = Theme(DISPLAYS[display], scale=scale)
    found = [
        f"{name} leaf {number}: {problem}"
        for name, view in screens.named(language)
        for number, page in enumerate(leaves(view, theme), 1)
        for problem in laws.broken(page, theme)
    ]
    assert found == []


WORD = st.text("abcdeghikmnopstuwyz'é", min_size=1, max_size=11)
PHRASE = st.lists(WORD, min_size=1, max_size=7).map(" ".join)


@settings(max_examples=30, deadline=None)
@given(
    st.lists(PHRASE, min_size=2, max_size=8),
    PHRASE,
    st.lists(PHRASE, max_size=3),
    st.sampled_from(TEXT_SIZES),
    st.sampled_from(["lane10", "kiosk21"]),
    st.booleans(),
)
def test_two_to_eight_choices_of_any_wording_keep_the_laws_and_all_can_be_reached(
    words: list[str], title: str, lines: list[str], scale: float, display: str, icons: bool
) -> None:
    choices = tuple(Choice(f"c{n}", Sentence(f"c{n}", text), n, "visit" if icons else "") for n, text in enumerate(words))
    view = replace(
        samples.views("en")[3],
        layout=Layout.CHOICES,
        title=Sentence("title", title),
        lines=tuple(Sentence(f"l{n}", line) for n, line in enumerate(lines)),
        choices=choices,
    )
    theme = Theme(DISPLAYS[display], scale=scale)
    pages = leaves(view, theme)
    assert [problem for page in pages for problem in laws.broken(page, theme)] == []
    reached = [part.target.id for page in pages for part in page.targets() if isinstance(part, Tile)]
    assert reached == [choice.id for choice in choices]


def page_with(*parts: Part) -> Page:
    return Page(parts)


def words(text: str, rect: Rect, em: int = 42) -> Words:
    return Words(rect, set_lines(text, em, rect.w))


def button(name: str, rect: Rect, text: str = "Go") -> Button:
    return Button(rect, Target(name, name), set_lines(text, 42, rect.w, bold=True), "check", icon_px=40)


WRONG: dict[str, Page] = {
    "too_small": page_with(button("tiny", Rect(100, 100, 300, 100))),
    "too_close": page_with(button("one", Rect(100, 100, 300, 130)), button("two", Rect(100, 240, 300, 130))),
    "off_screen": page_with(button("outside", Rect(1100, 100, 300, 130))),
    "cut": page_with(button("long", Rect(100, 100, 180, 130), "Ndine dalaivala kapena wogwira ntchito")),
    "overlapped": page_with(words("One sentence", Rect(100, 100, 500, 40)), words("Another", Rect(120, 110, 500, 40))),
    "low_capitals": page_with(words("Small print", Rect(100, 100, 500, 40), em=24)),
    "without_glyph": page_with(words("Karibu 漢", Rect(100, 100, 500, 40))),
}


@pytest.mark.parametrize("law", laws.GEOMETRY, ids=lambda law: law.__name__)
def test_each_law_of_geometry_finds_the_page_that_breaks_it(law: object) -> None:
    assert law(WRONG[law.__name__], LANE)  # type: ignore[operator, attr-defined]


def glass(ink: int, ground: int, rows: slice = slice(100, 130)) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """A picture with an upright stroke of `ink` on `ground` where the first letter of a text at 100, 100 stands."""
    pixels = np.full((800, 1280, 3), ground, np.uint8)
    pixels[rows, 103:107] = ink
    return pixels


def test_faint_letters_are_found_in_the_pixels_and_dark_ones_pass() -> None:
    page = page_with(words("I", Rect(100, 100, 500, 40)))
    assert laws.faint(page, LANE, glass(120, 255))
    assert not laws.faint(page, LANE, glass(0, 255))
    assert not laws.faint(page, replace(LANE, contrast=Contrast.DARK), glass(80, 255))


def test_letters_lower_than_they_claim_are_found_in_the_pixels() -> None:
    page = page_with(words("Ib", Rect(100, 100, 500, 40)))
    assert laws.low_on_glass(page, LANE, glass(0, 255, slice(110, 128)))
    assert not laws.low_on_glass(page, LANE, glass(0, 255, slice(100, 130)))


def test_a_sentence_left_in_english_an_empty_one_and_a_bare_key_are_found() -> None:
    english = samples.views("en")[4]
    chichewa = samples.views("ny")[4]
    assert laws.untranslated(chichewa, english) == []
    assert laws.untranslated(replace(chichewa, title=english.title), english)
    assert laws.untranslated(replace(chichewa, title=Sentence("lay", "")), english)
    assert laws.untranslated(replace(chichewa, title=Sentence("doc_lay", "doc_lay")), english)


def test_help_and_back_stand_in_the_same_place_on_every_screen() -> None:
    for display in ("lane10", "kiosk21"):
        for name in ("help", "back"):
            places = {
                part.rect
                for _, view in screens.named("en")
                if view.overlay is None and view.layout is not Layout.REVIEW
                for part in compose(view, Theme(DISPLAYS[display])).page.targets()
                if part.target is not None and part.target.id == name
            }
            assert len(places) == 1, (display, name, places)


def test_under_a_question_nothing_else_can_be_touched() -> None:
    asked = next(view for _, view in screens.named("en") if view.overlay is not None)
    touchable = [part.target.id for part in compose(asked, LANE).page.targets() if part.target]
    assert asked.overlay is not None
    assert touchable == [choice.id for choice in asked.overlay.choices]


@pytest.mark.parametrize("language", screens.LANGUAGES)
def test_every_sentence_is_in_its_language_and_every_picture_is_there(language: str) -> None:
    english = dict(screens.named("en"))
    assert [problem for name, view in screens.named(language) for problem in laws.untranslated(view, english[name])] == []
    for _, view in screens.named(language):
        choices = [*view.choices, *(c for c in (view.main, view.second, view.back, view.help) if c is not None)]
        choices += view.overlay.choices if view.overlay is not None else ()
        assert {one.icon for one in (*choices, *view.rows) if one.icon} <= icons()
        assert not view.illustration or view.illustration in drawings()


def test_the_language_called_longest_is_the_longest() -> None:
    room = {
        language: sum(length(sentence.text, 40, False) for _, view in screens.named(language) for sentence in laws.sentences(view))
        for language in screens.LANGUAGES
    }
    assert max(room, key=room.__getitem__) == screens.LONGEST
