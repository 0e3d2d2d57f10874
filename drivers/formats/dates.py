"""Dates of a machine readable zone: YYMMDD with two digits for the year, and parts of a birth that are not known written `<<`.

No clock here: whoever asks says what day it is. Doc 9303-3, 4.8.
"""

from datetime import date

UNKNOWN = "<<"


def can_be_a_date(text: str) -> bool:
    """Whether six characters can be a date of the calendar in some century, unknown parts allowed.

    Known parts stand before unknown ones in documents; a day without its month is taken all the same.
    """
    year, month, day = text[:2], text[2:4], text[4:6]
    if len(text) != 6 or not all(part == UNKNOWN or (part.isascii() and part.isdigit()) for part in (year, month, day)):
        return False
    # 2000 was a leap year, so it stands for a year that is not known; so does January for a month, having 31 days.
    try:
        date(2000 + int(year) if year != UNKNOWN else 2000, int(month) if month != UNKNOWN else 1, int(day) if day != UNKNOWN else 1)
    except ValueError:
        return False
    return True
