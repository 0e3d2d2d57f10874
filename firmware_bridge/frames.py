"""Framing and checksums. PURE.

Elyctis: `CMD LEN_MSB LEN_LSB DATA`, no checksum, no sync byte (Scanner Command Set v1.7). Lane controller: COBS (Cheshire and Baker
1999) between zero bytes, CRC-16/CCITT-FALSE (poly 1021, start FFFF) over what comes before it, low byte first.
"""

from dataclasses import dataclass

from firmware_bridge.checksums import CRCS

ELYCTIS_HEAD = 3
LONGEST_ELYCTIS = 4096
LONGEST_COBS = 300


class BadFrame(ValueError):
    """Bytes are not a frame; the text says what is wrong with the form."""


@dataclass(frozen=True)
class Elyctis:
    """One frame: a command letter and its data."""

    command: bytes
    data: bytes = b""


def elyctis_bytes(frame: Elyctis) -> bytes:
    """The frame as it goes over the wire."""
    return frame.command + len(frame.data).to_bytes(2, "big") + frame.data


class ElyctisFrames:
    """Cuts a stream into frames; a pty or UART splits anywhere. Without a sync byte only silence resynchronises: call `silence`."""

    def __init__(self, commands: bytes) -> None:
        """`commands` are the letters that a frame may begin with; any other byte is dropped."""
        self._commands = commands
        self._rest = b""

    def feed(self, data: bytes) -> list[Elyctis]:
        """The frames that are complete now."""
        self._rest += data
        frames: list[Elyctis] = []
        while self._rest:
            if self._rest[0] not in self._commands:
                self._rest = self._rest[1:]
                continue
            if len(self._rest) < ELYCTIS_HEAD:
                break
            length = int.from_bytes(self._rest[1:ELYCTIS_HEAD], "big")
            if length > LONGEST_ELYCTIS:
                self._rest = self._rest[1:]
                continue
            if len(self._rest) < ELYCTIS_HEAD + length:
                break
            frames.append(Elyctis(self._rest[:1], self._rest[ELYCTIS_HEAD : ELYCTIS_HEAD + length]))
            self._rest = self._rest[ELYCTIS_HEAD + length :]
        return frames

    def silence(self) -> bool:
        """Nothing came for a while: what is unfinished never will be. Returns whether something was dropped."""
        dropped, self._rest = bool(self._rest), b""
        return dropped


def crc16(data: bytes) -> int:
    """CRC-16/CCITT-FALSE; "123456789" gives 29B1."""
    return CRCS["crc16-ccitt-false"].of(data)


def cobs(data: bytes) -> bytes:
    """Consistent overhead byte stuffing: no zero byte in the result."""
    out, blocks = bytearray(), data.split(b"\0")
    for at, block in enumerate(blocks):
        full = len(block) // 254
        # a last block of just 254 needs no empty one behind it
        if full and len(block) == 254 * full and at == len(blocks) - 1:
            full -= 1
        for start in range(0, 254 * full, 254):
            out += b"\xff" + block[start : start + 254]
        rest = block[254 * full :]
        out += bytes([len(rest) + 1]) + rest
    return bytes(out)


def uncobs(data: bytes) -> bytes:
    """What was stuffed. Raises BadFrame."""
    out = bytearray()
    at = 0
    while at < len(data):
        code = data[at]
        block = data[at + 1 : at + code]
        if code == 0 or len(block) != code - 1 or 0 in block:
            raise BadFrame("not COBS")
        out += block
        at += code
        if code < 255 and at < len(data):
            out.append(0)
    return bytes(out)


def cobs_frame(payload: bytes) -> bytes:
    """A payload with its checksum, stuffed, between zero bytes."""
    return b"\0" + cobs(payload + crc16(payload).to_bytes(2, "little")) + b"\0"


class CobsReader:
    """Cuts a stream into payloads at zero bytes; what is damaged is counted and dropped, and the next frame is whole again."""

    def __init__(self) -> None:
        self._rest = b""
        self.damaged = 0

    def feed(self, data: bytes) -> list[bytes]:
        """The payloads that are complete now."""
        *frames, self._rest = (self._rest + data).split(b"\0")
        if len(self._rest) > LONGEST_COBS:
            self._rest = b""
            self.damaged += 1
        return [payload for frame in frames if frame and (payload := self._payload(frame)) is not None]

    def _payload(self, frame: bytes) -> bytes | None:
        try:
            content = uncobs(frame)
        except BadFrame:
            self.damaged += 1
            return None
        payload, check = content[:-2], content[-2:]
        if len(content) < 3 or crc16(payload).to_bytes(2, "little") != check:
            self.damaged += 1
            return None
        return payload
