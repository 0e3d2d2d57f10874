"""Words as black dots: finding the typeface, wrapping, and setting a line as large as it fits. Pillow; shaped where Raqm is there."""

from functools import cache
from pathlib import Path

from PIL import Image, ImageDraw, ImageFont

FOLDERS = (Path("/usr/share/fonts/truetype/noto"), Path("/usr/share/fonts/noto"), Path("/usr/share/fonts/google-noto"))
SCRIPTS = ((0x0590, 0x08FF, "Arabic"), (0x1200, 0x139F, "Ethiopic"))
"""Blocks of characters that have a face of their own: first, last, its name in the family."""
SMALLEST = 18
LETTER_ROWS = 24
"""Rows of a printer's own letters."""
LEADING = 1.28


class FontMissing(OSError):
    """The typeface is not on this machine; the text says what to install."""


def face_for(text: str) -> str:
    """Which face of the Noto Sans family can draw this text: that of its first letter outside Latin, Greek and Cyrillic."""
    for letter in text:
        for first, last, name in SCRIPTS:
            if first <= ord(letter) <= last:
                return name
    return ""


@cache
def font(em: int, bold: bool, face: str = "") -> ImageFont.FreeTypeFont:
    """Noto Sans at so many dots an em. Raises FontMissing."""
    file = f"NotoSans{face}-{'Bold' if bold else 'Regular'}.ttf"
    for folder in FOLDERS:
        if (folder / file).is_file():
            return ImageFont.truetype(folder / file, em)
    raise FontMissing(f"{file} is in none of {', '.join(map(str, FOLDERS))}: install the package fonts-noto-core")


def width_of(text: str, em: int, bold: bool) -> int:
    """Dots from the pen's start to its end."""
    return round(font(em, bold, face_for(text)).getlength(text) + 0.5)


def wrapped(text: str, em: int, bold: bool, width: int) -> list[str]:
    """The text in lines no wider than `width`; a word that is wider by itself is broken."""
    lines: list[str] = []
    for word in text.split():
        longer = f"{lines[-1]} {word}" if lines else word
        if lines and width_of(longer, em, bold) <= width:
            lines[-1] = longer
        else:
            lines += _pieces(word, em, bold, width)
    return lines


def _pieces(word: str, em: int, bold: bool, width: int) -> list[str]:
    pieces: list[str] = []
    while word:
        # at least one letter a line, or this would never end
        size = next((end for end in range(len(word), 1, -1) if width_of(word[:end], em, bold) <= width), 1)
        pieces.append(word[:size])
        word = word[size:]
    return pieces


def set_apart(text: str, em: int, bold: bool, width: int) -> list[str]:
    """One line where it fits; else the parts that `·` divides each begin a line, the dot being no longer needed."""
    parts = [text] if width_of(text, em, bold) <= width else text.split(" · ")
    return [line for part in parts for line in balanced(part, em, bold, width)]


def balanced(text: str, em: int, bold: bool, width: int) -> list[str]:
    """As `wrapped`, with the lines as even as can be, so that no word stands alone at the end."""
    best = wrapped(text, em, bold, width)
    low, high = width // 3, width
    while len(best) > 1 and high - low > 6:
        middle = (low + high) // 2
        tried = wrapped(text, em, bold, middle)
        if len(tried) == len(best) and " ".join(tried).split() == text.split():
            best, high = tried, middle
        else:
            low = middle
    return best


def largest(text: str, em: int, bold: bool, width: int, lines: int = 1) -> int:
    """The largest size up to `em` at which the text takes at most so many lines with no word broken; SMALLEST where none does."""
    words = text.split()
    for size in range(em, SMALLEST, -2):
        if all(width_of(word, size, bold) <= width for word in words) and len(wrapped(text, size, bold, width)) <= lines:
            return size
    return SMALLEST


def words(text: str, em: int, width: int, *, bold: bool = False, centre: bool = False) -> Image.Image:
    """The text as a picture (mode 1, black on white), as wide as `width` and as high as its lines."""
    lines = set_apart(text, em, bold, width) if centre else wrapped(text, em, bold, width)
    leading = round(em * LEADING)
    image = Image.new("L", (width, max(1, leading * len(lines))), 255)
    pen = ImageDraw.Draw(image)
    for number, line in enumerate(lines):
        baseline = number * leading + round(em * 1.02)
        x = (width - width_of(line, em, bold)) // 2 if centre else 0
        pen.text((x, baseline), line, fill=0, font=font(em, bold, face_for(line)), anchor="ls")
    return to_dots(image)


def ink(text: str, em: int, tracking: int = 0) -> Image.Image:
    """One bold line cut to its black dots (mode 1), for figures that stand by themselves. `tracking`: dots added between letters."""
    face = font(em, True, face_for(text))
    parts = list(text) if tracking else [text]
    width = sum(width_of(part, em, True) + tracking for part in parts)
    image = Image.new("L", (width + em, 2 * em), 255)
    # room on all sides: accents, descenders and bearings differ between faces, and the picture is cut to its dots at the end
    pen, x = ImageDraw.Draw(image), em // 4
    for part in parts:
        pen.text((x, round(1.4 * em)), part, fill=0, font=face, anchor="ls")
        x += width_of(part, em, True) + tracking
    dots = to_dots(image)
    return dots.crop(dots.convert("L").point(lambda grey: 255 - grey).getbbox() or (0, 0, 1, 1))


def to_dots(image: Image.Image) -> Image.Image:
    """Grey to black and white at the middle: no dithering, which a thermal printer turns to mud."""
    return image.point(lambda grey: 255 if grey > 140 else 0).convert("1", dither=Image.Dither.NONE)


def coarse(image: Image.Image) -> Image.Image:
    """The picture in squares of four dots, which a printer takes in a quarter of the bytes. Sides become even."""
    half = to_dots(image.convert("L").resize(((image.width + 1) // 2, (image.height + 1) // 2), Image.Resampling.BOX))
    return half.resize((half.width * 2, half.height * 2), Image.Resampling.NEAREST)


def typed(line: str, cell: int, wide: int, high: int, bold: bool, white_on_black: bool) -> Image.Image:
    """A line in letters like a printer's own, each in a cell of `cell` x 24 dots, then so many times as wide and high."""
    image = Image.new("L", (max(1, cell * len(line)), LETTER_ROWS), 255)
    pen, face = ImageDraw.Draw(image), ImageFont.load_default(size=18)
    for place, letter in enumerate(line):
        pen.text((place * cell + cell / 2, 19), letter, fill=0, font=face, anchor="ms", stroke_width=0.3 if bold else 0)
    dots = to_dots(image.point(lambda grey: 255 - grey) if white_on_black else image)
    return dots.resize((dots.width * wide, dots.height * high), Image.Resampling.NEAREST)
