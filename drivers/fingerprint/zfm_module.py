"""What can be asked of a serial fingerprint module (zfm_packets.py): its facts, a finger, the templates that it keeps, a picture.

Commands: 13 password, 0F facts, 01 take a picture, 02 its points into a buffer, 05 combine two buffers, 06 store, 04 search, 03 compare, 0A picture, 0C
delete, 0D delete all, 1D how many. Templates are the maker's own and its rate of false matches is not documented: good for an officer's convenience beside
a PIN, for nothing else.
"""

import time
from collections import deque
from dataclasses import dataclass

from drivers.driver import DeviceAbsent
from drivers.fingerprint.placement import Image
from drivers.fingerprint.zfm_packets import (
    ANYBODY,
    BadAnswer,
    Code,
    Facts,
    Packet,
    PacketKind,
    PacketReader,
    facts_of,
    image_of,
    packet_bytes,
)
from firmware_bridge.wire import Wire

PASSWORD, FACTS, TAKE, POINTS, COMBINE, STORE, SEARCH, COMPARE = 0x13, 0x0F, 0x01, 0x02, 0x05, 0x06, 0x04, 0x03
PICTURE, DELETE, DELETE_ALL, COUNT = 0x0A, 0x0C, 0x0D, 0x1D
ANSWER_S, TRIES, MOST_PICTURE = 1.0, 2, 40_000
FIRST, SECOND = 1, 2
"""The two buffers."""


class Refused(Exception):
    """The module understood and says no; `code` says why (zfm_packets.Code, or a code that we do not know)."""

    def __init__(self, code: int) -> None:
        super().__init__(f"the module refuses with code {code:02x}")
        self.code = code


@dataclass(frozen=True)
class Found:
    """A template that is alike: where it is kept, and the module's own score, whose scale is not documented."""

    place: int
    score: int


class ZfmModule:
    """One module on a wire. What fails is WireLost, WireSilent, DeviceAbsent (silence) or BadAnswer; what it denies is Refused."""

    def __init__(self, wire: Wire, address: int = ANYBODY) -> None:
        self._wire, self._address = wire, address
        self._reader, self._heard = PacketReader(), deque[Packet]()

    def let_in(self, password: int) -> None:
        """Give the password. Raises Refused."""
        self._ask(PASSWORD, password.to_bytes(4, "big"))

    def facts(self) -> Facts:
        """What it says of itself."""
        return facts_of(self._ask(FACTS))

    def count(self) -> int:
        """How many templates it keeps."""
        return int.from_bytes(self._ask(COUNT, answer=2), "big")

    def take(self) -> bool:
        """Take a picture; whether a finger lies there."""
        try:
            self._ask(TAKE)
        except Refused as why:
            if why.code == Code.NO_FINGER:
                return False
            raise
        return True

    def picture(self) -> Image:
        """The picture that was taken: 7 s at 57600 baud. For a technician's eyes, never for a record. Raises BadAnswer."""
        self._ask(PICTURE)
        data, due = b"", time.monotonic() + ANSWER_S
        while len(data) <= MOST_PICTURE:
            packet = self._packet(due)
            if packet is None:
                raise BadAnswer(f"the picture ends after {len(data)} bytes")
            data, due = data + packet.payload, time.monotonic() + ANSWER_S
            if packet.kind == PacketKind.LAST_DATA:
                return image_of(data)
        raise BadAnswer("the picture does not end")

    def points(self, buffer: int) -> None:
        """The points of the picture that was taken, into a buffer. Raises Refused."""
        self._ask(POINTS, bytes([buffer]))

    def store(self, place: int) -> None:
        """Combine both buffers, which hold the same finger taken twice, and keep the template. Raises Refused."""
        self._ask(COMBINE)
        self._ask(STORE, bytes([FIRST]) + place.to_bytes(2, "big"))

    def search(self, places: int) -> Found | None:
        """The template among the first `places` that is like the finger in the first buffer."""
        try:
            answer = self._ask(SEARCH, bytes([FIRST, 0, 0]) + places.to_bytes(2, "big"), answer=4)
        except Refused as why:
            if why.code == Code.NOT_FOUND:
                return None
            raise
        return Found(int.from_bytes(answer[:2], "big"), int.from_bytes(answer[2:], "big"))

    def delete(self, place: int) -> None:
        """Forget a template. Raises Refused."""
        self._ask(DELETE, place.to_bytes(2, "big") + b"\0\1")

    def listen(self) -> None:
        """Hear whether the port is still there. Raises WireLost."""
        self._heard.extend(self._reader.feed(self._wire.receive(0.0)))
        # nothing is said without being asked
        self._heard.clear()

    def _ask(self, command: int, payload: bytes = b"", answer: int | None = None) -> bytes:
        """The answer without its code, of `answer` bytes where that is known. Asked once more after silence or a damaged answer."""
        for _ in range(TRIES):
            self.listen()
            # half an answer from before must not begin this one
            self._reader.silence()
            self._wire.send(packet_bytes(Packet(PacketKind.COMMAND, bytes([command]) + payload, self._address)))
            said = self._answer()
            if said is None or said[0] == Code.DAMAGED:
                continue
            if said[0] != Code.DONE:
                raise Refused(said[0])
            if answer is not None and len(said) != 1 + answer:
                raise BadAnswer(f"{len(said)} bytes answer command {command:02x}")
            return said[1:]
        raise DeviceAbsent("the module is silent")

    def _answer(self) -> bytes | None:
        # data packets of a picture that nobody wanted any more are passed over
        due = time.monotonic() + ANSWER_S
        while (packet := self._packet(due)) is not None:
            if packet.kind == PacketKind.ANSWER and packet.payload:
                return packet.payload
        return None

    def _packet(self, due: float) -> Packet | None:
        """The next packet; None when time is over."""
        while not self._heard:
            left = due - time.monotonic()
            if left <= 0:
                return None
            self._heard.extend(self._reader.feed(self._wire.receive(left)))
        return self._heard.popleft()
