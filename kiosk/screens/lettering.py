"""Letters: find the face, wrap, measure, and draw lines as masks. Pillow only; no window is needed to know whether words fit.

Heights are counted from the top of the first line's capitals to the baseline of the last line, so that margins are what the eye
sees. Accents and descenders reach beyond that by at most `Lettering.overhang` pixels.
"""

import math
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDERS = (
    Path("/usr/share/fonts/truetype/noto"),
    Path("/usr/share/fonts/noto"),
    Path("/usr/share/fonts/google-noto"),
    Path("/usr/local/share/fonts/noto"),
)
FILES = {False: "NotoSans-Regular.ttf", True: "NotoSans-Bold.ttf"}
CAPITAL = 0.714
"""Height of a capital of Noto Sans against its em."""
OVERHANG = 0.32
"""How far accents reach above capitals, or descenders below the baseline, at most, against the em."""


class FontMissing(Exception):
    """The typeface is not on this machine; the text says what to install."""


@cache
def font(em: int, bold: bool) -> ImageFont.FreeTypeFont:
    """Noto Sans at so many pixels an em; FontMissing where the machine lacks it."""
    for folder in FOLDERS:
        path = folder / FILES[bold]
        if path.is_file():
            return ImageFont.truetype(path, em, layout_engine=ImageFont.Layout.BASIC)
    raise FontMissing(f"{FILES[bold]} is in none of {', '.join(map(str, FOLDERS))}: install the package fonts-noto-core")


@cache
def length(text: str, em: int, bold: bool) -> int:
    """Width of one line in whole pixels."""
    return math.ceil(font(em, bold).getlength(text))


def em_for(capital: float) -> int:
    """The em in whole pixels whose capitals are at least so many pixels high."""
    return math.ceil(capital / CAPITAL)


@dataclass(frozen=True)
class Lettering:
    """A text set in lines: what is drawn, and how much room it takes."""

    lines: tuple[str, ...]
    em: int
    bold: bool
    leading: int
    width: int

    @property
    def capital(self) -> int:
        """Height of its capitals in pixels."""
        return round(self.em * CAPITAL)

    @property
    def height(self) -> int:
        """From the first line's capitals to the last line's baseline."""
        return self.capital + self.leading * (len(self.lines) - 1)

    @property
    def overhang(self) -> int:
        """How far its image reaches above and below `height`."""
        return math.ceil(self.em * OVERHANG)


def _glue(text: str) -> list[str]:
    """The words of a text; marks that French sets apart stay with the word before them."""
    words: list[str] = []
    for word in text.split():
        if words and word in {"?", "!", ":", ";", "»", "·", "–"}:
            words[-1] += "\u00a0" + word
        else:
            words.append(word)
    return words


def _greedy(words: list[str], em: int, bold: bool, width: int) -> list[str]:
    lines: list[str] = []
    line = ""
    for word in words:
        longer = f"{line} {word}" if line else word
        if line and length(longer, em, bold) > width:
            lines.append(line)
            line = word
        else:
            line = longer
    return [*lines, line] if line else lines


def _balanced(words: list[str], em: int, bold: bool, width: int) -> list[str]:
    """The same number of lines, as even as can be: no lone word at the end of a title."""
    best = _greedy(words, em, bold, width)
    low, high = width // max(1, len(best)) // 2, width
    while len(best) > 1 and high - low > 4:
        middle = (low + high) // 2
        tried = _greedy(words, em, bold, middle)
        if len(tried) <= len(best) and all(length(line, em, bold) <= width for line in tried):
            best, high = tried, middle
        else:
            low = middle
    return best


@cache
def set_lines(text: str, em: int, width: int, *, bold: bool = False, spacing: float = 1.3, balance: bool = False) -> Lettering:
    """The text wrapped into `width` pixels. A single word that is wider stays whole: compare `.width` with what there is."""
    words = _glue(text)
    lines = _balanced(words, em, bold, width) if balance else _greedy(words, em, bold, width)
    widest = max((length(line, em, bold) for line in lines), default=0)
    return Lettering(tuple(lines), em, bold, round(em * spacing), widest)


def draw(lettering: Lettering, align: str = "left") -> Image.Image:
    """The letters as a grey mask (mode L), `overhang` pixels taller than `height` above and below and 2 pixels wider each side."""
    face = font(lettering.em, lettering.bold)
    overhang = lettering.overhang
    image = Image.new("L", (lettering.width + 4, lettering.height + 2 * overhang), 0)
    pen = ImageDraw.Draw(image)
    baseline = overhang + lettering.capital
    for line in lettering.lines:
        spare = lettering.width - length(line, lettering.em, lettering.bold)
        x = 2 + {"left": 0, "centre": spare // 2, "right": spare}[align]
        pen.text((x, baseline), line, fill=255, font=face, anchor="ls")
        baseline += lettering.leading
    return image


@cache
def has_glyph(character: str, bold: bool = False) -> bool:
    """Whether the face can draw this character: an absent one is drawn as the same box as a code point nobody uses."""
    face = font(48, bold)
    if character.isspace():
        return True
    return bytes(face.getmask(character)) != bytes(face.getmask("\U0010fffe"))
