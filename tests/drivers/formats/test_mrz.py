"""Reading zones: the specimens of Utopia, what is wrong said in words, and any text at all."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.check_digits import ALPHABET
from drivers.formats.layouts import LAYOUTS, Format, Part, Span, alphabets
from drivers.formats.mrz import Zone, detect, lines_of, parse
from drivers.formats.problems import Problem, Wrong
from tests.drivers.formats.shared import load

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
SMALL_BOOK = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA_A = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
VISA_B = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "L8988901C4XXX4009078F9612109<<<<<<<<")
LONG_NUMBER = ("I<UTOD23145890<7349<<<<<<<<<<<", "3407127M9507122UTO<<<<<<<<<<<2", "STEVENSON<<PETER<JOHN<<<<<<<<<")
FRENCH = ("IDFRASPECIMEN<<<<<<<<<<<<<<<<<923001", "9912999123457NATACHA<<ELISE7408122F3")
GERMAN = ("P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<", "C01X00T478D<<6408125F2702283<<<<<<<<<<<<<<<4")
ALL = {
    Format.TD3: PASSPORT,
    Format.TD1: CARD,
    Format.TD2: SMALL_BOOK,
    Format.MRVA: VISA_A,
    Format.MRVB: VISA_B,
    Format.FRID: FRENCH,
}


def put(lines: tuple[str, ...], line: int, position: int, text: str) -> tuple[str, ...]:
    """The same lines with some characters replaced; line and position count from 1."""
    changed = list(lines)
    changed[line - 1] = changed[line - 1][: position - 1] + text + changed[line - 1][position - 1 + len(text) :]
    return tuple(changed)


@pytest.mark.parametrize(("format", "lines"), ALL.items())
def test_a_specimen_of_each_format_is_read_as_what_it_is_with_nothing_wrong(format: Format, lines: tuple[str, ...]) -> None:
    zone = parse(lines)
    assert detect(lines) is format
    assert (zone.format, zone.valid, zone.problems) == (format, True, ())
    assert len(zone.checks) == {Format.TD3: 5, Format.MRVA: 3, Format.MRVB: 3, Format.FRID: 3}.get(format, 4)
    assert all(check.right for check in zone.checks)


def test_every_field_of_a_passport_is_there() -> None:
    fields = parse(PASSPORT).fields
    assert fields is not None
    assert (fields.document_code, fields.issuer, fields.nationality, fields.sex) == ("P", "UTO", "UTO", "F")
    assert (fields.surname, fields.given_names) == ("ERIKSSON", "ANNA MARIA")
    assert (fields.number, fields.birth, fields.expiry, fields.optional) == ("L898902C3", "740812", "120415", "ZE184226B")
    assert not fields.name_may_be_cut


def test_every_field_of_the_old_french_card_is_there() -> None:
    fields = parse(FRENCH).fields
    assert fields is not None
    assert (fields.surname, fields.given_names) == ("SPECIMEN", "NATACHA ELISE")
    assert (fields.number, fields.nationality, fields.birth, fields.expiry) == ("991299912345", "FRA", "740812", "")
    assert fields.french is not None
    assert (fields.french.issued, fields.french.department, fields.french.serial, fields.french.office) == (
        "9912",
        "999",
        "12345",
        "923001",
    )


def test_every_zone_of_the_specimen_photographs_is_judged_as_it_is_printed() -> None:
    images = load("truth.json")["images"]
    assert len(images) == 28
    for image in images:
        zone = parse(image["lines"])
        assert zone.valid is image["printed_valid"], image["file"]
        assert (zone.format or "NONE") == image["type"], image["file"]


def test_a_long_number_goes_on_in_the_optional_data() -> None:
    zone = parse(LONG_NUMBER)
    assert zone.valid
    assert zone.fields is not None
    assert (zone.fields.number, zone.fields.optional) == ("D23145890734", "")
    assert zone.checks[0].at == Span(1, 19, 19)


def test_optional_data_after_a_long_number_is_kept_apart_from_it() -> None:
    zone = parse(put(LONG_NUMBER, 1, 21, "XY"))
    assert zone.fields is not None
    assert (zone.fields.number, zone.fields.optional) == ("D23145890734", "XY")


@pytest.mark.parametrize("optional", ["734912345678901", "7<<<<<<<<<<<<<<"])
def test_a_long_number_without_an_end_is_said_to_have_none(optional: str) -> None:
    zone = parse(put(LONG_NUMBER, 1, 16, optional))
    assert not zone.valid
    assert {Wrong.LONG_NUMBER, Wrong.CHECK_DIGIT} <= {problem.wrong for problem in zone.problems}


def test_a_wrong_digit_in_a_long_number_is_found_where_it_stands() -> None:
    assert Problem(Wrong.CHECK_DIGIT, Part.NUMBER, Span(1, 19, 19)) in parse(put(LONG_NUMBER, 1, 19, "8")).problems


@pytest.mark.parametrize("digit", ["<", "0"])
def test_the_digit_of_empty_optional_data_may_be_a_filler_or_a_zero(digit: str) -> None:
    # Both count as 0 in the composite digit.
    assert parse(put(GERMAN, 2, 43, digit)).valid


def test_the_digit_of_optional_data_that_is_there_may_not_be_a_filler() -> None:
    zone = parse(put(PASSPORT, 2, 43, "<"))
    assert Problem(Wrong.CHECK_DIGIT, Part.OPTIONAL, Span(2, 43, 43)) in zone.problems


def test_germany_is_known_by_its_one_letter() -> None:
    fields = parse(GERMAN).fields
    assert fields is not None
    assert (fields.issuer, fields.nationality) == ("D", "D")
    assert parse(GERMAN).problems == ()


def test_an_unknown_birthday_is_nothing_wrong() -> None:
    zone = parse(("P<UTOMZEE".ljust(44, "<"), "U000005016UTO56<<<<3M2811235<<<<<<<<<<<<<<<8"))
    assert (zone.valid, zone.problems) == (True, ())


@pytest.mark.parametrize(
    ("line", "position", "text", "problem"),
    [
        (1, 1, "X", Problem(Wrong.DOCUMENT_CODE, Part.DOCUMENT_CODE, Span(1, 1, 2))),
        (1, 3, "ZZZ", Problem(Wrong.STATE, Part.ISSUER, Span(1, 3, 5))),
        (2, 11, "XKX", Problem(Wrong.STATE, Part.NATIONALITY, Span(2, 11, 13))),
        (2, 21, "X", Problem(Wrong.SEX, Part.SEX, Span(2, 21, 21))),
        (1, 6, "<", Problem(Wrong.NAME, Part.NAME, Span(1, 6, 44))),
        (1, 6, "3", Problem(Wrong.NAME, Part.NAME, Span(1, 6, 44))),
    ],
)
def test_oddities_are_told_and_leave_the_zone_valid(line: int, position: int, text: str, problem: Problem) -> None:
    zone = parse(put(PASSPORT, line, position, text))
    assert zone.problems == (problem,)
    assert zone.valid


def test_a_day_that_is_not_in_the_calendar_is_told_though_its_digit_is_right() -> None:
    zone = parse(put(PASSPORT, 2, 14, "7413122"))
    assert Problem(Wrong.DATE, Part.BIRTH, Span(2, 14, 19)) in zone.problems
    assert "date of birth is not a day of the calendar (line 2, positions 14 to 19)" in " ".join(one.words for one in zone.problems)


@pytest.mark.parametrize("check", parse(PASSPORT).checks, ids=lambda check: check.part)
def test_each_wrong_digit_is_named_and_only_it_and_the_composite(check: object) -> None:
    wanted = next(one for one in parse(PASSPORT).checks if one == check)
    wrong = str((int(wanted.printed) + 1) % 10)
    zone = parse(put(PASSPORT, wanted.at.line, wanted.at.first, wrong))
    assert not zone.valid
    assert {one.part for one in zone.checks if not one.right} == {wanted.part, Part.COMPOSITE}
    assert {one.part for one in zone.problems} == {wanted.part, Part.COMPOSITE}


@pytest.mark.parametrize("character", ["é", "p", " ", "«", "٣", "𝟙"])
def test_a_character_of_no_zone_is_told_and_makes_it_not_valid(character: str) -> None:
    zone = parse(put(PASSPORT, 1, 10, character))
    assert Problem(Wrong.CHARACTER, Part.NAME, Span(1, 6, 44)) in zone.problems
    assert not zone.valid
    digit = parse(put(PASSPORT, 2, 20, character))
    assert {(one.wrong, one.part) for one in digit.problems} >= {(Wrong.CHARACTER, Part.BIRTH), (Wrong.CHECK_DIGIT, Part.BIRTH)}


@pytest.mark.parametrize(
    "lines",
    [
        (),
        ("",),
        ("", ""),
        PASSPORT[:1],
        (PASSPORT[0], PASSPORT[1][:-1]),
        (*PASSPORT, PASSPORT[0]),
        CARD[:2],
        ("P<UTO",) * 3,
        ("A" * 44,) * 3,
    ],
)
def test_lines_of_no_format_are_said_to_be_of_none(lines: tuple[str, ...]) -> None:
    zone = parse(lines)
    assert (zone.format, zone.fields, zone.checks, zone.valid) == (None, None, (), False)
    assert zone.problems == (Problem(Wrong.NO_FORMAT),)
    assert zone.problems[0].words.startswith("These lines are not a machine readable zone")


def test_a_reader_may_say_which_format_it_means_if_the_shape_is_that_formats() -> None:
    torn = put(FRENCH, 1, 1, "1")
    assert parse(torn).format is Format.TD2
    assert parse(torn, Format.FRID).format is Format.FRID
    assert parse(PASSPORT, Format.TD1).format is None


@pytest.mark.parametrize(
    "text", ["\n".join(PASSPORT), "".join(PASSPORT), " \r\n" + "\r".join(PASSPORT) + "\r\r", "\n".join(PASSPORT) + "\n"]
)
def test_the_lines_of_a_reader_and_of_a_chip_are_told_apart(text: str) -> None:
    assert lines_of(text) == PASSPORT


def test_a_chip_gives_a_card_as_one_run_and_other_runs_stay_whole() -> None:
    assert lines_of("".join(CARD)) == CARD
    assert lines_of("".join(SMALL_BOOK)) == SMALL_BOOK
    assert lines_of("ABC") == ("ABC",)
    assert lines_of(" \n") == ()


@pytest.mark.parametrize(("format", "lines"), ALL.items())
def test_a_reader_of_pictures_finds_each_specimen_within_the_characters_of_its_fields(format: Format, lines: tuple[str, ...]) -> None:
    allowed = alphabets(format)
    assert [len(row) for row in allowed] == [LAYOUTS[format].length] * LAYOUTS[format].lines
    assert all(letter in choice for line, row in zip(lines, allowed, strict=True) for letter, choice in zip(line, row, strict=True))
    assert {letter for row in allowed for choice in row for letter in choice} == set(ALPHABET)


def test_a_number_digit_may_be_a_filler_only_where_numbers_may_be_long() -> None:
    assert "<" in alphabets(Format.TD1)[0][14]
    assert "<" in alphabets(Format.TD2)[1][9]
    assert "<" not in alphabets(Format.TD3)[1][9]
    assert "<" in alphabets(Format.TD3)[1][42]


@pytest.mark.parametrize("lines", [*ALL.values(), LONG_NUMBER, ("nothing", "of"), put(PASSPORT, 2, 1, "M898902C3")])
def test_a_zone_shows_nothing_of_a_person_in_a_log(lines: tuple[str, ...]) -> None:
    zone = parse(lines)
    shown = repr(zone) + repr(zone.problems) + " ".join(problem.words for problem in zone.problems)
    for secret in ("ERIKSSON", "ANNA", "STEVENSON", "SPECIMEN", "898902C3", "D2314589", "740812", "340712", "991299", "nothing"):
        assert secret not in shown


def assert_sound(zone: Zone) -> None:
    """What holds of any answer."""
    assert zone.valid is (
        zone.format is not None and all(check.right for check in zone.checks) and set("".join(zone.lines)) <= set(ALPHABET)
    )
    assert all(problem.words for problem in zone.problems)
    assert (zone.fields is None) is (zone.format is None)
    if zone.fields is not None:
        assert zone.fields.surname is not None
        assert zone.fields.given_names is not None


@given(st.lists(st.text(max_size=50), max_size=4))
def test_any_text_at_all_gets_an_answer(lines: list[str]) -> None:
    assert_sound(parse(lines))


@given(st.sampled_from(list(Format)), st.data())
def test_any_text_of_the_right_shape_gets_an_answer(format: Format, data: st.DataObject) -> None:
    layout = LAYOUTS[format]
    alphabet = data.draw(st.sampled_from([st.sampled_from(ALPHABET), st.characters()]))
    lines = [data.draw(st.text(alphabet, min_size=layout.length, max_size=layout.length)) for _ in range(layout.lines)]
    zone = parse(lines, format)
    assert zone.format is format
    assert_sound(zone)


@given(st.sampled_from([*ALL.values(), LONG_NUMBER]), st.data())
def test_a_specimen_with_some_characters_spoilt_gets_an_answer(lines: tuple[str, ...], data: st.DataObject) -> None:
    for _ in range(data.draw(st.integers(1, 3))):
        line = data.draw(st.integers(1, len(lines)))
        lines = put(lines, line, data.draw(st.integers(1, len(lines[0]))), data.draw(st.sampled_from(ALPHABET + "é")))
    assert_sound(parse(lines))
