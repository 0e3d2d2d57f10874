"""Reading a machine readable zone: lines of text in, a `Zone` out, whatever the text.

`parse` never raises on text: what is wrong stands in `Zone.problems`. Lines come in upper case without spaces, in the zone's order.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import NamedTuple

from drivers.formats.check_digits import ALPHABET, FILLER, check_digit
from drivers.formats.dates import can_be_a_date
from drivers.formats.layouts import LAYOUTS, CheckedSpan, Format, Layout, Part, Span, formats_of_shape, is_document_code
from drivers.formats.names import Name, components, is_a_name, may_be_cut, read_name
from drivers.formats.problems import Problem, Wrong
from drivers.formats.states import find_state

_ALPHABET = frozenset(ALPHABET)
_VISA = "V"
_FRENCH_CARD = "IDFRA"
_MAKES_NOT_VALID = frozenset({Wrong.NO_FORMAT, Wrong.CHARACTER, Wrong.CHECK_DIGIT})
_BLOCKS = {88: 44, 72: 36, 90: 30}


@dataclass(frozen=True)
class FrenchIssue:
    """What only the old French card says: year and month of issue (YYMM), department and office, and the serial number there."""

    issued: str = field(repr=False)
    department: str = field(repr=False)
    office: str = field(repr=False)
    serial: str = field(repr=False)


@dataclass(frozen=True)
class Fields:
    """The fields of a zone without their trailing fillers. Dates are as printed, six characters (`dates` reads them).

    `number` is whole where it goes on into the optional data; `optional` is then what remains of it. A visa's "valid until" is `expiry`.
    The old French card has no expiry ("") and no nationality of its own (its holders are French: FRA).
    """

    document_code: str
    issuer: str
    name: Name = field(repr=False)
    name_field: str = field(repr=False)
    number: str = field(repr=False)
    nationality: str = field(repr=False)
    birth: str = field(repr=False)
    sex: str = field(repr=False)
    expiry: str = field(repr=False)
    optional: str = field(default="", repr=False)
    optional_2: str = field(default="", repr=False)
    french: FrenchIssue | None = None

    @property
    def surname(self) -> str:
        """The primary identifier with spaces between its components."""
        return " ".join(self.name.primary)

    @property
    def given_names(self) -> str:
        """The secondary identifier with spaces between its components; "" where there is none."""
        return " ".join(self.name.secondary)

    @property
    def name_may_be_cut(self) -> bool:
        """Whether the name goes to the last position of its field, so that it must be taken as truncated."""
        return may_be_cut(self.name_field)


@dataclass(frozen=True)
class Check:
    """One check digit: what it is for, where it stands, and whether the printed one is right."""

    part: Part
    at: Span
    printed: str = field(repr=False)
    expected: str = field(repr=False)
    right: bool


@dataclass(frozen=True)
class Zone:
    """A zone as read. `format` and `fields` are None where the lines are of no format; `checks` are in the order of the zone."""

    format: Format | None
    lines: tuple[str, ...] = field(repr=False)
    fields: Fields | None = None
    checks: tuple[Check, ...] = ()
    problems: tuple[Problem, ...] = ()

    @property
    def valid(self) -> bool:
        """A known format, no character outside the alphabet, and every check digit of the format right."""
        return _MAKES_NOT_VALID.isdisjoint(problem.wrong for problem in self.problems)


def lines_of(text: str) -> tuple[str, ...]:
    """The lines in a block of text: cut at white space, or, where it is one run of 88, 72 or 90 characters, by that length.

    A reader's answer comes with line ends, a chip's DG1 without.
    """
    lines = tuple(text.split())
    if len(lines) == 1 and (length := _BLOCKS.get(len(text.strip()))):
        run = lines[0]
        return tuple(run[start : start + length] for start in range(0, len(run), length))
    return lines


def detect(lines: Sequence[str]) -> Format | None:
    """The format of these lines by their number, their length and how the first begins; None where no format has that shape."""
    lengths = {len(line) for line in lines}
    if len(lengths) != 1:
        return None
    formats = formats_of_shape(len(lines), lengths.pop())
    if len(formats) < 2:
        return formats[0] if formats else None
    if Format.FRID in formats and lines[0].startswith(_FRENCH_CARD):
        return Format.FRID
    is_visa = lines[0].startswith(_VISA)
    return next(one for one in formats if (one in (Format.MRVA, Format.MRVB)) == is_visa)


def parse(lines: Sequence[str], as_format: Format | None = None) -> Zone:
    """The zone in `lines`. Never raises on text. `as_format` reads them as that format whatever they begin with, if the shape is its."""
    lines = tuple(lines)
    found = detect(lines)
    # Formats of one shape differ in their first letters alone, which may be misread: whoever knows better may say so.
    if found and as_format:
        found = as_format if as_format in formats_of_shape(len(lines), len(lines[0])) else None
    if found is None:
        return Zone(None, lines, problems=(Problem(Wrong.NO_FORMAT),))
    layout = LAYOUTS[found]
    raw = {part: _cut(lines, span) for part, span in layout.spans.items()}
    long = _long_number(raw, lines, layout)
    checks = tuple(_check(digit, lines, long) for digit in layout.digits)
    fields = _french_fields(raw) if found is Format.FRID else _fields(raw, long)
    problems = (*_bad_characters(lines, layout), *_bad_digits(checks, long), *_bad_fields(found, layout, raw))
    return Zone(found, lines, fields, checks, problems)


def _cut(lines: Sequence[str], span: Span) -> str:
    line, first, last = span
    return lines[line - 1][first - 1 : last]


class _LongNumber(NamedTuple):
    """A document number of more than nine characters: the whole number, its printed digit ("" where it has no end), and what follows."""

    number: str
    printed: str
    at: Span
    rest: str


def _long_number(raw: dict[Part, str], lines: Sequence[str], layout: Layout) -> _LongNumber | None:
    """The number that overflows, by the rule of Doc 9303-5 note j and -6 note j; None where the number fits its field.

    A filler stands in the place of the check digit, and the optional data begins with the rest of the number, the digit, a filler.
    """
    if not layout.long_numbers or not raw[Part.OPTIONAL].rstrip(FILLER):
        return None
    span = layout.spans[Part.NUMBER]
    digit_place = Span(span.line, span.last + 1, span.last + 1)
    if _cut(lines, digit_place) != FILLER or raw[Part.NUMBER].endswith(FILLER):
        return None
    # Without a second character there is no digit, without a filler no end.
    head, end, rest = raw[Part.OPTIONAL].partition(FILLER)
    optional = layout.spans[Part.OPTIONAL]
    at = Span(optional.line, optional.first + len(head) - 1, optional.first + len(head) - 1)
    if len(head) < 2 or not end:
        return _LongNumber(raw[Part.NUMBER], "", digit_place, raw[Part.OPTIONAL])
    return _LongNumber(raw[Part.NUMBER] + head[:-1], head[-1], at, rest)


def _check(digit: CheckedSpan, lines: Sequence[str], long: _LongNumber | None) -> Check:
    """Compute one check digit and compare it with the printed one."""
    if long and digit.part is Part.NUMBER:
        expected = check_digit(long.number)
        return Check(digit.part, long.at, long.printed, expected, bool(expected) and long.printed == expected)
    spanned = "".join([_cut(lines, span) for span in digit.over])
    printed, expected = _cut(lines, digit.at), check_digit(spanned)
    # Doc 9303-4: over empty optional data the issuer may print a zero or leave the filler.
    empty = digit.filler_when_empty and printed == FILLER and not spanned.strip(FILLER)
    return Check(digit.part, digit.at, printed, expected, empty or (bool(expected) and printed == expected))


def _fields(raw: dict[Part, str], long: _LongNumber | None) -> Fields:
    """The fields of a zone of Doc 9303."""
    return Fields(
        raw[Part.DOCUMENT_CODE].rstrip(FILLER),
        raw[Part.ISSUER].rstrip(FILLER),
        read_name(raw[Part.NAME]),
        raw[Part.NAME],
        long.number if long else raw[Part.NUMBER].rstrip(FILLER),
        raw[Part.NATIONALITY].rstrip(FILLER),
        raw[Part.BIRTH],
        raw[Part.SEX].rstrip(FILLER),
        raw[Part.EXPIRY],
        (long.rest if long else raw[Part.OPTIONAL]).rstrip(FILLER),
        raw.get(Part.OPTIONAL_2, "").rstrip(FILLER),
    )


def _french_fields(raw: dict[Part, str]) -> Fields:
    """The fields of the old French card. Its given names are parted by `<<`, the parts of a double name by `<`."""
    number, issuer = raw[Part.NUMBER], raw[Part.ISSUER].rstrip(FILLER)
    return Fields(
        raw[Part.DOCUMENT_CODE].rstrip(FILLER),
        issuer,
        Name(components(raw[Part.NAME]), components(raw[Part.GIVEN])),
        raw[Part.NAME],
        number.rstrip(FILLER),
        issuer,
        raw[Part.BIRTH],
        raw[Part.SEX].rstrip(FILLER),
        "",
        french=FrenchIssue(number[:4], number[4:7], raw[Part.OFFICE].rstrip(FILLER), number[7:].rstrip(FILLER)),
    )


def _bad_characters(lines: Sequence[str], layout: Layout) -> list[Problem]:
    """A problem for each field, and each check digit, that holds a character outside the alphabet."""
    # Nearly every zone passes here; the fields are looked at one by one only where something is wrong.
    if all(map(_ALPHABET.issuperset, lines)):
        return []
    places = [*layout.spans.items(), *((digit.part, digit.at) for digit in layout.digits)]
    return [Problem(Wrong.CHARACTER, part, span) for part, span in places if not _ALPHABET.issuperset(_cut(lines, span))]


def _bad_digits(checks: Sequence[Check], long: _LongNumber | None) -> list[Problem]:
    """A problem for each check digit that is not right, and for a long number without an end."""
    problems = [Problem(Wrong.CHECK_DIGIT, check.part, check.at) for check in checks if not check.right]
    if long and not long.printed:
        problems.append(Problem(Wrong.LONG_NUMBER, Part.NUMBER, long.at))
    return problems


def _bad_fields(found: Format, layout: Layout, raw: dict[Part, str]) -> list[Problem]:
    """What reads oddly in the fields themselves. None of it makes a zone not valid: documents in use break each of these rules."""
    problems = []
    if not is_document_code(found, raw[Part.DOCUMENT_CODE].rstrip(FILLER)):
        problems.append((Wrong.DOCUMENT_CODE, Part.DOCUMENT_CODE))
    problems += [(Wrong.STATE, part) for part in (Part.ISSUER, Part.NATIONALITY) if part in raw and find_state(raw[part]) is None]
    problems += [(Wrong.DATE, part) for part in (Part.BIRTH, Part.EXPIRY) if part in raw and not can_be_a_date(raw[part])]
    if raw[Part.SEX] not in "MF<":
        problems.append((Wrong.SEX, Part.SEX))
    if not is_a_name(raw[Part.NAME]):
        problems.append((Wrong.NAME, Part.NAME))
    return [Problem(wrong, part, layout.spans[part]) for wrong, part in problems]
