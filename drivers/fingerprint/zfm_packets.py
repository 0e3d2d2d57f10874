"""Packets of the serial fingerprint modules: ZhianTec ZFM-20, GROW R30x and R503, Synochip AS608. PURE. Source: their public user manuals, which agree.

`EF 01 address(4) kind(1) length(2) payload sum(2)`, numbers big-endian; length counts payload and sum, sum is that of kind, length and payload. Kinds: 01
command, 02 data, 07 answer, 08 last data. An answer's payload begins with a code, 00 for success. A picture comes as data packets of two pixels a byte, 4
bits each, the left one in the high half: 256 by 288, and 192 by 192 of an R503.
"""

from dataclasses import dataclass
from enum import IntEnum

import numpy as np
from numpy.typing import NDArray

START, ANYBODY = b"\xef\x01", 0xFFFFFFFF
HEAD, SUM, LONGEST_PAYLOAD = 9, 2, 256
SHAPES = {288 * 256 // 2: (288, 256), 192 * 192 // 2: (192, 192)}
"""Bytes of a picture -> its height and width."""


class PacketKind(IntEnum):
    """What a packet is."""

    COMMAND = 0x01
    DATA = 0x02
    ANSWER = 0x07
    LAST_DATA = 0x08


class Code(IntEnum):
    """What an answer may begin with, as far as we tell the codes apart."""

    DONE = 0x00
    DAMAGED = 0x01
    NO_FINGER = 0x02
    DISORDERLY = 0x06
    TOO_FEW_POINTS = 0x07
    NOT_ALIKE = 0x08
    NOT_FOUND = 0x09
    NOT_COMBINED = 0x0A
    NO_SUCH_PLACE = 0x0B
    WRONG_PASSWORD = 0x13


@dataclass(frozen=True)
class Packet:
    """One packet; `payload` at most 256 bytes."""

    kind: int
    payload: bytes
    address: int = ANYBODY


@dataclass(frozen=True)
class Facts:
    """What a module says of itself: how many templates fit, its security level (1 to 5), bytes a data packet, and baud."""

    places: int
    security: int
    packet_bytes: int
    baud: int


class BadAnswer(ValueError):
    """An answer is not what belongs to the command."""


def packet_bytes(packet: Packet) -> bytes:
    """The packet as it goes over the wire."""
    counted = bytes([packet.kind]) + (len(packet.payload) + SUM).to_bytes(2, "big") + packet.payload
    return START + packet.address.to_bytes(4, "big") + counted + (sum(counted) & 0xFFFF).to_bytes(2, "big")


class PacketReader:
    """Cuts a stream into packets; what is damaged is counted and passed over, and the next packet is whole again."""

    def __init__(self) -> None:
        self._rest = b""
        self.damaged = 0

    def feed(self, data: bytes) -> list[Packet]:
        """The packets that are complete now."""
        self._rest += data
        packets: list[Packet] = []
        while (at := self._rest.find(START)) >= 0:
            self._rest = self._rest[at:]
            if len(self._rest) < HEAD:
                break
            end = HEAD + int.from_bytes(self._rest[7:HEAD], "big")
            # a length that no module sends would have us wait for bytes that never come
            if not SUM <= end - HEAD <= LONGEST_PAYLOAD + SUM:
                self._pass_over()
            elif len(self._rest) < end:
                break
            elif sum(self._rest[6 : end - SUM]) & 0xFFFF != int.from_bytes(self._rest[end - SUM : end], "big"):
                self._pass_over()
            else:
                address = int.from_bytes(self._rest[2:6], "big")
                packets.append(Packet(self._rest[6], self._rest[HEAD : end - SUM], address))
                self._rest = self._rest[end:]
        if START not in self._rest:
            # a first half of a start may be the last byte
            self._rest = self._rest[-1:] if self._rest.endswith(START[:1]) else b""
        return packets

    def silence(self) -> None:
        """Nothing came for a while: what is unfinished never will be."""
        self._rest = b""

    def _pass_over(self) -> None:
        self.damaged += 1
        # not as far as its length says, which may be what is damaged: the next packet may begin within
        self._rest = self._rest[len(START) :]


def facts_of(payload: bytes) -> Facts:
    """From the answer to command 0F, without its code. Raises BadAnswer."""
    if len(payload) != 16:
        raise BadAnswer(f"{len(payload)} bytes of facts")
    places, security = int.from_bytes(payload[4:6], "big"), int.from_bytes(payload[6:8], "big")
    size, baud = int.from_bytes(payload[12:14], "big"), int.from_bytes(payload[14:16], "big")
    if size > 3 or not 1 <= baud <= 12:
        raise BadAnswer(f"packets of size {size}, baud {baud}")
    return Facts(places, security, 32 << size, 9600 * baud)


def image_of(data: bytes) -> NDArray[np.uint8]:
    """The picture, (height, width) uint8, its 16 greys spread over 0 to 255. Raises BadAnswer where bytes are missing or too many."""
    if len(data) not in SHAPES:
        raise BadAnswer(f"a picture of {len(data)} bytes")
    both = np.frombuffer(data, np.uint8)
    return (np.stack([both >> 4, both & 0x0F], axis=1) * np.uint8(17)).reshape(SHAPES[len(data)])
