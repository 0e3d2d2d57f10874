"""Names in the name field of a machine readable zone: Doc 9303-3, 4.6, and on truncation the parts for each format, -4 to -7.

Which letters of a long name go is the issuer's choice among many right answers. `fit` gives one of them, always the same;
`is_right` judges any.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

FILLER = "<"
_BETWEEN = FILLER * 2
# What a truncated primary identifier leaves room for at least: the two fillers and one letter of the secondary one.
_LEAST_SECONDARY = 3


class NameDoesNotFit(ValueError):
    """No right truncation exists: every component is a single letter and a filler falls on the last position."""


@dataclass(frozen=True)
class Name:
    """A name as a zone holds it: the components of the primary identifier (surname) and of the secondary one (given names)."""

    primary: tuple[str, ...] = field(repr=False)
    secondary: tuple[str, ...] = field(default=(), repr=False)


def components(text: str) -> tuple[str, ...]:
    """The components between fillers; none for a field of fillers alone."""
    return tuple(part for part in text.split(FILLER) if part)


def read_name(field_text: str) -> Name:
    """The name in a name field. A field without `<<` between letters is a primary identifier alone; a second `<<` is read as `<`."""
    primary, _, secondary = field_text.rstrip(FILLER).partition(_BETWEEN)
    return Name(components(primary), components(secondary))


def may_be_cut(field_text: str) -> bool:
    """Whether the name must be taken as truncated: the last position of the field is a letter (Doc 9303-4, 4.2.3)."""
    return bool(field_text) and field_text[-1] != FILLER


def is_a_name(field_text: str) -> bool:
    """Whether a name field is written as the rule says: it begins with a letter, has no digit and at most one `<<` between letters."""
    primary, between, secondary = field_text.rstrip(FILLER).partition(_BETWEEN)
    return all(map(str.isalpha, primary.split(FILLER))) and (not between or all(map(str.isalpha, secondary.split(FILLER))))


def fit(name: Name, width: int) -> str:
    """The name field of `width` characters: the whole name where it fits, else one right truncation of it.

    The longest components of the primary identifier give way first, one letter at a time from the back, until the first letter of the
    secondary one has room; what then goes over the end is cut off. Raises NameDoesNotFit where that cannot be done.
    """
    whole = _join(name.primary, name.secondary)
    if len(whole) <= width:
        return whole.ljust(width, FILLER)
    primary = _shortened(name.primary, width - _LEAST_SECONDARY if name.secondary else width)
    text = _join(primary, name.secondary)[:width]
    if len(text) < width:
        raise NameDoesNotFit(f"no truncation to {width} positions ends with a letter")
    if text[-1] != FILLER:
        return text
    return _join(*_one_letter_less(primary, name.secondary, width))[:width]


def is_right(name: Name, field_text: str) -> bool:
    """Whether a name field is a right way to write this name in so many positions.

    A name that fits stands there whole, with fillers to the end. One that does not ends with a letter; its components follow one another
    in order, each cut at the end or not at all; components may be missing at the end of an identifier, never the whole identifier.
    """
    whole = _join(name.primary, name.secondary)
    if len(whole) <= len(field_text):
        return field_text == whole.ljust(len(field_text), FILLER)
    if not is_a_name(field_text) or not may_be_cut(field_text):
        return False
    written = read_name(field_text)
    return _begins(written.primary, name.primary) and _begins(written.secondary, name.secondary)


def _join(primary: Sequence[str], secondary: Sequence[str]) -> str:
    return FILLER.join(primary) + (_BETWEEN + FILLER.join(secondary) if secondary else "")


def _shortened(parts: Sequence[str], width: int) -> tuple[str, ...]:
    """The components of an identifier in at most `width` positions; the last ones are left out where initials alone are too many."""
    shorter = list(parts)
    while len(FILLER.join(shorter)) > width:
        longest = max(range(len(shorter)), key=lambda index: (len(shorter[index]), index))
        if len(shorter[longest]) > 1:
            shorter[longest] = shorter[longest][:-1]
        else:
            shorter.pop()
    # Leaving out a component and its filler can free one position more than was asked for: an earlier component takes it.
    for index, part in enumerate(parts[: len(shorter)]):
        spare = width - len(FILLER.join(shorter))
        shorter[index] = part[: len(shorter[index]) + spare]
    return tuple(shorter)


def _one_letter_less(primary: Sequence[str], secondary: Sequence[str], width: int) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """The same name with one letter less somewhere before the cut, so that the next component's first letter falls on the last position.

    The last component that can spare a letter gives it. Raises NameDoesNotFit where none can.
    """
    parts = [*primary, *secondary]
    ends = [len(_join(parts[: index + 1], ())) + (index >= len(primary)) for index in range(len(parts))]
    for index in reversed(range(len(parts))):
        if ends[index] < width and len(parts[index]) > 1:
            parts[index] = parts[index][:-1]
            return tuple(parts[: len(primary)]), tuple(parts[len(primary) :])
    raise NameDoesNotFit(f"no truncation to {width} positions ends with a letter")


def _begins(written: Sequence[str], whole: Sequence[str]) -> bool:
    """Whether each written component is the beginning of the one in the same place, and none is missing but at the end."""
    if bool(written) != bool(whole) or len(written) > len(whole):
        return False
    return all(full.startswith(part) for part, full in zip(written, whole, strict=False))
