"""Devices for a simulated USB plug: one that says back what it hears, and a printer with two alternate settings."""

from collections import deque

from drivers.simulated.usb_plug import Face, Stall

BULK, INTERRUPT = 2, 3


class Parrot:
    """Says on its IN endpoints what is queued for them; keeps what it is sent; stalls a request of value 0xDEAD."""

    ids = (0x1209, 0x0001)

    def __init__(self, faces: tuple[Face, ...] = (Face(endpoints=((0x81, INTERRUPT), (0x82, BULK), (0x03, BULK))),)) -> None:
        self.faces = faces
        self.asked: list[tuple[tuple[int, int, int, int], bytes]] = []
        self.heard, self.room = b"", 1 << 30
        self.says: dict[int, deque[bytes]] = {}
        self.most_at_once = 1 << 30

    def queue(self, endpoint: int, data: bytes) -> None:
        self.says.setdefault(endpoint, deque()).append(data)

    def control(self, setup: tuple[int, int, int, int], data: bytes, length: int) -> bytes:
        self.asked.append((setup, data))
        if setup[2] == 0xDEAD:
            raise Stall
        return bytes(range(length))

    def give(self, endpoint: int, length: int) -> bytes | None:
        waiting = self.says.get(endpoint)
        if not waiting:
            return None
        said = waiting.popleft()
        if said == b"stall":
            raise Stall
        return said

    def take(self, endpoint: int, data: bytes) -> int | None:
        taken = min(len(data), self.room, self.most_at_once)
        self.room -= taken
        self.heard += data[:taken]
        return taken or None
