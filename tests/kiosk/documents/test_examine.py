"""What can be said of a machine readable zone. Everyone here is a specimen of Utopia."""

from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.contract import Kind
from drivers.formats.check_digits import check_digit
from kiosk.documents.examine import examine
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence, Examined, Holder, Way, cut_short, worst
from kiosk.documents.scan import Scan
from kiosk.private import Private

TODAY = date(2026, 11, 24)
GOOD, BAD, OPEN, NONE = CheckResult.SUCCESSFUL, CheckResult.FAILED, CheckResult.UNDETERMINED, CheckResult.NOT_SUPPORTED


def passport(
    code: str = "P<", nationality: str = "UTO", birth: str = "740812", expiry: str = "310415", sex: str = "F", issuer: str = "UTO"
) -> tuple[str, str]:
    """The two lines of a TD3 zone with every check digit right."""
    number, optional = "L898902C3", "ZE184226B<<<<<"
    parts = [(number, check_digit(number)), (birth, check_digit(birth)), (expiry, check_digit(expiry)), (optional, check_digit(optional))]
    (n, nd), (b, bd), (e, ed), (o, od) = parts
    whole = check_digit(n + nd + b + bd + e + ed + o + od)
    return f"{code}{issuer}ERIKSSON<<ANNA<MARIA".ljust(44, "<"), f"{n}{nd}{nationality}{b}{bd}{sex}{e}{ed}{o}{od}{whole}"


def look(lines: tuple[str, ...], today: date | None = TODAY, confirmed: bool = True) -> Examined:
    return examine(Scan(Private(lines), Kind.PASSPORT_READER, confirmed), today)


def result(examined: Examined, id_: CheckId) -> tuple[CheckResult, Evidence]:
    (check,) = (check for check in examined.checks if check.id is id_)
    return check.result, check.evidence


def holder(examined: Examined) -> Holder:
    assert examined.holder.value is not None
    return examined.holder.value


def test_a_good_passport_passes_every_check() -> None:
    found = look(passport())
    assert {check.result for check in found.checks} == {GOOD}
    assert [check.id for check in found.checks] == list(CheckId)
    assert found.way is Way.ORDINARY


def test_a_good_passport_says_who_its_holder_is() -> None:
    expected = Holder("TD3", "P", "UTO", "L898902C3", "ERIKSSON", "ANNA MARIA", "UTO", "1974-08-12", "F", "2031-04-15", 52)
    assert holder(look(passport())) == expected


def test_a_wrong_digit_fails_its_own_check_and_the_composite_one_and_nothing_else() -> None:
    upper, lower = passport()
    found = look((upper, lower[:9] + str((int(lower[9]) + 1) % 10) + lower[10:]))
    failed = {check.id for check in found.checks if check.result is BAD}
    assert failed == {CheckId.NUMBER_DIGIT, CheckId.COMPOSITE_DIGIT}


def test_a_birth_with_a_wrong_digit_makes_nobody_a_child() -> None:
    upper, lower = passport(birth="180812")
    found = look((upper, lower[:19] + str((int(lower[19]) + 1) % 10) + lower[20:]))
    assert found.age is None


def test_a_visa_has_no_composite_digit_and_that_is_no_failure() -> None:
    upper, lower = passport(code="V<")
    found = look((upper, lower[:28] + "<" * 16))
    assert result(found, CheckId.COMPOSITE_DIGIT) == (NONE, Evidence.NO_SUCH_FIELD)
    assert BAD not in {check.result for check in found.checks}


@pytest.mark.parametrize(
    ("expiry", "expected"),
    [("261124", (GOOD, Evidence.VALID_TODAY)), ("261123", (BAD, Evidence.EXPIRED)), ("120415", (BAD, Evidence.EXPIRED))],
)
def test_a_document_is_good_on_its_last_day_and_not_after(expiry: str, expected: tuple[CheckResult, Evidence]) -> None:
    assert result(look(passport(expiry=expiry)), CheckId.NOT_EXPIRED) == expected


def test_law_11_without_a_clock_dates_are_undetermined_and_nothing_fails() -> None:
    found = look(passport(expiry="120415"), today=None)
    assert result(found, CheckId.NOT_EXPIRED) == (OPEN, Evidence.CLOCK)
    assert result(found, CheckId.BIRTH_POSSIBLE) == (OPEN, Evidence.CLOCK)
    assert BAD not in {check.result for check in found.checks}
    assert found.age is None


def test_an_expiry_with_a_wrong_digit_neither_proves_nor_disproves_anything() -> None:
    upper, lower = passport(expiry="120415")
    found = look((upper, lower[:27] + "0" + lower[28:]))
    assert result(found, CheckId.EXPIRY_DIGIT) == (BAD, Evidence.WRONG_DIGIT)
    assert result(found, CheckId.NOT_EXPIRED) == (OPEN, Evidence.WRONG_DIGIT)


def test_a_thirteenth_month_fails_also_without_a_clock() -> None:
    for today in (TODAY, None):
        found = look(passport(birth="741312", expiry="311315"), today)
        assert result(found, CheckId.BIRTH_POSSIBLE) == (BAD, Evidence.NO_SUCH_DAY)
        assert result(found, CheckId.EXPIRY_POSSIBLE) == (BAD, Evidence.NO_SUCH_DAY)


def test_a_birth_of_which_only_the_year_is_known_is_possible_and_its_age_open() -> None:
    found = look(passport(birth="74<<<<"))
    assert result(found, CheckId.BIRTH_POSSIBLE) == (GOOD, Evidence.PART_UNKNOWN)
    assert holder(found).birth == "1974"
    assert found.age is None


def test_a_child_that_could_be_a_hundred_is_taken_for_a_child_and_the_officer_is_told() -> None:
    found = look(passport(birth="200301"))
    assert found.age == 6
    assert result(found, CheckId.BIRTH_POSSIBLE) == (OPEN, Evidence.CENTURY_UNSURE)


def test_a_state_that_is_not_in_the_list_is_open_and_never_wrong() -> None:
    found = look(passport(issuer="QQQ", nationality="QQQ"))
    assert result(found, CheckId.ISSUER_KNOWN) == (OPEN, Evidence.NOT_IN_THE_LIST)
    assert result(found, CheckId.NATIONALITY_KNOWN) == (OPEN, Evidence.NOT_IN_THE_LIST)


def test_a_passport_with_a_second_letter_of_its_issuers_own_is_a_passport() -> None:
    assert result(look(passport(code="PX")), CheckId.DOCUMENT_CLASS) == (GOOD, Evidence.AS_PRINTED)


def test_an_unknown_first_letter_is_shown_and_never_wrong() -> None:
    assert result(look(passport(code="RP")), CheckId.DOCUMENT_CLASS) == (OPEN, Evidence.CLASS_UNKNOWN)


@pytest.mark.parametrize(
    ("code", "nationality", "way"),
    [
        ("P<", "UTO", Way.ORDINARY), ("PP", "UTO", Way.ORDINARY), ("PD", "UTO", Way.ORDINARY), ("PT", "UTO", Way.ORDINARY),
        ("P<", "XXA", Way.SHORT), ("P<", "XXB", Way.SHORT), ("PT", "XXC", Way.SHORT), ("PR", "UTO", Way.SHORT),
        ("PS", "UTO", Way.SHORT), ("PE", "UTO", Way.SHORT), ("PU", "UTO", Way.SHORT), ("PL", "UNO", Way.SHORT), ("P<", "UNA", Way.SHORT),
    ],
)  # fmt: skip
def test_refugees_stateless_people_emergency_papers_and_laissez_passers_go_the_short_way(code: str, nationality: str, way: Way) -> None:
    assert look(passport(code=code, nationality=nationality)).way is way


def test_a_read_that_no_second_one_confirmed_is_open() -> None:
    assert result(look(passport(), confirmed=False), CheckId.ZONE_CONFIRMED) == (OPEN, Evidence.READ_ONCE)


def test_lines_of_no_format_fail_in_form_and_leave_everything_else_open() -> None:
    found = look(("NOT A ZONE",))
    assert found.holder.value is None
    assert result(found, CheckId.ZONE_FORM) == (BAD, Evidence.FORM_WRONG)
    assert {check.result for check in found.checks} == {GOOD, BAD, OPEN}
    assert {check.id for check in found.checks} == set(CheckId)


def test_a_sex_printed_against_the_standard_is_flagged_and_read_as_unspecified() -> None:
    found = look(passport(sex="X"))
    assert holder(found).sex == ""
    assert result(found, CheckId.ZONE_FORM)[0] is OPEN


@given(st.lists(st.text(alphabet="ABPVI<0123456789x é", max_size=50), max_size=4), st.sampled_from([None, TODAY]))
def test_whatever_was_read_is_looked_at_without_an_error(lines: list[str], today: date | None) -> None:
    assert {check.id for check in look(tuple(lines), today).checks} == set(CheckId)


@given(st.text(alphabet="P<UTOXABCDEF0123456789", min_size=88, max_size=88), st.dates(date(1990, 1, 1), date(2090, 1, 1)))
def test_any_two_lines_of_a_passport_are_looked_at_without_an_error(text: str, today: date) -> None:
    found = look((text[:44], text[44:]), today)
    assert {check.id for check in found.checks} == set(CheckId)
    assert found.age is None or 0 <= found.age <= 110


def test_law_8_the_most_severe_result_stands_for_several_and_open_is_not_failed() -> None:
    assert worst([GOOD, OPEN, NONE]) is OPEN
    assert worst([OPEN, CheckResult.ABORTED, GOOD]) is CheckResult.ABORTED
    assert worst([CheckResult.ABORTED, BAD]) is BAD
    assert worst([NONE, GOOD]) is GOOD
    assert worst([]) is NONE


def test_a_look_that_was_cut_short_says_so_of_every_check_and_names_nobody() -> None:
    found = cut_short()
    assert all(check == Check(check.id, CheckResult.ABORTED, Evidence.CUT_SHORT) for check in found.checks)
    assert found.age is None


def test_law_10_what_was_found_of_a_person_does_not_show() -> None:
    shown = repr(look(passport()))
    for value in ("ERIKSSON", "L898902C3", "1974", "52"):
        assert value not in shown
