"""A machine readable zone is looked at: what it says, and what can be said of it. PURE; never raises on what was read.

What the clock or the zone does not tell is *undetermined*, what the format lacks is *not supported*; neither is *failed* (law 8).
"""

from collections.abc import Iterator
from datetime import date

from drivers.formats.dates import Birth, Expiry, NotADate, ages, can_be_a_date, read_birth, read_expiry
from drivers.formats.layouts import Part
from drivers.formats.mrz import Fields, Zone, parse
from drivers.formats.problems import Wrong
from drivers.formats.states import find_state
from kiosk.documents.classes import DocumentClass, document_class, way_of
from kiosk.documents.results import Check, CheckId, CheckResult, Evidence, Examined, Holder, Way
from kiosk.documents.scan import Scan
from kiosk.private import Private

GOOD, BAD, OPEN, NONE = CheckResult.SUCCESSFUL, CheckResult.FAILED, CheckResult.UNDETERMINED, CheckResult.NOT_SUPPORTED
DIGITS = {
    CheckId.NUMBER_DIGIT: Part.NUMBER,
    CheckId.BIRTH_DIGIT: Part.BIRTH,
    CheckId.EXPIRY_DIGIT: Part.EXPIRY,
    CheckId.OPTIONAL_DIGIT: Part.OPTIONAL,
    CheckId.COMPOSITE_DIGIT: Part.COMPOSITE,
}
FORM_BROKEN = {Wrong.CHARACTER, Wrong.LONG_NUMBER}
FORM_ODD = {Wrong.DOCUMENT_CODE, Wrong.SEX, Wrong.NAME}


def examine(scan: Scan, today: date | None) -> Examined:
    """The checks on a zone in the order of CheckId. `today` None: the clock is unknown, and dates stay undetermined (law 11)."""
    zone = parse(scan.lines.value)
    # how it was read says something even of lines that make no sense
    confirmed = _confirmed(scan)
    if zone.fields is None:
        others = (Check(id_, OPEN, Evidence.FORM_WRONG) for id_ in CheckId if id_ not in {CheckId.ZONE_CONFIRMED, CheckId.ZONE_FORM})
        return Examined((confirmed, Check(CheckId.ZONE_FORM, BAD, Evidence.FORM_WRONG), *others), Way.ORDINARY, Private(None))
    fields = zone.fields
    found = document_class(fields.document_code, fields.nationality)
    checks = (confirmed, _form(zone), *_digits(zone), *_known(fields, found), *_dates(zone, fields, today))
    return Examined(checks, way_of(found, fields.nationality), Private(_holder(zone, fields, today)))


def _confirmed(scan: Scan) -> Check:
    """Whether what was read is what stands there, as far as the wire can tell."""
    result, why = (GOOD, Evidence.READ_TWICE) if scan.confirmed else (OPEN, Evidence.READ_ONCE)
    return Check(CheckId.ZONE_CONFIRMED, result, why)


def _form(zone: Zone) -> Check:
    """The form of the zone. Documents in use break its lesser rules, so that these leave it open."""
    wrong = {problem.wrong for problem in zone.problems}
    if wrong & FORM_BROKEN:
        return Check(CheckId.ZONE_FORM, BAD, Evidence.FORM_WRONG)
    if wrong & FORM_ODD:
        return Check(CheckId.ZONE_FORM, OPEN, Evidence.FORM_WRONG)
    return Check(CheckId.ZONE_FORM, GOOD, Evidence.AS_PRINTED)


def _digits(zone: Zone) -> Iterator[Check]:
    """Each check digit; formats differ in which they have."""
    right = {check.part: check.right for check in zone.checks}
    for id_, part in DIGITS.items():
        if part not in right:
            yield Check(id_, NONE, Evidence.NO_SUCH_FIELD)
        else:
            yield Check(id_, GOOD, Evidence.AS_PRINTED) if right[part] else Check(id_, BAD, Evidence.WRONG_DIGIT)


def _known(fields: Fields, found: DocumentClass) -> Iterator[Check]:
    """Codes against the lists. New codes are published between two lists, so that an unknown one is open, not wrong."""
    for id_, code in ((CheckId.ISSUER_KNOWN, fields.issuer), (CheckId.NATIONALITY_KNOWN, fields.nationality)):
        yield Check(id_, GOOD, Evidence.AS_PRINTED) if find_state(code) else Check(id_, OPEN, Evidence.NOT_IN_THE_LIST)
    unknown = found is DocumentClass.UNKNOWN
    yield Check(CheckId.DOCUMENT_CLASS, OPEN if unknown else GOOD, Evidence.CLASS_UNKNOWN if unknown else Evidence.AS_PRINTED)


def _dates(zone: Zone, fields: Fields, today: date | None) -> Iterator[Check]:
    """Birth and expiry. Whether a date can be is told without a clock; which century, and whether it has passed, is not."""
    yield Check(CheckId.BIRTH_POSSIBLE, *_birth_possible(fields.birth, today))
    if not fields.expiry.strip("<"):
        yield Check(CheckId.EXPIRY_POSSIBLE, NONE, Evidence.NO_SUCH_FIELD)
        yield Check(CheckId.NOT_EXPIRED, NONE, Evidence.NO_SUCH_FIELD)
        return
    # only a birth may have parts that nobody knows
    possible = can_be_a_date(fields.expiry) and "<" not in fields.expiry
    yield Check(CheckId.EXPIRY_POSSIBLE, *((GOOD, Evidence.AS_PRINTED) if possible else (BAD, Evidence.NO_SUCH_DAY)))
    yield Check(CheckId.NOT_EXPIRED, *_not_expired(zone, fields.expiry, today))


def _birth_possible(text: str, today: date | None) -> tuple[CheckResult, Evidence]:
    if not can_be_a_date(text):
        return BAD, Evidence.NO_SUCH_DAY
    if today is None:
        return OPEN, Evidence.CLOCK
    birth = read_birth(text, today)
    if isinstance(birth, NotADate):
        return BAD, Evidence.NO_SUCH_DAY
    if birth.or_earlier:
        return OPEN, Evidence.CENTURY_UNSURE
    return GOOD, Evidence.AS_PRINTED if birth.when.whole else Evidence.PART_UNKNOWN


def _not_expired(zone: Zone, text: str, today: date | None) -> tuple[CheckResult, Evidence]:
    """A document is good on its last day. A date with a wrong check digit proves nothing either way."""
    # the digit first: an expiry that was misread must not call a good document expired
    if not _right(zone, Part.EXPIRY):
        return OPEN, Evidence.WRONG_DIGIT
    if today is None:
        return OPEN, Evidence.CLOCK
    expiry = read_expiry(text, today)
    if isinstance(expiry, NotADate):
        return OPEN, Evidence.NO_SUCH_DAY
    return (GOOD, Evidence.VALID_TODAY) if expiry.good_on(today) else (BAD, Evidence.EXPIRED)


def _right(zone: Zone, part: Part) -> bool:
    return all(check.right for check in zone.checks if check.part is part)


def _holder(zone: Zone, fields: Fields, today: date | None) -> Holder:
    """What the zone says, ready to be shown; the centuries of its dates are told only by a clock."""
    birth = read_birth(fields.birth, today) if today else NotADate()
    expiry = read_expiry(fields.expiry, today) if today else NotADate()
    return Holder(
        layout=str(zone.format),
        code=fields.document_code,
        issuer=fields.issuer,
        number=fields.number,
        surname=fields.surname,
        given_names=fields.given_names,
        nationality=fields.nationality,
        birth=birth.when.iso if isinstance(birth, Birth) else "",
        # some states print X against the standard: it is flagged by the form and read as unspecified
        sex=fields.sex if fields.sex in {"M", "F"} else "",
        expiry=expiry.last_day.isoformat() if isinstance(expiry, Expiry) and expiry.last_day else "",
        # a misread birth makes nobody a child and nobody an adult
        age=_age(birth, today) if _right(zone, Part.BIRTH) else None,
    )


def _age(birth: Birth | NotADate, today: date | None) -> int | None:
    """Whole years, where they are sure. A child and a person of a hundred look alike in a zone: the child is meant, the officer asks."""
    if today is None or isinstance(birth, NotADate):
        return None
    between = ages(birth.when, today)
    return between[0] if between and between[0] == between[1] else None
