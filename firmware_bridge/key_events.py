"""Events of an input device as the kernel writes them. PURE. Source: the kernel's input.h and Documentation/input/event-codes.rst.

`struct input_event` on a 64-bit machine: seconds and microseconds (8 bytes each), type and code (2 each), value (4): 24 bytes, in the machine's order.
"""

import struct
from dataclasses import dataclass

EVENT = struct.Struct("@qqHHi")
SIZE = EVENT.size
EV_SYN, EV_KEY = 0, 1
SYN_REPORT, SYN_DROPPED = 0, 3
UP, DOWN, REPEAT = 0, 1, 2


@dataclass(frozen=True)
class InputEvent:
    """One event. `at_s` in seconds; of a key `code` is the key and `value` UP, DOWN or REPEAT."""

    at_s: float
    type: int
    code: int
    value: int


def event_bytes(event: InputEvent) -> bytes:
    """The event as the kernel writes it."""
    seconds, rest = divmod(round(event.at_s * 1_000_000), 1_000_000)
    return EVENT.pack(seconds, rest, event.type, event.code, event.value)


class KeyStream:
    """Cuts a stream into events. The kernel never splits one; a pty may."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> list[InputEvent]:
        """The events that are complete now."""
        whole = self._rest + data
        end = len(whole) - len(whole) % SIZE
        self._rest = whole[end:]
        return [
            InputEvent((s * 1_000_000 + us) / 1_000_000, type_, code, value) for s, us, type_, code, value in EVENT.iter_unpack(whole[:end])
        ]
