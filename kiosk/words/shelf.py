"""Where the words lie: catalogues, clips and legal texts read from this folder, and from the state's own folder for what it has written."""

from collections.abc import Callable
from functools import cache
from pathlib import Path
from typing import TypeVar

from kiosk.words import clips, legal, po
from kiosk.words.catalogue import LANGUAGES, Words
from kiosk.words.legal import LegalName, LegalTexts, LegalWrong
from kiosk.words.po import PoWrong

T = TypeVar("T")
HOME = Path(__file__).parent


class WordsWrong(ValueError):
    """A file of words cannot be used; the text names the file and what was expected."""


@cache
def load_words() -> Words:
    """The product's catalogues, read once. Raises WordsWrong."""
    catalogues = {}
    for language in LANGUAGES:
        path = HOME / f"{language}.po"
        try:
            catalogues[language] = po.parse(_text(path))
        except PoWrong as why:
            raise WordsWrong(f"{path}: {why}") from None
        if catalogues[language].language != language:
            raise WordsWrong(f"{path}: its header says it is {catalogues[language].language!r}")
    return Words(catalogues)


def load_legal(own: Path | None = None) -> LegalTexts:
    """The legal texts: the state's own from the folder `own` (it may be missing), the product's samples for the rest. Raises WordsWrong."""
    found = {}
    for language in LANGUAGES:
        for name in LegalName:
            path = own_legal(own, name, language) or HOME / "legal" / f"{name}.{language}.toml"
            try:
                found[name, language] = legal.parse(name, language, _text(path))
            except LegalWrong as why:
                raise WordsWrong(f"{path}: {why}") from None
    return found


def own_legal(own: Path | None, name: LegalName, language: str) -> Path | None:
    """The state's file of a text, where it has one."""
    path = own / f"{name}.{language}.toml" if own else None
    return path if path and path.is_file() else None


def clip_shelf(own: Path | None = None) -> Callable[[str, str], Path | None]:
    """What finds a clip by language and name. A text of the state's own is spoken by its own clip or by none: never by a sample's."""
    legal_clips = {
        legal_clip: name for name in LegalName for legal_clip in (f"legal_{name}_{line}" for line in range(legal.MOST_LINES + 1))
    }

    def clip_path(language: str, clip: str) -> Path | None:
        name = legal_clips.get(clip)
        # a voice that reads another text than the one on the screen would be worse than none
        home = own if own and name and own_legal(own, name, language) else HOME
        path = home / "clips" / language / f"{clip}.ogg"
        return path if path.is_file() else None

    return clip_path


def load_clips(home: Path = HOME) -> clips.Clips:
    """The clips that the product has. Raises WordsWrong."""
    return _list(home / "clips.toml", clips.parse_clips)


def load_to_record(home: Path = HOME) -> clips.Spoken:
    """What the product still lacks. Raises WordsWrong."""
    return _list(home / "to_record.toml", clips.parse_to_record)


def _list(path: Path, parse: Callable[[str], T]) -> T:
    try:
        return parse(_text(path))
    except clips.ClipsWrong as why:
        raise WordsWrong(f"{path}: {why}") from None


def _text(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as why:
        raise WordsWrong(f"{path}: cannot be read ({type(why).__name__})") from None
