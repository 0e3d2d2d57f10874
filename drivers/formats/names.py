"""Names in the name field of a machine readable zone: Doc 9303-3, 4.6, and the parts for each format."""

from dataclasses import dataclass, field

FILLER = "<"


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
    primary, _, secondary = field_text.rstrip(FILLER).partition(FILLER * 2)
    return Name(components(primary), components(secondary))


def may_be_cut(field_text: str) -> bool:
    """Whether the name may have been truncated: the last position of the field is a letter (Doc 9303-4, 4.2.3)."""
    return bool(field_text) and field_text[-1] != FILLER


def is_a_name(field_text: str) -> bool:
    """Whether a name field is written as the rule says: it begins with a letter, has no digit and at most one `<<` between letters."""
    primary, _, secondary = field_text.rstrip(FILLER).partition(FILLER * 2)
    return all(part.isalpha() for part in primary.split(FILLER)) and (
        not secondary or all(part.isalpha() for part in secondary.split(FILLER))
    )
