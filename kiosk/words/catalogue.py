"""What the product says, in each of its languages. PURE: the catalogues come in as values; reading them from files is `shelf`'s."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum
from string import Formatter

from kiosk.words.spoken import clip_name, number_clips, spelled

LANGUAGES = ("en", "sw", "ny", "pt", "fr")
"""The traveller's languages, as BCP 47 tags; a catalogue each."""
STAFF_LANGUAGES = ("en", "sw")
STAFF = ("officer_", "technician_", "device_", "sign_on_")
"""What these keys say is for officers and technicians: it has to be there in the staff's languages alone, and has no clip."""
SILENT = (*STAFF, "band_", "country_", "date_", "month_", "row_", "slip_", "value_")
"""Only read, never spoken: labels and values of a person's data, which a loudspeaker must not tell the hall, and what is only printed."""
COUNT = "count"
"""The value that chooses the plural form."""


class MissingWords(LookupError):
    """A key, a language or a value that the words do not have; the text names it."""


class Status(StrEnum):
    """How far a translation has come. REVIEWED names who read it and when."""

    DRAFT = "draft"
    REVIEWED = "reviewed"


class Plural(StrEnum):
    """Which of two forms a count takes, written as in the header of a catalogue: the second one when this holds."""

    NOT_ONE = "n != 1"
    ABOVE_ONE = "n > 1"

    def form(self, count: int) -> int:
        """0 or 1."""
        return int(count != 1 if self is Plural.NOT_ONE else count > 1)


@dataclass(frozen=True)
class Entry:
    """What a key says: one form, or one a plural form. `note` is what the catalogue says beside the status."""

    key: str
    forms: tuple[str, ...]
    status: Status
    note: str = ""

    @property
    def for_staff(self) -> bool:
        """Whether travellers never see it."""
        return self.key.startswith(STAFF)

    @property
    def is_spoken(self) -> bool:
        """Whether it needs a clip."""
        return not self.key.startswith(SILENT)


@dataclass(frozen=True)
class Piece:
    """A stretch of a text: literal words with the name of their clip (empty where nothing can be spoken), or the name of a value."""

    words: str
    clip: str = ""
    value: str = ""


@dataclass(frozen=True)
class Catalogue:
    """One language."""

    language: str
    plural: Plural
    entries: Mapping[str, Entry]


@dataclass(frozen=True)
class Said:
    """Words ready to be shown, and the clips that speak them."""

    text: str
    clips: tuple[str, ...]


Value = str | int | Said
"""A number is shown in figures and spoken; a string is spelled out when spoken; words are spoken as they are."""


class Words:
    """All catalogues together."""

    def __init__(self, catalogues: Mapping[str, Catalogue]) -> None:
        self._catalogues = dict(catalogues)

    @property
    def languages(self) -> tuple[str, ...]:
        """The languages there are."""
        return tuple(self._catalogues)

    def catalogue(self, language: str) -> Catalogue:
        """Raises MissingWords."""
        found = self._catalogues.get(language)
        if found is None:
            raise MissingWords(f"there is no catalogue for the language {language!r}")
        return found

    def has(self, key: str, language: str) -> bool:
        """Whether the key can be said in this language."""
        return language in self._catalogues and key in self._catalogues[language].entries

    def entry(self, key: str, language: str) -> Entry:
        """Raises MissingWords."""
        found = self.catalogue(language).entries.get(key)
        if found is None:
            raise MissingWords(f"{language}: nothing is written for {key!r}")
        return found

    def say(self, key: str, language: str, /, **values: Value) -> str:
        """The text of a key with its values. Raises MissingWords."""
        return self.said(key, language, **values).text

    def said(self, key: str, language: str, /, **values: Value) -> Said:
        """The text of a key with its values, and its clips. Raises MissingWords."""
        entry, form = self.entry(key, language), 0
        if len(entry.forms) > 1:
            form = self.catalogue(language).plural.form(_count(key, values))
        said = [_said(key, piece, values) for piece in pieces(entry, form)]
        clips = tuple(clip for one in said for clip in one.clips) if entry.is_spoken else ()
        return Said("".join(one.text for one in said), clips)

    def speaker(self, language: str) -> Callable[..., str]:
        """`say` in one language: key and values in, text out. Raises MissingWords for an unknown language."""
        self.catalogue(language)

        def say(key: str, /, **values: Value) -> str:
            return self.say(key, language, **values)

        return say

    def drafts(self) -> dict[str, int]:
        """How many entries of each language nobody has reviewed yet."""
        return {
            language: sum(entry.status is Status.DRAFT for entry in catalogue.entries.values())
            for language, catalogue in self._catalogues.items()
        }


def count_drafts(words: Words) -> int:
    """How many entries of all languages nobody has reviewed yet."""
    return sum(words.drafts().values())


def pieces(entry: Entry, form: int) -> Iterator[Piece]:
    """The text of one form, cut at its values. Raises ValueError for braces that do not match."""
    number = 0
    for literal, field, _, _ in Formatter().parse(entry.forms[form]):
        if literal:
            # a bracket or a colon between two values is seen and not heard
            speakable = any(letter.isalnum() for letter in literal)
            number += speakable
            yield Piece(literal, clip_name(entry.key, form if len(entry.forms) > 1 else None, number) if speakable else "")
        if field is not None:
            yield Piece("", value=field)


def fields(text: str) -> frozenset[str]:
    """The names of the values in a text. Raises ValueError for braces that do not match."""
    return frozenset(field for _, field, _, _ in Formatter().parse(text) if field is not None)


def _count(key: str, values: Mapping[str, Value]) -> int:
    count = values.get(COUNT)
    if not isinstance(count, int):
        raise MissingWords(f"{key!r} has plural forms and needs a number {COUNT!r}")
    return count


def _said(key: str, piece: Piece, values: Mapping[str, Value]) -> Said:
    if not piece.value:
        return Said(piece.words, (piece.clip,) if piece.clip else ())
    match values.get(piece.value):
        case None:
            raise MissingWords(f"{key!r} needs a value {piece.value!r}")
        case Said() as said:
            return said
        case int(number):
            return Said(str(number), number_clips(number))
        case str(text):
            return Said(text, spelled(text))
