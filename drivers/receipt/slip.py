"""A slip as dots: what stands where. Nothing is ever cut off: what is too wide is wrapped or set smaller.

From the top: band (only where the slip is a sample or a copy), heading, the way to go, the number and the code with its QR,
the party, three little pictures for who cannot read, the last sentences.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from PIL import Image

from drivers.contract import Slip
from drivers.receipt.escpos import Bitmap
from drivers.receipt.lettering import coarse, ink, largest, width_of, words
from drivers.receipt.profiles import Profile, Sizes
from drivers.receipt.signs import arrow_sign, band, dashed_rule, module_for, people, qr_modules, qr_picture, sentence

COPY = {"en": "COPY", "sw": "NAKALA", "ny": "KOPE", "pt": "CÓPIA", "fr": "COPIE"}
"""The band of a slip that may exist twice. Other languages: English."""
GROUP = 3
LEAST_BESIDE, MOST_BESIDE = 4, 5
QUIET = 4


@dataclass(frozen=True)
class NativeQr:
    """A code that the printer draws itself, with squares of so many dots."""

    text: str
    module: int


Part = Bitmap | NativeQr


def grouped(code: str) -> str:
    """A code in groups of three, as it is read aloud: K4T 7QF."""
    return " ".join(code[at : at + GROUP] for at in range(0, len(code), GROUP))


def parts(slip: Slip, profile: Profile, copy: bool = False) -> list[Part]:
    """The slip for this kind of printer. Raises FontMissing; ValueError where the QR text is too long for the paper."""
    sizes = profile.sizes
    beside = bool(slip.qr) and not profile.native_qr and _beside(slip, sizes) is not None
    title = " · ".join(filter(None, (slip.band, COPY.get(slip.language, COPY["en"]) if copy else "")))
    numbers = _with_qr(slip, profile) if beside else _numbers(slip, profile, sizes.inner, centre=True)
    above = [*_bands(title, profile), *_top(slip, profile), *numbers]
    below = [*_party(slip, sizes), *_end(slip, sizes), *_bands(title, profile)]
    if not slip.qr or beside:
        return [_stacked([*above, *below], sizes)]
    code = qr_modules(slip.qr)
    module = module_for(len(code) + 2 * QUIET, sizes.width)
    if not module:
        raise ValueError("the QR code is too dense for this paper")
    if profile.native_qr:
        return [_stacked(above, sizes), NativeQr(slip.qr, module), _stacked(below, sizes)]
    return [_stacked([*above, _alone(qr_picture(code, module), module, sizes), *below], sizes)]


def whole_picture(made: list[Part], sizes: Sizes) -> Image.Image:
    """The parts under one another as the printer lays them down, for people to look at and for tests."""
    return _under_one_another([_image(part, sizes) for part in made], 0, sizes.width)


def _image(part: Part, sizes: Sizes) -> Image.Image:
    if isinstance(part, NativeQr):
        return _centred(qr_picture(qr_modules(part.text), part.module), sizes.width)
    return Image.frombytes("1", (part.width, part.height), bytes(byte ^ 0xFF for byte in part.data))


def _bands(title: str, profile: Profile) -> list[Image.Image]:
    return [_large(band(title, profile.sizes.inner, profile.sizes.band), profile)] if title else []


def _large(image: Image.Image, profile: Profile) -> Image.Image:
    """Something so large that on a slow line it may be coarse."""
    return coarse(image) if profile.coarse else image


def _top(slip: Slip, profile: Profile) -> list[Image.Image]:
    """Where the traveller is, and where to go."""
    sizes = profile.sizes
    heading = words(slip.heading, sizes.heading, sizes.inner, bold=True, centre=True)
    lines = [heading] + ([words(slip.subheading, sizes.label, sizes.inner, centre=True)] if slip.subheading else [])
    return [_under_one_another(lines, 0, sizes.inner), _rule(sizes), _way(slip, profile), _rule(sizes)]


def _way(slip: Slip, profile: Profile) -> Image.Image:
    """The arrow's board, and beside it the place in the largest figures there are."""
    sizes = profile.sizes
    sign = _large(arrow_sign(slip.arrow, sizes.sign), profile)
    width = sizes.inner - sign.width - sizes.gap
    label = words(slip.place_label, sizes.text, width)
    place = _large(_figure(slip.place, sizes.place, width), profile)
    return _beside_one_another(sign, _under_one_another([label, place], sizes.gap // 2, width), sizes)


def _figure(text: str, em: int, width: int) -> Image.Image:
    """A figure or a short name as large as it fits; a long name goes on two lines or more."""
    # a name that would shrink below a third of a figure reads better on several lines
    one = largest(text, em, True, width)
    if one * 3 >= em:
        return ink(text, one)
    return words(text, largest(text, em // 3, True, width, lines=3), width, bold=True)


def _numbers(slip: Slip, profile: Profile, width: int, centre: bool = False) -> list[Image.Image]:
    """Queue number and code, each under its label."""
    sizes, shown = profile.sizes, []
    if slip.number:
        number = _large(_figure(slip.number, sizes.number, width), profile)
        shown.append(_labelled(slip.number_label, number, sizes, width, centre))
    if slip.code:
        shown.append(_labelled(slip.code_label, _large(_code(slip.code, sizes, width), profile), sizes, width, centre))
    return shown


def _code(code: str, sizes: Sizes, width: int) -> Image.Image:
    """The code with air between its letters and more between its groups."""
    text = grouped(code)
    for em in range(sizes.code, 20, -2):
        if width_of(text, em, True) + len(text) * (em // 12) <= width:
            return ink(text, em, tracking=em // 12)
    return words(text, largest(text, sizes.code // 2, True, width, lines=9), width, bold=True)


def _labelled(label: str, image: Image.Image, sizes: Sizes, width: int, centre: bool) -> Image.Image:
    shown = _centred(image, width) if centre else image
    return _under_one_another([words(label, sizes.label, width, centre=centre), shown] if label else [shown], 8, width)


def _beside(slip: Slip, sizes: Sizes) -> Image.Image | None:
    """The code small enough to stand beside the numbers; None where its squares would be too fine."""
    code = qr_modules(slip.qr)
    module = sizes.qr_beside // len(code)
    return qr_picture(code, min(module, MOST_BESIDE)) if module >= LEAST_BESIDE else None


def _with_qr(slip: Slip, profile: Profile) -> list[Image.Image]:
    sizes = profile.sizes
    code = _beside(slip, sizes)
    if code is None:
        return _numbers(slip, profile, sizes.inner, centre=True)
    width = sizes.inner - code.width - 2 * sizes.gap
    column = _under_one_another(_numbers(slip, profile, width), sizes.gap, width)
    return [_beside_one_another(code, column, sizes, 2 * sizes.gap)]


def _party(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    if not slip.party:
        return []
    icon = people(sizes.icon * 2 // 3)
    width = sizes.inner - icon.width - sizes.gap
    return [_beside_one_another(icon, words(slip.party, sizes.text, width, bold=True), sizes)]


def _end(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    lines = [words(line, sizes.text, sizes.inner, centre=True) for line in slip.footer]
    return [_rule(sizes), sentence(sizes.icon, sizes.inner), *([_under_one_another(lines, 2, sizes.inner)] if lines else [])]


def _rule(sizes: Sizes) -> Image.Image:
    return dashed_rule(sizes.inner, sizes.dash)


def _alone(code: Image.Image, module: int, sizes: Sizes) -> Image.Image:
    """A code across the paper, with the quiet zone that the gaps between blocks do not give it."""
    room = max(0, QUIET * module - sizes.gap)
    return _under_one_another([Image.new("1", (1, room), 1), _centred(code, sizes.inner), Image.new("1", (1, room), 1)], 0, sizes.inner)


def _centred(image: Image.Image, width: int) -> Image.Image:
    wide = Image.new("1", (width, image.height), 1)
    # an even place, so that what stands in squares of four dots still does
    wide.paste(image, ((wide.width - image.width) // 4 * 2, 0))
    return wide


def _under_one_another(images: Iterable[Image.Image], gap: int, width: int) -> Image.Image:
    """Pictures in a column, left edges in line."""
    column = list(images)
    high = sum(image.height for image in column) + gap * max(0, len(column) - 1)
    whole = Image.new("1", (width, max(1, high)), 1)
    y = 0
    for image in column:
        whole.paste(image, (0, y))
        y += image.height + gap
    return whole


def _beside_one_another(left: Image.Image, right: Image.Image, sizes: Sizes, gap: int = 0) -> Image.Image:
    """Two pictures in a row, each in the middle of the row's height."""
    high = max(left.height, right.height)
    whole = Image.new("1", (sizes.inner, high), 1)
    whole.paste(left, (0, (high - left.height) // 2))
    whole.paste(right, (left.width + (gap or sizes.gap), (high - right.height) // 2))
    return whole


def _stacked(images: list[Image.Image], sizes: Sizes) -> Bitmap:
    """The blocks of a slip with air between them and a margin round them, as a bitmap."""
    column = _under_one_another(images, sizes.gap, sizes.inner)
    # Pillow's white is 1, a printer's black is 1
    page = Image.new("1", (sizes.width, column.height + 2 * sizes.gap), 1)
    page.paste(column, (sizes.margin, sizes.gap))
    data = page.tobytes()
    return Bitmap(page.width, page.height, bytes(byte ^ 0xFF for byte in data))
