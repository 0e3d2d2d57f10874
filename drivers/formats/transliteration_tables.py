"""The tables of Doc 9303-3, section 6: 95 Latin, 48 Cyrillic, 80 Arabic rows (the shadda has a rule instead), and what they lack.

The Cyrillic cells that the document breaks over two lines are whole here: Ќ, Џ, Г, Х, Ц and Ғ.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Cyrillic(NamedTuple):
    """A row of table B: the usual way, the ways of languages by ISO 639 code, and at the start of a Ukrainian component ("" as usual)."""

    usual: str
    in_language: Mapping[str, str] = {}
    ukrainian_first: str = ""


def _each(ways: Mapping[str, str]) -> dict[str, tuple[str, ...]]:
    """A table from rows of one way to write several letters."""
    return {letter: (way,) for way, letters in ways.items() for letter in letters}


# Table A. The letters that keep nothing but their accents' loss, by the letter they become; then those with a choice or two letters.
LATIN: Mapping[str, tuple[str, ...]] = _each(
    {
        "A": "ÀÁÂÃĀĂĄ",
        "C": "ÇĆĈĊČ",
        "D": "ÐĎĐ",
        "E": "ÈÉÊËĒĔĖĘĚ",
        "G": "ĜĞĠĢ",
        "H": "ĤĦ",
        "I": "ÌÍÎÏĨĪĬĮİı",
        "J": "Ĵ",
        "K": "Ķ",
        "L": "ĹĻĽĿŁ",
        "N": "ŃŅŇŊ",
        "O": "ÒÓÔÕŌŎŐ",
        "R": "ŔŖŘ",
        "S": "ŚŜŞŠ",
        "T": "ŢŤŦ",
        "U": "ÙÚÛŨŪŬŮŰŲ",
        "W": "Ŵ",
        "Y": "ÝŶŸ",
        "Z": "ŹŻŽ",
        "AE": "Æ",
        "IJ": "Ĳ",
        "OE": "ØŒ",
        "SS": "ẞ",
        "TH": "Þ",
    }
) | {
    "Ä": ("AE", "A"),
    "Å": ("AA", "A"),
    "Ñ": ("N", "NXX"),
    "Ö": ("OE", "O"),
    "Ü": ("UE", "UXX", "U"),
}

# Table B.
CYRILLIC: Mapping[str, Cyrillic] = {
    "Ё": Cyrillic("E", {"be": "IO"}),
    "Ђ": Cyrillic("D"),
    "Є": Cyrillic("IE", ukrainian_first="YE"),
    "Ѕ": Cyrillic("DZ"),
    "І": Cyrillic("I"),
    "Ї": Cyrillic("I", ukrainian_first="YI"),
    "Ј": Cyrillic("J"),
    "Љ": Cyrillic("LJ"),
    "Њ": Cyrillic("NJ"),
    "Ќ": Cyrillic("K", {"mk": "KJ"}),
    "Ў": Cyrillic("U"),
    "Џ": Cyrillic("DZ", {"mk": "DJ"}),
    "А": Cyrillic("A"),
    "Б": Cyrillic("B"),
    "В": Cyrillic("V"),
    "Г": Cyrillic("G", {"be": "H", "sr": "H", "uk": "H"}),
    "Д": Cyrillic("D"),
    "Е": Cyrillic("E"),
    "Ж": Cyrillic("ZH", {"sr": "Z"}),
    "З": Cyrillic("Z"),
    "И": Cyrillic("I", {"uk": "Y"}),
    "Й": Cyrillic("I", ukrainian_first="Y"),
    "К": Cyrillic("K"),
    "Л": Cyrillic("L"),
    "М": Cyrillic("M"),
    "Н": Cyrillic("N"),
    "О": Cyrillic("O"),
    "П": Cyrillic("P"),
    "Р": Cyrillic("R"),
    "С": Cyrillic("S"),
    "Т": Cyrillic("T"),
    "У": Cyrillic("U"),
    "Ф": Cyrillic("F"),
    "Х": Cyrillic("KH", {"sr": "H", "mk": "H"}),
    "Ц": Cyrillic("TS", {"sr": "C", "mk": "C"}),
    "Ч": Cyrillic("CH", {"sr": "C"}),
    "Ш": Cyrillic("SH", {"sr": "S"}),
    "Щ": Cyrillic("SHCH", {"bg": "SHT"}),
    "Ъ": Cyrillic("IE"),
    "Ы": Cyrillic("Y"),
    "Э": Cyrillic("E"),
    "Ю": Cyrillic("IU", ukrainian_first="YU"),
    "Я": Cyrillic("IA", ukrainian_first="YA"),
    "Ѫ": Cyrillic("U"),
    "Ѵ": Cyrillic("Y"),
    "Ґ": Cyrillic("G"),
    "Ғ": Cyrillic("G", {"mk": "GJ"}),
    "Һ": Cyrillic("C"),
    # Ours: the table has no row for these three. Ѓ is the Macedonian letter its row Ғ = GJ must mean.
    "Ѓ": Cyrillic("G", {"mk": "GJ"}),
    "Ћ": Cyrillic("C"),
    "Ь": Cyrillic(""),
}

# Table C: standard Arabic first, then the letters of Persian, Urdu and Pashto.
ARABIC: Mapping[str, tuple[str, ...]] = {
    "\u0621": ("XE",),
    "\u0622": ("XAA",),
    "\u0623": ("XAE",),
    "\u0624": ("U",),
    "\u0625": ("I",),
    "\u0626": ("XI",),
    "\u0627": ("A",),
    "\u0628": ("B",),
    "\u0629": ("XTA", "XAH"),
    "\u062a": ("T",),
    "\u062b": ("XTH",),
    "\u062c": ("J",),
    "\u062d": ("XH",),
    "\u062e": ("XKH",),
    "\u062f": ("D",),
    "\u0630": ("XDH",),
    "\u0631": ("R",),
    "\u0632": ("Z",),
    "\u0633": ("S",),
    "\u0634": ("XSH",),
    "\u0635": ("XSS",),
    "\u0636": ("XDZ",),
    "\u0637": ("XTT",),
    "\u0638": ("XZZ",),
    "\u0639": ("E",),
    "\u063a": ("G",),
    "\u0641": ("F",),
    "\u0642": ("Q",),
    "\u0643": ("K",),
    "\u0644": ("L",),
    "\u0645": ("M",),
    "\u0646": ("N",),
    "\u0647": ("H",),
    "\u0648": ("W",),
    "\u0649": ("XAY",),
    "\u064a": ("Y",),
    "\u0671": ("XXA",),
    "\u0679": ("XXT",),
    "\u067c": ("XRT",),
    "\u067e": ("P",),
    "\u0681": ("XKE",),
    "\u0685": ("XXH",),
    "\u0686": ("XC",),
    "\u0688": ("XXD",),
    "\u0689": ("XDR",),
    "\u0691": ("XXR",),
    "\u0693": ("XRR",),
    "\u0696": ("XRX",),
    "\u0698": ("XJ",),
    "\u069a": ("XXS",),
    "\u06a9": ("XKK",),
    "\u06ab": ("XXK",),
    "\u06ad": ("XNG",),
    "\u06af": ("XGG",),
    "\u06ba": ("XNN",),
    "\u06bc": ("XXN",),
    "\u06be": ("XDO",),
    "\u06c0": ("XYH",),
    "\u06c1": ("XXG",),
    "\u06c2": ("XGE",),
    "\u06c3": ("XTG",),
    "\u06cc": ("XYA",),
    "\u06cd": ("XXY",),
    "\u06d0": ("Y",),
    "\u06d2": ("XYB",),
    "\u06d3": ("XBE",),
    # Appendix B.5.4: veh and feh with three dots below, used in foreign names.
    "\u06a4": ("V",),
    "\u06a5": ("XF",),
}

# Rows "(Not encoded)": tatweel, the short vowels, sukun, superscript alef, four obsolete letters of the Maghreb.
# The two joiners at the end are ours: Persian writes them inside a word, and they are no letters.
NOT_ENCODED = frozenset(
    "\u0640\u064b\u064c\u064d\u064e\u064f\u0650\u0652\u0670\u069c\u06a2\u06a7\u06a8" + "\u200c\u200d",
)
