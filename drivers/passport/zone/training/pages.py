"""Data pages with a zone, drawn flat: paper, portrait, small print, and the lines of the zone at their sizes in millimetres."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.training import glyphs, wear
from drivers.passport.zone.training.glyphs import Face
from drivers.passport.zone.training.zones import zone

FINE = 12.0  # pixels a millimetre
# Nominal sizes, Doc 9303-3 to -7: width and height in millimetres.
SIZES = {
    Format.TD1: (85.6, 54.0),
    Format.TD2: (105.0, 74.0),
    Format.TD3: (125.0, 88.0),
    Format.MRVA: (120.0, 80.0),
    Format.MRVB: (105.0, 74.0),
    Format.FRID: (105.0, 74.0),
}
PITCH = 2.54  # millimetres from character to character, 10 to the inch
WORDS = (
    "Surname / Nom",
    "Given names / Prenoms",
    "Date of birth",
    "Nationality",
    "UTOPIA",
    "PASSPORT",
    "Date of issue",
    "12 AUG 74",
    "Authority",
    "ZENITH",
)


@dataclass(frozen=True)
class Page:
    """A flat page (H, W) between 0 and 1 and the lines of the zone on it; none for a page without a zone."""

    picture: NDArray[np.float32]
    kind: Format | None
    lines: tuple[str, ...]


def _small_print(rng: np.random.Generator, ink: NDArray[np.float32], bottom: int) -> None:
    """Words and a portrait above the zone."""
    words = np.zeros(ink.shape, np.uint8)
    portrait = (int(0.16 * ink.shape[1]), int(0.45 * bottom))
    cv2.ellipse(words, portrait, (int(0.1 * ink.shape[1]), int(0.3 * bottom)), 0, 0, 360, int(rng.integers(60, 200)), -1)
    row = int(rng.integers(40, 80))
    while row < bottom - 40:
        size = rng.uniform(0.5, 1.6)
        text = "  ".join(WORDS[at] for at in rng.integers(0, len(WORDS), int(rng.integers(1, 4))))
        cv2.putText(words, text, (int(0.32 * ink.shape[1]), row), cv2.FONT_HERSHEY_DUPLEX, size, 230, int(rng.integers(1, 4)), cv2.LINE_AA)
        row += int(size * rng.uniform(35, 60))
    np.maximum(ink, words.astype(np.float32) / 255, out=ink)


def _print_zone(rng: np.random.Generator, ink: NDArray[np.float32], lines: tuple[str, ...], face: Face) -> int:
    """Lay the zone at the foot of the page; the row where it begins."""
    pitch = PITCH * FINE * rng.uniform(0.97, 1.03)
    spacing = pitch * rng.uniform(1.75, 2.5)
    scale = PITCH * FINE / glyphs.CAPITAL * rng.uniform(0.92, 1.08)
    rows, columns = (round(size * scale) for size in glyphs.BOX)
    left = (ink.shape[1] - pitch * len(lines[0])) * rng.uniform(0.3, 0.7)
    foot = ink.shape[0] - FINE * rng.uniform(5, 8)
    for at, line in enumerate(lines):
        top = round(foot - (len(lines) - 1 - at) * spacing - rows / 2)
        for cell, glyph in enumerate(face.of(line)):
            start = round(left + (cell + 0.5) * pitch - columns / 2)
            place = ink[top : top + rows, start : start + columns]
            fitted = cv2.resize(glyph, (columns, rows), interpolation=cv2.INTER_AREA)[: place.shape[0], : place.shape[1]]
            np.maximum(place, fitted, out=place)
    return int(foot - len(lines) * spacing)


def page(rng: np.random.Generator, kind: Format | None, faces: tuple[Face, ...]) -> Page:
    """A page of this type with a chance zone; of a passport's size with small print alone where the type is None."""
    width, height = SIZES[kind or Format.TD3]
    shape = (round(height * FINE), round(width * FINE))
    ink = np.zeros(shape, np.float32)
    lines = zone(rng, kind) if kind else ()
    bottom = _print_zone(rng, ink, lines, faces[int(rng.integers(0, len(faces)))]) if lines else shape[0] - 60
    _small_print(rng, ink, bottom)
    return Page(wear.printed(rng, wear.paper(rng, shape), ink), kind, lines)
