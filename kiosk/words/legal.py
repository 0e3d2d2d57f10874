"""Legal texts: the privacy notice, refusal, appeal and fees. PURE: one TOML text in, one `LegalText` out.

What the product ships is a SAMPLE and carries no state, version or date; a state puts its own files beside its settings (docs/words.md).
"""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import Any

MOST_LINES = 3
KEYS = {"sample", "state", "version", "date", "title", "lines", "text"}


class LegalName(StrEnum):
    """The texts that a lane needs."""

    PRIVACY = "privacy"
    REFUSAL = "refusal"
    APPEAL = "appeal"
    FEES = "fees"


class LegalWrong(ValueError):
    """A legal text that cannot be used; the text says what was expected."""


@dataclass(frozen=True)
class LegalText:
    """A text in one language. `lines` are its short form for a screen, at most three, spoken; `text` is all of it, for paper.

    `state` is the one that issued it (as it signs), `version` and `date` (ISO 8601) its own; empty in a sample.
    """

    name: LegalName
    language: str
    sample: bool
    state: str
    version: str
    date: str
    title: str
    lines: tuple[str, ...]
    text: str

    def clip(self, line: int) -> str:
        """The clip of a line (from 1), or of the title (0)."""
        return f"legal_{self.name}_{line}"


LegalTexts = Mapping[tuple[LegalName, str], LegalText]
"""By name and language."""
Wanted = tuple[LegalName, str]


def parse(name: LegalName, language: str, toml: str) -> LegalText:
    """Read one text. Raises LegalWrong."""
    try:
        found = tomllib.loads(toml)
    except tomllib.TOMLDecodeError as why:
        raise LegalWrong(f"is not TOML: {why}") from None
    if set(found) != KEYS:
        raise LegalWrong(f"expected exactly these keys: {', '.join(sorted(KEYS))}")
    if not isinstance(found["sample"], bool):
        raise LegalWrong("sample: expected true or false")
    words = {key: _words(found, key) for key in ("state", "version", "date", "title", "text")}
    if not words["title"] or not words["text"]:
        raise LegalWrong("title and text may not be empty")
    return LegalText(name, language, found["sample"], lines=_lines(found["lines"]), **words)


def _lines(found: object) -> tuple[str, ...]:
    if not isinstance(found, list) or len(found) > MOST_LINES or not all(isinstance(line, str) and line.strip() for line in found):
        raise LegalWrong(f"lines: expected at most {MOST_LINES} short texts")
    return tuple(found)


def _words(found: Mapping[str, Any], key: str) -> str:
    value = found[key]
    # a day without quotes is a date to TOML; nobody should have to know that
    if isinstance(value, date):
        return value.isoformat()
    if not isinstance(value, str):
        raise LegalWrong(f"{key}: expected a text")
    return value.strip()


def required(languages: Iterable[str]) -> tuple[Wanted, ...]:
    """What a live lane needs in each language that it offers."""
    return tuple((name, language) for language in languages for name in LegalName)


def missing_for_live(texts: LegalTexts, wanted: Iterable[Wanted]) -> list[str]:
    """Why a lane with live = true may not open: one line for each text that is missing, a sample, or without state, version or date."""
    lacks = []
    for name, language in wanted:
        text = texts.get((name, language))
        reason = _why_not(text) if text is not None else "is not there"
        if reason:
            lacks.append(f"{name}.{language}.toml {reason}")
    return lacks


def _why_not(text: LegalText) -> str:
    """What keeps a text from standing before a traveller as law; empty when nothing does."""
    if text.sample:
        return "is a SAMPLE"
    empty = [name for name in ("state", "version", "date") if not getattr(text, name)]
    if empty:
        return f"has no {', '.join(empty)}"
    if text.name is LegalName.PRIVACY and not text.lines:
        return "has no lines for the screen"
    try:
        date.fromisoformat(text.date)
    except ValueError:
        return "has a date that is not written as 2027-01-15"
    return ""
