"""Where things stand in each format: against the design's table, and by spoiling one character at a time."""

import json

import pytest

from drivers.formats.layouts import LAYOUTS, Format, Part, Span, formats_of_shape
from drivers.formats.mrz import parse
from tests.drivers.formats.shared import FOLDER
from tests.drivers.formats.test_mrz import ALL, put

# What the digit over the whole spans, written out once more from the documents: [line] -> positions.
COMPOSITES = {
    Format.TD1: {1: {*range(6, 31)}, 2: {*range(1, 8), *range(9, 16), *range(19, 30)}},
    Format.TD2: {2: {*range(1, 11), *range(14, 21), *range(22, 36)}},
    Format.TD3: {2: {*range(1, 11), *range(14, 21), *range(22, 44)}},
    Format.FRID: {1: {*range(1, 37)}, 2: {*range(1, 36)}},
}


@pytest.mark.parametrize(("format", "spanned"), COMPOSITES.items())
def test_a_change_anywhere_under_the_digit_over_the_whole_is_noticed_and_nowhere_else(format: Format, spanned: dict[int, set[int]]) -> None:
    lines = ALL[format]
    noticed: dict[int, set[int]] = {}
    for line, text in enumerate(lines, start=1):
        for position, letter in enumerate(text, start=1):
            # One more in value changes a sum weighted by 7, 3 or 1 by no multiple of ten.
            changed = put(
                lines,
                line,
                position,
                "1" if letter in "<0" else chr(ord(letter) + 1) if letter not in "9Z" else "8" if letter == "9" else "Y",
            )
            checks = parse(changed, format).checks
            if not checks[-1].right and checks[-1].at != Span(line, position, position):
                noticed.setdefault(line, set()).add(position)
    assert noticed == spanned


def test_the_layouts_are_those_of_the_design() -> None:
    path = FOLDER.parent.parent / "design" / "codes.json"
    if not path.exists():
        pytest.skip("the design pages are not beside this project")
    names = {"optional_1": Part.OPTIONAL, "valid_until": Part.EXPIRY}
    for name, facts in json.loads(path.read_text(encoding="utf-8"))["mrz_layout"].items():
        if not isinstance(facts, dict):
            continue
        layout = LAYOUTS[Format(name.replace("-", ""))]
        assert (layout.lines, layout.length) == (facts["lines"], facts["length"])
        digits = {digit.part: digit for digit in layout.digits}
        for field, place in facts["fields"].items():
            part = names.get(field.removesuffix("_cd")) or Part(field.removesuffix("_cd"))
            assert (digits[part].at if field.endswith("_cd") else layout.spans[part]) == Span(*place), (name, field)
        assert (
            [list(span) for span in digits[Part.COMPOSITE].over] == facts["composite"]
            if "composite" in facts
            else Part.COMPOSITE not in digits
        )


def test_a_shape_names_its_formats() -> None:
    assert formats_of_shape(3, 30) == (Format.TD1,)
    assert set(formats_of_shape(2, 36)) == {Format.TD2, Format.MRVB, Format.FRID}
    assert set(formats_of_shape(2, 44)) == {Format.TD3, Format.MRVA}
    assert formats_of_shape(1, 44) == ()
