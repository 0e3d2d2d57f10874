"""Making a machine readable zone: what it shall say in, its lines out. All formats of Doc 9303-4 to -7 and the old French card.

Only zones that follow the rules are made: what cannot be written raises NotWritable, which names the field and holds nothing of a person.
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from drivers.formats.check_digits import ALPHABET, FILLER, check_digit
from drivers.formats.dates import PartialDate, write_date
from drivers.formats.layouts import LAYOUTS, Format, Layout, Part, is_document_code
from drivers.formats.mrz import detect
from drivers.formats.names import Name, NameDoesNotFit, fit
from drivers.formats.problems import WORDS_FOR_PARTS
from drivers.formats.states import in_zone
from drivers.formats.transliteration import APOSTROPHES, Language, transliterate

_FRANCE = "FRA"
_SEXES = {"M": "M", "F": "F", "X": FILLER, "": FILLER}


class NotWritable(ValueError):
    """What was asked for cannot stand in a zone of this format. `part` is the field."""

    def __init__(self, part: Part, why: str) -> None:
        super().__init__(f"the {WORDS_FOR_PARTS[part]} cannot be written: {why}")
        self.part = part


@dataclass(frozen=True)
class Content:
    """What a zone shall say. `sex` is M, F, or X or "" for unspecified; `expiry` None writes fillers; `office` is the French card's alone.

    In numbers and optional data a character that no zone has becomes a filler. A TD1 has `optional` in line 1 and `optional_2` in line 2.
    """

    document_code: str
    issuer: str
    name: Name = field(repr=False)
    number: str = field(repr=False)
    nationality: str = field(repr=False)
    birth: date | PartialDate = field(repr=False)
    sex: str = field(repr=False)
    expiry: date | None = field(repr=False)
    optional: str = field(default="", repr=False)
    optional_2: str = field(default="", repr=False)
    office: str = field(default="", repr=False)


def name_in_zone(surname: str, given_names: str = "", language: Language | None = None, choices: Mapping[str, str] | None = None) -> Name:
    """A name as printed, in any script of the tables, as the components of a zone: Doc 9303-3, 4.6.

    Apostrophes go and join what they parted; spaces, hyphens and commas part components; other marks go. Raises NotWritable for digits,
    for letters that no table has, and for a name without any letter.
    """
    identifiers = []
    for text in (surname, given_names):
        written = transliterate(text, language, choices)
        if written.unknown:
            raise NotWritable(Part.NAME, f"{len(written.unknown)} of its letters are in no transliteration table")
        if any(letter.isnumeric() for letter in written.text):
            raise NotWritable(Part.NAME, "a zone has no digits in names")
        identifiers.append(tuple("".join(map(_punctuated, written.text)).split()))
    primary, secondary = identifiers
    # A person with one name, in whichever field, has a primary identifier alone.
    name = Name(primary, secondary) if primary else Name(secondary)
    if not name.primary:
        raise NotWritable(Part.NAME, "it has no letters")
    return name


def make(format: Format, content: Content) -> tuple[str, ...]:
    """The lines of a zone, every check digit set. Raises NotWritable."""
    layout = LAYOUTS[format]
    number, number_digit, optional = _number(content, layout)
    values = {
        Part.DOCUMENT_CODE: _code(format, content.document_code),
        Part.ISSUER: _state(Part.ISSUER, content.issuer),
        Part.NUMBER: number,
        Part.NATIONALITY: _state(Part.NATIONALITY, content.nationality),
        Part.BIRTH: write_date(content.birth),
        Part.SEX: _sex(content.sex),
        Part.EXPIRY: write_date(content.expiry or PartialDate()),
        Part.OPTIONAL: optional,
        Part.OPTIONAL_2: _cleaned(content.optional_2),
        Part.OFFICE: _cleaned(content.office),
        **_names(format, content.name, layout),
    }
    _refuse_what_has_no_place(values, layout)
    rows = [[FILLER] * layout.length for _ in range(layout.lines)]
    for part, span in layout.spans.items():
        if len(values[part]) > span.size:
            raise NotWritable(part, f"it has {len(values[part])} characters and the field {span.size}")
        rows[span.line - 1][span.first - 1 : span.last] = values[part].ljust(span.size, FILLER)
    _set_digits(rows, layout, number_digit)
    lines = tuple("".join(row) for row in rows)
    # Two lines of 36 are a TD2 or, where they begin with IDFRA, the French card: what is made must be read as what it is.
    if detect(lines) is not format:
        raise NotWritable(Part.DOCUMENT_CODE, f"with this issuer it is not one for {format}")
    return lines


def _set_digits(rows: list[list[str]], layout: Layout, number_digit: str | None) -> None:
    """Write the check digits in their order, the composite one last: it spans the others."""
    for digit in layout.digits:
        spanned = "".join("".join(rows[span.line - 1][span.first - 1 : span.last]) for span in digit.over)
        value = check_digit(spanned)
        if digit.part is Part.NUMBER and number_digit:
            value = number_digit
        elif digit.filler_when_empty and not spanned.strip(FILLER):
            value = FILLER
        rows[digit.at.line - 1][digit.at.first - 1] = value


def _code(format: Format, code: str) -> str:
    if not _capitals(code, 2) or not is_document_code(format, code):
        raise NotWritable(Part.DOCUMENT_CODE, f"it is not one for {format}")
    return code


def _capitals(text: str, most: int) -> bool:
    """Whether a text is one to `most` letters A to Z."""
    return 1 <= len(text) <= most and text.isascii() and text.isalpha() and text.isupper()


def _refuse_what_has_no_place(values: Mapping[Part, str], layout: Layout) -> None:
    """Refuse optional data and an office of issue in a format that has no field for them."""
    for part in (Part.OPTIONAL, Part.OPTIONAL_2, Part.OFFICE):
        if values[part] and part not in layout.spans:
            raise NotWritable(part, "this format has no field for it")
    # The French card names no nationality, since only the French hold it.
    if Part.NATIONALITY not in layout.spans and values[Part.NATIONALITY] != _FRANCE:
        raise NotWritable(Part.NATIONALITY, "this format has no field for it and means the French")


def _number(content: Content, layout: Layout) -> tuple[str, str | None, str]:
    """The number field, the character in the place of its check digit where that is not the digit, and the optional data.

    A number too long for its field goes on in the optional data, its check digit and a filler after it (Doc 9303-5 and -6, note j).
    """
    number, optional = _cleaned(content.number), _cleaned(content.optional)
    size = layout.spans[Part.NUMBER].size
    if not number.strip(FILLER):
        raise NotWritable(Part.NUMBER, "it is empty")
    if not layout.long_numbers or len(number) <= size:
        return number, None, optional
    rest = number[size:]
    # A filler ends the rest for whoever reads it, and one before the digit's place makes the number look short.
    if FILLER in rest or number[size - 1] == FILLER:
        raise NotWritable(Part.NUMBER, f"a long number has letters and digits alone from position {size} on")
    return number[:size], FILLER, rest + check_digit(number) + FILLER + optional


def _names(format: Format, name: Name, layout: Layout) -> dict[Part, str]:
    """The name fields. The French card has two, the given names parted by `<<` and simply cut at the end of theirs."""
    width = layout.spans[Part.NAME].size
    if not name.primary or not all(part.isascii() and part.isalpha() and part.isupper() for part in name.primary + name.secondary):
        raise NotWritable(Part.NAME, "its components are capital letters A to Z, at least one of them")
    try:
        if format is not Format.FRID:
            return {Part.NAME: fit(name, width)}
        given = (FILLER * 2).join(name.secondary)[: layout.spans[Part.GIVEN].size]
        return {Part.NAME: fit(Name(name.primary), width), Part.GIVEN: given}
    except NameDoesNotFit as problem:
        raise NotWritable(Part.NAME, "no truncation of it ends with a letter") from problem


def _state(part: Part, code: str) -> str:
    if not _capitals(code, 3):
        raise NotWritable(part, "a code has one to three capital letters")
    return in_zone(code)


def _sex(sex: str) -> str:
    if sex not in _SEXES:
        raise NotWritable(Part.SEX, "it is M, F, X or empty")
    return _SEXES[sex]


def _cleaned(text: str) -> str:
    """A number or optional data in the alphabet of a zone."""
    return "".join(letter if letter in ALPHABET else FILLER for letter in text.upper())


def _punctuated(character: str) -> str:
    """What becomes of a mark in a name: nothing, or a space where it parts components."""
    if character.isalpha() and character not in APOSTROPHES:
        return character
    parts_components = character.isspace() or character == "," or unicodedata.category(character) == "Pd"
    return " " if parts_components else ""
