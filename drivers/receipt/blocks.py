"""What a slip is made of, for the printer and for the eye: pictures in a column, words in the printer's own letters, codes, pictures it keeps."""

from collections.abc import Iterable
from dataclasses import dataclass
from itertools import groupby

from PIL import Image

from drivers.receipt.escpos import LEADING_DOTS, Bitmap
from drivers.receipt.lettering import LETTER_ROWS, typed
from drivers.receipt.profiles import Profile, Sizes
from drivers.receipt.signs import qr_modules, qr_picture

INVERSE = bytes(range(255, -1, -1))
"""Pillow's white is 1, a printer's black is 1."""


@dataclass(frozen=True)
class NativeQr:
    """A code that the printer draws itself, with squares of so many dots."""

    text: str
    module: int


@dataclass(frozen=True)
class Typed:
    """Lines of printable ASCII in the printer's own letters, centred, so many times as wide and high."""

    lines: tuple[str, ...]
    wide: int = 1
    high: int = 1
    bold: bool = False
    white_on_black: bool = False


@dataclass(frozen=True)
class Space:
    """White paper, so many dots."""

    dots: int


@dataclass(frozen=True)
class Kept:
    """A picture that lies in the printer's memory under a key of two figures. Printed centred, every dot as a square of `scale` dots."""

    key: str
    bitmap: Bitmap
    scale: int = 1


Part = Bitmap | NativeQr | Typed | Kept | Space
Block = Image.Image | NativeQr | Typed | Kept | Space


def assembled(blocks: Iterable[Block], sizes: Sizes, air: int) -> list[Part]:
    """The parts to send: pictures that follow one another become one, with so many dots of air between and round them."""
    made: list[Part] = []
    for are_pictures, run in groupby(blocks, lambda block: isinstance(block, Image.Image)):
        if are_pictures:
            made.append(_page([block for block in run if isinstance(block, Image.Image)], sizes, air))
        else:
            made += [block for block in run if not isinstance(block, Image.Image)]
    return made


def whole_picture(made: list[Part], profile: Profile) -> Image.Image:
    """The parts under one another as the printer lays them down, for people to look at and for tests."""
    return under_one_another([image for part in made for image in _images(part, profile)], 0, profile.sizes.width)


def _images(part: Part, profile: Profile) -> list[Image.Image]:
    width = profile.sizes.width
    match part:
        case NativeQr(text, module):
            return [centred(qr_picture(qr_modules(text), module), width)]
        case Kept(_, bitmap, scale):
            return [centred(to_image(bitmap).resize((bitmap.width * scale, bitmap.height * scale), Image.Resampling.NEAREST), width)]
        case Typed():
            return [_line(line, part, profile) for line in part.lines]
        case Space(dots):
            return [Image.new("1", (width, dots), 1)]
        case _:
            return [to_image(part)]


def _line(line: str, part: Typed, profile: Profile) -> Image.Image:
    """A line of the printer's own letters on its paper, with the air under it."""
    letters = typed(line, profile.sizes.width // profile.columns, part.wide, part.high, part.bold, part.white_on_black)
    page = Image.new("1", (profile.sizes.width, LETTER_ROWS * part.high + LEADING_DOTS), 1)
    page.paste(letters, ((page.width - letters.width) // 2, 0))
    return page


def _page(images: list[Image.Image], sizes: Sizes, air: int) -> Bitmap:
    column = under_one_another(images, air, sizes.inner)
    page = Image.new("1", (sizes.width, column.height + 2 * air), 1)
    page.paste(column, (sizes.margin, air))
    return to_bitmap(page)


def to_bitmap(image: Image.Image) -> Bitmap:
    """The dots of a picture of mode 1."""
    spare = -image.width % 8
    data = bytearray(image.tobytes().translate(INVERSE))
    if spare:
        # the bits beyond the edge are white as well
        stride = (image.width + 7) // 8
        for end in range(stride - 1, len(data), stride):
            data[end] &= 0xFF << spare & 0xFF
    return Bitmap(image.width, image.height, bytes(data))


def to_image(bitmap: Bitmap) -> Image.Image:
    """A picture (mode 1) of the dots."""
    return Image.frombytes("1", (bitmap.width, bitmap.height), bitmap.data.translate(INVERSE))


def centred(image: Image.Image, width: int) -> Image.Image:
    """The picture in the middle of a wider one, at an even place, so that what stands in squares of four dots still does."""
    wide = Image.new("1", (width, image.height), 1)
    wide.paste(image, ((wide.width - image.width) // 4 * 2, 0))
    return wide


def under_one_another(images: Iterable[Image.Image], gap: int, width: int) -> Image.Image:
    """Pictures in a column, left edges in line."""
    column = list(images)
    high = sum(image.height for image in column) + gap * max(0, len(column) - 1)
    whole = Image.new("1", (width, max(1, high)), 1)
    y = 0
    for image in column:
        whole.paste(image, (0, y))
        y += image.height + gap
    return whole


def beside_one_another(left: Image.Image, right: Image.Image, width: int, gap: int) -> Image.Image:
    """Two pictures in a row, each in the middle of the row's height."""
    high = max(left.height, right.height)
    whole = Image.new("1", (width, high), 1)
    whole.paste(left, (0, (high - left.height) // 2))
    whole.paste(right, (left.width + gap, (high - right.height) // 2))
    return whole
