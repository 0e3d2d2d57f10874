"""Visas and permits of other systems, and how one stands at a crossing. PURE."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from enum import StrEnum


class PermitKind(StrEnum):
    """What an import brings."""

    VISAS = "visas"
    PERMITS = "permits"


class Status(StrEnum):
    """What its issuer says of it now."""

    VALID = "valid"
    CANCELLED = "cancelled"
    REPLACED = "replaced"


class Standing(StrEnum):
    """How it stood on the day of a crossing. UNDETERMINED: the station did not know the day (law 11)."""

    VALID = "valid"
    CANCELLED = "cancelled"
    EXPIRED = "expired"
    NOT_KNOWN = "not_known"
    UNDETERMINED = "undetermined"


@dataclass(frozen=True)
class Permit:
    """One visa or permit. `number` and `issuer` name it; `document_state` and `document_number` are those of the travel document that it is for.

    Valid on both days and between. `ended`: the day from which a cancelled or replaced one is none any more."""

    number: str
    issuer: str
    document_state: str
    document_number: str
    category: str
    valid_from: date
    valid_until: date
    status: Status
    ended: date | None
    replaced_by: str


def standing(permits: Iterable[Permit], day: date | None) -> tuple[Standing, str]:
    """How the holder of a document stood on that day, and the number of the one that says so: the best of them counts."""
    if day is None:
        return Standing.UNDETERMINED, ""
    begun = sorted((permit for permit in permits if permit.valid_from <= day), key=lambda one: (one.valid_until, one.number), reverse=True)
    for wanted in (Standing.VALID, Standing.CANCELLED, Standing.EXPIRED):
        for permit in begun:
            if _on(permit, day) is wanted:
                return wanted, permit.number
    return Standing.NOT_KNOWN, ""


def _on(permit: Permit, day: date) -> Standing:
    if permit.ended is not None and day >= permit.ended and permit.ended <= permit.valid_until:
        return Standing.CANCELLED
    return Standing.VALID if day <= permit.valid_until else Standing.EXPIRED
