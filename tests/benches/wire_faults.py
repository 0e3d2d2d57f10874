"""What check digits do not see of a zone harmed on its way: python -m tests.benches.wire_faults [--count N] [--format TD3 ...]

For so many made-up zones of each format, every position: every other character of the alphabet in its place, the two characters from it
on swapped, its character dropped and the line filled up with `<` at its end (a line left short has no format and is always noticed).
Counted by field: `passes`, where all check digits of some format of that shape are right; `unnoticed`, where the reading of the zone finds
nothing to say either about states, dates, sex, code and the form of the name. A swap or a drop counts for the field of its first character.
"""

import argparse
import random
import string
import sys
from collections import defaultdict
from collections.abc import Iterator, Sequence
from datetime import date, timedelta

from drivers.formats.check_digits import ALPHABET, FILLER
from drivers.formats.layouts import LAYOUTS, Format
from drivers.formats.making import Content, make
from drivers.formats.mrz import parse
from drivers.formats.names import Name
from drivers.formats.problems import WORDS_FOR_PARTS
from drivers.formats.states import STATES

COUNT = 3
SEED = 9303
HARMS = ("one substituted", "two swapped", "one dropped, filled up")
DIGITS = "check digits"
SUMS = UNDER, NOT_UNDER = "all under a check digit", "all under none"
CODES = {Format.TD1: "I", Format.TD2: "I", Format.TD3: "P", Format.MRVA: "V", Format.MRVB: "V", Format.FRID: "ID"}

# (field, harm): how many were tried, how many passed the check digits, how many went unnoticed
Tally = dict[tuple[str, str], list[int]]


def zone(format: Format, dice: random.Random) -> tuple[str, ...]:
    """The lines of a made-up zone: random letters for a name, a random number, states of the list."""
    name = Name(_words(dice, 2), _words(dice, 3))
    number = "".join(dice.choices(string.ascii_uppercase + string.digits, k=12 if format is Format.FRID else 9))
    birth, expiry = (date(first, 1, 1) + timedelta(days=dice.randrange(days)) for first, days in ((1940, 30_000), (2026, 3_650)))
    french = format is Format.FRID
    issuer, nationality = ("FRA", "FRA") if french else dice.choices(sorted(STATES), k=2)
    optional = "" if french or dice.random() < 0.5 else "".join(dice.choices(string.digits, k=7))
    return make(format, Content(CODES[format], issuer, name, number, nationality, birth, dice.choice("MF"), expiry, optional))


def _words(dice: random.Random, most: int) -> tuple[str, ...]:
    return tuple("".join(dice.choices(string.ascii_uppercase, k=dice.randint(3, 8))) for _ in range(dice.randint(1, most)))


def harmed(line: str, at: int) -> Iterator[tuple[str, str]]:
    """Every harm at this position of a line that changes it: its name and the line after it."""
    for character in ALPHABET:
        if character != line[at]:
            yield HARMS[0], line[:at] + character + line[at + 1 :]
    if at + 1 < len(line) and line[at] != line[at + 1]:
        yield HARMS[1], line[:at] + line[at + 1] + line[at] + line[at + 2 :]
    filled_up = _without(line, at) + FILLER
    if filled_up != line:
        yield HARMS[2], filled_up


def _without(line: str, at: int) -> str:
    return line[:at] + line[at + 1 :]


def _with(lines: tuple[str, ...], number: int, line: str) -> tuple[str, ...]:
    return (*lines[:number], line, *lines[number + 1 :])


def fields(format: Format) -> tuple[dict[tuple[int, int], str], set[tuple[int, int]]]:
    """The field of each position, (line, position) from 0, and the positions that some check digit spans."""
    layout = LAYOUTS[format]
    at = {
        (span.line - 1, place): WORDS_FOR_PARTS[part] for part, span in layout.spans.items() for place in range(span.first - 1, span.last)
    }
    at |= {(digit.at.line - 1, digit.at.first - 1): DIGITS for digit in layout.digits}
    under = {(span.line - 1, place) for digit in layout.digits for span in digit.over for place in range(span.first - 1, span.last)}
    return at, under | {place for place, field in at.items() if field == DIGITS}


def count(format: Format, zones: int, dice: random.Random) -> Tally:
    """{(field, harm): [tried, passed, unnoticed]}, and the same for all under a check digit and all under none."""
    at, under = fields(format)
    tally: Tally = defaultdict(lambda: [0, 0, 0])
    for _ in range(zones):
        lines = zone(format, dice)
        assert parse(lines).valid
        for place, field in at.items():
            assert parse(_with(lines, place[0], _without(lines[place[0]], place[1]))).format is None
            for harm, line in harmed(lines[place[0]], place[1]):
                read = parse(_with(lines, place[0], line))
                found = (1, read.valid, read.valid and not read.problems)
                for row in (field, UNDER if place in under else NOT_UNDER):
                    tally[row, harm] = [old + new for old, new in zip(tally[row, harm], found, strict=True)]
    return tally


def show(title: str, rows: Sequence[str], tally: Tally) -> None:
    """Print a table of these rows."""
    print(f"\n{title:<30}" + "".join(f"{harm:>36}" for harm in HARMS))
    print(" " * 30 + f"{'passes':>25}{'unnoticed':>11}" * len(HARMS))
    for row in rows:
        print(f"{row:<30}" + "".join(cell(*tally[row, harm]) for harm in HARMS))
    sys.stdout.flush()


def rows_of(format: Format) -> tuple[str, ...]:
    """The fields of a format in the order of the zone, then what is counted beside them."""
    spans = LAYOUTS[format].spans
    return (*(WORDS_FOR_PARTS[part] for part in sorted(spans, key=lambda part: spans[part])), DIGITS, *SUMS)


def cell(tried: int, passed: int, unnoticed: int) -> str:
    """How many passed, of how many, and the shares of both."""
    if not tried:
        return f"{'-':>36}"
    return f"{passed:>7} of {tried:<7}{100 * passed / tried:>5.1f} %{100 * unnoticed / tried:>9.1f} %"


def main(arguments: list[str]) -> int:
    """Count and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=COUNT, help="zones of each format")
    asked.add_argument("--format", nargs="*", type=Format, default=list(Format), help="formats; all if left out")
    options = asked.parse_args(arguments)
    whole: Tally = defaultdict(lambda: [0, 0, 0])
    for format in options.format:
        tally = count(format, options.count, random.Random(f"{SEED} {format}"))
        show(f"{format}, {options.count} zones", rows_of(format), tally)
        for key in [(row, harm) for row in SUMS for harm in HARMS]:
            whole[key] = [old + new for old, new in zip(whole[key], tally[key], strict=True)]
    show("all these formats", SUMS, whole)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
