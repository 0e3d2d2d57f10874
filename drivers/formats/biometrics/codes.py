"""Codes of fingers and of the kind of impression, as the finger records of ISO/IEC 19794 and ANSI INCITS 378 have them."""

from collections.abc import Mapping
from enum import IntEnum
from types import MappingProxyType


class FingerPosition(IntEnum):
    """The finger, or the fingers that one picture shows. The names of single fingers in lower case are those of the device contract.

    The older records hold single fingers alone; pictures, ANSI 378-2009 Amendment 1 and the editions of 2011 hold several as well.
    """

    UNKNOWN = 0
    RIGHT_THUMB = 1
    RIGHT_INDEX = 2
    RIGHT_MIDDLE = 3
    RIGHT_RING = 4
    RIGHT_LITTLE = 5
    LEFT_THUMB = 6
    LEFT_INDEX = 7
    LEFT_MIDDLE = 8
    LEFT_RING = 9
    LEFT_LITTLE = 10
    RIGHT_FOUR = 13
    LEFT_FOUR = 14
    BOTH_THUMBS = 15
    RIGHT_INDEX_MIDDLE = 40
    RIGHT_MIDDLE_RING = 41
    RIGHT_RING_LITTLE = 42
    LEFT_INDEX_MIDDLE = 43
    LEFT_MIDDLE_RING = 44
    LEFT_RING_LITTLE = 45
    BOTH_INDEXES = 46
    RIGHT_INDEX_TO_RING = 47
    RIGHT_MIDDLE_TO_LITTLE = 48
    LEFT_INDEX_TO_RING = 49
    LEFT_MIDDLE_TO_LITTLE = 50


SINGLE_FINGERS = frozenset(FingerPosition(code) for code in range(11))
SLAPS = frozenset({FingerPosition.RIGHT_FOUR, FingerPosition.LEFT_FOUR, FingerPosition.BOTH_THUMBS})
ALL_FINGERS = frozenset(FingerPosition)

_FIRST = {0: "live plain", 1: "live rolled", 2: "not live, plain", 3: "not live, rolled", 8: "swipe"}
_CONTACT = {
    20: "live, optical, plain",
    21: "live, optical, rolled",
    22: "live, not optical, plain",
    23: "live, not optical, rolled",
    24: "live, optical, without contact, plain",
    25: "live, optical, without contact, rolled",
    26: "live, not optical, without contact, plain",
    27: "live, not optical, without contact, rolled",
    28: "other",
    29: "unknown",
}
_LATENT = {4: "latent impression", 5: "latent tracing", 6: "latent photograph", 7: "latent lift"}

# What a number says differs from one edition to the next, so a code is kept as the number that stands in the record.
IMPRESSIONS_2004: Mapping[int, str] = MappingProxyType(_FIRST | {9: "live, without contact"})
IMPRESSIONS_2009: Mapping[int, str] = MappingProxyType(_FIRST | {10: "live palm", 11: "palm, not live"} | _CONTACT)
IMPRESSIONS_2011: Mapping[int, str] = MappingProxyType(
    _FIRST | _LATENT | {9: "rolled vertically", 24: _CONTACT[24], 28: "other", 29: "unknown"}
)
