"""Words wrapped, measured and drawn; no window is needed."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens import lettering
from kiosk.screens.lettering import draw, em_for, has_glyph, length, set_lines

WORDS = st.lists(st.text("aeiknmpstuwAKLM'é", min_size=1, max_size=9), min_size=1, max_size=14).map(" ".join)


@given(WORDS, st.integers(80, 900), st.booleans())
def test_no_word_is_lost_and_no_line_is_wider_than_there_is_room_for(text: str, width: int, balance: bool) -> None:
    letters = set_lines(text, 30, width, balance=balance)
    assert " ".join(letters.lines).split() == text.split()
    assert all(length(line, 30, False) <= width or " " not in line for line in letters.lines)


@given(WORDS, st.integers(200, 900))
def test_a_balanced_title_takes_no_more_lines_than_a_plain_one(text: str, width: int) -> None:
    assert len(set_lines(text, 30, width, balance=True).lines) <= len(set_lines(text, 30, width).lines)


def test_a_lone_word_does_not_end_a_balanced_title() -> None:
    letters = set_lines("Take off hat and glasses if you can", 40, 640, balance=True)
    assert len(letters.lines[-1].split()) > 1


def test_a_french_question_mark_stays_with_its_word() -> None:
    narrow = set_lines("Voyagez-vous avec un enfant ?", 40, length("Voyagez-vous avec un enfant", 40, False) + 2)
    assert narrow.lines[-1] == "enfant\u00a0?"


def test_capitals_are_as_high_as_was_asked_for() -> None:
    em = em_for(29)
    mask = draw(set_lines("H", em, 100))
    box = mask.getbbox()
    assert box is not None and 28 <= box[3] - box[1] <= 31


def test_a_word_wider_than_the_room_stays_whole_and_says_so() -> None:
    assert set_lines("Chithandizo", 60, 100).width > 100


def test_accents_and_tails_stay_inside_the_drawn_mask() -> None:
    mask = draw(set_lines("ÉÂçgjpqy", 64, 1000))
    left, top, right, bottom = mask.getbbox() or (0, 0, 0, 0)
    assert left > 0 and top > 0 and right < mask.width and bottom < mask.height


def test_letters_of_our_languages_have_glyphs_and_unknown_ones_are_told() -> None:
    assert all(has_glyph(letter) for letter in "ŵáéíóúâêôãõçàèùëïœ’·–ABCxyz0123456789")
    assert not has_glyph("漢")


def test_a_missing_typeface_says_what_to_install() -> None:
    lettering.font.cache_clear()
    folders, lettering.FOLDERS = lettering.FOLDERS, ()
    try:
        lettering.font(20, False)
    except lettering.FontMissing as missing:
        assert "fonts-noto-core" in str(missing)
    else:
        raise AssertionError("no typeface, and nobody said so")
    finally:
        lettering.FOLDERS = folders
