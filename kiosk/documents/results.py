"""Results of checks on a document, and what a document says once it was looked at. PURE.

The five results and their order are those of BSI TR-03135-1: *undetermined* and *not supported* are not *failed* (law 8).
"""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum

from kiosk.private import Private


class CheckResult(StrEnum):
    """How a check ended, most severe first."""

    FAILED = "failed"
    ABORTED = "aborted"
    UNDETERMINED = "undetermined"
    SUCCESSFUL = "successful"
    NOT_SUPPORTED = "not_supported"


class CheckId(StrEnum):
    """What is checked on a machine readable zone."""

    ZONE_CONFIRMED = "zone_confirmed"
    ZONE_FORM = "zone_form"
    NUMBER_DIGIT = "number_check_digit"
    BIRTH_DIGIT = "birth_check_digit"
    EXPIRY_DIGIT = "expiry_check_digit"
    OPTIONAL_DIGIT = "optional_check_digit"
    COMPOSITE_DIGIT = "composite_check_digit"
    ISSUER_KNOWN = "issuer_known"
    NATIONALITY_KNOWN = "nationality_known"
    DOCUMENT_CLASS = "document_class"
    BIRTH_POSSIBLE = "birth_possible"
    EXPIRY_POSSIBLE = "expiry_possible"
    NOT_EXPIRED = "not_expired"


class Evidence(StrEnum):
    """Why a check ended as it did: a code, never a value of the person."""

    AS_PRINTED = "as_printed"
    READ_TWICE = "read_twice"
    READ_ONCE = "read_once"
    WRONG_DIGIT = "wrong_digit"
    NO_SUCH_FIELD = "no_such_field"
    NOT_IN_THE_LIST = "not_in_the_list"
    CLASS_UNKNOWN = "class_unknown"
    FORM_WRONG = "form_wrong"
    PART_UNKNOWN = "part_unknown"
    NO_SUCH_DAY = "no_such_day"
    IN_THE_FUTURE = "in_the_future"
    CENTURY_UNSURE = "century_unsure"
    VALID_TODAY = "valid_today"
    EXPIRED = "expired"
    CLOCK = "clock"
    CUT_SHORT = "cut_short"


@dataclass(frozen=True)
class Check:
    """One check, its result, and the code that says why."""

    id: CheckId
    result: CheckResult
    evidence: Evidence


class Way(StrEnum):
    """How the holder goes on: as everyone does, or the short way (face only, no declaration) and then an officer."""

    ORDINARY = "ordinary"
    SHORT = "short"


@dataclass(frozen=True)
class Holder:
    """What a zone says, ready to be shown or recorded. Dates are ISO 8601 as far as known (`1974-08-12`, `1974-08`, `1974`, empty).

    `layout` is TD1, TD2, TD3, MRVA, MRVB or FRID; `issuer` and `nationality` are the codes of Doc 9303-3 without fillers; `sex` is
    M, F or empty; `age` in whole years, None where it is undetermined.
    """

    layout: str
    code: str
    issuer: str
    number: str
    surname: str
    given_names: str
    nationality: str
    birth: str
    sex: str
    expiry: str
    age: int | None


@dataclass(frozen=True)
class Examined:
    """A document that was looked at. `holder` is None inside when the look was cut short."""

    checks: tuple[Check, ...]
    way: Way
    holder: Private[Holder | None]

    @property
    def age(self) -> int | None:
        """The holder's age in whole years; None is undetermined, never "too old" or "too young"."""
        return self.holder.value.age if self.holder.value else None


def worst(results: Iterable[CheckResult]) -> CheckResult:
    """The most severe of several results; of none, that nothing is supported."""
    order = list(CheckResult)
    return min(results, key=order.index, default=CheckResult.NOT_SUPPORTED)


def cut_short() -> Examined:
    """What stands when the look at a document was broken off: every check aborted, which is never a ground for a decision."""
    checks = tuple(Check(id_, CheckResult.ABORTED, Evidence.CUT_SHORT) for id_ in CheckId)
    return Examined(checks, Way.ORDINARY, Private(None))
