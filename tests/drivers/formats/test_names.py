"""Names in their fields: what fits stays whole, what does not is cut as one of the right answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.formats.making import name_in_zone
from drivers.formats.names import Name, NameDoesNotFit, fit, is_a_name, is_right, may_be_cut, read_name
from tests.drivers.formats.shared import load

LONG = Name(("BENNELONG", "WOOLOOMOOLOO", "WARRANDYTE", "WARNAMBOOL"), ("DINGO", "POTOROO"))


def test_every_example_of_the_documents_is_a_right_way_to_write_its_name() -> None:
    examples = load("doc9303.json")["names"]
    assert len(examples) == 60
    for example in examples:
        name = name_in_zone(example["surname"], example["given"])
        field = example["mrz"] if example["form"] == "TD1" else example["mrz"][5:]
        assert is_right(name, field), example
        assert is_right(name, fit(name, len(field))), example
        if len(field.rstrip("<")) < len(field):
            assert fit(name, len(field)) == field, example


def test_a_name_that_fits_to_the_last_position_is_not_cut_and_must_be_taken_as_cut() -> None:
    name = Name(("PAPANDROPOULOUS",), ("JONATHON", "WARREN", "TREVOR"))
    field = fit(name, 39)
    assert field == "PAPANDROPOULOUS<<JONATHON<WARREN<TREVOR"
    assert may_be_cut(field)
    assert not may_be_cut(fit(name, 40))


def test_a_long_surname_gives_way_evenly_until_a_letter_of_the_given_name_is_seen() -> None:
    assert fit(LONG, 39) == "BENNELONG<WOOLOOMO<WARRANDY<WARNAMBO<<D"
    assert fit(LONG, 30) == "BENNEL<WOOLOO<WARRAN<WARNAM<<D"


def test_a_long_given_name_is_cut_at_the_end_and_ends_with_a_letter() -> None:
    assert fit(Name(("NILAVADHANANANDA",), ("CHAYAPA", "DEJTHAMRONG", "KRASUANG")), 30) == "NILAVADHANANANDA<<CHAYAPA<DEJT"
    # A cut after PETCH would leave a filler last, as if nothing had been cut.
    assert fit(Name(("NILAVADHANANANDA",), ("ARNPOL", "PETCH", "CHARONGUANG")), 31) == "NILAVADHANANANDA<<ARNPOL<PETC<C"


def test_a_person_with_one_long_name_and_no_other_keeps_a_letter_in_the_last_position() -> None:
    assert fit(Name(LONG.primary), 30) == "BENNELO<WOOLOOM<WARRAND<WARNAM"


@pytest.mark.parametrize(
    "field",
    [
        "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<DI",
        "BENNELONG<WOOLOOM<WARRAND<WARNAM<<DINGO",
        "BENNEL<WOOLOO<WARRAN<WARNAM<<DINGO<POTO",
        "BENNELONG<WOOLOOMOOLOO<WARR<WARN<<D<POT",
    ],
)
def test_other_issuers_may_cut_the_same_name_otherwise(field: str) -> None:
    assert is_right(LONG, field)


@pytest.mark.parametrize(
    "field",
    [
        "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<D<",  # ends with a filler
        "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<WARNA",  # the given name is gone
        "BENNELONG<WARRANDYTE<WARNAMBOOL<<DINGOS",  # one in the middle is left out
        "BENNELONG<WOOLOOMOOLOO<WARRANDYTE<W<<PO",  # the first given name is left out
        "ENNELONG<WOOLOOMOOLOO<WARRANDYTE<WA<<DI",  # cut at the front
        "BENNELONG<WOOLOOM<<WARRAND<WARNAM<DINGO",  # parted in the wrong place
    ],
)
def test_what_is_not_a_truncation_of_the_name_is_told_apart(field: str) -> None:
    assert len(field) == 39
    assert not is_right(LONG, field)


def test_a_name_that_fits_and_was_cut_all_the_same_is_not_right() -> None:
    assert not is_right(Name(("ERIKSSON",), ("ANNA", "MARIA")), "ERIKSSON<<ANNA<M".ljust(39, "<"))


def test_initials_that_cannot_end_with_a_letter_are_refused_not_written_wrong() -> None:
    # Thirty positions, letters on the odd ones alone: the thirtieth is a filler however many are left out.
    with pytest.raises(NameDoesNotFit):
        fit(Name(tuple("ABCDEFGHIJKLMNOPQRSTUVWXYZ")), 30)


@pytest.mark.parametrize(
    ("field", "primary", "secondary", "good"),
    [
        ("ERIKSSON<<ANNA<MARIA<<<", ("ERIKSSON",), ("ANNA", "MARIA"), True),
        ("ARKFREITH<<<<<<<<<<<<<<", ("ARKFREITH",), (), True),
        ("<<<<<<<<<<<<<<<<<<<<<<<", (), (), False),
        ("<<ANNA<<<<<<<<<<<<<<<<<", (), ("ANNA",), False),
        ("A<<B<<C<<<<<<<<<<<<<<<<", ("A",), ("B", "C"), False),
        ("ER1KSSON<<ANNA<<<<<<<<<", ("ER1KSSON",), ("ANNA",), False),
        ("ERIKSSON<<<ANNA<<<<<<<<", ("ERIKSSON",), ("ANNA",), False),
    ],
)
def test_a_name_field_is_read_and_judged(field: str, primary: tuple[str, ...], secondary: tuple[str, ...], good: bool) -> None:
    assert read_name(field) == Name(primary, secondary)
    assert is_a_name(field) is good


COMPONENTS = st.lists(st.text("ABCXYZ", min_size=1, max_size=14), min_size=1, max_size=9).map(tuple)


@given(COMPONENTS, st.one_of(st.just(()), COMPONENTS), st.sampled_from([25, 30, 31, 39]))
def test_any_name_is_written_right_or_refused(primary: tuple[str, ...], secondary: tuple[str, ...], width: int) -> None:
    name = Name(primary, secondary)
    try:
        field = fit(name, width)
    except NameDoesNotFit:
        assert all(len(part) == 1 for part in primary)
        return
    assert len(field) == width
    assert is_right(name, field)


def test_a_name_shows_nothing_of_itself_in_a_log() -> None:
    assert repr(LONG) == "Name()"
