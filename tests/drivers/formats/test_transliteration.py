"""National letters in the letters of a zone, by the tables of Doc 9303-3 and the rules under them."""

import re
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.transliteration import SHADDA, Language, alternatives, transliterate
from tests.drivers.formats.shared import load

# Cells that the document breaks over two lines and the data file cuts after the first: by letter, the file's last words.
CUT_IN_THE_FILE = {
    "040C": "spoken in the former",
    "040F": "spoken in the former",
    "0413": "and Ukrainian =",
    "0425": "the language spoken",
    "0426": "the language spoken",
    "0492": "spoken in the former",
}
LANGUAGES = {
    "Belorussian": Language.BELARUSIAN,
    "Bulgarian": Language.BULGARIAN,
    "Serbian": Language.SERBIAN,
    "Ukrainian": Language.UKRAINIAN,
}


def letter_of(code: str) -> str:
    return chr(int(code, 16))


def test_all_rows_of_the_latin_table_come_out_first_choice_first() -> None:
    rows = {code: row["mrz"] for code, row in load("doc9303.json")["transliteration"].items() if row["set"] == "latin"}
    assert len(rows) == 95
    for code, cell in rows.items():
        assert alternatives(letter_of(code)) == tuple(cell.split(" or ")), code
        assert transliterate(letter_of(code)).text == cell.split(" or ")[0]
        for way in cell.split(" or "):
            assert transliterate(letter_of(code), choices={letter_of(code): way}).text == way


def test_all_rows_of_the_cyrillic_table_come_out_with_their_exceptions() -> None:
    rows = {code: row["mrz"] for code, row in load("doc9303.json")["transliteration"].items() if row["set"] == "cyrillic"}
    assert len(rows) == 48
    for code, cell in rows.items():
        letter = letter_of(code)
        assert transliterate(letter).text == cell.split(" ")[0], code
        if "except" not in cell or code in CUT_IN_THE_FILE:
            continue
        if first := re.search(r"if Ukrainian first character, then =(\w+)", cell):
            assert transliterate(letter, Language.UKRAINIAN).text == first[1]
            assert transliterate("Б" + letter, Language.UKRAINIAN).text == "B" + cell.split(" ")[0]
        else:
            exception = re.search(r"except (\w+) = ?(\w+)", cell)
            assert exception, code
            assert transliterate(letter, LANGUAGES[exception[1]]).text == exception[2]


def test_the_file_cuts_exactly_the_cells_that_are_named_as_cut() -> None:
    rows = load("doc9303.json")["transliteration"]
    cut = {code: row["mrz"] for code, row in rows.items() if row["mrz"].count("(") != row["mrz"].count(")")}
    assert cut.keys() == CUT_IN_THE_FILE.keys()
    assert all(cut[code].endswith(words) for code, words in CUT_IN_THE_FILE.items())


def test_all_rows_of_the_arabic_table_come_out() -> None:
    rows = {code: row["mrz"] for code, row in load("doc9303.json")["transliteration"].items() if row["set"] == "arabic"}
    assert len(rows) == 80
    for code, cell in rows.items():
        letter = letter_of(code)
        if cell == "(Not encoded)":
            assert transliterate(f"ب{letter}ب").text == "BB", code
        elif letter == SHADDA:
            assert transliterate(f"ب{letter}ا").text == "BBA"
        elif cell == "XTA/XAH2":
            assert alternatives(letter) == ("XTA", "XAH")
        else:
            assert transliterate(letter).text == cell, code


@pytest.mark.parametrize(
    ("letter", "language", "way"),
    [
        ("Ќ", Language.MACEDONIAN, "KJ"),
        ("Џ", Language.MACEDONIAN, "DJ"),
        ("Џ", Language.SERBIAN, "DZ"),
        ("Г", Language.BELARUSIAN, "H"),
        ("Г", Language.SERBIAN, "H"),
        ("Г", Language.UKRAINIAN, "H"),
        ("Х", Language.SERBIAN, "H"),
        ("Х", Language.MACEDONIAN, "H"),
        ("Ц", Language.SERBIAN, "C"),
        ("Ц", Language.MACEDONIAN, "C"),
        ("Ғ", Language.MACEDONIAN, "GJ"),
        ("Ж", Language.SERBIAN, "Z"),
        ("Щ", Language.BULGARIAN, "SHT"),
        ("Ё", Language.BELARUSIAN, "IO"),
    ],
)
def test_the_cells_cut_in_the_file_are_whole_here(letter: str, language: Language, way: str) -> None:
    assert transliterate(letter, language).text == way
    assert way in alternatives(letter)


@pytest.mark.parametrize(
    ("name", "language", "written"),
    [
        ("Юлія Яковенко", Language.UKRAINIAN, "YULIIA YAKOVENKO"),
        ("Андрій Лук’яненко", Language.UKRAINIAN, "ANDRII LUK’IANENKO"),
        ("Марія-Єва", Language.UKRAINIAN, "MARIIA-YEVA"),
        ("Ігар", Language.BELARUSIAN, "IHAR"),
        ("Щедрина", None, "SHCHEDRINA"),
        ("Игорь", None, "IGOR"),
        ("Térèsa Cañon", None, "TERESA CANON"),
        ("Jürgen Weiß", None, "JUERGEN WEISS"),
        ("Nguyễn", None, "NGUYEN"),
        ("Conceição", None, "CONCEICAO"),
        ("ng'ombe", None, "NG'OMBE"),
    ],
)
def test_names_of_many_tongues(name: str, language: Language | None, written: str) -> None:
    assert transliterate(name, language).text == written
    assert transliterate(name, language).unknown == ()


@pytest.mark.parametrize(
    ("name", "written"),
    [
        ("عبّاس", "EBBAS"),  # the shadda doubles a letter
        ("فضّة", "FXDZXDZXAH"),  # and a sequence as a whole
        ("عبَّاس", "EBBAS"),  # a vowel mark between the letter and its shadda
        ("فاطمة", "FAXTTMXAH"),  # teh marbuta at the end of a component
        ("نعيمة جميلة", "NEYMXAH JMYLXAH"),
        ("فاطمةً", "FAXTTMXAH"),  # only a vowel mark follows
        ("مرةب", "MRXTAB"),  # within a component
        ("ابو بكر محمد بن زكريا الرازي", "ABW BKR MXHMD BN ZKRYA ALRAZY"),
        ("اللّه", "ALLH"),  # the name of God has its two letters already
        ("مـــحمد", "MXHMD"),  # drawn out
    ],
)
def test_arabic_names_by_the_rules_of_the_appendix(name: str, written: str) -> None:
    assert transliterate(name).text == written


def test_a_letter_written_as_letter_and_accent_is_the_letter_of_the_table() -> None:
    assert transliterate(unicodedata.normalize("NFD", "Ångström")).text == transliterate("Ångström").text == "AANGSTROEM"


def test_an_issuer_may_choose_another_way_of_the_table_and_no_other() -> None:
    assert transliterate("Cañón Müller", choices={"Ñ": "NXX", "Ü": "UXX"}).text == "CANXXON MUXXLLER"
    with pytest.raises(ValueError, match="the table does not write"):
        transliterate("Ñ", choices={"Ñ": "NY"})


def test_letters_of_no_table_are_named_and_not_made_up() -> None:
    answer = transliterate("李 Ann")
    assert answer.text == " ANN"
    assert answer.unknown == ("李",)
    assert alternatives("李") == ()


@given(st.text(max_size=40), st.sampled_from([None, *Language]))
def test_any_text_becomes_letters_of_a_zone_and_marks(text: str, language: Language | None) -> None:
    answer = transliterate(text, language)
    assert not [letter for letter in answer.text if letter.isalpha() and letter not in "ʻʼ" and not "A" <= letter <= "Z"]
