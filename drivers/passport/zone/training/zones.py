"""Chance zones of every type with right check digits: people of Utopia who do not exist."""

import numpy as np

from drivers.formats.check_digits import check_digit
from drivers.formats.layouts import LAYOUTS, Format, Part, Span

LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"
DIGITS = "0123456789"
CODES = {Format.TD1: "I<", Format.TD2: "I<", Format.TD3: "P<", Format.MRVA: "V<", Format.MRVB: "V<", Format.FRID: "ID"}


def some(rng: np.random.Generator, alphabet: str, least: int, most: int) -> str:
    """A chance string of `least` to `most` characters."""
    return "".join(alphabet[at] for at in rng.integers(0, len(alphabet), int(rng.integers(least, most + 1))))


def _date(rng: np.random.Generator) -> str:
    return f"{rng.integers(0, 100):02d}{rng.integers(1, 13):02d}{rng.integers(1, 29):02d}"


def _value(rng: np.random.Generator, part: Part, kind: Format, size: int) -> str:
    """What stands in a field, before fillers."""
    if part in (Part.BIRTH, Part.EXPIRY):
        return _date(rng)
    if part is Part.SEX:
        return some(rng, "MF<", 1, 1)
    if part in (Part.ISSUER, Part.NATIONALITY):
        return "FRA" if kind is Format.FRID else "UTO"
    if part is Part.NAME and kind is not Format.FRID:
        return f"{some(rng, LETTERS, 3, 10)}<<{some(rng, LETTERS, 3, 8)}<{some(rng, LETTERS, 0, 6)}"
    if part in (Part.NAME, Part.GIVEN):
        return some(rng, LETTERS, 3, size - 1)
    if part is Part.NUMBER and kind is Format.FRID:
        return some(rng, DIGITS, size, size)
    if part is Part.NUMBER:
        return some(rng, DIGITS + (LETTERS if rng.random() < 0.5 else ""), 7, size)
    if part is Part.DOCUMENT_CODE:
        return CODES[kind]
    return some(rng, DIGITS + LETTERS, 0, size - 1) if rng.random() < 0.5 else ""


def _strange(rng: np.random.Generator, part: Part, kind: Format) -> str:
    """What stands in a field on a document of no state at all; empty where states do not differ."""
    if part in (Part.ISSUER, Part.NATIONALITY):
        return some(rng, LETTERS, 3, 3)
    return CODES[kind][0] + some(rng, LETTERS + "<", 1, 1) if part is Part.DOCUMENT_CODE else ""


def zone(rng: np.random.Generator, kind: Format, anywhere: bool = False) -> tuple[str, ...]:
    """The lines of a chance zone of this type; `anywhere`: of states that do not exist, so that no code is learnt by heart."""
    layout = LAYOUTS[kind]
    rows = [["<"] * layout.length for _ in range(layout.lines)]
    for part, span in layout.spans.items():
        value = (anywhere and _strange(rng, part, kind)) or _value(rng, part, kind, span.size)
        rows[span.line - 1][span.first - 1 : span.last] = value.ljust(span.size, "<")[: span.size]
    for digit in layout.digits:
        spanned = "".join(_cut(rows, span) for span in digit.over)
        rows[digit.at.line - 1][digit.at.first - 1] = check_digit(spanned)
    return tuple("".join(row) for row in rows)


def _cut(rows: list[list[str]], span: Span) -> str:
    return "".join(rows[span.line - 1][span.first - 1 : span.last])
