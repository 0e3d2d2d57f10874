"""The specimens of Utopia stay what they are called, in any year."""

from datetime import date

import pytest

from drivers.formats.dates import Birth, Expiry, ages, read_birth, read_expiry
from drivers.formats.layouts import Format
from drivers.formats.mrz import Fields, parse
from drivers.formats.specimens import specimen, specimens

DAYS = [date(2026, 11, 24), date(2028, 2, 29), date(2031, 1, 1), date(2040, 12, 31)]


def fields_of(key: str, today: date) -> Fields:
    fields = parse(specimen(key, today).lines).fields
    assert fields is not None
    return fields


@pytest.mark.parametrize("today", DAYS)
def test_every_specimen_reads_with_nothing_wrong_and_all_formats_but_the_french_are_there(today: date) -> None:
    found = specimens(today)
    assert len({one.key for one in found}) == len(found)
    assert {one.format for one in found} == set(Format) - {Format.FRID}
    for one in found:
        zone = parse(one.lines)
        assert (zone.format, zone.valid, zone.problems) == (one.format, True, ()), one.key


@pytest.mark.parametrize("today", DAYS)
@pytest.mark.parametrize(("key", "years"), [("adult", 34), ("mother", 38), ("child", 7), ("baby", 0)])
def test_a_family_keeps_its_ages(today: date, key: str, years: int) -> None:
    born = read_birth(fields_of(key, today).birth, today)
    assert isinstance(born, Birth)
    assert ages(born.when, today) == (years, years)


@pytest.mark.parametrize("today", DAYS)
def test_only_the_expired_passport_has_run_out(today: date) -> None:
    good = {}
    for one in specimens(today):
        expiry = read_expiry(fields_of(one.key, today).expiry, today)
        assert isinstance(expiry, Expiry)
        good[one.key] = expiry.good_on(today)
    assert [key for key, is_good in good.items() if not is_good] == ["expired"]


def test_a_key_that_is_not_there_is_an_error() -> None:
    with pytest.raises(KeyError):
        specimen("nobody", DAYS[0])
