"""The laws of layout, each a function that lists what breaks it: nothing too small, overlapped, off the screen,
cut, faint or without a glyph.

Where everything stands is known from the page; contrast and the height of capitals are measured from the pixels as well.
"""

from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, has_glyph
from kiosk.screens.page import Page
from kiosk.screens.palette import TEXT, TEXT_FIRST, Contrast, contrast
from kiosk.screens.parts.base import Part, Reach, Words
from kiosk.screens.parts.button import Button, Tile
from kiosk.screens.theme import APART_MM, Role, Theme
from kiosk.views.parts import Choice, Sentence, View
from tests.pictures.kit import Pixels

UPRIGHT = frozenset("BDEFHIKLMNPRU")
"""Capitals with a stroke on their left that reaches from top to bottom."""
HEADER_SCALE = 1.0
CAPITAL_SLACK_PX = 1.5


@dataclass(frozen=True)
class Text:
    """Letters on a page: where their ink stands, the room they may use, and the part they belong to."""

    letters: Lettering
    ink: Rect
    room: Rect
    part: Part


def texts(page: Page, parts: tuple[Part, ...] | None = None) -> Iterator[Text]:
    """Every text of a page, or of some of its parts."""
    for part in page.parts if parts is None else parts:
        if isinstance(part, Words):
            yield Text(part.letters, part.ink, part.rect, part)
        elif isinstance(part, Button | Tile) and part.letters is not None:
            yield Text(part.letters, part.places()[1], part.rect, part)


def name(part: Part) -> str:
    """What to call a part in a finding."""
    letters = getattr(part, "letters", None)
    said = part.target.id if part.target else " ".join(letters.lines) if letters else type(part).__name__
    return f"{said!r}"


def too_small(page: Page, theme: Theme) -> list[str]:
    """Targets below 20 mm for main actions and 13 mm for keys."""
    return [
        f"{name(part)} is {min(part.rect.w, part.rect.h) / theme.display.px_per_mm:.1f} mm"
        for part in page.targets()
        if part.target is not None and min(part.rect.w, part.rect.h) < theme.least(part.target.reach.value)
    ]


def _separate(page: Page) -> list[Part]:
    return [part for part in page.targets() if part.target is not None and part.target.id != "anywhere"]


def too_close(page: Page, theme: Theme) -> list[str]:
    """Targets less than 3 mm apart; those of the header and the rest count as well."""
    parts, apart = _separate(page), theme.mm(APART_MM)
    return [
        f"{name(one)} and {name(other)}" for n, one in enumerate(parts) for other in parts[n + 1 :] if one.rect.overlaps(other.rect, apart)
    ]


def off_screen(page: Page, theme: Theme) -> list[str]:
    """Parts that reach beyond the screen, and letters whose accents or tails do."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    found = [name(part) for part in page.parts if not part.rect.within(screen)]
    return found + [f"letters of {name(text.part)}" for text in texts(page) if not _with_tails(text).within(screen)]


def _with_tails(text: Text) -> Rect:
    """The ink with descenders; accents of capitals reach as high."""
    tail = round(text.letters.em * 0.24)
    return Rect(text.ink.x, text.ink.y, text.ink.w, text.ink.h + tail)


def cut(page: Page, theme: Theme) -> list[str]:
    """Letters larger than their room, or whose sign stands on them."""
    found = []
    for text in texts(page):
        room = (
            text.room
            if isinstance(text.part, Button | Tile)
            else Rect(text.room.x, text.room.y, text.room.w, text.room.h + text.letters.em)
        )
        if not _with_tails(text).within(room):
            found.append(name(text.part))
        if isinstance(text.part, Button | Tile) and text.part.icon and text.part.places()[0].overlaps(text.ink):
            found.append(f"sign on words of {name(text.part)}")
    return found


def overlapped(page: Page, theme: Theme) -> list[str]:
    """Texts on one another, and texts on targets that they are no part of, among what lies on one level."""
    levels = (page.parts[: page.modal_from], page.parts[page.modal_from :]) if page.modal_from else (page.parts,)
    found = []
    for level in levels:
        inks = list(texts(page, level))
        bodies = [part for part in level if isinstance(part, Button | Tile)]
        found += [f"{name(a.part)} on {name(b.part)}" for n, a in enumerate(inks) for b in inks[n + 1 :] if _with_tails(a).overlaps(b.ink)]
        found += [
            f"{name(text.part)} on {name(body)}"
            for text in inks
            for body in bodies
            if body is not text.part and _with_tails(text).overlaps(body.rect)
        ]
    return found


def low_capitals(page: Page, theme: Theme) -> list[str]:
    """Letters below the body text of the chosen size; the header keeps the first size."""
    found = []
    for text in texts(page):
        header = isinstance(text.part, Words) and text.part.ground in {"header", "warning"}
        least = theme.capital(Role.BODY, HEADER_SCALE if header else None)
        if text.letters.capital < least - 0.5:
            found.append(f"{name(text.part)}: {text.letters.capital} px, {least:.1f} wanted")
    return found


def without_glyph(page: Page, theme: Theme) -> list[str]:
    """Characters that the typeface cannot draw."""
    return [
        f"{character!r} in {name(text.part)}"
        for text in texts(page)
        for character in sorted(set("".join(text.letters.lines)))
        if not has_glyph(character, text.letters.bold)
    ]


def measured_contrast(pixels: Pixels, ink: Rect) -> float:
    """Of the letters in `ink` on what is behind them: its commonest colour against the one that differs most from it."""
    area = pixels[max(0, ink.y) : ink.bottom, max(0, ink.x) : ink.right].reshape(-1, 3).astype(np.int32)
    if not len(area):
        return 1.0
    packed, counts = np.unique(area @ np.array([65536, 256, 1], np.int32), return_counts=True)
    often = packed[counts >= max(3, len(area) // 2000)]
    ground = packed[counts.argmax()]
    return max((contrast(_unpacked(ground), _unpacked(colour)) for colour in often), default=1.0)


def _unpacked(colour: int) -> tuple[float, float, float]:
    return (int(colour) >> 16) / 255, (int(colour) >> 8 & 255) / 255, (int(colour) & 255) / 255


def faint(page: Page, theme: Theme, pixels: Pixels) -> list[str]:
    """Letters whose contrast, measured from the pixels, is below 7:1; text of the first mode below 10:1."""
    least = TEXT_FIRST if theme.contrast is Contrast.LIGHT else TEXT
    shown = page.parts[page.modal_from :]
    return [
        f"{name(text.part)}: {ratio:.1f}"
        for text in texts(page, shown)
        if text.ink.w and (ratio := measured_contrast(pixels, text.ink)) < least - 0.05
    ]


def low_on_glass(page: Page, theme: Theme, pixels: Pixels) -> list[str]:
    """Titles whose capitals, counted in rows of pixels, are lower than the page says."""
    found = []
    for text in texts(page, page.parts[page.modal_from :]):
        first = text.letters.lines[0][:1] if text.letters.lines else ""
        if first not in UPRIGHT or len(text.letters.lines) > 1:
            continue
        letter = pixels[text.ink.y - 3 : text.ink.bottom + 3, text.ink.x : text.ink.x + round(text.letters.em * 0.3)].astype(int)
        differs = np.abs(letter - letter[0, 0]).max(axis=2).max(axis=1) > 60
        if differs.sum() < theme.capital(Role.BODY, HEADER_SCALE) - CAPITAL_SLACK_PX:
            found.append(f"{name(text.part)}: {differs.sum()} rows")
    return found


def sentences(view: View) -> Iterator[Sentence]:
    """Every sentence of a view."""
    choices: list[Choice] = [*view.choices, *(c for c in (view.main, view.back, view.help, view.second) if c is not None)]
    yield from (view.header.direction, view.title, *view.lines)
    if view.waiting is not None:
        yield view.waiting
    if view.overlay is not None:
        yield view.overlay.title
        choices += view.overlay.choices
    yield from (row.label for row in view.rows)
    yield from (choice.says for choice in choices if not choice.language)


def untranslated(view: View, english: View) -> list[str]:
    """Sentences that are empty, are their own key, or are several words of English in another language.

    What a view says several times it says in several languages, as the screen that waits for somebody does.
    """
    spoken = {sentence.key: sentence.text for sentence in sentences(english)}
    found = [f"{s.key}: nothing" for s in sentences(view) if not s.text.strip() and s.key]
    found += [f"{s.key}: its key" for s in sentences(view) if s.text == s.key and "_" in s.key]
    if view.language != english.language:
        keys = [sentence.key for sentence in sentences(view)]
        found += [f"{s.key}: English" for s in sentences(view) if " " in s.text and spoken.get(s.key) == s.text and keys.count(s.key) == 1]
    return found


GEOMETRY = (too_small, too_close, off_screen, cut, overlapped, low_capitals, without_glyph)
GLASS = (faint, low_on_glass)
__all__ = ["GEOMETRY", "GLASS", "Reach", "untranslated"]


def broken(page: Page, theme: Theme, pixels: Pixels | None = None) -> list[str]:
    """All findings of all laws, each with the name of its law; those of the glass only where pixels are given."""
    found = [f"{law.__name__}: {finding}" for law in GEOMETRY for finding in law(page, theme)]
    if pixels is not None:
        found += [f"{law.__name__}: {finding}" for law in GLASS for finding in law(page, theme, pixels)]
    return found
