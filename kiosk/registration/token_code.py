"""The code on a slip: six characters that say nothing of a person and are not mistaken for one another. PURE."""

# left out: 0 O Q, 1 I L, 2 Z, 5 S, 6 G, 8 B, U V look alike; A E would let a code spell a word
LETTERS = "3479CDFHJKMNPRTWXY"
LENGTH = 6
LEAST_BYTES = 8


def token_code(chance: bytes) -> str:
    """Six of 18 letters (34 million codes) from at least 8 bytes of chance, which the lane draws. Raises ValueError for fewer."""
    if len(chance) < LEAST_BYTES:
        raise ValueError(f"a token needs {LEAST_BYTES} bytes of chance")
    number = int.from_bytes(chance, "big")
    code = ""
    for _ in range(LENGTH):
        number, at = divmod(number, len(LETTERS))
        code += LETTERS[at]
    return code
