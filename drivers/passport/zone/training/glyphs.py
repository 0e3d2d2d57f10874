"""Pictures of the 37 characters, drawn from an installed OCR-B at a large size, in several weights.

The font files are not part of this tree; Debian brings them as `fonts-ocr-b`.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import TypeAlias

import cv2
import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drivers.passport.zone.alphabet import CHARACTERS

FONT_FOLDER = Path("/usr/share/fonts/opentype/ocr-b")
CUTS = ("OCRB.otf", "OCRBS.otf")
CAPITAL = 40  # pixels, height of a capital letter in a drawn glyph
BOX = (72, 56)  # rows, columns of a glyph's picture; the letter stands in its middle
WEIGHTS = (-2, -1, 0, 1, 2, 3)  # pixels by which strokes are made thinner or thicker
KEPT_BACK = (("OCRBS.otf", -1), ("OCRBS.otf", 2))  # cuts in weights that are drawn for validation alone
Ink: TypeAlias = NDArray[np.float32]


@dataclass(frozen=True)
class Face:
    """One cut in one weight: ink of each character, (37, 72, 56), 0 is paper and 1 is ink."""

    ink: Ink

    def of(self, text: str) -> Ink:
        """Ink of each character of the text, (len(text), 72, 56)."""
        return self.ink[[CHARACTERS.index(character) for character in text]]


def _thickened(ink: NDArray[np.uint8], weight: int) -> NDArray[np.uint8]:
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (abs(weight) + 1, abs(weight) + 1))
    change = cv2.dilate if weight > 0 else cv2.erode
    return np.asarray(change(ink, kernel), np.uint8) if weight else ink


def _drawn(font: ImageFont.FreeTypeFont, character: str) -> NDArray[np.uint8]:
    rows, columns = BOX
    paper = Image.new("L", (columns, rows), 0)
    ImageDraw.Draw(paper).text((columns / 2, (rows + CAPITAL) / 2), character, font=font, fill=255, anchor="ms")
    return np.asarray(paper, np.uint8)


def faces(folder: Path = FONT_FOLDER, kept_back: bool = False) -> tuple[Face, ...]:
    """The cuts in the weights that training is shown, or those `kept_back` for validation. Raises OSError where no font is installed."""
    made = []
    for cut in CUTS:
        size = 100
        left, top, right, bottom = ImageFont.truetype(folder / cut, size).getbbox("H", anchor="ls")
        assert right > left
        font = ImageFont.truetype(folder / cut, round(size * CAPITAL / (bottom - top)))
        plain = [_drawn(font, character) for character in CHARACTERS]
        weights = [weight for weight in WEIGHTS if ((cut, weight) in KEPT_BACK) is kept_back]
        made += [Face(np.stack([_thickened(ink, weight) for ink in plain]).astype(np.float32) / np.float32(255)) for weight in weights]
    return tuple(made)
