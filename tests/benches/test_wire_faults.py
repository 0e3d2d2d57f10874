"""The bench of harmed zones counts what it says, and prints it for every format."""

import random

import pytest

from drivers.formats.layouts import Format
from drivers.formats.mrz import parse
from tests.benches.wire_faults import HARMS, NOT_UNDER, UNDER, count, harmed, main, zone

SUBSTITUTED, SWAPPED, DROPPED = HARMS


def test_every_harm_changes_the_line_and_keeps_its_length() -> None:
    found = list(harmed("P<UTO", 1))
    assert len(found) == 36 + 1 + 1
    assert all(line != "P<UTO" and len(line) == 5 for _, line in found)
    assert found[-2:] == [(SWAPPED, "PU<TO"), (DROPPED, "PUTO<")]
    assert [harm for harm, _ in harmed("<<", 0)] == [SUBSTITUTED] * 36


@pytest.mark.parametrize("format", Format)
def test_a_zone_that_is_harmed_was_a_good_one(format: Format) -> None:
    found = parse(zone(format, random.Random(1)))
    assert (found.format, found.valid, found.problems) == (format, True, ())


def test_a_check_digit_misses_one_substitution_in_twelve_and_a_name_has_none() -> None:
    tally = count(Format.TD3, 1, random.Random(1))
    tried, passed, _ = tally["document number", SUBSTITUTED]
    assert tried == 9 * 36
    assert 0.04 < passed / tried < 0.12
    for field in ("name", "issuing state", "sex"):
        tried, passed, _ = tally[field, SUBSTITUTED]
        assert passed == tried > 0
    # A sex, a state and a date are looked at for what they say, a name only for its form.
    assert tally["date of birth", SUBSTITUTED][2] == 0
    assert tally["name", SUBSTITUTED][2] > 0
    assert [tally[UNDER, DROPPED][1], tally[NOT_UNDER, SUBSTITUTED][1]] == [0, tally[NOT_UNDER, SUBSTITUTED][0]]


def test_the_bench_prints_every_format_and_their_sum(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "1"]) == 0
    printed = capsys.readouterr().out
    assert all(f"{format}, 1 zones" in printed for format in Format)
    assert printed.count("all under a check digit") == len(Format) + 1
