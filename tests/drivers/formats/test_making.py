"""Zones made and read back: all formats, long numbers, names of many scripts, and what cannot be written."""

from dataclasses import replace
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.dates import PartialDate, write_date
from drivers.formats.layouts import LAYOUTS, Format, Part
from drivers.formats.making import Content, NotWritable, make, name_in_zone
from drivers.formats.mrz import parse
from drivers.formats.names import Name, is_right
from drivers.formats.states import in_zone
from drivers.formats.transliteration import Language

ANNA = Name(("ERIKSSON",), ("ANNA", "MARIA"))
PASSPORT = Content("P", "UTO", ANNA, "L898902C3", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15), "ZE184226B")
CARD = Content("I", "UTO", ANNA, "D231458907", "UTO", date(1974, 8, 12), "F", date(2012, 4, 15))
FRENCH = Content(
    "ID", "FRA", Name(("SPECIMEN",), ("NATACHA", "ELISE")), "991299912345", "FRA", date(1974, 8, 12), "F", None, office="923001"
)


def test_the_passport_of_the_documents_is_made_letter_for_letter() -> None:
    assert make(Format.TD3, PASSPORT) == ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")


def test_the_card_with_a_long_number_of_the_documents_is_made_letter_for_letter() -> None:
    stevenson = Content(
        "I", "UTO", Name(("STEVENSON",), ("PETER", "JOHN")), "D23145890734", "UTO", date(1934, 7, 12), "M", date(1995, 7, 12)
    )
    assert make(Format.TD1, stevenson) == (
        "I<UTOD23145890<7349<<<<<<<<<<<",
        "3407127M9507122UTO<<<<<<<<<<<2",
        "STEVENSON<<PETER<JOHN<<<<<<<<<",
    )
    assert make(Format.TD2, stevenson)[1] == "D23145890<UTO3407127M95071227349<<<8"


def test_a_visa_has_no_digit_over_the_whole() -> None:
    assert make(Format.MRVB, replace(PASSPORT, document_code="V", optional=""))[1] == "L898902C36UTO7408122F1204159<<<<<<<<"


def test_empty_optional_data_of_a_passport_has_a_filler_for_its_digit() -> None:
    assert make(Format.TD3, replace(PASSPORT, optional=""))[1][28:43] == "<" * 15


def test_the_old_french_card_parts_given_names_by_two_fillers() -> None:
    lines = make(Format.FRID, FRENCH)
    assert lines[0] == "IDFRASPECIMEN<<<<<<<<<<<<<<<<<923001"
    assert lines[1][13:27] == "NATACHA<<ELISE"
    zone = parse(lines)
    assert zone.valid
    assert zone.fields is not None
    assert zone.fields.french is not None
    assert (zone.fields.french.issued, zone.fields.french.department, zone.fields.french.office) == ("9912", "999", "923001")
    assert zone.fields.french.serial == "12345"


def test_a_german_and_an_unknown_birthday_are_written_with_fillers() -> None:
    lines = make(Format.TD3, replace(PASSPORT, issuer="D", nationality="DEU", birth=PartialDate(1974), sex="X"))
    assert lines[0].startswith("P<D<<ERIKSSON")
    assert lines[1][10:21] == "D<<74<<<<1<"
    assert parse(lines).problems == ()


@pytest.mark.parametrize(
    ("surname", "given", "written"),
    [
        ("O’Connor", "Enya Siobhan", "OCONNOR<<ENYA<SIOBHAN"),
        ("d'Artagnan", "", "DARTAGNAN"),
        ("Smith-Jones", "Marie–Élise", "SMITH<JONES<<MARIE<ELISE"),
        ("Eriksson", "Anna, Maria", "ERIKSSON<<ANNA<MARIA"),
        ("Martin (Jr.)", "Éloïse", "MARTIN<JR<<ELOISE"),
        ("", "Sukarno", "SUKARNO"),
        ("Яковенко", "Юлія", "YAKOVENKO<<YULIIA"),
    ],
)
def test_punctuation_of_a_name_goes_as_the_rule_says(surname: str, given: str, written: str) -> None:
    name = name_in_zone(surname, given, Language.UKRAINIAN)
    assert make(Format.TD3, replace(PASSPORT, name=name))[0][5:].rstrip("<") == written


@pytest.mark.parametrize(("surname", "given"), [("", ""), ("...", "'"), ("Louis 14", ""), ("李", "Ann"), ("Ⅷ٣", "")])
def test_a_name_that_no_zone_can_hold_is_refused_without_being_told(surname: str, given: str) -> None:
    with pytest.raises(NotWritable, match="the name cannot be written") as refusal:
        name_in_zone(surname, given)
    assert refusal.value.part is Part.NAME
    assert not surname or surname not in str(refusal.value)


@pytest.mark.parametrize(
    ("format", "content", "part"),
    [
        (Format.TD3, replace(PASSPORT, document_code="I"), Part.DOCUMENT_CODE),
        (Format.TD3, replace(PASSPORT, document_code="p"), Part.DOCUMENT_CODE),
        (Format.TD3, replace(PASSPORT, document_code=""), Part.DOCUMENT_CODE),
        (Format.TD1, replace(CARD, document_code="IV"), Part.DOCUMENT_CODE),
        (Format.TD1, replace(CARD, document_code="AI"), Part.DOCUMENT_CODE),
        (Format.TD2, replace(CARD, document_code="AC"), Part.DOCUMENT_CODE),
        (Format.TD2, replace(CARD, document_code="ID", issuer="FRA"), Part.DOCUMENT_CODE),
        (Format.FRID, replace(FRENCH, issuer="UTO"), Part.DOCUMENT_CODE),
        (Format.FRID, replace(FRENCH, document_code="P"), Part.DOCUMENT_CODE),
        (Format.FRID, replace(FRENCH, nationality="UTO"), Part.NATIONALITY),
        (Format.FRID, replace(FRENCH, document_code="I"), Part.DOCUMENT_CODE),
        (Format.TD3, replace(PASSPORT, issuer="UTOPIA"), Part.ISSUER),
        (Format.TD3, replace(PASSPORT, nationality=""), Part.NATIONALITY),
        (Format.TD3, replace(PASSPORT, number="L898902C36"), Part.NUMBER),
        (Format.TD3, replace(PASSPORT, number=""), Part.NUMBER),
        (Format.TD1, replace(CARD, number="D23145890 734"), Part.NUMBER),
        (Format.TD1, replace(CARD, number="D2314589 734"), Part.NUMBER),
        (Format.TD2, replace(CARD, number="D231458907345678"), Part.OPTIONAL),
        (Format.TD2, replace(CARD, optional_2="A"), Part.OPTIONAL_2),
        (Format.FRID, replace(FRENCH, optional="A"), Part.OPTIONAL),
        (Format.TD3, replace(PASSPORT, office="A"), Part.OFFICE),
        (Format.TD3, replace(PASSPORT, sex="W"), Part.SEX),
        (Format.TD3, replace(PASSPORT, name=Name(())), Part.NAME),
        (Format.TD3, replace(PASSPORT, name=Name(("Eriksson",))), Part.NAME),
        (Format.TD1, replace(CARD, name=Name(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ"))), Part.NAME),
    ],
)
def test_what_would_break_the_rules_is_refused_with_its_field(format: Format, content: Content, part: Part) -> None:
    with pytest.raises(NotWritable) as refusal:
        make(format, content)
    assert refusal.value.part is part


LETTERS = st.text("ABCXYZ", min_size=1, max_size=12)
TEXT = st.text("ABC123", max_size=7)
DATES = st.dates(date(1950, 1, 1), date(2049, 12, 31))
PARTIAL = st.one_of(DATES, st.builds(PartialDate, st.integers(1950, 2049), st.none() | st.integers(1, 12)), st.just(PartialDate()))
NAMES = st.builds(Name, st.lists(LETTERS, min_size=1, max_size=4).map(tuple), st.lists(LETTERS, max_size=4).map(tuple))
CODES = {Format.TD1: "I", Format.TD2: "C", Format.TD3: "PP", Format.MRVA: "V", Format.MRVB: "V"}


@st.composite
def contents(draw: st.DrawFn, format: Format) -> Content:
    """What a zone of this format can say."""
    sex = draw(st.sampled_from(["M", "F", ""]))
    if format is Format.FRID:
        number = draw(st.text("0123456789", min_size=12, max_size=12))
        return Content("ID", "FRA", draw(NAMES), number, "FRA", draw(PARTIAL), sex, None, office=draw(st.text("0123456789", max_size=6)))
    long = 7 if LAYOUTS[format].long_numbers else 0
    number = draw(st.text("ABC123", min_size=1, max_size=9 + (long and 5)))
    optional = "" if len(number) > 9 else draw(TEXT)
    state, nationality = draw(st.sampled_from(["UTO", "D", "MWI"])), draw(st.sampled_from(["UTO", "D", "XXB"]))
    second = draw(TEXT) if format is Format.TD1 else ""
    return Content(CODES[format], state, draw(NAMES), number, nationality, draw(PARTIAL), sex, draw(st.none() | DATES), optional, second)


@given(st.sampled_from(list(Format)).flatmap(lambda one: st.tuples(st.just(one), contents(one))))
def test_whatever_is_made_is_read_back_as_it_was_meant(made: tuple[Format, Content]) -> None:
    format, content = made
    try:
        zone = parse(make(format, content))
    except NotWritable as refusal:
        assert refusal.part is Part.NAME
        assert all(len(part) == 1 for part in content.name.primary)
        return
    assert (zone.format, zone.valid, zone.problems) == (format, True, ())
    fields = zone.fields
    assert fields is not None
    assert (fields.document_code, in_zone(fields.issuer), in_zone(fields.nationality)) == (
        content.document_code,
        in_zone(content.issuer),
        in_zone(content.nationality),
    )
    assert (fields.number, fields.sex, fields.birth) == (content.number, content.sex, write_date(content.birth))
    assert (fields.optional, fields.optional_2) == (content.optional, content.optional_2)
    if format is Format.FRID:
        assert fields.expiry == ""
        assert is_right(Name(content.name.primary), fields.name_field)
    else:
        assert fields.expiry == write_date(content.expiry or PartialDate())
        assert is_right(content.name, fields.name_field)
