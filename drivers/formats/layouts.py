"""Where each field of a machine readable zone stands: Doc 9303-4 (TD3), -5 (TD1), -6 (TD2), -7 (visas), and the old French card.

Lines and positions count from 1, as in the documents. The French card (Format.FRID, two lines of 36, issued 1988 to 2021) is not
of Doc 9303; its layout is the one published for it: line 1 `IDFRA`, surname, office of issue; line 2 number, given names, birth, sex.
"""

from collections.abc import Mapping
from enum import StrEnum
from functools import cache
from types import MappingProxyType
from typing import NamedTuple


class Format(StrEnum):
    """The kinds of zone; the values are the names used in settings, records and on the command line."""

    TD1 = "TD1"
    TD2 = "TD2"
    TD3 = "TD3"
    MRVA = "MRVA"
    MRVB = "MRVB"
    FRID = "FRID"


class Part(StrEnum):
    """The fields of a zone. COMPOSITE is what the last check digit spans; EXPIRY is "valid until" on a visa."""

    DOCUMENT_CODE = "document_code"
    ISSUER = "issuer"
    NAME = "name"
    GIVEN = "given"
    NUMBER = "number"
    NATIONALITY = "nationality"
    BIRTH = "birth"
    SEX = "sex"
    EXPIRY = "expiry"
    OPTIONAL = "optional"
    OPTIONAL_2 = "optional_2"
    OFFICE = "office"
    COMPOSITE = "composite"


class Span(NamedTuple):
    """Positions `first` to `last` of line `line`, counted from 1, both ends included."""

    line: int
    first: int
    last: int

    @property
    def size(self) -> int:
        return self.last - self.first + 1


class CheckedSpan(NamedTuple):
    """A check digit: what it is for, where it stands, what it spans, and whether `<` may stand for 0 over an empty field."""

    part: Part
    at: Span
    over: tuple[Span, ...]
    filler_when_empty: bool = False


class Layout(NamedTuple):
    """One format: its shape, its fields and its check digits in the order of the zone."""

    lines: int
    length: int
    spans: Mapping[Part, Span]
    digits: tuple[CheckedSpan, ...]
    long_numbers: bool = False


def _with_digit(part: Part, line: int, first: int, last: int, filler_when_empty: bool = False) -> CheckedSpan:
    """The check digit that follows its field directly."""
    return CheckedSpan(part, Span(line, last + 1, last + 1), (Span(line, first, last),), filler_when_empty)


def _two_lines(length: int, optional_last: int, digits: tuple[CheckedSpan, ...], long_numbers: bool = False) -> Layout:
    """The layout that TD2, TD3 and both visas share; they differ in length, in the optional data and in the last check digits."""
    spans = {
        Part.DOCUMENT_CODE: Span(1, 1, 2),
        Part.ISSUER: Span(1, 3, 5),
        Part.NAME: Span(1, 6, length),
        Part.NUMBER: Span(2, 1, 9),
        Part.NATIONALITY: Span(2, 11, 13),
        Part.BIRTH: Span(2, 14, 19),
        Part.SEX: Span(2, 21, 21),
        Part.EXPIRY: Span(2, 22, 27),
        Part.OPTIONAL: Span(2, 29, optional_last),
    }
    # The first 28 positions of the second line are the same in all four.
    own = (_with_digit(Part.NUMBER, 2, 1, 9), _with_digit(Part.BIRTH, 2, 14, 19), _with_digit(Part.EXPIRY, 2, 22, 27))
    return Layout(2, length, MappingProxyType(spans), own + digits, long_numbers)


_TD1 = Layout(
    3,
    30,
    MappingProxyType(
        {
            Part.DOCUMENT_CODE: Span(1, 1, 2),
            Part.ISSUER: Span(1, 3, 5),
            Part.NUMBER: Span(1, 6, 14),
            Part.OPTIONAL: Span(1, 16, 30),
            Part.BIRTH: Span(2, 1, 6),
            Part.SEX: Span(2, 8, 8),
            Part.EXPIRY: Span(2, 9, 14),
            Part.NATIONALITY: Span(2, 16, 18),
            Part.OPTIONAL_2: Span(2, 19, 29),
            Part.NAME: Span(3, 1, 30),
        }
    ),
    (
        _with_digit(Part.NUMBER, 1, 6, 14),
        _with_digit(Part.BIRTH, 2, 1, 6),
        _with_digit(Part.EXPIRY, 2, 9, 14),
        CheckedSpan(Part.COMPOSITE, Span(2, 30, 30), (Span(1, 6, 30), Span(2, 1, 7), Span(2, 9, 15), Span(2, 19, 29))),
    ),
    long_numbers=True,
)

_TD2 = _two_lines(
    36,
    35,
    (CheckedSpan(Part.COMPOSITE, Span(2, 36, 36), (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 35))),),
    long_numbers=True,
)

_TD3 = _two_lines(
    44,
    42,
    (
        _with_digit(Part.OPTIONAL, 2, 29, 42, filler_when_empty=True),
        CheckedSpan(Part.COMPOSITE, Span(2, 44, 44), (Span(2, 1, 10), Span(2, 14, 20), Span(2, 22, 43))),
    ),
)

_FRID = Layout(
    2,
    36,
    MappingProxyType(
        {
            Part.DOCUMENT_CODE: Span(1, 1, 2),
            Part.ISSUER: Span(1, 3, 5),
            Part.NAME: Span(1, 6, 30),
            Part.OFFICE: Span(1, 31, 36),
            Part.NUMBER: Span(2, 1, 12),
            Part.GIVEN: Span(2, 14, 27),
            Part.BIRTH: Span(2, 28, 33),
            Part.SEX: Span(2, 35, 35),
        }
    ),
    (
        _with_digit(Part.NUMBER, 2, 1, 12),
        _with_digit(Part.BIRTH, 2, 28, 33),
        CheckedSpan(Part.COMPOSITE, Span(2, 36, 36), (Span(1, 1, 36), Span(2, 1, 35))),
    ),
)

LAYOUTS: Mapping[Format, Layout] = MappingProxyType(
    {
        Format.TD1: _TD1,
        Format.TD2: _TD2,
        Format.TD3: _TD3,
        Format.MRVA: _two_lines(44, 44, ()),
        Format.MRVB: _two_lines(36, 36, ()),
        Format.FRID: _FRID,
    }
)

_FIRST_LETTERS = {Format.TD1: "ACI", Format.TD2: "ACI", Format.TD3: "P", Format.MRVA: "V", Format.MRVB: "V", Format.FRID: "I"}
# Note k of Doc 9303-5 and -6: V and AI never, AC for the crew member certificate alone, which is a TD1.
_NEVER = {Format.TD1: {"AV", "CV", "IV", "AI"}, Format.TD2: {"AV", "CV", "IV", "AI", "AC"}}


def is_document_code(format: Format, code: str) -> bool:
    """Whether a document code without fillers is one for this format: Doc 9303-4 to -7. Some documents in use break the rule."""
    return code[:1] in tuple(_FIRST_LETTERS[format]) and code not in _NEVER.get(format, ())


def formats_of_shape(lines: int, length: int) -> tuple[Format, ...]:
    """The formats that have so many lines of so many characters; empty where none has."""
    return tuple(one for one, layout in LAYOUTS.items() if (layout.lines, layout.length) == (lines, length))


_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
_DIGITS = "0123456789"
_DATE = _DIGITS + "<"
_ANY = _DIGITS + _LETTERS
_ALPHABETS = {
    Part.DOCUMENT_CODE: _LETTERS,
    Part.ISSUER: _LETTERS,
    Part.NATIONALITY: _LETTERS,
    Part.NAME: _LETTERS,
    Part.GIVEN: _LETTERS,
    Part.BIRTH: _DATE,
    Part.EXPIRY: _DATE,
    # X is against Doc 9303-4, 4.2.2.2, and is issued all the same.
    Part.SEX: "MF<X",
}


@cache
def alphabets(format: Format) -> tuple[tuple[str, ...], ...]:
    """Which characters may stand at each position: [line][position], from 0, each a string of the characters allowed there.

    A reader of pictures chooses among these alone. Numbers and optional data may hold any character of the alphabet.
    """
    layout = LAYOUTS[format]
    # Any character where no field says otherwise: numbers and optional data are the issuer's.
    table = [[_ANY] * layout.length for _ in range(layout.lines)]
    for part, span in layout.spans.items():
        for position in range(span.first - 1, span.last):
            table[span.line - 1][position] = _ALPHABETS.get(part, _ANY)
    for digit in layout.digits:
        # A filler in the place of the number's digit says that the number goes on in the optional data.
        may_be_filler = digit.filler_when_empty or (layout.long_numbers and digit.part is Part.NUMBER)
        table[digit.at.line - 1][digit.at.first - 1] = _DATE if may_be_filler else _DIGITS
    return tuple(tuple(row) for row in table)
