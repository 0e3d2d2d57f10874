"""Time is not given (law 11): a clock that says where its time comes from, how sure it is, and that never starts below what was seen."""

import ctypes
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

from kiosk.messages.payloads import ClockSource

# The day this version was made; no right clock is below it
BUILD = datetime(2026, 11, 23, tzinfo=UTC)
# What an unknown clock claims: nothing (about thirty years)
UNBOUNDED_S = 1e9
# Crystals of small boards drift up to this, in seconds a second
DRIFT = 100e-6
RTC_STEP_S = 1.0
BOOT_ID, RTC = Path("/proc/sys/kernel/random/boot_id"), Path("/sys/class/rtc/rtc0")


@dataclass(frozen=True)
class Stamp:
    """A moment: UTC with its source and uncertainty, and the monotonic clock of this boot, which is what order is made of.

    `drift_s`: by how much the machine's own clock is ahead of headquarters' signed time; None until one was heard."""

    utc: datetime
    source: ClockSource
    uncertainty_s: float
    boot_id: str
    monotonic_ms: int
    drift_s: float | None = None

    @property
    def known(self) -> bool:
        """Whether dates may be judged by it."""
        return self.source is not ClockSource.UNKNOWN

    @property
    def text(self) -> str:
        """The moment as RFC 3339 with milliseconds."""
        return utc_text(self.utc)


class Clock(Protocol):
    """What gives the time. Safe from any thread."""

    def now(self) -> Stamp:
        """The present moment."""

    def not_before(self, utc: datetime) -> None:
        """This moment has been: no later answer lies before it."""

    def heard(self, utc: datetime, at_monotonic: float, uncertainty_s: float) -> None:
        """Headquarters' signed time, as it was when the monotonic clock showed `at_monotonic` seconds."""


def utc_text(utc: datetime) -> str:
    """RFC 3339, UTC, milliseconds."""
    return utc.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S.") + f"{utc.microsecond // 1000:03d}Z"


def parse_utc(text: str) -> datetime:
    """What `utc_text` wrote. Raises ValueError."""
    return datetime.fromisoformat(text.replace("Z", "+00:00"))


class KernelTime(ctypes.Structure):
    """The beginning of `struct timex` of adjtimex(2); the rest is room."""

    _fields_ = (
        ("modes", ctypes.c_uint),
        ("offset", ctypes.c_long),
        ("freq", ctypes.c_long),
        ("maxerror", ctypes.c_long),
        ("esterror", ctypes.c_long),
        ("status", ctypes.c_int),
        ("rest", ctypes.c_byte * 256),
    )


TIME_ERROR = 5


def kernel_uncertainty() -> float | None:
    """Seconds of error at most, where the kernel's clock is disciplined by a time service; None where it is not."""
    asked = KernelTime()
    adjtimex = getattr(ctypes.CDLL(None), "adjtimex", None)
    state = adjtimex(ctypes.byref(asked)) if adjtimex is not None else -1
    return asked.maxerror / 1_000_000 if 0 <= state < TIME_ERROR else None


@dataclass(frozen=True)
class Mark:
    """A moment known to have been when the monotonic clock showed `monotonic`."""

    utc: datetime
    monotonic: float
    uncertainty_s: float

    def at(self, monotonic: float) -> datetime:
        """The moment when the monotonic clock shows this."""
        return self.utc + timedelta(seconds=monotonic - self.monotonic)


class SystemClock:
    """The machine's clock. An undisciplined wall clock is read once, at the start, so that it may jump without harm."""

    def __init__(
        self,
        wall: Callable[[], datetime] = lambda: datetime.now(UTC),
        monotonic: Callable[[], float] = time.monotonic,
        disciplined: Callable[[], float | None] = kernel_uncertainty,
        has_rtc: bool | None = None,
    ) -> None:
        self._wall, self._monotonic, self._disciplined = wall, monotonic, disciplined
        self._has_rtc = RTC.exists() if has_rtc is None else has_rtc
        self._boot_id = _boot_id()
        self._lock = threading.Lock()
        began = monotonic()
        self._start = Mark(wall(), began, 0.0)
        self._floor = Mark(BUILD, began, 0.0)
        self._heard: Mark | None = None

    def now(self) -> Stamp:
        """The present moment, from the best source there is."""
        monotonic = self._monotonic()
        with self._lock:
            utc, source, uncertainty_s = self._best(monotonic)
            heard = self._heard
        drift_s = None if heard is None else round((self._wall() - heard.at(monotonic)).total_seconds(), 3)
        return Stamp(utc, source, uncertainty_s, self._boot_id, int(monotonic * 1000), drift_s)

    def not_before(self, utc: datetime) -> None:
        """This moment has been: no later answer lies before it."""
        now = self._monotonic()
        with self._lock:
            if utc > self._floor.at(now):
                self._floor = Mark(utc, now, 0.0)

    def heard(self, utc: datetime, at_monotonic: float, uncertainty_s: float) -> None:
        """Headquarters' signed time."""
        with self._lock:
            if self._heard is None or self._sure(self._heard, at_monotonic) >= uncertainty_s:
                self._heard = Mark(utc, at_monotonic, uncertainty_s)

    def _best(self, monotonic: float) -> tuple[datetime, ClockSource, float]:
        floor = self._floor.at(monotonic)
        error = self._disciplined()
        if error is not None and (wall := self._wall()) >= floor:
            return wall, ClockSource.NTP, error
        if self._heard is not None and self._heard.at(monotonic) >= floor:
            return self._heard.at(monotonic), ClockSource.HEADQUARTERS, self._sure(self._heard, monotonic)
        kept = self._start.at(monotonic)
        if self._has_rtc and kept >= floor:
            # it was right at the floor at the latest, and has drifted since
            return kept, ClockSource.RTC, RTC_STEP_S + (kept - floor).total_seconds() * DRIFT
        return max(kept, floor), ClockSource.UNKNOWN, UNBOUNDED_S

    @staticmethod
    def _sure(mark: Mark, monotonic: float) -> float:
        return mark.uncertainty_s + max(0.0, monotonic - mark.monotonic) * DRIFT


def _boot_id() -> str:
    try:
        return BOOT_ID.read_text(encoding="ascii").strip()
    except OSError:
        return "unknown"
