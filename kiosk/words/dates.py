"""Days and times of day as they are written in each language: 23 Nov 2026 10:36. PURE."""

from datetime import date, datetime

from kiosk.words.catalogue import Words


def day(words: Words, language: str, when: date) -> str:
    """A day."""
    return words.say("date_day", language, day=when.day, month=words.say(f"month_{when.month}", language), year=when.year)


def moment(words: Words, language: str, when: datetime) -> str:
    """A day and a time of day, as it stands on the clock of the post: `when` is local."""
    return f"{day(words, language, when)} {when:%H:%M}"


def known_part(words: Words, language: str, iso: str) -> str:
    """A date of a document as far as it is known: 1974-08-12, 1974-08, 1974, or nothing. Raises ValueError for anything else."""
    parts = [int(part) for part in iso.split("-")] if iso else []
    match parts:
        case [year, month, number]:
            return day(words, language, date(year, month, number))
        case [year, month]:
            named = words.say(f"month_{date(year, month, 1).month}", language)
            return words.say("date_month", language, month=named, year=year)
        case [year]:
            return str(year)
        case []:
            return words.say("value_unknown", language)
        case _:
            raise ValueError("a date has at most three parts")
