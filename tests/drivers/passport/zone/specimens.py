"""Zones of Utopia (Doc 9303's own specimens and chance ones), pages that carry them, and what the tests need to draw."""

from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.alphabet import INDEX
from drivers.passport.zone.training import glyphs

PASSPORT = ("P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L898902C36UTO7408122F1204159ZE184226B<<<<<10")
CARD = ("I<UTOD231458907<<<<<<<<<<<<<<<", "7408122F1204159UTO<<<<<<<<<<<6", "ERIKSSON<<ANNA<MARIA<<<<<<<<<<")
LETTER = ("I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<", "D231458907UTO7408122F1204159<<<<<<<6")
VISA = ("V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<", "L8988901C4XXX4009078F96121096ZE184226B<<<<<<")
ZONES = {Format.TD3: PASSPORT, Format.TD1: CARD, Format.TD2: LETTER, Format.MRVA: VISA}

SHARED = Path(__file__).parents[4].parent / "shared" / "data" / "mrz"

needs_ocr_b = pytest.mark.skipif(not (glyphs.FONT_FOLDER / glyphs.CUTS[0]).exists(), reason="no OCR-B here (Debian: fonts-ocr-b)")
needs_photographs = pytest.mark.skipif(not (SHARED / "truth.json").exists(), reason="the photographs are not beside this tree")


def chances(line: str, sure: float = 0.97) -> NDArray[np.float64]:
    """What a recogniser says that is `sure` of each character of the line: (n, 37)."""
    table = np.full((len(line), 37), (1 - sure) / 36)
    table[np.arange(len(line)), [INDEX[character] for character in line]] = sure
    return table


def here(line: str) -> NDArray[np.float64]:
    """Every character of the line is plainly there: (n,)."""
    return np.full(len(line), 0.99)


def drawn_page(lines: tuple[str, ...], pitch: float = 24.0, size: tuple[int, int] = (1200, 800)) -> NDArray[np.uint8]:
    """A white page (rows, columns) with a zone at its foot in clean print."""
    face = glyphs.faces()[2]
    ink = np.zeros((size[1], size[0]), np.float32)
    scale = pitch / glyphs.CAPITAL
    rows, columns = (round(side * scale) for side in glyphs.BOX)
    for at, line in enumerate(lines):
        top = round(size[1] - 90 - (len(lines) - 1 - at) * pitch * 2 - rows / 2)
        for cell, glyph in enumerate(face.of(line)):
            left = round((size[0] - pitch * len(line)) / 2 + (cell + 0.5) * pitch - columns / 2)
            place = ink[top : top + rows, left : left + columns]
            np.maximum(place, cv2.resize(glyph, (columns, rows), interpolation=cv2.INTER_AREA), out=place)
    words = np.zeros(ink.shape, np.uint8)
    for at, word in enumerate(("UTOPIA", "Passport / Passeport", "Surname: Eriksson", "Given names: Anna Maria", "12 AUG 1974")):
        cv2.putText(words, word, (430, 90 + 80 * at), cv2.FONT_HERSHEY_DUPLEX, 1.1, 255, 2, cv2.LINE_AA)
    cv2.ellipse(words, (220, 260), (110, 150), 0, 0, 360, 120, -1)
    return np.asarray(235 - 205 * np.maximum(ink, words / 255), np.uint8)
