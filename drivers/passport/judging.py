"""Whether a read is good. PURE. No frame decides that: check digits, the list of states and the calendar do.

Check digits miss one substitution in twelve and do not guard names at all (tests/benches/wire_faults.py counts it by field). So a read counts as
confirmed only where the wire guards it with a checksum of its own, or where two reads agree byte for byte; and never where a code is in no list of
states or a date is on no calendar: that is a misread, a keyboard in another layout, or a rare document, which an officer has to look at.
"""

from drivers.contract import Answer, DocumentRead, NotCaptured, Unread
from drivers.formats.mrz import lines_of, parse
from drivers.formats.problems import Wrong

Lines = tuple[str, ...]

_UNLIKELY = frozenset({Wrong.STATE, Wrong.DATE})


def zone_lines(data: bytes) -> Lines:
    """The lines of a zone in bytes: ASCII, divided by white space; anything outside ASCII becomes a character that no zone may hold."""
    return tuple(line.upper() for line in lines_of(data.decode("ascii", "replace")))


def valid(lines: Lines) -> bool:
    """Lines of a known format with every check digit right."""
    return parse(lines).valid


def sound(lines: Lines) -> bool:
    """Valid, with states that are in the list and dates that are on the calendar."""
    zone = parse(lines)
    return zone.valid and _UNLIKELY.isdisjoint(problem.wrong for problem in zone.problems)


def of_guarded(lines: Lines) -> Answer:
    """The answer to one read over a wire whose checksum was right."""
    return DocumentRead(lines, confirmed=sound(lines)) if valid(lines) else _not_good(lines)


def of_one(lines: Lines) -> Answer:
    """The answer to one read without a checksum, which nothing confirms: only a sound one is passed on."""
    return DocumentRead(lines, confirmed=False) if sound(lines) else _not_good(lines)


def of_two(first: Lines, second: Lines) -> Answer:
    """The answer to two reads without a checksum: what agrees byte for byte and is sound is confirmed."""
    if first == second:
        return of_guarded(first)
    good = [lines for lines in (first, second) if sound(lines)]
    return DocumentRead(good[0], confirmed=False) if good else _not_good(first or second)


def _not_good(lines: Lines) -> NotCaptured:
    return NotCaptured(Unread.CHECK_DIGITS if parse(lines).format else Unread.NO_ZONE)
