"""What a lane did in the last hours: how many registered, how many were decided, how long they waited. Counts only, nobody's name. PURE.

Kept in memory by the lane and said in its status, so that headquarters' board needs no history of its own; a restart begins anew.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta
from statistics import median_low
from types import MappingProxyType

from msgspec import UNSET

from kiosk.messages.payloads import Hour

KEPT = timedelta(hours=6)


@dataclass(frozen=True)
class Worked:
    """One hour: registrations, and the seconds that each of those decided in it had waited."""

    registered: int = 0
    waits: tuple[int, ...] = ()


@dataclass(frozen=True)
class Hours:
    """The last six hours and the present one, by their beginning in UTC."""

    by_hour: Mapping[datetime, Worked] = field(default_factory=lambda: MappingProxyType({}))

    def registered(self, at: datetime) -> "Hours":
        """Somebody registered."""
        worked = self._at(at)
        return self._with(at, replace(worked, registered=worked.registered + 1))

    def decided(self, at: datetime, since: datetime) -> "Hours":
        """An officer decided; the traveller had registered at `since`."""
        worked = self._at(at)
        return self._with(at, replace(worked, waits=(*worked.waits, max(0, int((at - since).total_seconds())))))

    def said(self, now: datetime) -> tuple[Hour, ...]:
        """For the status, oldest first; hours without work are left out."""
        hours = sorted(hour for hour in self.by_hour if _begun(now) - KEPT <= hour)
        return tuple(_payload(hour, self.by_hour[hour]) for hour in hours)

    def _at(self, at: datetime) -> Worked:
        return self.by_hour.get(_begun(at), Worked())

    def _with(self, at: datetime, worked: Worked) -> "Hours":
        hour = _begun(at)
        kept = {other: entry for other, entry in self.by_hour.items() if hour - KEPT <= other}
        return Hours(MappingProxyType({**kept, hour: worked}))


def _begun(at: datetime) -> datetime:
    return at.astimezone(UTC).replace(minute=0, second=0, microsecond=0)


def _payload(hour: datetime, worked: Worked) -> Hour:
    return Hour(
        hour=hour.strftime("%Y-%m-%dT%H:%M:%SZ"),
        registered=worked.registered,
        decided=len(worked.waits),
        wait_s=median_low(worked.waits) if worked.waits else UNSET,
    )
