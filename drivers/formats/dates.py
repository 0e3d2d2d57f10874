"""Dates of a machine readable zone: YYMMDD with two digits for the year, and parts of a birth that are not known written `<<`.

No clock here: whoever asks says what day it is. What is not known is never made up. Doc 9303-3, 4.8.

The century of a **birth**: the latest one in which the whole date is not after today. (BSI TR-03135-1, 5.6.1.2.11, compares years alone
and makes a baby born this year a hundred years old.) Where that makes someone 10 or younger and the century before 110 or younger,
both are possible: `Birth.or_earlier` holds the other one, for an officer to ask.

The century of an **expiry**: from this year to fifteen years ahead, else the past (TR-03135-1, 5.10.2). A document is good on the day
of its expiry itself.
"""

from dataclasses import dataclass, field
from datetime import date, timedelta

FILLER = "<"
UNKNOWN = "<<"

OLDEST = 110
LONGEST_VALIDITY = 15
# Stands for a year that is not known, and for the century where any will do.
_A_LEAP_YEAR = 2000


@dataclass(frozen=True)
class PartialDate:
    """A date as far as it is known; None for each part that is not."""

    year: int | None = field(default=None, repr=False)
    month: int | None = field(default=None, repr=False)
    day: int | None = field(default=None, repr=False)

    @property
    def whole(self) -> date | None:
        """The day, where all of it is known."""
        if self.year is None or self.month is None or self.day is None:
            return None
        return date(self.year, self.month, self.day)

    @property
    def earliest(self) -> date | None:
        """The first day it can be; None where the year is not known."""
        if self.year is None:
            return None
        return date(self.year, self.month or 1, self.day or 1)

    @property
    def latest(self) -> date | None:
        """The last day it can be; None where the year is not known."""
        if self.year is None:
            return None
        month = self.month or 12
        if self.day is not None:
            return date(self.year, month, self.day)
        return date(self.year + month // 12, month % 12 + 1, 1) - timedelta(days=1)

    @property
    def iso(self) -> str:
        """ISO 8601 as far as known: `1974-08-12`, `1974-08`, `1974`, or "". A day without its month is left out."""
        if self.year is None:
            return ""
        month = f"-{self.month:02}" if self.month else ""
        return f"{self.year:04}{month}" + (f"-{self.day:02}" if month and self.day else "")


@dataclass(frozen=True)
class Birth:
    """A date of birth. `or_earlier` is the same date a century before, where the holder may be a child or a hundred years old."""

    when: PartialDate
    or_earlier: PartialDate | None = None

    def ages(self, on: date) -> tuple[int, int] | None:
        """The least and the greatest age in whole years on a day; None where it must be asked: year or century not known."""
        return None if self.or_earlier else ages(self.when, on)


@dataclass(frozen=True)
class Expiry:
    """The last day a document is good; None where the zone gives none (all fillers)."""

    last_day: date | None = field(repr=False)

    def good_on(self, day: date) -> bool:
        """Whether the document is good on this day; one without an expiry is."""
        return self.last_day is None or day <= self.last_day


@dataclass(frozen=True)
class NotADate:
    """The six characters are no date: letters, a thirteenth month, a day its month does not have, or none that can be meant."""


def age(birth: date, on: date) -> int:
    """Whole years lived on a day. Someone born on 29 February is a year older on 1 March of a common year."""
    return on.year - birth.year - ((on.month, on.day) < (birth.month, birth.day))


def ages(birth: PartialDate, on: date) -> tuple[int, int] | None:
    """The least and the greatest age in whole years on a day, as far as the birth is known; None where its year is not."""
    earliest, latest = birth.earliest, birth.latest
    if earliest is None or latest is None:
        return None
    return max(0, age(latest, on)), max(0, age(earliest, on))


def read_birth(text: str, today: date) -> Birth | NotADate:
    """The date of birth in six characters, unknown parts `<<`, as seen from today."""
    parts = _parts(text)
    if parts is None:
        return NotADate()
    year, month, day = parts
    if year is None:
        return Birth(PartialDate(None, month, day)) if _exists(_A_LEAP_YEAR, month, day) else NotADate()
    latest = today.year - today.year % 100 + year
    dates = [PartialDate(year, month, day) for year in (latest, latest - 100, latest - 200) if _exists(year, month, day)]
    lives = [when for when in dates if _alive(when, today)]
    # Three centuries hold at most two dates within the longest life, the later one first.
    return Birth(lives[0], lives[1] if len(lives) > 1 else None) if lives else NotADate()


def _alive(born: PartialDate, today: date) -> bool:
    """Whether someone born then can stand here today: born already, and not older than anyone is.

    What is known of the date decides: one of this month with its day not known may have been before today.
    """
    span = ages(born, today)
    return span is not None and born.earliest is not None and born.earliest <= today and span[0] <= OLDEST


def read_expiry(text: str, today: date) -> Expiry | NotADate:
    """The date of expiry in six characters, as seen from today; all fillers is a document without one."""
    if text == FILLER * 6:
        return Expiry(None)
    parts = _parts(text)
    if parts is None or None in parts:
        return NotADate()
    ahead = ((parts[0] or 0) - today.year) % 100
    year = today.year + (ahead if ahead <= LONGEST_VALIDITY else ahead - 100)
    return Expiry(PartialDate(year, *parts[1:]).whole) if _exists(year, *parts[1:]) else NotADate()


def can_be_a_date(text: str) -> bool:
    """Whether six characters can be a date of the calendar in some century, unknown parts allowed."""
    parts = _parts(text)
    if parts is None:
        return False
    return _exists(_A_LEAP_YEAR + (parts[0] or 0), *parts[1:])


def write_date(when: date | PartialDate) -> str:
    """The six characters of a zone; `<<` for each part that is not known."""
    parts = (None if when.year is None else when.year % 100, when.month, when.day)
    return "".join(UNKNOWN if part is None else f"{part:02}" for part in parts)


def _parts(text: str) -> tuple[int | None, int | None, int | None] | None:
    """Year of the century, month and day, None for each that is `<<`; None where the text is not of this form."""
    pairs = (text[:2], text[2:4], text[4:])
    if len(text) != 6 or not text.isascii() or not all(pair == UNKNOWN or pair.isdigit() for pair in pairs):
        return None
    year, month, day = (None if pair == UNKNOWN else int(pair) for pair in pairs)
    return year, month, day


def _exists(year: int, month: int | None, day: int | None) -> bool:
    """Whether the calendar has this date; a part that is not known is taken as one that fits (January has 31 days)."""
    try:
        date(year, 1 if month is None else month, 1 if day is None else day)
    except ValueError:
        return False
    return True
