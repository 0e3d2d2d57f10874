"""One written form of JSON for everything that is signed or hashed: RFC 8785 (JSON Canonicalization Scheme). PURE."""

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from math import isfinite

# RFC 8785 3.2.2.3 leaves whole numbers to IEEE 754; beyond this they are no longer exact, so they are refused
LARGEST_EXACT = 2**53 - 1
DEEPEST = 32
_WORDS = {None: "null", True: "true", False: "false"}
# It leaves everything but quotes, backslashes and control characters as it is, which is what RFC 8785 3.2.2.2 asks for. Made once: at each
# call `json.dumps` would make it anew
_text = json.JSONEncoder(ensure_ascii=False).encode


class BadMessage(ValueError):
    """Bytes from outside, or a value to be sent, that are not what the contract says. The text names places and types, never values."""


def canonical(value: object) -> bytes:
    """The canonical form, UTF-8, of None, bool, int, float, str, sequences and mappings of them. Raises BadMessage."""
    try:
        return _written(value, 0).encode("utf-8")
    except UnicodeEncodeError:
        raise BadMessage("a text holds half of a surrogate pair") from None


def _written(value: object, depth: int) -> str:
    if depth > DEEPEST:
        raise BadMessage(f"nested deeper than {DEEPEST}")
    match value:
        case str():
            return _text(value)
        case dict() | Mapping():
            return _members(value, depth)
        case None | bool():
            return _WORDS[value]
        case int():
            return _whole(value)
        case float():
            return _fraction(value)
        case Sequence() if not isinstance(value, bytes | bytearray):
            return "[" + ",".join([_written(entry, depth + 1) for entry in value]) + "]"
        case _:
            raise BadMessage(f"JSON has no form for {type(value).__name__}")


def _members(members: Mapping[object, object], depth: int) -> str:
    parts = []
    for name in sorted(members, key=_utf16):
        value = members[name]
        # most members are plain texts; they are written without another call
        written = _text(value) if type(value) is str else _written(value, depth + 1)
        parts.append(f"{_text(name)}:{written}")
    return "{" + ",".join(parts) + "}"


def _utf16(name: object) -> bytes:
    """Members are sorted by UTF-16 code units, not by code points (RFC 8785 3.2.3)."""
    if not isinstance(name, str):
        raise BadMessage(f"a member is named by {type(name).__name__}, not by a text")
    return name.encode("utf-16-be")


def _whole(number: int) -> str:
    if abs(number) > LARGEST_EXACT:
        raise BadMessage("a whole number beyond 2^53 - 1")
    return str(number)


def _fraction(number: float) -> str:
    """ECMAScript's Number::toString: the shortest digits that come back as the same double, laid out by its rules."""
    if not isfinite(number):
        raise BadMessage("a number that is not finite")
    if number == 0:
        return "0"
    sign, numerals, exponent = Decimal(repr(number)).as_tuple()
    digits = "".join(str(numeral) for numeral in numerals).rstrip("0")
    point = len(numerals) + int(exponent)
    return ("-" if sign else "") + _laid_out(digits, point)


def _laid_out(digits: str, point: int) -> str:
    """`digits` with the decimal point after the first `point` of them (ECMA-262 6.1.6.1.20)."""
    if len(digits) <= point <= 21:
        return digits + "0" * (point - len(digits))
    if 0 < point <= 21:
        return f"{digits[:point]}.{digits[point:]}"
    if -6 < point <= 0:
        return "0." + "0" * -point + digits
    rest = f".{digits[1:]}" if len(digits) > 1 else ""
    return f"{digits[0]}{rest}e{'+' if point > 0 else '-'}{abs(point - 1)}"
