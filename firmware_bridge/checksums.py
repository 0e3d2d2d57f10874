"""Checksums that devices put behind their frames. PURE.

A CRC of 16 bits is given by the parameters of the usual catalogue (polynomial, start, reflected or not, what is added at the end), and each names what
it makes of the nine bytes "123456789": tests compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from types import MappingProxyType


@dataclass(frozen=True)
class Crc16:
    """One CRC of 16 bits; `reflected` means the lowest bit of each byte first."""

    poly: int
    start: int
    reflected: bool
    final: int
    of_123456789: int

    def of(self, data: bytes) -> int:
        """The checksum of these bytes, 0 to FFFF."""
        table, crc = _table(self.poly, self.reflected), self.start
        # one step for a whole byte: its low bits go first where the checksum is reflected
        for byte in data:
            crc = crc >> 8 ^ table[(crc ^ byte) & 0xFF] if self.reflected else crc << 8 & 0xFFFF ^ table[crc >> 8 ^ byte]
        return crc ^ self.final


@cache
def _table(poly: int, reflected: bool) -> tuple[int, ...]:
    """What each byte does to an empty checksum."""
    return tuple(_reflected_byte(byte, poly) if reflected else _byte(byte, poly) for byte in range(256))


def _byte(byte: int, poly: int) -> int:
    crc = byte << 8
    for _ in range(8):
        crc = ((crc << 1) ^ poly if crc & 0x8000 else crc << 1) & 0xFFFF
    return crc


def _reflected_byte(byte: int, poly: int) -> int:
    turned, crc = int(f"{poly:016b}"[::-1], 2), byte
    for _ in range(8):
        crc = (crc >> 1) ^ turned if crc & 1 else crc >> 1
    return crc


CRCS: Mapping[str, Crc16] = MappingProxyType(
    {
        "crc16-ccitt-false": Crc16(0x1021, 0xFFFF, reflected=False, final=0, of_123456789=0x29B1),
        "crc16-xmodem": Crc16(0x1021, 0, reflected=False, final=0, of_123456789=0x31C3),
        "crc16-kermit": Crc16(0x1021, 0, reflected=True, final=0, of_123456789=0x2189),
        "crc16-x25": Crc16(0x1021, 0xFFFF, reflected=True, final=0xFFFF, of_123456789=0x906E),
        "crc16-arc": Crc16(0x8005, 0, reflected=True, final=0, of_123456789=0xBB3D),
        "crc16-modbus": Crc16(0x8005, 0xFFFF, reflected=True, final=0, of_123456789=0x4B37),
    }
)


def xor(data: bytes) -> int:
    """All bytes added without carry, 0 to FF."""
    total = 0
    for byte in data:
        total ^= byte
    return total
