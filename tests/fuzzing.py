"""Bytes that nobody meant, for every parser of what comes from outside: `python -m tests.fuzzing --count 1000000 [--jobs 2] [--parser NAME]`.

Each input is made from its number, so that it can be had again: `--first NUMBER --count 1`. A parser answers, or refuses with its own error; whatever else
it raises ends its run, and the command with status 1. Pictures of pages are slower and have a command of their own: tests.drivers.passport.zone.fuzzing.
"""

import argparse
import random
import sys
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor

Parser = Callable[[random.Random], bool]
"""Makes one input, has it parsed and checks what comes of it; whether something was understood."""


class Unhandled(AssertionError):
    """A parser did what it should not, with the input of this number."""


def spoiled(data: bytes, dice: random.Random, harms: int = 5) -> bytes:
    """Noise now and then, else the bytes with some harm: changed, lost, doubled, put in, or cut off."""
    if dice.random() < 0.1:
        return dice.randbytes(dice.randrange(200))
    out = bytearray(data)
    for _ in range(dice.randrange(harms)):
        at = dice.randrange(len(out) + 1)
        match dice.randrange(8):
            case 0 | 1 | 2:
                out[at : at + 1] = dice.randbytes(1)
            case 3:
                del out[at : at + dice.randrange(1, 9)]
            case 4:
                out[at:at] = out[at : at + dice.randrange(1, 9)]
            case 5:
                del out[at:]
            case _:
                out[at:at] = dice.randbytes(dice.randrange(1, 9))
    return bytes(out)


def pieces(data: bytes, dice: random.Random, most: int = 100) -> list[bytes]:
    """The bytes as a wire might cut them."""
    out, at = [], 0
    while at < len(data):
        size = dice.randint(1, most)
        out.append(data[at : at + size])
        at += size
    return out


def every_parser() -> dict[str, Parser]:
    """All of them, by name."""
    from tests.drivers import fuzzing as drivers
    from tests.drivers.fingerprint import fuzzing as fingerprint
    from tests.drivers.formats.biometrics import fuzzing as biometrics
    from tests.drivers.passport import fuzzing as passport
    from tests.drivers.receipt import fuzzing as receipt
    from tests.firmware_bridge import fuzzing as wires
    from tests.kiosk.crossings import fuzzing as crossings

    return (
        wires.PARSERS | drivers.PARSERS | passport.PARSERS | fingerprint.PARSERS | biometrics.PARSERS | receipt.PARSERS | crossings.PARSERS
    )


def fuzz(parser: Parser, count: int, first: int = 0) -> int:
    """In how many of these inputs something was understood. Raises Unhandled."""
    understood = 0
    for number in range(first, first + count):
        try:
            understood += parser(random.Random(number))
        except Exception as why:
            raise Unhandled(f"input {number}: {type(why).__name__} {why}") from why
    return understood


def _run(name: str, count: int, first: int) -> tuple[bool, str]:
    began = time.process_time()
    try:
        understood = fuzz(every_parser()[name], count, first)
    except Unhandled as why:
        return False, f"{name}: {why}"
    return True, f"{name}: {count:,} inputs, {understood:,} understood, nothing unhandled, {time.process_time() - began:.0f} s of CPU"


def main(arguments: Sequence[str] | None = None) -> int:
    """Fuzz every parser, or those that the command line names."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=10_000, help="inputs for each parser")
    asked.add_argument("--first", type=int, default=0, help="the number of the first input")
    asked.add_argument("--jobs", type=int, default=1, help="how many at once")
    asked.add_argument("--parser", choices=sorted(every_parser()), action="append")
    chosen = asked.parse_args(arguments)
    names = chosen.parser or list(every_parser())
    good = True
    with ProcessPoolExecutor(chosen.jobs) as pool:
        for passed, said in pool.map(_run, names, [chosen.count] * len(names), [chosen.first] * len(names)):
            print(said, flush=True)
            good = good and passed
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
