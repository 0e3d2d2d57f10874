"""The drawings of a slip: arrow, dashed rule, little pictures, QR code, black band.

Drawn large and made small, so that edges are smooth.
"""

from collections.abc import Callable

import segno
from PIL import Image, ImageDraw

from drivers.contract import Arrow
from drivers.receipt.lettering import ink, largest, to_dots

FINER = 4
GRID = 48
LEAST_MODULE, MOST_MODULE = 3, 8
QUIET = 4
"""Squares of white that a QR code needs round it."""
Pen = ImageDraw.ImageDraw
Point = tuple[float, float]


def _drawn(size: int, draw: Callable[[Pen, float], None], ground: int = 255) -> Image.Image:
    """A square drawing on a grid of 48, in dots."""
    image = Image.new("L", (size * FINER, size * FINER), ground)
    draw(ImageDraw.Draw(image), size * FINER / GRID)
    return to_dots(image.resize((size, size), Image.Resampling.BOX))


def _line(pen: Pen, unit: float, points: list[Point], weight: float = 3.6, ink_grey: int = 0) -> None:
    """A line with round ends and corners."""
    at = [(x * unit, y * unit) for x, y in points]
    pen.line(at, fill=ink_grey, width=round(weight * unit))
    radius = weight * unit / 2
    for x, y in at:
        pen.ellipse((x - radius, y - radius, x + radius, y + radius), fill=ink_grey)


def _circle(pen: Pen, unit: float, x: float, y: float, radius: float, weight: float = 3.6) -> None:
    outer = radius + weight / 2
    pen.ellipse(((x - outer) * unit, (y - outer) * unit, (x + outer) * unit, (y + outer) * unit), outline=0, width=round(weight * unit))


def arrow_sign(arrow: Arrow, size: int) -> Image.Image:
    """A white arrow on a black board with round corners, as on a road."""
    turn = {Arrow.AHEAD: 0, Arrow.RIGHT: 270, Arrow.LEFT: 90}[arrow]

    def draw(pen: Pen, unit: float) -> None:
        pen.rounded_rectangle((0, 0, GRID * unit - 1, GRID * unit - 1), radius=7 * unit, fill=0)
        _line(pen, unit, [(24, 39), (24, 11)], 6.4, 255)
        _line(pen, unit, [(11.5, 22), (24, 9.5), (36.5, 22)], 6.4, 255)

    return _drawn(size, draw).rotate(turn)


def passport(size: int) -> Image.Image:
    """A passport: a globe on its cover."""

    def draw(pen: Pen, unit: float) -> None:
        pen.rounded_rectangle((8.2 * unit, 2.2 * unit, 39.8 * unit, 45.8 * unit), radius=5 * unit, outline=0, width=round(3.6 * unit))
        _circle(pen, unit, 24, 19.5, 7.8, 3)
        pen.ellipse((20.5 * unit, 11.7 * unit, 27.5 * unit, 27.3 * unit), outline=0, width=round(2 * unit))
        _line(pen, unit, [(16.4, 19.5), (31.6, 19.5)], 2)
        _line(pen, unit, [(17, 36.5), (31, 36.5)], 3)

    return _drawn(size, draw)


def slip_of_paper(size: int) -> Image.Image:
    """This slip, torn off below."""

    def draw(pen: Pen, unit: float) -> None:
        teeth = [(37.5 - 4.5 * step, 44 if step % 2 == 0 else 39.5) for step in range(7)]
        _line(pen, unit, [(10.5, 4), (37.5, 4), *teeth, (10.5, 4)], 3.4)
        for y, end in ((12.5, 30.5), (20, 30.5), (27.5, 25)):
            _line(pen, unit, [(17.5, y), (end, y)], 3.2)

    return _drawn(size, draw)


def desk(size: int) -> Image.Image:
    """An officer behind a desk."""

    def draw(pen: Pen, unit: float) -> None:
        _circle(pen, unit, 24, 10.5, 6)
        pen.arc((11.2 * unit, 17.2 * unit, 36.8 * unit, 43 * unit), 180, 360, fill=0, width=round(3.6 * unit))
        _line(pen, unit, [(13, 30), (13, 31)])
        _line(pen, unit, [(35, 30), (35, 31)])
        _line(pen, unit, [(3.5, 32), (44.5, 32)], 4.2)
        _line(pen, unit, [(8.5, 32), (8.5, 45)])
        _line(pen, unit, [(39.5, 32), (39.5, 45)])

    return _drawn(size, draw)


def people(size: int) -> Image.Image:
    """Travellers who belong together."""

    def draw(pen: Pen, unit: float) -> None:
        for x in (13, 35):
            _circle(pen, unit, x, 13, 6)
        pen.arc((3 * unit, 23 * unit, 23 * unit, 55 * unit), 180, 360, fill=0, width=round(3.8 * unit))
        pen.arc((25 * unit, 23 * unit, 45 * unit, 55 * unit), 180, 360, fill=0, width=round(3.8 * unit))

    return _drawn(size, draw)


def plus(size: int) -> Image.Image:
    """And."""

    def draw(pen: Pen, unit: float) -> None:
        _line(pen, unit, [(24, 10), (24, 38)], 7)
        _line(pen, unit, [(10, 24), (38, 24)], 7)

    return _drawn(size, draw)


def onward(size: int) -> Image.Image:
    """Then."""

    def draw(pen: Pen, unit: float) -> None:
        _line(pen, unit, [(6, 24), (42, 24)], 7)
        _line(pen, unit, [(28, 10), (42, 24), (28, 38)], 7)

    return _drawn(size, draw)


def sentence(icon: int, width: int) -> Image.Image:
    """Without a word: your passport and this slip, to the desk."""
    small = icon // 2
    parts = [passport(icon), plus(small), slip_of_paper(icon), onward(small), desk(icon)]
    gap = icon // 4
    image = Image.new("1", (width, icon), 1)
    x = (width - sum(part.width for part in parts) - gap * (len(parts) - 1)) // 2
    for part in parts:
        image.paste(part, (x, (icon - part.height) // 2))
        x += part.width + gap
    return image


def dashed_rule(width: int, weight: int) -> Image.Image:
    """Where one could fold: dashes of three times their weight, from edge to edge."""
    image = Image.new("1", (width, weight), 1)
    pen = ImageDraw.Draw(image)
    dash = 3 * weight
    gaps = (width - dash) // (5 * weight)
    for number in range(gaps + 1):
        x = round(number * (width - dash) / gaps)
        pen.rectangle((x, 0, x + dash - 1, weight - 1), fill=0)
    return image


def ticket(inside: Image.Image, width: int, gap: int) -> Image.Image:
    """A picture in the outline of a numbered ticket, with the bites that such tickets have at both sides."""
    weight, high = gap // 4, inside.height + 2 * gap
    bite = min(high // 6, gap)
    fine = Image.new("L", (width * FINER, high * FINER), 255)
    pen = ImageDraw.Draw(fine)
    box = (0, 0, width * FINER - 1, high * FINER - 1)
    pen.rounded_rectangle(box, radius=gap * FINER, outline=0, width=weight * FINER)
    for x in (0, width):
        for radius, grey in ((bite + weight, 0), (bite, 255)):
            pen.ellipse(((x - radius) * FINER, (high / 2 - radius) * FINER, (x + radius) * FINER, (high / 2 + radius) * FINER), fill=grey)
    image = to_dots(fine.resize((width, high), Image.Resampling.BOX))
    image.paste(inside, ((width - inside.width) // 4 * 2, gap))
    return image


def band(text: str, width: int, em: int) -> Image.Image:
    """A black bar with white words: a slip that is not what it looks like (a sample, a copy) says so at once."""
    size = largest(text, em, True, width - 2 * em)
    # letters set apart read better white on black; where that is too wide, close together
    letters = ink(text, size, tracking=size // 8)
    if letters.width > width - em:
        letters = ink(text, size)
    image = Image.new("1", (width, round(em * 1.6)), 0)
    white = letters.convert("L").point(lambda grey: 255 - grey).convert("1")
    image.paste(white, ((width - letters.width) // 2, (image.height - letters.height) // 2))
    return image


def qr_modules(text: str) -> list[bytes]:
    """The squares of a QR code of error correction level M: rows of 0 and 1, without the quiet zone."""
    return [bytes(row) for row in segno.make_qr(text, error="m", boost_error=False).matrix]


def module_for(modules: int, width: int) -> int:
    """The largest side of a square at which the code fits; 0 where it does not."""
    side = min(MOST_MODULE, width // modules)
    return side if side >= LEAST_MODULE else 0


def qr_picture(rows: list[bytes], module: int) -> Image.Image:
    """A QR code with squares of so many dots."""
    side = len(rows)
    image = Image.frombytes("L", (side, side), b"".join(rows)).point(lambda bit: 0 if bit else 255)
    return image.resize((side * module, side * module), Image.Resampling.NEAREST).convert("1")
