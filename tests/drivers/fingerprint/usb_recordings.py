"""Recorded USB traffic of readers, from shared test data: read, altered, written again, and played by a model on a simulated plug.

A pcapng file of usbmon packets (link type 220): after 20 bytes of block head each packet has a head of 64 bytes (type S or C, transfer type, endpoint,
status, length, setup) and its data. Source: the kernel's Documentation/usb/usbmon.rst, and draft-ietf-opsawg-pcapng.
"""

import random
import struct
from collections import deque
from collections.abc import Sequence
from dataclasses import dataclass, replace
from pathlib import Path

import cv2
import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.simulated.usb_plug import Face, Mute, Stall

RECORDINGS = Path(__file__).resolve().parents[3].parent / "shared" / "data" / "fingerprint" / "usb_recordings"
CONTROL, INTERRUPT, BULK = 2, 1, 3
ENHANCED_PACKET = 6
HEAD = struct.Struct("<QcBBBHBBqiiII8s16s")
STANDARD_REQUESTS, STALLED = 0x60, -32


@dataclass(frozen=True)
class Packet:
    """A transfer handed over (S) or completed (C). `block` is the capture file's own head of the packet."""

    kind: str
    transfer: int
    endpoint: int
    setup: bytes
    status: int
    data: bytes
    head: tuple[object, ...]
    block: bytes

    @property
    def standard(self) -> bool:
        """A request that the kernel makes on its own while it enumerates."""
        return self.transfer == CONTROL and self.kind == "S" and not self.setup[0] & STANDARD_REQUESTS


def read_recording(path: Path) -> tuple[bytes, list[Packet]]:
    """What stands before the first packet, and the packets."""
    raw, at, packets, before = path.read_bytes(), 0, [], b""
    while at < len(raw):
        kind, length = struct.unpack_from("<II", raw, at)
        body = raw[at + 8 : at + length - 4]
        if kind == ENHANCED_PACKET:
            packets.append(_packet(body))
        else:
            before += raw[at : at + length]
        at += length
    return before, packets


def write_recording(path: Path, before: bytes, packets: Sequence[Packet]) -> None:
    """A capture file of these packets."""
    blocks = [before]
    for packet in packets:
        head = list(packet.head)
        if packet.kind == "C" and len(packet.data) != head[12]:
            # what was asked to be written has no data in its completion, but a length
            head[11] = len(packet.data)
        head[10], head[12] = packet.status, len(packet.data)
        captured = HEAD.pack(*head) + packet.data
        body = packet.block[:12] + struct.pack("<II", len(captured), len(captured)) + captured + bytes(-len(captured) % 4)
        blocks.append(struct.pack("<II", ENHANCED_PACKET, len(body) + 12) + body + struct.pack("<I", len(body) + 12))
    path.write_bytes(b"".join(blocks))


def _packet(body: bytes) -> Packet:
    captured = body[20 : 20 + struct.unpack_from("<I", body, 12)[0]]
    head = HEAD.unpack_from(captured)
    _, kind, transfer, endpoint, *_ = head
    return Packet(kind.decode(), transfer, endpoint, head[13], head[10], captured[HEAD.size :], head, body[:20])


@dataclass(frozen=True)
class Turn:
    """A transfer as the host meets it: what it asks or sends, what it gets, and after how many of its sendings that comes."""

    transfer: int
    endpoint: int
    setup: bytes
    sent: bytes
    got: bytes
    after: int
    lost: bool = False
    stalls: bool = False

    @property
    def sends(self) -> bool:
        """A control request, or bytes for the device: both are the host's doing."""
        return self.transfer == CONTROL or not self.endpoint & 0x80


def turns(packets: Sequence[Packet]) -> list[Turn]:
    """The conversation, in the order of its completions; the last interrupt, which was given up, is left out."""
    found, asked, sent = list[Turn](), dict[object, Packet](), 0
    for packet in packets:
        if packet.kind == "S":
            asked[packet.head[0]] = packet
            continue
        begun = asked.pop(packet.head[0])
        if begun.standard or packet.status:
            continue
        found.append(Turn(begun.transfer, begun.endpoint, begun.setup, begun.data, packet.data, sent))
        sent += found[-1].sends
    return found


def read_ioctls(path: Path) -> list[Turn]:
    """The bulk transfers of umockdev's other kind of recording: one completed transfer a line."""
    found, sent = list[Turn](), 0
    for line in path.read_text().splitlines():
        if "REAPURB" not in line:
            continue
        _, _, transfer, endpoint, *_, data = line.split()
        raw, inward = bytes.fromhex(data), bool(int(endpoint) & 0x80)
        found.append(Turn(int(transfer), int(endpoint), b"", b"" if inward else raw, raw if inward else b"", sent))
        sent += not inward
    return found


class RecordedReader:
    """Plays a conversation on a plug. Strict: anything else than the recording is an error; else it is borne, as a device bears it."""

    def __init__(self, ids: tuple[int, int], face: Face, conversation: Sequence[Turn], *, strict: bool) -> None:
        self.ids, self.faces, self._strict, self._served = ids, (face,), strict, 0
        self._sendings = deque(turn for turn in conversation if turn.sends)
        inward = {address for address, _ in face.endpoints if address & 0x80}
        self._rest = {endpoint: deque(turn for turn in conversation if turn.endpoint == endpoint and not turn.sends) for endpoint in inward}
        self._bulk = {address for address, kind in face.endpoints if kind == 2}

    @property
    def left(self) -> int:
        """Turns that were not played."""
        return len(self._sendings) + sum(map(len, self._rest.values()))

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        if setup[0] == 0x80:
            return bytes(length)
        turn = self._sending(0, struct.pack("<BBHHH", *setup, length), data)
        if turn is not None:
            return self._said(turn)
        if setup[0] & 0x80:
            raise Mute
        return b""

    def give(self, endpoint: int, length: int) -> bytes | None:
        waiting = self._rest[endpoint]
        if waiting and waiting[0].after <= self._served:
            return self._said(waiting.popleft())
        if endpoint in self._bulk and not (waiting and self._sendings):
            # nothing will ever come
            raise Mute
        return None

    def take(self, endpoint: int, data: bytes) -> int | None:
        turn = self._sending(endpoint, b"", data)
        if turn is not None:
            self._said(turn)
        return len(data)

    def _sending(self, endpoint: int, setup: bytes, data: bytes) -> Turn | None:
        """The turn that the host takes with this; None where it is not in the recording any more."""
        asked = (endpoint & 0x7F, setup, data)
        turn = next((turn for turn in self._sendings if (turn.endpoint & 0x7F, turn.setup, turn.sent) == asked), None)
        if self._strict:
            assert turn is not None and turn is self._sendings[0], f"sent {setup.hex()} {data.hex()}, recorded {self._sendings[:1]}"
        self._served += 1
        while turn is not None and self._sendings.popleft() is not turn:
            pass
        return turn

    def _said(self, turn: Turn) -> bytes:
        if turn.stalls:
            raise Stall
        if turn.lost:
            raise Mute
        return turn.got


def altered(conversation: Sequence[Turn], chance: random.Random) -> tuple[list[Turn], str, int]:
    """One thing that goes wrong: the conversation, what it is in words, and how many bytes of the picture were changed."""
    at = chance.randrange(len(conversation))
    turn, changed, turned = conversation[at], list(conversation), 0
    what = chance.choice(["lost", "late", "twice", "cut", "longer", "changed", "stalled"])
    match what:
        case "lost" if not turn.sends:
            del changed[at]
        case "lost":
            changed[at] = replace(turn, lost=True)
        case "late":
            changed[at] = replace(turn, after=turn.after + chance.randint(1, 6))
        case "twice":
            changed.insert(at, turn)
        case "cut":
            changed[at] = replace(turn, got=turn.got[: chance.randrange(max(1, len(turn.got)))])
        case "longer":
            changed[at] = replace(turn, got=turn.got + chance.randbytes(chance.randint(1, 400)))
        case "changed":
            got, turned = _turned(turn.got, chance)
            changed[at] = replace(turn, got=got)
        case "stalled":
            changed[at] = replace(turn, stalls=True)
    return changed, what, turned if turn.transfer == BULK else 0


def altered_packets(packets: Sequence[Packet], chance: random.Random) -> tuple[list[Packet], str, int]:
    """The same for a capture file, among the transfers that were completed after enumeration."""
    places = [at for at, packet in enumerate(packets) if packet.kind == "C" and at > _enumerated(packets) and not packet.status]
    at, changed, turned = chance.choice(places), list(packets), 0
    packet = packets[at]
    what = chance.choice(["lost", "late", "cut", "changed", "stalled"])
    match what:
        case "lost":
            del changed[at]
        case "late":
            changed.insert(min(len(changed), at + chance.randint(1, 4)), changed.pop(at))
        case "cut":
            changed[at] = replace(packet, data=packet.data[: chance.randrange(max(1, len(packet.data)))])
        case "changed":
            data, turned = _turned(packet.data, chance)
            changed[at] = replace(packet, data=data)
        case "stalled":
            changed[at] = replace(packet, data=b"", status=STALLED)
    return changed, what, turned if packet.transfer == BULK else 0


def _enumerated(packets: Sequence[Packet]) -> int:
    """The last packet of the kernel's own questions."""
    standard = [at for at, packet in enumerate(packets) if packet.standard]
    return standard[-1] + 1 if standard else -1


def _turned(data: bytes, chance: random.Random) -> tuple[bytes, int]:
    """Some bytes changed; half the time among the first 64, where heads are."""
    if not data:
        return data, 0
    changed = bytearray(data)
    within = min(64, len(data)) if chance.random() < 0.5 else len(data)
    places = {chance.randrange(within) for _ in range(chance.choice([1, 1, 2, 5, 64]))}
    for place in places:
        changed[place] ^= chance.randint(1, 255)
    return bytes(changed), len(places)


def reference(name: str) -> NDArray[np.uint8]:
    """The picture that libfprint made of the recording, grey."""
    image = cv2.imread(str(RECORDINGS / name / "capture.png"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    return np.asarray(image, np.uint8)


def needs(name: str) -> pytest.MarkDecorator:
    """Skips where the recording is not there."""
    return pytest.mark.skipif(not (RECORDINGS / name).is_dir(), reason=f"shared data: no recording of {name}")
