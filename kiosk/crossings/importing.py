"""Reading a file of visas or permits that another system wrote: CSV with a line of names, or JSON lines with the same names. PURE.

Every bad line is told with its number, the column and the reason, and never with what stood there: it may be of a person.
"""

import csv
import io
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from functools import partial

import msgspec

from kiosk.crossings.permits import Permit, Status

REQUIRED = ("number", "issuer", "document_state", "document_number", "valid_from", "valid_until")
OPTIONAL = ("category", "status", "ended", "replaced_by")
LONGEST_LINE = 4000
_STATE = re.compile(r"[A-Z]{1,3}", re.ASCII)
_DOCUMENT = re.compile(r"[A-Z0-9]{1,20}", re.ASCII)
_NUMBER = re.compile(r"[A-Za-z0-9][A-Za-z0-9 ./_-]{0,39}", re.ASCII)
_WORD = re.compile(r"[^\x00-\x1f\x7f]{0,60}")
_DAY = re.compile(r"\d{4}-\d{2}-\d{2}", re.ASCII)


class FileUnreadable(ValueError):
    """The file as a whole is not of the form it should be; the text says where and what was expected."""


@dataclass(frozen=True)
class Wrong:
    """A line that cannot be taken: its number in the file (from 1), the column, and why."""

    line: int
    column: str
    why: str


@dataclass(frozen=True)
class ReadFile:
    """What a file held: what can be taken, and what cannot."""

    permits: tuple[Permit, ...]
    wrong: tuple[Wrong, ...]


class _BadField(ValueError):
    def __init__(self, column: str, why: str) -> None:
        super().__init__(why)
        self.column = column


def read_file(content: bytes, json_lines: bool) -> ReadFile:
    """Every line of a file, UTF-8. Raises FileUnreadable."""
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError as why:
        raise FileUnreadable(f"line {content[: why.start].count(10) + 1} is not UTF-8") from None
    permits: dict[tuple[str, str], tuple[int, Permit]] = {}
    wrong: list[Wrong] = []
    for line, fields in _objects(text) if json_lines else _rows(text):
        try:
            permit = _permit(fields())
            first, before = permits.setdefault((permit.issuer, permit.number), (line, permit))
            if before != permit:
                raise _BadField("number", f"differs from line {first}, which has the same number and issuer")
        except _BadField as why:
            wrong.append(Wrong(line, why.column, str(why)))
    return ReadFile(tuple(permit for _, permit in permits.values()), tuple(wrong))


_Line = tuple[int, Callable[[], Mapping[str, str]]]
"""A line's number, and its fields by name, which may not be had: raises _BadField."""


def _rows(text: str) -> Iterator[_Line]:
    reader = csv.reader(io.StringIO(text, newline=""), strict=True)
    try:
        names = next(reader, [])
        _head(names)
        for row in reader:
            if row:
                # of a row over several lines the last one is told
                yield reader.line_num, partial(_row, names, row)
    except csv.Error as why:
        raise FileUnreadable(f"line {reader.line_num} is not CSV ({why})") from None


def _row(names: list[str], row: list[str]) -> Mapping[str, str]:
    if len(row) != len(names):
        raise _BadField("", f"has {len(row)} fields where the first line names {len(names)}")
    return dict(zip(names, row, strict=True))


def _head(names: list[str]) -> None:
    missing = [name for name in REQUIRED if name not in names]
    unknown = [name for name in names if name not in REQUIRED + OPTIONAL]
    if missing or unknown or len(set(names)) != len(names):
        known = f"{', '.join(REQUIRED)}; and perhaps {', '.join(OPTIONAL)}"
        raise FileUnreadable(f"line 1 must name the columns, each once: {known}" + (f"; missing: {', '.join(missing)}" if missing else ""))


def _objects(text: str) -> Iterator[_Line]:
    for line, written in enumerate(text.split("\n"), 1):
        if written.strip():
            yield line, partial(_object, written)


def _object(written: str) -> Mapping[str, str]:
    try:
        found = msgspec.json.decode(written, type=dict[str, str | None])
    except (msgspec.DecodeError, msgspec.ValidationError, RecursionError):
        raise _BadField("", "is not a JSON object whose values are texts") from None
    unknown = [name for name in found if name not in REQUIRED + OPTIONAL]
    if unknown:
        raise _BadField("", f"has {len(unknown)} columns that are not known")
    return {name: value or "" for name, value in found.items()}


def _permit(found: Mapping[str, str]) -> Permit:
    if sum(map(len, found.values())) > LONGEST_LINE:
        raise _BadField("", f"is longer than {LONGEST_LINE} characters")
    fields = {name: found.get(name, "").strip() for name in REQUIRED + OPTIONAL}
    status = _status(fields)
    begins, ends = _day(fields, "valid_from"), _day(fields, "valid_until")
    if ends < begins:
        raise _BadField("valid_until", "lies before valid_from")
    return Permit(
        number=_text(fields, "number", _NUMBER, "1 to 40 letters, digits, and . / _ - between"),
        issuer=_text(fields, "issuer", _STATE, "a code of Doc 9303-3: 1 to 3 capital letters"),
        document_state=_text(fields, "document_state", _STATE, "a code of Doc 9303-3: 1 to 3 capital letters"),
        document_number=_document(fields),
        category=_text(fields, "category", _WORD, "at most 60 characters on one line"),
        valid_from=begins,
        valid_until=ends,
        status=status,
        ended=None if status is Status.VALID else _day(fields, "ended"),
        replaced_by=_text(fields, "replaced_by", _NUMBER, "the number of the one that replaces it") if status is Status.REPLACED else "",
    )


def _status(fields: Mapping[str, str]) -> Status:
    try:
        status = Status(fields["status"] or Status.VALID)
    except ValueError:
        raise _BadField("status", f"is none of {', '.join(Status)}") from None
    if status is Status.VALID and (fields["ended"] or fields["replaced_by"]):
        raise _BadField("status", "says valid, but ended or replaced_by says otherwise")
    return status


def _document(fields: Mapping[str, str]) -> str:
    """As a zone has it: no spaces, no hyphens, capitals."""
    plain = re.sub(r"[ <-]", "", fields["document_number"]).upper()
    return _text({"document_number": plain}, "document_number", _DOCUMENT, "1 to 20 letters and digits")


def _text(fields: Mapping[str, str], column: str, form: re.Pattern[str], what: str) -> str:
    if form.fullmatch(fields[column]) is None:
        raise _BadField(column, f"is not {what}" if fields[column] else f"is empty; it is {what}")
    return fields[column]


def _day(fields: Mapping[str, str], column: str) -> date:
    try:
        if _DAY.fullmatch(fields[column]) is None:
            raise ValueError
        return date.fromisoformat(fields[column])
    except ValueError:
        raise _BadField(column, "is not a day as 2026-12-31") from None


def report(wrong: Iterable[Wrong]) -> Iterator[str]:
    """One line a bad line."""
    for one in wrong:
        yield f"line {one.line}{f', column {one.column}' if one.column else ''}: {one.why}"
