"""Frames of 3M's "RTE Native" protocol, as far as it is public. PURE. Source: the RTE6701-OEM manual's pages 25 and 26 (also 3M 74-0200-31).

`SOH LEN(2, low byte first) TYPE(2 letters) STX FLAG DATA ETX BCC`; LEN is called a "14 significant bit word" that counts the bytes with the check. What is
NOT in the public pages: how 14 bits lie in two bytes, where the counting begins, and what BCC spans. So each is a `Rules` field that somebody has to look
up in the manual, or find out with a specimen (`rules_that_fit`). Frames of zones are shorter than 128 bytes, and so far 7 and 8 bits of length in each byte
are the same. That BCC is the exclusive or of what it spans is what the name commonly means, and unproven too.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import product

from firmware_bridge.checksums import xor

SOH, STX, ETX = 0x01, 0x02, 0x03
LENGTH_BITS = (7, 8)
PLACES = {"soh": 0, "length": 1, "type": 3, "stx": 5, "flag": 6}
LENGTH_FROM = ("soh", "length", "type")
BCC_FROM = tuple(PLACES)
BCC_TO = ("etx", "before-etx")
HEAD, LEAST, LONGEST = 3, 9, 512


@dataclass(frozen=True)
class Rules:
    """What the public pages leave open. `length_bits`: 7 or 8 bits of LEN in each byte; the others name the first (last) byte that counts."""

    length_bits: int
    length_from: str
    bcc_from: str
    bcc_to: str
    bcc_checked: bool = True


@dataclass(frozen=True)
class Rte:
    """One frame: two letters that say what it holds ("OU": a zone), one byte of flags whose meaning is not public, and the data."""

    type: bytes
    flag: int
    data: bytes


def rte_bytes(frame: Rte, rules: Rules) -> bytes:
    """The frame as it goes over the wire under these rules."""
    tail = frame.type + bytes([STX, frame.flag]) + frame.data + bytes([ETX])
    size = HEAD + len(tail) + 1 - PLACES[rules.length_from]
    mask = (1 << rules.length_bits) - 1
    head = bytes([SOH, size & mask, size >> rules.length_bits])
    return head + tail + bytes([_bcc(head + tail, rules)])


def _bcc(before: bytes, rules: Rules) -> int:
    """The check over a frame without its last byte."""
    return xor(before[PLACES[rules.bcc_from] : len(before) - (rules.bcc_to == "before-etx")])


class RteFrames:
    """Cuts a stream into frames; what is damaged is counted and dropped."""

    def __init__(self, rules: Rules) -> None:
        self._rules = rules
        self._rest = b""
        self.damaged = 0

    def feed(self, data: bytes) -> list[Rte]:
        """The frames that are complete now."""
        self._rest += data
        frames: list[Rte] = []
        while (at := self._rest.find(SOH)) >= 0:
            self._rest = self._rest[at:]
            size = self._size()
            if size is None or len(self._rest) < size:
                return frames
            frame = self._frame(self._rest[:size])
            if frame is not None:
                frames.append(frame)
                self._rest = self._rest[size:]
            else:
                # this SOH was none, or its frame is damaged: the next one may stand inside
                self.damaged += 1
                self._rest = self._rest[1:]
        self._rest = b""
        return frames

    def silence(self) -> bool:
        """Nothing came for a while: what is unfinished never will be. Returns whether something was dropped."""
        dropped, self._rest = bool(self._rest), b""
        self.damaged += dropped
        return dropped

    def _size(self) -> int | None:
        """Bytes of the whole frame at the front, 0 where its length cannot be; None before the length has come."""
        if len(self._rest) < HEAD:
            return None
        low, high = self._rest[1], self._rest[2]
        size = (low | high << self._rules.length_bits) + PLACES[self._rules.length_from]
        fits = low >> self._rules.length_bits == 0 and LEAST <= size <= LONGEST
        return size if fits else 0

    def _frame(self, whole: bytes) -> Rte | None:
        if len(whole) < LEAST or whole[5] != STX or whole[-2] != ETX or not whole[3:5].isalpha():
            return None
        if self._rules.bcc_checked and whole[-1] != _bcc(whole[:-1], self._rules):
            return None
        return Rte(whole[3:5], whole[6], whole[7:-2])


def rules_that_fit(capture: bytes) -> Iterator[Rules]:
    """The rules under which bytes recorded from a reader hold a frame: what a site finds out with one specimen where it has no manual."""
    for bits, length_from, bcc_from, bcc_to in product(LENGTH_BITS, LENGTH_FROM, BCC_FROM, BCC_TO):
        rules = Rules(bits, length_from, bcc_from, bcc_to)
        if RteFrames(rules).feed(capture):
            yield rules
