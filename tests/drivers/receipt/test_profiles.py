"""Printers as data."""

import pytest

from drivers.receipt.profiles import PROFILES, SIZES, Proof, read_printers

GOOD = 'sizes = "wide"\ncolumns = 48\nproof = "mark"\nnative_qr = true\nmemory = false\nslow = false\nsource = "a manual"\n'


@pytest.mark.parametrize("name", PROFILES)
def test_every_printer_says_where_its_facts_are_from_and_its_letters_fit_its_line(name):
    profile = PROFILES[name]
    assert len(profile.source) > 10
    assert 12 <= profile.sizes.width // profile.columns <= 14
    assert profile.native_qr or not profile.slow


def test_a_head_of_180_dots_an_inch_prints_the_slip_as_large_on_paper():
    wide, fine = SIZES["wide"], SIZES["epson-180"]
    assert fine.width / fine.dpi == pytest.approx(wide.width / wide.dpi, rel=0.01)
    assert fine.place / fine.dpi == pytest.approx(wide.place / wide.dpi, rel=0.01)


def test_a_new_printer_is_a_few_lines_of_text():
    assert read_printers(f"[desk]\n{GOOD}")["desk"].proof is Proof.MARK


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ('sizes = "wide"', 'sizes = "huge"'),
        ('sizes = "wide"', 'sizes = ["wide"]'),
        ("columns = 48", 'columns = "many"'),
        ('proof = "mark"', 'proof = "word of honour"'),
        ("slow = false", "slow = false\nfast = true"),
        ("memory = false", ""),
    ],
)
def test_facts_that_make_no_sense_are_refused_with_the_printers_name(line, words):
    with pytest.raises(ValueError, match="printer desk"):
        read_printers(f"[desk]\n{GOOD.replace(line, words)}")


def test_a_printer_that_is_no_table_is_refused_with_its_name():
    with pytest.raises(ValueError, match="printer desk: expected a table"):
        read_printers('desk = "wide"')
