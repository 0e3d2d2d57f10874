"""Which clips there are to be, and which there are. PURE.

`clips.toml` holds for each language and clip how it was made and a hash of what it says, so that a changed sentence is noticed.
`to_record.toml` holds what nobody has spoken yet, with its words.
"""

import hashlib
import tomllib
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from enum import StrEnum

from kiosk.words.catalogue import Words, pieces
from kiosk.words.legal import LegalTexts

HASH_LENGTH = 12


class Made(StrEnum):
    """Who spoke a clip. SYNTHETIC stands in until a person has."""

    SYNTHETIC = "synthetic"
    RECORDED = "recorded"


@dataclass(frozen=True)
class Clip:
    """A clip that exists: how it was made and what it says."""

    made: Made
    hash: str


Spoken = Mapping[tuple[str, str], str]
"""What is to be spoken: (language, name of the clip) -> the words."""
Clips = Mapping[tuple[str, str], Clip]


class ClipsWrong(ValueError):
    """A list of clips that cannot be read; the text says what was expected."""


def to_speak(words: Words, legal: LegalTexts) -> Spoken:
    """Everything that a traveller may hear, cut at its values."""
    found: dict[tuple[str, str], str] = {}
    for language in words.languages:
        for entry in words.catalogue(language).entries.values():
            if entry.is_spoken:
                stretches = (piece for form in range(len(entry.forms)) for piece in pieces(entry, form))
                found |= {(language, piece.clip): _plain(piece.words) for piece in stretches if piece.clip}
    for text in legal.values():
        # what a screen does not show is for paper, and has no voice
        for number, line in enumerate((text.title, *text.lines) if text.lines else ()):
            found[text.language, text.clip(number)] = line
    return found


def _plain(words: str) -> str:
    """Without what stands there only for the eye: what joins it to a value, and the arrows of a machine readable zone."""
    return " ".join(words.replace("<", " ").strip(" ,;:(").split())


def hash_of(words: str) -> str:
    """Tells one sentence from another."""
    return hashlib.sha256(words.encode()).hexdigest()[:HASH_LENGTH]


def stale(spoken: Spoken, clips: Clips) -> list[str]:
    """What must be spoken again or taken away, one line each."""
    lines = []
    for (language, name), clip in clips.items():
        if (language, name) not in spoken:
            lines.append(f"{language}/{name}: nothing is said by it any more")
        elif clip.hash != hash_of(spoken[language, name]):
            lines.append(f"{language}/{name}: {clip.made}, and the sentence has changed since")
    return lines


def parse_clips(toml: str) -> Clips:
    """Read clips.toml. Raises ClipsWrong."""
    found: dict[tuple[str, str], Clip] = {}
    for language, name, value in _entries(toml):
        match value.split():
            case [made, hash_] if made in tuple(Made) and len(hash_) == HASH_LENGTH:
                found[language, name] = Clip(Made(made), hash_)
            case _:
                raise ClipsWrong(f"{language}.{name}: expected 'synthetic' or 'recorded' and a hash of {HASH_LENGTH} figures")
    return found


def write_clips(clips: Clips) -> str:
    """clips.toml, sorted."""
    head = "# Which clips there are, how each was made, and a hash of its words. Written by: python -m kiosk.words.speak\n"
    return head + _tables(((language, name), f"{clip.made} {clip.hash}") for (language, name), clip in clips.items())


def parse_to_record(toml: str) -> Spoken:
    """Read to_record.toml. Raises ClipsWrong."""
    return {(language, name): words for language, name, words in _entries(toml)}


def write_to_record(spoken: Spoken) -> str:
    """to_record.toml, sorted."""
    head = "# What still has to be recorded by a person (docs/words.md). Written by: python -m kiosk.words.speak\n"
    return head + _tables(spoken.items())


def _entries(toml: str) -> Iterator[tuple[str, str, str]]:
    try:
        tables = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as why:
        raise ClipsWrong(f"is not TOML: {why}") from None
    for language, table in tables.items():
        if not isinstance(table, dict):
            raise ClipsWrong(f"{language}: expected a table a language")
        for name, value in table.items():
            if not isinstance(value, str):
                raise ClipsWrong(f"{language}.{name}: expected a text")
            yield language, name, value


def _tables(entries: Iterable[tuple[tuple[str, str], str]]) -> str:
    """Names are bare TOML keys; words are quoted as TOML's basic strings want it."""
    lines, last = [], ""
    for (language, name), value in sorted(entries):
        if language != last:
            lines += ["", f"[{language}]"]
            last = language
        quoted = value.replace("\\", "\\\\").replace('"', '\\"')
        lines.append(f'{name} = "{quoted}"')
    return "\n".join(lines) + "\n"
