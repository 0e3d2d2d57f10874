"""National characters in the letters of a machine readable zone: Doc 9303-3, section 6 (Latin, Cyrillic, Arabic) and appendix B.

The tables give a letter one or more ways to be written; the first stands unless another is chosen (`choices`) or the rule of a
language, of the first place in a name component or of its end asks for another. Small letters are written as capitals.
Latin letters that are not in the table lose their accents (as all in it do).
"""

import unicodedata
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from drivers.formats.transliteration_tables import ARABIC, CYRILLIC, LATIN, NOT_ENCODED, Cyrillic

SHADDA = "\u0651"
TEH_MARBUTA = "\u0629"
_TEH_MARBUTA_WITHIN, _TEH_MARBUTA_AT_END = ARABIC[TEH_MARBUTA]
_ALLAH = "\u0644\u0644" + SHADDA + "\u0647"
_LETTERS = frozenset("ABCDEFGHIJKLMNOPQRSTUVWXYZ")
# Two of them are letters to Unicode; in a name they are punctuation.
APOSTROPHES = "'`´\u2018\u2019\u02bb\u02bc"


class Language(StrEnum):
    """The languages whose Cyrillic letters are written otherwise than the table's first column; the values are ISO 639 codes."""

    BELARUSIAN = "be"
    BULGARIAN = "bg"
    MACEDONIAN = "mk"
    SERBIAN = "sr"
    UKRAINIAN = "uk"


@dataclass(frozen=True)
class Transliterated:
    """A text in the letters A to Z, with what is neither a letter nor a mark left as it stands; and the letters no table has."""

    text: str = field(repr=False)
    unknown: tuple[str, ...] = field(default=(), repr=False)


def alternatives(letter: str) -> tuple[str, ...]:
    """Every way the tables allow one capital letter to be written, the usual one first; none for a letter in no table.

    A mark that is not encoded has the one way "". The shadda, which doubles what is before it, has none of its own.
    """
    if letter in CYRILLIC:
        row = CYRILLIC[letter]
        return tuple(dict.fromkeys((row.usual, *row.in_language.values(), *filter(None, [row.ukrainian_first]))))
    return LATIN.get(letter) or ARABIC.get(letter) or (("",) if letter in NOT_ENCODED else ())


def transliterate(text: str, language: Language | None = None, choices: Mapping[str, str] | None = None) -> Transliterated:
    """A name in the letters of a zone. Spaces, hyphens and other marks stay: `making.name_in_zone` knows what becomes of them.

    `language` is asked for Cyrillic letters alone. `choices` names another way of the table for a letter, such as {"Ñ": "NXX"};
    ValueError for one that is not in it.
    """
    chosen = choices or {}
    _refuse_unlisted(chosen)
    text = _composed(text)
    # What a shadda doubles is the whole sequence last written, not its last letter.
    written, unknown, last = [], [], ""
    for index, letter in enumerate(text):
        if letter in NOT_ENCODED:
            continue
        way = last if letter == SHADDA else chosen.get(letter) or _way(letter, text, index, language)
        if way is None:
            unknown.append(letter)
        elif way:
            last = way if way.isalpha() else ""
            written.append(way)
    return Transliterated("".join(written), tuple(unknown))


def _refuse_unlisted(choices: Mapping[str, str]) -> None:
    """Raise ValueError for a way that the table does not have for its letter."""
    for letter, choice in choices.items():
        if choice not in alternatives(letter):
            raise ValueError(f"the table does not write {letter} as {choice!r}; it has {alternatives(letter)}")


def _composed(text: str) -> str:
    """Capitals, each with its accents as one character of the tables. (Capitals first: that takes ß apart, as the table does.)

    In the name of God the shadda doubles a letter that is written twice already, so it goes (Doc 9303-3, B.5.5.11: a special case).
    """
    return unicodedata.normalize("NFC", text.upper()).replace(_ALLAH, _ALLAH.replace(SHADDA, ""))


def _way(letter: str, text: str, index: int, language: Language | None) -> str | None:
    """How one letter is written where it stands; None for a letter that no table has."""
    if letter in _LETTERS or letter in APOSTROPHES or not (letter.isalpha() or unicodedata.combining(letter)):
        return letter
    if letter in LATIN:
        return LATIN[letter][0]
    if letter in CYRILLIC:
        return _cyrillic(CYRILLIC[letter], text, index, language)
    if letter == TEH_MARBUTA:
        return _TEH_MARBUTA_AT_END if _ends_component(text, index) else _TEH_MARBUTA_WITHIN
    if letter in ARABIC:
        return ARABIC[letter][0]
    return _without_accents(letter)


def _cyrillic(row: Cyrillic, text: str, index: int, language: Language | None) -> str:
    """One row of the Cyrillic table, with the exceptions of the language and of the first place in a Ukrainian name component."""
    if language is Language.UKRAINIAN and row.ukrainian_first and (index == 0 or text[index - 1].isspace() or text[index - 1] in "-,"):
        return row.ukrainian_first
    return row.in_language.get(language.value, row.usual) if language else row.usual


def _ends_component(text: str, index: int) -> bool:
    """Whether no letter follows before the name component ends; marks that are not encoded do not count."""
    for letter in text[index + 1 :]:
        if letter != SHADDA and letter not in NOT_ENCODED:
            return not letter.isalpha()
    return True


def _without_accents(letter: str) -> str | None:
    """The Latin letters of a letter the table does not have, such as the Vietnamese ones; None for other scripts."""
    plain = "".join(part for part in unicodedata.normalize("NFKD", letter) if not unicodedata.combining(part))
    return plain if _LETTERS.issuperset(plain) else None
