"""Kinds of receipt printers, read from data (printers.toml), and how large everything on a slip is for their paper.

Lengths are in dots of the print head: 1/8 mm at 203 dpi, 1/7 mm at 180 dpi.
"""

import tomllib
from dataclasses import dataclass, fields
from enum import StrEnum
from pathlib import Path
from typing import Any

import msgspec

PRINTERS = Path(__file__).with_name("printers.toml")


class Proof(StrEnum):
    """How a printer says that a slip is printed."""

    PROCESS_ID = "process-id"
    MARK = "mark"
    NONE = "none"


@dataclass(frozen=True)
class Sizes:
    """Sizes of a slip for one width of paper. Type sizes are of the em; a word too wide is set smaller, never cut."""

    width: int
    dpi: int
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
    dpi=203,
    margin=20,
    gap=22,
    heading=42,
    text=31,
    place=230,
    number=230,
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
    dpi=203,
    margin=8,
    gap=18,
    heading=34,
    text=27,
    place=170,
    number=170,
    code=66,
    label=26,
    sign=150,
    icon=56,
    band=32,
    dash=4,
    qr_beside=0,
)


def _as_large(sizes: Sizes, width: int, dpi: int) -> Sizes:
    """The same slip in millimetres on a head with other dots."""
    scaled = {field.name: round(getattr(sizes, field.name) * dpi / sizes.dpi) for field in fields(Sizes)}
    return Sizes(**{**scaled, "width": width, "dpi": dpi, "dash": sizes.dash})


SIZES = {"wide": WIDE, "narrow": NARROW, "epson-180": _as_large(WIDE, 512, 180)}


@dataclass(frozen=True)
class Profile:
    """One kind of printer; the members are explained in printers.toml."""

    sizes: Sizes
    columns: int
    proof: Proof
    native_qr: bool
    memory: bool
    slow: bool
    source: str


def read_printers(text: str) -> dict[str, Profile]:
    """The kinds that a text like printers.toml describes. Raises ValueError that names the printer and what is wrong with it."""
    return {name: _profile(name, facts) for name, facts in tomllib.loads(text).items()}


def _profile(name: str, facts: Any) -> Profile:
    if not isinstance(facts, dict):
        raise ValueError(f"printer {name}: expected a table of its facts, [{name}] and lines below it")
    unknown = facts.keys() - {field.name for field in fields(Profile)}
    if unknown:
        raise ValueError(f"printer {name}: unknown {', '.join(sorted(unknown))}")
    sizes = facts.get("sizes")
    if not isinstance(sizes, str) or sizes not in SIZES:
        raise ValueError(f"printer {name}: sizes must be one of {', '.join(SIZES)}")
    try:
        return msgspec.convert({**facts, "sizes": SIZES[sizes]}, Profile)
    except msgspec.ValidationError as why:
        raise ValueError(f"printer {name}: {why}") from None


PROFILES = read_printers(PRINTERS.read_text(encoding="utf-8"))
"""Name in the settings -> kind. The plain names fit nearly every printer that answers GS r."""
