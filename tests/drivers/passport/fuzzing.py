"""Bytes that no reader meant, for each parser of the passport readers: `python -m tests.drivers.passport.fuzzing --count 1000000`.

Each input is made from its number: noise, or what a reader would say with bytes changed, lost, doubled or put in. Whatever comes, a parser neither raises
nor remembers more than it must, and after a silence the next whole answer is understood. Prints how many inputs each parser took, and exits with status 1
where one did not.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence

from drivers.passport.bare_lines import BareLines
from drivers.passport.framed import content_lines
from drivers.passport.honeywell import menu_verdict
from drivers.passport.judging import of_one, zone_lines
from drivers.passport.keyboard import LAYOUTS, Scans, typed_lines
from drivers.passport.rte_native import optical_lines
from drivers.simulated.wedge import typed
from firmware_bridge.frames import Elyctis, ElyctisFrames, elyctis_bytes
from firmware_bridge.key_events import KeyStream, event_bytes
from firmware_bridge.marked_frames import MarkedFrames, Marks
from firmware_bridge.recorded_wire import read_conversation
from firmware_bridge.rte_frames import Rte, RteFrames, Rules, rte_bytes
from tests.drivers.passport.readers import ZONE

TEXT = ("\r".join(ZONE) + "\r").encode()
ELYCTIS = elyctis_bytes(Elyctis(b"I", TEXT + b"\r"))
MARKS = Marks(b"\x02", b"\x03", "crc16-x25", "all")
BARE = Marks(b"", b"\n")
RULES = Rules(7, "soh", "length", "etx")
RTE = rte_bytes(Rte(b"OU", 0, b"\r" + TEXT), RULES)
TYPED = b"".join(map(event_bytes, typed(("P<UTOMFANO",), "us", 1.0)))


def altered(rng: random.Random, whole: bytes) -> bytes:
    """What a reader would say, or noise, with something wrong."""
    if rng.random() < 0.2:
        return rng.randbytes(rng.randrange(0, 200))
    data = bytearray(whole * rng.randrange(1, 3))
    for _ in range(rng.randrange(1, 6)):
        at = rng.randrange(len(data) + 1)
        match rng.randrange(4):
            case 0:
                data[at : at + 1] = rng.randbytes(1)
            case 1:
                del data[at : at + rng.randrange(1, 9)]
            case 2:
                data[at:at] = data[at : at + rng.randrange(1, 9)]
            case _:
                data[at:at] = rng.randbytes(rng.randrange(1, 9))
    return bytes(data)


def elyctis(data: bytes) -> None:
    frames = ElyctisFrames(b"ILCVRWT")
    for frame in frames.feed(data):
        of_one(zone_lines(frame.data))
    frames.silence()
    assert frames.feed(ELYCTIS) == [Elyctis(b"I", TEXT + b"\r")]


def marked(data: bytes) -> None:
    for marks, separator in ((MARKS, b"\r"), (BARE, b"")):
        frames = MarkedFrames(marks)
        for content in frames.feed(data):
            of_one(content_lines(content, separator))
        frames.silence()
        assert frames.feed(marks.frame(TEXT)) == [TEXT]


def rte(data: bytes) -> None:
    frames = RteFrames(RULES)
    for frame in frames.feed(data):
        of_one(optical_lines(frame.data))
    frames.silence()
    assert optical_lines(frames.feed(RTE)[0].data) == ZONE


def bare_lines(data: bytes) -> None:
    collector = BareLines()
    of_one(collector.feed(data) or ())
    of_one(collector.silence() or ())
    assert collector.feed(TEXT) == ZONE


def menu(data: bytes) -> None:
    assert menu_verdict(data, "ocrena1") in (None, 0x05, 0x06, 0x15)


def keys(data: bytes) -> None:
    scans = Scans()
    found = scans.feed(KeyStream().feed(data))
    for scan in (*found, scans.end()):
        assert scan.gap_s == scan.gap_s
        for layout in LAYOUTS.values():
            of_one(typed_lines(scan.keys, layout) or ())
    scans.feed(KeyStream().feed(TYPED))
    assert typed_lines(scans.end().keys, LAYOUTS["us"]) == ("P<UTOMFANO",)


def conversation(data: bytes) -> None:
    try:
        read_conversation(data.decode("latin-1"))
    except ValueError as refused:
        assert str(refused).startswith("line ")


PARSERS: dict[str, tuple[Callable[[bytes], None], bytes]] = {
    "Elyctis frames": (elyctis, ELYCTIS),
    "marked frames": (marked, MARKS.frame(TEXT) + BARE.frame(TEXT)),
    "RTE Native frames": (rte, RTE),
    "bare lines": (bare_lines, TEXT),
    "Honeywell menu": (menu, b"OCRENA1\x06"),
    "key events": (keys, TYPED),
    "conversations": (conversation, b"> 54 00 00\n< 54 00 02 49 44\n~\n!\n"),
}


def fuzz(name: str, numbers: range) -> str | None:
    """The inputs with these numbers; what went wrong with the first that did, or None."""
    parser, whole = PARSERS[name]
    for number in numbers:
        data = altered(random.Random(f"{name} {number}"), whole)
        try:
            parser(data)
        except (ValueError, LookupError, TypeError, ArithmeticError, AssertionError, RecursionError) as why:
            return f"input {number}: {type(why).__name__} {why}: {data.hex()}"
    return None


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz every parser."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--count", type=int, default=10_000, help="inputs for each parser")
    parser.add_argument("--parser", choices=sorted(PARSERS), action="append")
    chosen = parser.parse_args(arguments)
    bad = 0
    for name in chosen.parser or PARSERS:
        began = time.monotonic()
        wrong = fuzz(name, range(chosen.count))
        print(f"{name}: {wrong or f'{chosen.count:,} inputs, nothing unhandled'} ({time.monotonic() - began:.0f} s)", flush=True)
        bad += wrong is not None
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
