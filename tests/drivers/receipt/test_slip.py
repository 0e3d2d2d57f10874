from dataclasses import replace

import cv2
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from PIL import Image

from drivers.contract import Arrow
from drivers.receipt import lettering
from drivers.receipt.blocks import NativeQr, Typed, whole_picture
from drivers.receipt.escpos import Bitmap
from drivers.receipt.keeping import Album
from drivers.receipt.profiles import PROFILES
from drivers.receipt.signs import arrow_sign
from drivers.receipt.slip import grouped, parts
from tests.drivers.receipt.slips import KASUMBALESA, SONGWE, TOKEN, TUNDUMA

DRAWN = ("80mm", "58mm", "epson-tm-t88iv")
TYPED = ("80mm-slow-line", "58mm-slow-line")


def drawn(slip, paper="80mm", copy=False):
    profile = PROFILES[paper]
    return whole_picture(parts(slip, Album(profile), copy), profile)


def black(image: Image.Image) -> np.ndarray:
    return ~np.asarray(image)


def read_code(image: Image.Image) -> str:
    framed = cv2.copyMakeBorder(np.asarray(image.convert("L")), 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    return cv2.QRCodeDetector().detectAndDecode(cv2.resize(framed, None, fx=2, fy=2, interpolation=cv2.INTER_NEAREST))[0]


@pytest.mark.parametrize("paper", DRAWN)
@pytest.mark.parametrize("slip", [TUNDUMA, KASUMBALESA, SONGWE], ids=lambda slip: slip.language)
def test_nothing_touches_the_edge_of_the_paper(slip, paper):
    image, sizes = drawn(slip, paper), PROFILES[paper].sizes
    dots = black(image)
    assert image.width == sizes.width
    edge = sizes.margin - 4
    assert not dots[:, :edge].any()
    assert not dots[:, -edge:].any()
    assert dots.any()


@pytest.mark.parametrize("paper", [*DRAWN, *TYPED])
def test_the_code_on_the_slip_reads_back(paper):
    assert read_code(drawn(TUNDUMA, paper)) == TOKEN


def test_a_signed_token_of_six_hundred_bytes_still_fits_and_reads_back():
    long = replace(TUNDUMA, qr="MPK1:" + "A7" * 297)
    assert read_code(drawn(long)) == long.qr


def test_a_code_too_dense_for_the_paper_is_refused_in_words():
    with pytest.raises(ValueError, match="dense"):
        parts(replace(TUNDUMA, qr="a1:" * 600), Album(PROFILES["58mm"]))


def said(made) -> str:
    """What stands on a slip in the printer's own letters."""
    return "\n".join(line for part in made if isinstance(part, Typed) for line in part.lines)


@pytest.mark.parametrize("paper", TYPED)
def test_on_a_slow_line_plain_words_are_letters_and_the_printer_draws_the_code(paper):
    made = parts(TUNDUMA, Album(PROFILES[paper]))
    shown = said(made)
    assert all(word in shown for word in ("SAMPLE", "TUNDUMA", "UHAMIAJI", "Nenda dirisha", "A17", "K4T 7QF", "Shika pasipoti"))
    assert shown.isascii()
    (code,) = (part for part in made if isinstance(part, NativeQr))
    assert code.text == TOKEN
    widest = max(part.wide * len(line) for part in made if isinstance(part, Typed) for line in part.lines)
    assert widest <= PROFILES[paper].columns


def test_on_a_slow_line_a_word_with_an_accent_is_drawn_and_never_spelt_wrong():
    made = parts(replace(TUNDUMA, heading="MIGRAÇÃO", footer=("Não pague a ninguém.", "Plain.")), Album(PROFILES["58mm-slow-line"]))
    assert not any(letter in said(made) for letter in ("MIGRA", "ningu"))
    assert "Plain." in said(made)
    drawings = [part for part in made if isinstance(part, Bitmap)]
    assert len(drawings) >= 3


def test_a_code_that_comes_in_groups_is_not_grouped_twice():
    assert grouped("K4T 7QF") == "K4T 7QF"
    assert "K4T 7QF" in said(parts(replace(TUNDUMA, code="K4T 7QF"), Album(PROFILES["80mm-slow-line"])))
    assert np.array_equal(black(drawn(replace(TUNDUMA, code="K4T 7QF"))), black(drawn(TUNDUMA)))


def test_sentences_in_letters_break_evenly():
    (line, *_) = (
        part for part in parts(SONGWE, Album(PROFILES["58mm-slow-line"])) if isinstance(part, Typed) and "Sungani" in part.lines[0]
    )
    assert len(line.lines) > 1
    assert not any(len(part) < 6 for part in line.lines)


def test_a_sample_and_a_copy_say_so_above_and_below():
    plain = drawn(replace(TUNDUMA, band=""))
    for slip, copy in ((TUNDUMA, False), (replace(TUNDUMA, band=""), True), (TUNDUMA, True)):
        dots = black(drawn(slip, copy=copy))
        solid = [row for row in range(dots.shape[0]) if dots[row].sum() == PROFILES["80mm"].sizes.inner]
        assert min(solid) < 30
        assert max(solid) > dots.shape[0] - 30
        assert dots.shape[0] > plain.height + 100
    assert black(drawn(TUNDUMA, copy=True)).tolist() != black(drawn(TUNDUMA)).tolist()


def test_the_arrow_points_the_way():
    weights = {arrow: black(arrow_sign(arrow, 200)) for arrow in Arrow}
    for dots in weights.values():
        assert dots.shape == (200, 200)
    white_left, white_right = ((~weights[arrow][20:180, 20:180]) for arrow in (Arrow.LEFT, Arrow.RIGHT))
    assert white_left[:, :80].sum() > white_left[:, 80:].sum() + 500
    assert white_right[:, 80:].sum() > white_right[:, :80].sum() + 500
    up = ~weights[Arrow.AHEAD][20:180, 20:180]
    assert up[:80].sum() > up[80:].sum() + 500


def tallest_column(image: Image.Image) -> int:
    """The longest unbroken run of black dots in any column."""
    longest = 0
    for column in black(image).T:
        padded = np.concatenate(([0], column.astype(int), [0]))
        starts, ends = (np.flatnonzero(np.diff(padded) == step) for step in (1, -1))
        longest = max(longest, int((ends - starts).max(initial=0)))
    return longest


def test_the_place_can_be_read_from_the_queue():
    """At 8 dots a millimetre the stem of the figure is 20 mm high."""
    one = drawn(replace(TUNDUMA, place="1")).crop((250, 240, 576, 540))
    assert tallest_column(one) >= 160


def test_the_queue_number_is_as_large_as_the_place():
    sizes = PROFILES["80mm"].sizes
    whole = drawn(replace(TUNDUMA, place="", number="1"))
    assert tallest_column(whole.crop((200, 0, 400, whole.height))) >= 160
    assert sizes.number >= sizes.place


def test_a_code_is_read_aloud_in_threes():
    assert grouped("K4T7QF") == "K4T 7QF"
    assert grouped("") == ""


def test_a_slip_without_number_party_or_code_has_no_holes():
    bare = replace(SONGWE, number="", number_label="", code="", code_label="", footer=(), subheading="")
    assert drawn(bare).height < drawn(SONGWE).height - 200


def test_a_missing_typeface_is_named_with_the_package_that_has_it(monkeypatch, tmp_path):
    monkeypatch.setattr(lettering, "FOLDERS", (tmp_path,))
    with pytest.raises(lettering.FontMissing, match="fonts-noto-core"):
        lettering.font(999, True)


@settings(max_examples=60, deadline=None)
@given(st.text(alphabet="abcçéüW—ŋ· -", max_size=80), st.sampled_from([18, 31, 60]), st.integers(60, 400))
def test_a_wrapped_text_keeps_every_letter_and_stays_inside(text, em, width):
    lines = lettering.wrapped(text, em, True, width)
    assert "".join(lines).replace(" ", "") == "".join(text.split())
    assert all(lettering.width_of(line, em, True) <= width or len(line) == 1 for line in lines)


@pytest.mark.parametrize("text", ["መግቢያ ቁጥር 4", "اذهب إلى النافذة"])
def test_other_scripts_have_their_own_face(text):
    image = lettering.words(text, 40, 500)
    assert lettering.face_for(text)
    assert black(image).sum() > 500
