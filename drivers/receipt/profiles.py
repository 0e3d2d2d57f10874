"""Kinds of receipt printers as data: how wide they print, what they can say, and how large everything on a slip is. PURE.

Lengths are in dots of 1/8 mm (203 dpi).
"""

from dataclasses import dataclass
from enum import StrEnum


class Proof(StrEnum):
    """How a printer says that a slip is printed."""

    PROCESS_ID = "process-id"
    MARK = "mark"
    NONE = "none"


@dataclass(frozen=True)
class Sizes:
    """Sizes of a slip for one width of paper. Type sizes are of the em; a word too wide is set smaller, never cut."""

    width: int
    margin: int
    gap: int
    heading: int
    text: int
    place: int
    number: int
    code: int
    label: int
    sign: int
    icon: int
    band: int
    dash: int
    qr_beside: int

    @property
    def inner(self) -> int:
        """What is left between the margins."""
        return self.width - 2 * self.margin


WIDE = Sizes(
    width=576,
    margin=20,
    gap=22,
    heading=42,
    text=31,
    place=230,
    number=104,
    code=74,
    label=30,
    sign=212,
    icon=68,
    band=40,
    dash=4,
    qr_beside=250,
)
NARROW = Sizes(
    width=384,
    margin=8,
    gap=18,
    heading=34,
    text=27,
    place=170,
    number=88,
    code=66,
    label=26,
    sign=150,
    icon=56,
    band=32,
    dash=4,
    qr_beside=0,
)


@dataclass(frozen=True)
class Profile:
    """One kind of printer. For a slow line: `native_qr`, the printer draws the code itself; `coarse`, large figures in steps of two dots."""

    sizes: Sizes
    proof: Proof
    native_qr: bool = False
    coarse: bool = False


PROFILES = {
    "80mm": Profile(WIDE, Proof.MARK),
    "58mm": Profile(NARROW, Proof.MARK),
    "80mm-process-id": Profile(WIDE, Proof.PROCESS_ID),
    "80mm-slow-line": Profile(WIDE, Proof.MARK, native_qr=True, coarse=True),
    "58mm-slow-line": Profile(NARROW, Proof.MARK, native_qr=True, coarse=True),
    "80mm-mute": Profile(WIDE, Proof.NONE),
    "58mm-mute": Profile(NARROW, Proof.NONE),
}
"""Name in the settings (`paper = "80mm"`) -> kind. The plain names fit nearly every printer that answers GS r."""
