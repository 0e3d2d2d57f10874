"""A slip for a slow line, a twentieth of the bytes: plain words in the printer's own letters, the rest drawn, its own QR and kept pictures.

The printer's letters are ASCII alone: its code pages differ from maker to maker. A line with any other letter in it is drawn by us.
"""

import textwrap

from drivers.contract import Slip
from drivers.receipt.blocks import Block, NativeQr, Space, Typed, centred, to_image
from drivers.receipt.keeping import LOGO, SENTENCE, Album
from drivers.receipt.lettering import coarse, words
from drivers.receipt.profiles import Profile
from drivers.receipt.signs import QUIET, band

LARGEST = 8
CODE_LARGEST = 4
APART = " · "


def typed_blocks(slip: Slip, album: Album, title: str, code: str, module: int) -> list[Block]:
    """What stands on the slip, from the top. `title` for its bands, `module` the side of a QR square, 0 where there is none."""
    profile = album.profile
    air = Space(profile.sizes.gap)
    bands = [*_band(title, profile), air] if title else []
    top = [*_picture(LOGO, album), *_parted(slip.heading, profile, high=2, bold=True), *_parted(slip.subheading, profile), _rule(profile)]
    way = [*_picture(slip.arrow.value, album), *_labelled(slip.place_label, slip.place, profile), _rule(profile)]
    number = [*_labelled(slip.number_label, slip.number, profile), air] if slip.number else []
    letters = [*_labelled(slip.code_label, code, profile, CODE_LARGEST), air] if code else []
    qr: list[Block] = [Space(QUIET * module), NativeQr(slip.qr, module), Space(QUIET * module)] if slip.qr else []
    end = [*_line(slip.party, profile, bold=True), _rule(profile), *_picture(SENTENCE, album)]
    footer = [block for line in slip.footer for block in _line(line, profile)]
    return [*bands, *top, *way, *number, *letters, *qr, *end, *footer, *([air, *bands[:-1]] if bands else [])]


def _plain(text: str) -> bool:
    return text.isascii() and text.isprintable()


def _line(text: str, profile: Profile, high: int = 1, bold: bool = False) -> list[Block]:
    """One sentence, wrapped; where it is not plain, drawn at about the same size."""
    if not text:
        return []
    sizes = profile.sizes
    after = Space(sizes.gap // 3)
    if not _plain(text):
        return [words(text, sizes.heading if high > 1 else sizes.text, sizes.inner, bold=bold, centre=True), after]
    # a heading is twice as wide as well where that fits
    wide = high if len(text) * high <= profile.columns else 1
    return [Typed(_even_lines(text, profile.columns // wide), wide, high, bold), after]


def _even_lines(text: str, columns: int) -> tuple[str, ...]:
    """Wrapped into as few lines as can be, and those as even as can be."""
    fewest = textwrap.wrap(text, columns)
    narrower = (textwrap.wrap(text, width) for width in range(columns // 2, columns))
    return tuple(next((lines for lines in narrower if len(lines) == len(fewest)), fewest))


def _parted(text: str, profile: Profile, high: int = 1, bold: bool = False) -> list[Block]:
    """Parts that `·` divides stand on lines of their own: the dot is not in every printer's letters."""
    return [block for part in text.split(APART) for block in _line(part, profile, high, bold)]


def _labelled(label: str, text: str, profile: Profile, most: int = LARGEST) -> list[Block]:
    """A label, and under it figures as large as they fit in one line; a long name is a heading."""
    # a letter of room at both sides: the edges of the paper wander
    times = min(most, (profile.columns - 2) // max(1, len(text)))
    figure = times >= 2 and _plain(text)
    shown = [Typed((text,), times, times, bold=True)] if figure else _line(text, profile, high=2, bold=True)
    return [*_line(label, profile), *shown]


def _band(title: str, profile: Profile) -> list[Block]:
    """White on black from edge to edge."""
    wide, plain = profile.columns // 2, title.replace(APART, " - ")
    if not _plain(plain) or len(plain) > wide - 2:
        return [coarse(band(title, profile.sizes.inner, profile.sizes.band))]
    return [Typed((plain.center(wide),), 2, 2, bold=True, white_on_black=True)]


def _rule(profile: Profile) -> Block:
    return Typed(("-" * profile.columns,))


def _picture(name: str, album: Album) -> list[Block]:
    """From the printer's memory, or drawn coarsely."""
    kept, air = album.pictures.get(name), Space(album.profile.sizes.gap)
    if kept is None:
        return []
    if album.profile.memory:
        return [kept, air]
    image = to_image(kept.bitmap)
    return [centred(image.resize((image.width * kept.scale, image.height * kept.scale)), album.profile.sizes.inner), air]
