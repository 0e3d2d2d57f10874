"""The lane's open cases and who holds them: the lane arbitrates claims and takes decisions in. PURE.

A claim is a lease of 120 s, renewed each 30 s. Whoever claims first holds. A decision is accepted once; a second one that differs
is a conflict, and both are kept.
Time is given as seconds of a monotonic clock.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

from kiosk.messages.payloads import Outcome

LEASE_S = 120.0


@dataclass(frozen=True)
class OpenCase:
    """One registration that waits for an officer. `version` rises with each new holder."""

    case_id: str
    token_code: str
    since: str
    version: int = 0
    holder: str = ""
    lease_until: float = 0.0
    decision_id: str = ""
    code: str = ""


@dataclass(frozen=True)
class Cases:
    """All cases of a lane by id. Decided ones stay until forgotten, so that a repeated decision is answered alike."""

    by_id: Mapping[str, OpenCase] = field(default_factory=lambda: MappingProxyType({}))

    def waiting(self) -> tuple[OpenCase, ...]:
        """The undecided ones, oldest first."""
        return tuple(case for case in self.by_id.values() if not case.decision_id)

    def opened(self, case: OpenCase) -> "Cases":
        """With one more case; the same id again changes nothing."""
        return self if case.case_id in self.by_id else self._with(case)

    def claimed(self, case_id: str, console: str, now: float) -> "Cases":
        """A claim or its renewal. Held by another console with a running lease: unchanged."""
        case = self.by_id.get(case_id)
        if case is None or case.decision_id or (case.holder not in ("", console) and now < case.lease_until):
            return self
        version = case.version if case.holder == console and now < case.lease_until else case.version + 1
        return self._with(replace(case, holder=console, version=version, lease_until=now + LEASE_S))

    def released(self, case_id: str, console: str) -> "Cases":
        """The holder gives it back; anyone else changes nothing."""
        case = self.by_id.get(case_id)
        if case is None or case.holder != console:
            return self
        return self._with(replace(case, holder="", lease_until=0.0))

    def ran_out(self, now: float) -> "Cases":
        """Leases that were not renewed are over."""
        late = [case for case in self.waiting() if case.holder and now >= case.lease_until]
        cases = self
        for case in late:
            cases = cases._with(replace(case, holder="", lease_until=0.0))
        return cases

    def decided(self, case_id: str, decision_id: str, code: str) -> "tuple[Cases, Outcome]":
        """A decision comes in. The same decision again is accepted again; another one that differs is a conflict."""
        case = self.by_id.get(case_id)
        if case is None:
            return self, Outcome.UNKNOWN_CASE
        if case.decision_id == decision_id or (case.decision_id and case.code == code):
            return self, Outcome.ACCEPTED
        if case.decision_id:
            return self, Outcome.CONFLICT
        return self._with(replace(case, decision_id=decision_id, code=code, holder="", lease_until=0.0)), Outcome.ACCEPTED

    def forgotten(self, case_id: str) -> "Cases":
        """Without that case: its decision is settled, or its hours ran out."""
        return Cases(MappingProxyType({key: case for key, case in self.by_id.items() if key != case_id}))

    def _with(self, case: OpenCase) -> "Cases":
        return Cases(MappingProxyType({**self.by_id, case.case_id: case}))
