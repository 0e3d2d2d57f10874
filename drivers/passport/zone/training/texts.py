"""Texts for the strips: chance strings shaped like the lines of a zone, so that no word, name or code is learnt by heart."""

import numpy as np

from drivers.passport.zone.alphabet import CHARACTERS

LETTERS = CHARACTERS[:26]
DIGITS = CHARACTERS[26:36]
FILLER = "<"
WIDTHS = (30, 36, 44)
ALIKE = ("O0DQ", "B8", "S5", "Z2", "I1LT", "G6C", "K<XCSE", "UV", "MNW", "FEP", "7TYZ", "4A")

STRICTLY_ALIKE = (
    "U0",
    "O0",
    "U0OQD",
    "G6",
    "G6C",
    "B8",
    "S5",
    "S8",
    "Z2",
    "Z7",
    "I1",
    "I1LTJ",
    "K<X",
    "<CSE",
    "UVY",
    "MNWH",
    "FEPR",
    "7T1Y",
    "4A",
)
"""What is set in the end of a run: with the pairs that weigh alike in every check digit, as U and 0, G and 6, S and 8 do."""


def _some(rng: np.random.Generator, alphabet: str, count: int) -> str:
    return "".join(alphabet[at] for at in rng.integers(0, len(alphabet), count))


def _names(rng: np.random.Generator, width: int) -> str:
    parts = [_some(rng, LETTERS, int(rng.integers(2, 11))) for _ in range(int(rng.integers(1, 5)))]
    line = parts[0] + FILLER * 2 + FILLER.join(parts[1:])
    head = _some(rng, LETTERS + FILLER, 2) + _some(rng, LETTERS, 3) if rng.random() < 0.6 else ""
    return (head + line)[:width].ljust(width, FILLER)


def _numbers(rng: np.random.Generator, width: int) -> str:
    line = _some(rng, DIGITS + LETTERS, 9) + _some(rng, DIGITS, 1) + _some(rng, LETTERS, 3) + _some(rng, DIGITS, 7)
    line += _some(rng, "MF<", 1) + _some(rng, DIGITS, 7) + _some(rng, DIGITS + LETTERS + FILLER, int(rng.integers(0, 16)))
    return line[: width - 1].ljust(width - 1, FILLER) + _some(rng, DIGITS, 1)


def _confused(rng: np.random.Generator, width: int, sets: tuple[str, ...]) -> str:
    return "".join(_some(rng, sets[at], 1) for at in rng.integers(0, len(sets), width))


def line(rng: np.random.Generator, finishing: bool = False) -> str:
    """One line of 30, 36 or 44 characters: like names, like numbers, of characters that look alike, or of any; `finishing`: half of the
    lines are of those that are hardest to tell apart."""
    width = int(rng.choice(WIDTHS))
    if finishing and rng.random() < 0.5:
        return _confused(rng, width, STRICTLY_ALIKE)
    kind = rng.random()
    if kind < 0.3:
        return _names(rng, width)
    if kind < 0.6:
        return _numbers(rng, width)
    if kind < 0.8:
        return _confused(rng, width, ALIKE)
    return _some(rng, CHARACTERS, width)
