"""Pictures that a printer keeps in its memory: the authority's logo, and on a slow line the arrows and the little sentence without words.

Keys are two figures (Citizen and Bixolon answer the list of keys in figures only), counted on from the pictures' own contents: where a picture
is another, its key is another, and the printer is given it anew; memory that wears out is written only then.
"""

import hashlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

from PIL import Image, UnidentifiedImageError

from drivers.contract import Arrow
from drivers.receipt.blocks import Kept, to_bitmap
from drivers.receipt.lettering import to_dots
from drivers.receipt.profiles import Profile
from drivers.receipt.signs import arrow_sign, sentence

LOGO_WIDTH, LOGO_HEIGHT = 240, 120
KEYS = 100
LOGO, SENTENCE = "logo", "sentence"


def read_logo(path: Path) -> Image.Image:
    """A picture file as black dots, at most 240 x 120 (30 x 15 mm), its clear parts white. Raises ValueError."""
    try:
        with Image.open(path) as opened:
            picture = opened.convert("RGBA")
    except (OSError, UnidentifiedImageError) as why:
        raise ValueError(f"the logo {path.name} cannot be read: {type(why).__name__}") from None
    white = Image.new("RGBA", picture.size, "white")
    grey = Image.alpha_composite(white, picture).convert("L")
    grey.thumbnail((LOGO_WIDTH, LOGO_HEIGHT), Image.Resampling.LANCZOS)
    return to_dots(grey)


@dataclass(frozen=True)
class Album:
    """The pictures of a slip that do not change from traveller to traveller."""

    profile: Profile
    logo: Image.Image | None = None

    @cached_property
    def pictures(self) -> dict[str, Kept]:
        """Name (`logo`, `sentence`, or an arrow's) -> picture. What is coarse on a slow line is kept at half its size."""
        drawn = {LOGO: (to_bitmap(self.logo), 1)} if self.logo else {}
        if self.profile.slow:
            sizes = self.profile.sizes
            drawn |= {arrow.value: (to_bitmap(_halved(arrow_sign(arrow, sizes.sign // 2 * 2))), 2) for arrow in Arrow}
            drawn[SENTENCE] = (to_bitmap(_halved(sentence(sizes.icon, sizes.inner // 16 * 16))), 2)
        whole = b"".join(f"{bitmap.width}x{bitmap.height}".encode() + bitmap.data for bitmap, _ in drawn.values())
        first = int.from_bytes(hashlib.sha256(whole).digest()[:8])
        return {name: Kept(f"{(first + place) % KEYS:02d}", *picture) for place, (name, picture) in enumerate(drawn.items())}


def _halved(image: Image.Image) -> Image.Image:
    return to_dots(image.convert("L").resize((image.width // 2, image.height // 2), Image.Resampling.BOX))
