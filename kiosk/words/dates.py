"""Days and times of day as they are written in each language: 23 Nov 2026 10:36. PURE."""

import re
from datetime import date, datetime

from kiosk.words.catalogue import Words

DATE = re.compile(r"(\d{4})(?:-(\d{2})(?:-(\d{2}))?)?")


def day(words: Words, language: str, when: date) -> str:
    """A day."""
    return words.say("date_day", language, day=when.day, month=words.say(f"month_{when.month}", language), year=when.year)


def moment(words: Words, language: str, when: datetime) -> str:
    """A day and a time of day, as it stands on the clock of the post: `when` is local."""
    return f"{day(words, language, when)} {when:%H:%M}"


def known_part(words: Words, language: str, iso: str) -> str:
    """A date of a document as far as it is known: 1974-08-12, 1974-08 or 1974; "not known" for anything else."""
    form = DATE.fullmatch(iso)
    if form is None:
        return words.say("value_unknown", language)
    year, month, number = (int(part) if part else None for part in form.groups())
    try:
        if month is None:
            return str(year)
        first = date(int(form[1]), month, number or 1)
    except ValueError:
        return words.say("value_unknown", language)
    if number is not None:
        return day(words, language, first)
    return words.say("date_month", language, month=words.say(f"month_{month}", language), year=first.year)
