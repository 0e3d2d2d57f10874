"""The colours of the four contrast modes, and the measure of contrast. PURE.

Every token is named for what it does. `CONTRASTS` lists which token is read on which, and how strong that must be:
10:1 for text in the mode that everybody sees first, 7:1 in all others, 3:1 for edges and signs.
"""

from dataclasses import dataclass, fields
from enum import StrEnum

Colour = str
"""A colour as six hexadecimal digits, `#RRGGBB`."""


class Contrast(StrEnum):
    """The four contrast modes a traveller can choose from."""

    LIGHT = "light"
    DARK = "dark"
    BLACK_ON_WHITE = "black_on_white"
    LOW_BLUE = "low_blue"


@dataclass(frozen=True)
class Palette:
    """One contrast mode. `art` names the set of drawings made for it and `art_tint` is multiplied over them."""

    ground: Colour
    surface: Colour
    stage: Colour
    ink: Colour
    quiet: Colour
    edge: Colour
    header: Colour
    on_header: Colour
    header_accent: Colour
    header_step: Colour
    primary: Colour
    on_primary: Colour
    pressed: Colour
    on_pressed: Colour
    good: Colour
    on_good: Colour
    warning: Colour
    on_warning: Colour
    warning_ink: Colour
    stop: Colour
    on_stop: Colour
    step_done: Colour
    step_open: Colour
    focus: Colour
    focus_edge: Colour
    veil: Colour
    maintenance: Colour
    art: str
    art_tint: Colour = "#FFFFFF"


PALETTES: dict[Contrast, Palette] = {
    Contrast.LIGHT: Palette(
        ground="#FFFFFF",
        surface="#F1F5F9",
        stage="#F4EADB",
        ink="#0B1F33",
        quiet="#2A3B4E",
        edge="#56677B",
        header="#06284D",
        on_header="#FFFFFF",
        header_accent="#FFC93C",
        header_step="#587595",
        primary="#083A73",
        on_primary="#FFFFFF",
        pressed="#06284D",
        on_pressed="#FFFFFF",
        good="#094A29",
        on_good="#FFFFFF",
        warning="#FFD24A",
        on_warning="#1E1600",
        warning_ink="#7A4E00",
        stop="#860A1D",
        on_stop="#FFFFFF",
        step_done="#083A73",
        step_open="#C6D0DB",
        focus="#FFB000",
        focus_edge="#0B1F33",
        veil="#06182C",
        maintenance="#4B2A7B",
        art="light",
    ),
    Contrast.DARK: Palette(
        ground="#0F1822",
        surface="#1B2733",
        stage="#182430",
        ink="#F6F2EA",
        quiet="#CBD5DF",
        edge="#8FA1B3",
        header="#060C13",
        on_header="#F6F2EA",
        header_accent="#FFC93C",
        header_step="#4C6075",
        primary="#A9D0FF",
        on_primary="#06182C",
        pressed="#DCEBFF",
        on_pressed="#06182C",
        good="#8FE0B4",
        on_good="#04210F",
        warning="#FFD24A",
        on_warning="#1E1600",
        warning_ink="#FFD24A",
        stop="#FFB4AB",
        on_stop="#3A0006",
        step_done="#A9D0FF",
        step_open="#3B4A59",
        focus="#FFB000",
        focus_edge="#1A0F00",
        veil="#000000",
        maintenance="#4B2A7B",
        art="dark",
    ),
    Contrast.BLACK_ON_WHITE: Palette(
        ground="#FFFFFF",
        surface="#FFFFFF",
        stage="#FFFFFF",
        ink="#000000",
        quiet="#000000",
        edge="#000000",
        header="#000000",
        on_header="#FFFFFF",
        header_accent="#FFE600",
        header_step="#7A7A7A",
        primary="#000000",
        on_primary="#FFFFFF",
        pressed="#FFE600",
        on_pressed="#000000",
        good="#000000",
        on_good="#FFFFFF",
        warning="#FFE600",
        on_warning="#000000",
        warning_ink="#000000",
        stop="#000000",
        on_stop="#FFFFFF",
        step_done="#000000",
        step_open="#B8B8B8",
        focus="#FFE600",
        focus_edge="#000000",
        veil="#000000",
        maintenance="#4B2A7B",
        art="mono",
    ),
    Contrast.LOW_BLUE: Palette(
        ground="#FFF1D6",
        surface="#FBE3BB",
        stage="#F5DBAB",
        ink="#2A1A04",
        quiet="#4A3212",
        edge="#7A5A2C",
        header="#3B2200",
        on_header="#FFF1D6",
        header_accent="#FFC93C",
        header_step="#8A6A3D",
        primary="#5A2F00",
        on_primary="#FFF1D6",
        pressed="#3B2200",
        on_pressed="#FFF1D6",
        good="#2E4300",
        on_good="#FFF1D6",
        warning="#FFC23A",
        on_warning="#241600",
        warning_ink="#6B4100",
        stop="#7A1200",
        on_stop="#FFF1D6",
        step_done="#5A2F00",
        step_open="#D9BF8F",
        focus="#E07B00",
        focus_edge="#2A1A04",
        veil="#1E1000",
        maintenance="#4B2A7B",
        art="light",
        art_tint="#FFF0CC",
    ),
}

TEXT_FIRST = 10.0
"""Contrast of all text in the first mode."""
TEXT = 7.0
"""Contrast of all text in every mode."""
SIGN = 3.0
"""Contrast of edges, icons' discs and progress against their ground."""

TEXT_PAIRS: tuple[tuple[str, str], ...] = (
    ("ink", "ground"),
    ("ink", "surface"),
    ("ink", "stage"),
    ("quiet", "ground"),
    ("quiet", "surface"),
    ("on_header", "header"),
    ("on_primary", "primary"),
    ("on_pressed", "pressed"),
    ("on_good", "good"),
    ("on_warning", "warning"),
    ("on_stop", "stop"),
    ("primary", "ground"),
    ("primary", "surface"),
)
"""(text token, ground token)."""

SIGN_PAIRS: tuple[tuple[str, str], ...] = (
    ("edge", "ground"),
    ("edge", "surface"),
    ("warning_ink", "ground"),
    ("warning_ink", "surface"),
    ("good", "ground"),
    ("stop", "ground"),
    ("step_done", "ground"),
    ("header_accent", "header_step"),
    ("header_accent", "header"),
    ("header", "header_accent"),
    ("focus_edge", "focus"),
)
"""(sign token, ground token)."""


def channels(colour: Colour) -> tuple[float, float, float]:
    """Red, green and blue from 0 to 1."""
    return int(colour[1:3], 16) / 255, int(colour[3:5], 16) / 255, int(colour[5:7], 16) / 255


def _linear(channel: float) -> float:
    return channel / 12.92 if channel <= 0.04045 else float(((channel + 0.055) / 1.055) ** 2.4)


def luminance(rgb: tuple[float, float, float]) -> float:
    """Relative luminance of WCAG 2.2 for red, green and blue from 0 to 1."""
    red, green, blue = (_linear(c) for c in rgb)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: tuple[float, float, float], other: tuple[float, float, float]) -> float:
    """Contrast ratio of WCAG 2.2, from 1 to 21, whichever of the two is lighter."""
    lighter, darker = sorted((luminance(one), luminance(other)), reverse=True)
    return (lighter + 0.05) / (darker + 0.05)


def token(palette: Palette, name: str) -> Colour:
    """The colour of the token with this name; KeyError where there is none."""
    return {f.name: str(getattr(palette, f.name)) for f in fields(palette)}[name]
