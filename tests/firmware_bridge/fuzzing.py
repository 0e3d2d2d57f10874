"""Bytes that nobody meant, for the parsers of what comes from outside: `python -m tests.firmware_bridge.fuzzing --count 1000000`."""

import argparse
import random
import sys
from collections.abc import Callable

from firmware_bridge.plug_events import read_event
from firmware_bridge.recorded_wire import read_conversation

SAMPLES = {
    "plug_events": (
        b"add@/devices/usb1/1-1\0ACTION=add\0DEVPATH=/devices/usb1/1-1\0SUBSYSTEM=usb\0DEVNAME=bus/usb/001/004\0SEQNUM=1\0",
        b"libudev\0\xfe\xed\xca\xfe\x28\0\0\0\x28\0\0\0\x1a\0\0\0" + bytes(16) + b"ACTION=add\0DEVPATH=/devices\0",
    ),
    "conversations": (b"# talk\n?\n> 54 00 00\n< 54 00 02 49 44\n~\n!\n",),
}


def spoiled(data: bytes, chance: random.Random) -> bytes:
    """One to four harms: a byte changed, dropped or doubled, a piece cut off, a piece put in."""
    out = bytearray(data)
    for _ in range(chance.randint(1, 4)):
        at = chance.randrange(len(out) + 1)
        match chance.randrange(5):
            case 0 if at < len(out):
                out[at] = chance.randrange(256)
            case 1:
                del out[at : at + chance.randint(1, 6)]
            case 2:
                out[at:at] = out[at : at + chance.randint(1, 9)]
            case 3:
                del out[at:]
            case _:
                out[at:at] = chance.randbytes(chance.randint(1, 40))
    return bytes(out)


def _plug_event(data: bytes) -> None:
    read_event(data)


def _conversation(data: bytes) -> None:
    try:
        read_conversation(data.decode("utf-8", "replace"))
    except ValueError as why:
        assert "line" in str(why), why


PARSERS: dict[str, Callable[[bytes], None]] = {"plug_events": _plug_event, "conversations": _conversation}


def fuzz(name: str, count: int, first: int = 0) -> int:
    """So many inputs to this parser; what it raises is raised. Returns how many were taken."""
    for number in range(first, first + count):
        chance = random.Random(number)
        PARSERS[name](spoiled(chance.choice(SAMPLES[name]), chance))
    return count


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--count", type=int, default=10_000)
    chosen = parser.parse_args()
    for name in PARSERS:
        print(f"{name}: {fuzz(name, chosen.count)} inputs, nothing unhandled")
    return 0


if __name__ == "__main__":
    sys.exit(main())
