"""Check digits of machine readable zones: Doc 9303-3, 4.9.

Each character has a value (0 to 9 as they are, A to Z = 10 to 35, `<` = 0); the values are weighted 7, 3, 1, 7, 3, 1 … from the left;
the digit is the sum modulo 10.
"""

from operator import mul

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<"
FILLER = "<"

VALUES = {letter: value for value, letter in enumerate(ALPHABET[:36])} | {FILLER: 0}
# Long enough for the composite digit of every format (the old French card's spans 71 characters).
_WEIGHTS = (7, 3, 1) * 40


def check_digit(text: str) -> str:
    """The check digit over `text`, "0" to "9"; "" where a character is outside the alphabet, so that no printed digit can be right.

    `text` holds at most 120 characters, more than any zone has.
    """
    try:
        return str(sum(map(mul, map(VALUES.__getitem__, text), _WEIGHTS)) % 10)
    except KeyError:
        return ""
