"""A slip as the traveller gets it: what stands where. Nothing is ever cut off: what is too wide is wrapped or set smaller.

From the top: band (only where the slip is a sample or a copy), the authority's logo, heading, the way to go, the number as on a ticket, the code
with its QR, the party, little pictures for who cannot read, the last sentences. The desk and the number have the signs that the screens give them.
"""

from PIL import Image

from drivers.contract import Slip
from drivers.receipt.blocks import Block, Part, assembled, beside_one_another, centred, under_one_another
from drivers.receipt.keeping import LOGO, Album
from drivers.receipt.lettering import ink, largest, width_of, words
from drivers.receipt.profiles import Sizes
from drivers.receipt.signs import (
    QUIET,
    arrow_sign,
    band,
    dashed_rule,
    desk,
    module_for,
    people,
    qr_modules,
    qr_picture,
    sentence,
    slip_of_paper,
    ticket,
)
from drivers.receipt.typed_slip import typed_blocks

COPY = {"en": "COPY", "sw": "NAKALA", "ny": "KOPE", "pt": "CÓPIA", "fr": "COPIE"}
"""The band of a slip that may exist twice. Other languages: English."""
GROUP = 3
LEAST_BESIDE, MOST_BESIDE = 4, 5


def grouped(code: str) -> str:
    """A code in groups of three, as it is read aloud: K4T 7QF. Spaces that it has already do not count."""
    letters = "".join(code.split())
    return " ".join(letters[at : at + GROUP] for at in range(0, len(letters), GROUP))


def parts(slip: Slip, album: Album, copy: bool = False) -> list[Part]:
    """The slip for this kind of printer. Raises FontMissing; ValueError where the QR text is too long for the paper."""
    sizes = album.profile.sizes
    title = " · ".join(filter(None, (slip.band, COPY.get(slip.language, COPY["en"]) if copy else "")))
    module = _module(slip, sizes)
    if album.profile.slow:
        return assembled(typed_blocks(slip, album, title, grouped(slip.code), module), sizes, air=0)
    return assembled(_drawn(slip, album, title, module), sizes, air=sizes.gap)


def _module(slip: Slip, sizes: Sizes) -> int:
    if not slip.qr:
        return 0
    module = module_for(len(qr_modules(slip.qr)) + 2 * QUIET, sizes.width)
    if not module:
        raise ValueError("the QR code is too dense for this paper")
    return module


def _drawn(slip: Slip, album: Album, title: str, module: int) -> list[Block]:
    """All of it drawn by us: one look in every language."""
    sizes = album.profile.sizes
    bands: list[Block] = [band(title, sizes.inner, sizes.band)] if title else []
    beside = _beside(slip, sizes) if slip.qr else None
    codes = [_with_code(beside, slip, sizes)] if beside else _code_alone(slip, sizes, module)
    middle = [*_top(slip, sizes), *_number(slip, sizes), *codes, *_party(slip, sizes), *_end(slip, sizes)]
    return [*bands, *_logo(album), *middle, *bands]


def _logo(album: Album) -> list[Block]:
    kept = album.pictures.get(LOGO)
    if kept is None or album.logo is None:
        return []
    return [kept if album.profile.memory else centred(album.logo, album.profile.sizes.inner)]


def _top(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    """Where the traveller is, and where to go."""
    heading = words(slip.heading, sizes.heading, sizes.inner, bold=True, centre=True)
    lines = [heading] + ([words(slip.subheading, sizes.label, sizes.inner, centre=True)] if slip.subheading else [])
    return [under_one_another(lines, 0, sizes.inner), _rule(sizes), _way(slip, sizes), _rule(sizes)]


def _way(slip: Slip, sizes: Sizes) -> Image.Image:
    """The arrow's board, and beside it the desk in the largest figures there are."""
    sign = arrow_sign(slip.arrow, sizes.sign)
    width = sizes.inner - sign.width - sizes.gap
    label = _signed(desk(sizes.icon * 2 // 3), slip.place_label, sizes, width)
    place = _figure(slip.place, sizes.place, width)
    return beside_one_another(sign, under_one_another([label, place], sizes.gap // 2, width), sizes.inner, sizes.gap)


def _signed(sign: Image.Image, label: str, sizes: Sizes, width: int) -> Image.Image:
    """A little sign and what it means, where they fit beside one another."""
    room = width - sign.width - sizes.gap // 2
    size = largest(label, sizes.text, False, room, lines=2)
    return beside_one_another(sign, words(label, size, room), width, sizes.gap // 2)


def _figure(text: str, em: int, width: int) -> Image.Image:
    """A figure or a short name as large as it fits; a long name goes on two lines or more."""
    # a name that would shrink below a third of a figure reads better on several lines
    one = largest(text, em, True, width)
    if one * 3 >= em:
        return ink(text, one)
    return words(text, largest(text, em // 3, True, width, lines=3), width, bold=True)


def _number(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    """The queue number in the outline of a ticket, its label above it."""
    if not slip.number:
        return []
    room = sizes.inner - 2 * sizes.icon
    label = _signed(slip_of_paper(sizes.icon * 2 // 3), slip.number_label, sizes, sizes.inner) if slip.number_label else None
    framed = ticket(_figure(slip.number, sizes.number, room), sizes.inner, sizes.gap)
    return [under_one_another([label, framed] if label else [framed], 8, sizes.inner)]


def _code(slip: Slip, sizes: Sizes, width: int, centre: bool = False) -> list[Image.Image]:
    """The code under its label, with air between its letters and more between its groups."""
    if not slip.code:
        return []
    figure = _spaced(grouped(slip.code), sizes, width)
    shown = centred(figure, width) if centre else figure
    label = [words(slip.code_label, sizes.label, width, centre=centre)] if slip.code_label else []
    return [under_one_another([*label, shown], 8, width)]


def _spaced(text: str, sizes: Sizes, width: int) -> Image.Image:
    for em in range(sizes.code, 20, -2):
        if width_of(text, em, True) + len(text) * (em // 12) <= width:
            return ink(text, em, tracking=em // 12)
    return words(text, largest(text, sizes.code // 2, True, width, lines=9), width, bold=True)


def _beside(slip: Slip, sizes: Sizes) -> Image.Image | None:
    """The code small enough to stand beside the letters; None where its squares would be too fine."""
    code = qr_modules(slip.qr)
    module = sizes.qr_beside // len(code)
    return qr_picture(code, min(module, MOST_BESIDE)) if module >= LEAST_BESIDE else None


def _with_code(code: Image.Image, slip: Slip, sizes: Sizes) -> Image.Image:
    width = sizes.inner - code.width - 2 * sizes.gap
    return beside_one_another(code, under_one_another(_code(slip, sizes, width), 0, width), sizes.inner, 2 * sizes.gap)


def _code_alone(slip: Slip, sizes: Sizes, module: int) -> list[Image.Image]:
    """The code across the paper, with the quiet zone that the gaps between blocks do not give it."""
    if not slip.qr:
        return _code(slip, sizes, sizes.inner, centre=True)
    room = Image.new("1", (1, max(0, QUIET * module - sizes.gap)), 1)
    code = centred(qr_picture(qr_modules(slip.qr), module), sizes.inner)
    return [*_code(slip, sizes, sizes.inner, centre=True), under_one_another([room, code, room], 0, sizes.inner)]


def _party(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    if not slip.party:
        return []
    icon = people(sizes.icon * 2 // 3)
    width = sizes.inner - icon.width - sizes.gap
    return [beside_one_another(icon, words(slip.party, sizes.text, width, bold=True), sizes.inner, sizes.gap)]


def _end(slip: Slip, sizes: Sizes) -> list[Image.Image]:
    lines = [words(line, sizes.text, sizes.inner, centre=True) for line in slip.footer]
    return [_rule(sizes), sentence(sizes.icon, sizes.inner), *([under_one_another(lines, 2, sizes.inner)] if lines else [])]


def _rule(sizes: Sizes) -> Image.Image:
    return dashed_rule(sizes.inner, sizes.dash)
