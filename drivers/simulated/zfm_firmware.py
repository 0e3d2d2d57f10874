"""A serial fingerprint module, played on a pty: the packets of ZFM-20, R30x and AS608, templates that it keeps, a picture of 256 by 288 at 4 bits.

Fingers are the seeds of the scene; two pictures of one seed are alike. Codes for what it is asked wrongly are those of the makers' manuals.
"""

from collections.abc import Callable

import numpy as np

from drivers.fingerprint.zfm_packets import ANYBODY, Code, Packet, PacketKind, PacketReader, packet_bytes
from drivers.simulated.ridges import draw
from drivers.simulated.scene import Seen

PLACES, SECURITY, PACKET_CODE, BAUD = 150, 3, 2, 6
SCORE = 120
CANNOT_DELETE, NO_PICTURE, UNKNOWN, NOTHING_KEPT = 0x10, 0x15, 0x19, 0x0C
HEIGHT, WIDTH = 288, 256


class ZfmFirmware:
    """What a module does. `kept` are its templates: place -> seed."""

    def __init__(self, password: int = 0) -> None:
        self.kept: dict[int, int] = {}
        self._password = password
        self._reader = PacketReader()
        self._taken: int | None = None
        self._buffers: dict[int, int] = {}
        self._coming: tuple[int, bytes] | None = None

    def received(self, data: bytes, seen: Seen) -> list[bytes]:
        """Answers to commands."""
        answers: list[bytes] = []
        for packet in self._reader.feed(data):
            if packet.kind == PacketKind.COMMAND and packet.payload:
                code, said, follows = self._obey(packet.payload[0], packet.payload[1:], seen)
                answers += [packet_bytes(Packet(PacketKind.ANSWER, bytes([code]) + said)), *_in_packets(follows)]
            elif self._coming is not None:
                self._downloaded(packet)
        return answers

    def tick(self, seen: Seen) -> list[bytes]:
        """It says nothing by itself."""
        return []

    def _obey(self, command: int, asked: bytes, seen: Seen) -> tuple[int, bytes, bytes]:
        """Code, what belongs to it, and data that follow."""
        plain: dict[int, Callable[[bytes], int]] = {
            0x13: self._let_in,
            0x02: self._points,
            0x05: self._combine,
            0x06: self._store,
            0x07: self._load,
            0x0C: self._delete,
            0x0D: self._delete_all,
            0x09: self._download,
            0x35: lambda _: Code.DONE,
            0x40: lambda _: Code.DONE,
        }
        telling: dict[int, Callable[[bytes], tuple[int, bytes]]] = {
            0x0F: lambda _: (Code.DONE, self._facts()),
            0x03: self._compare,
            0x04: self._search,
            0x1D: lambda _: (Code.DONE, len(self.kept).to_bytes(2, "big")),
            0x1F: self._index,
        }
        if command == 0x01:
            self._taken = seen.finger
            return (Code.NO_FINGER if seen.finger is None else Code.DONE), b"", b""
        if command in plain:
            return plain[command](asked), b"", b""
        if command in telling:
            return *telling[command](asked), b""
        return self._upload(command, asked)

    def _let_in(self, asked: bytes) -> int:
        return Code.DONE if asked == self._password.to_bytes(4, "big") else Code.WRONG_PASSWORD

    def _facts(self) -> bytes:
        numbers = [(0, 2), (9, 2), (PLACES, 2), (SECURITY, 2), (ANYBODY, 4), (PACKET_CODE, 2), (BAUD, 2)]
        return b"".join(value.to_bytes(size, "big") for value, size in numbers)

    def _points(self, asked: bytes) -> int:
        if self._taken is None:
            return NO_PICTURE
        self._buffers[asked[0] if asked else 1] = self._taken
        return Code.DONE

    def _combine(self, asked: bytes) -> int:
        if len(self._buffers) < 2 or self._buffers[1] != self._buffers[2]:
            return Code.NOT_COMBINED
        return Code.DONE

    def _store(self, asked: bytes) -> int:
        place = int.from_bytes(asked[1:3], "big")
        if place >= PLACES or asked[0] not in self._buffers:
            return Code.NO_SUCH_PLACE
        self.kept[place] = self._buffers[asked[0]]
        return Code.DONE

    def _load(self, asked: bytes) -> int:
        place = int.from_bytes(asked[1:3], "big")
        if place not in self.kept:
            return NOTHING_KEPT
        self._buffers[asked[0]] = self.kept[place]
        return Code.DONE

    def _delete(self, asked: bytes) -> int:
        first, count = int.from_bytes(asked[:2], "big"), int.from_bytes(asked[2:4], "big")
        if first + count > PLACES:
            return CANNOT_DELETE
        for place in range(first, first + count):
            self.kept.pop(place, None)
        return Code.DONE

    def _delete_all(self, asked: bytes) -> int:
        self.kept.clear()
        return Code.DONE

    def _compare(self, asked: bytes) -> tuple[int, bytes]:
        # two pictures of one seed are one finger
        alike = self._buffers.get(1) is not None and self._buffers.get(1) == self._buffers.get(2)
        return (Code.DONE, SCORE.to_bytes(2, "big")) if alike else (Code.NOT_ALIKE, bytes(2))

    def _search(self, asked: bytes) -> tuple[int, bytes]:
        buffer, first, count = asked[0], int.from_bytes(asked[1:3], "big"), int.from_bytes(asked[3:5], "big")
        for place in sorted(self.kept):
            if first <= place < first + count and self.kept[place] == self._buffers.get(buffer):
                return Code.DONE, place.to_bytes(2, "big") + SCORE.to_bytes(2, "big")
        return Code.NOT_FOUND, bytes(4)

    def _index(self, asked: bytes) -> tuple[int, bytes]:
        table = bytearray(32)
        for place in self.kept:
            if place // 256 == (asked[0] if asked else 0):
                table[place % 256 // 8] |= 1 << place % 8
        return Code.DONE, bytes(table)

    def _upload(self, command: int, asked: bytes) -> tuple[int, bytes, bytes]:
        """A picture, or a template: 512 bytes that begin with the seed."""
        if command == 0x0A:
            return (NO_PICTURE, b"", b"") if self._taken is None else (Code.DONE, b"", _picture(self._taken))
        if command == 0x08 and asked and asked[0] in self._buffers:
            return Code.DONE, b"", self._buffers[asked[0]].to_bytes(4, "big") + bytes(508)
        return UNKNOWN, b"", b""

    def _download(self, asked: bytes) -> int:
        self._coming = (asked[0] if asked else 1, b"")
        return Code.DONE

    def _downloaded(self, packet: Packet) -> None:
        if self._coming is None:
            return
        buffer, data = self._coming
        self._coming = (buffer, data + packet.payload)
        if packet.kind == PacketKind.LAST_DATA:
            self._buffers[buffer] = int.from_bytes(self._coming[1][:4], "big")
            self._coming = None


def _picture(seed: int) -> bytes:
    """Two pixels a byte."""
    drawn = draw(seed)
    top, left = (drawn.shape[0] - HEIGHT) // 2, (drawn.shape[1] - WIDTH) // 2
    greys = drawn[top : top + HEIGHT, left : left + WIDTH] >> 4
    return np.asarray(greys[:, ::2] << 4 | greys[:, 1::2], np.uint8).tobytes()


def _in_packets(data: bytes) -> list[bytes]:
    size = 32 << PACKET_CODE
    pieces = [data[at : at + size] for at in range(0, len(data), size)]
    return [
        packet_bytes(Packet(PacketKind.LAST_DATA if at == len(pieces) - 1 else PacketKind.DATA, piece)) for at, piece in enumerate(pieces)
    ]
