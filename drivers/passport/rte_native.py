"""3M (now Thales) RTE6701-OEM readers in "RTE Native" mode, as far as that is public: firmware_bridge/rte_frames.py says what is and what is not.

UNPROVEN, and not to be relied on before a site has proven it: what the public pages leave open are settings without a default, to be looked up in the
manual of the reader. `python -m drivers.passport.rte_native HEX` says which of them fit bytes that a reader sent for a specimen.

The reader speaks by itself and takes no commands, so a silent one cannot be told from an empty glass; only a pulled plug is noticed. A zone comes as
`line CR line CR line CR`, two lines as an empty one and two, each filled up with `_` to 30 or 44 characters. What the flag byte means is not public: it
is not looked at. With `bcc_checked = false` nothing guards the zone, and it is passed on unconfirmed.
"""

import argparse
import sys
import time
from collections.abc import Sequence
from typing import Any

from drivers.contract import Answer, Done, Kind, NotCaptured, Order, ReadDocument, Rest, TestDone, TestYourself, Unread
from drivers.driver import Outlet, Until
from drivers.options import Options
from drivers.passport.judging import Lines, of_guarded, of_one
from drivers.passport.reader_wire import ReaderWire
from firmware_bridge.rte_frames import BCC_FROM, BCC_TO, LENGTH_BITS, LENGTH_FROM, RteFrames, Rules, rules_that_fit
from firmware_bridge.wire import Wire

ZONE = b"OU"
FILLED_TO = {3: 30, 2: 44}
POLL_S, GAP_S = 0.1, 0.3


def rules_from(options: Options) -> Rules:
    """What the public pages leave open, from the settings. Raises ValueError where one is not set."""
    return Rules(
        int(options.choice("length_bits", [str(bits) for bits in LENGTH_BITS], "7")),
        options.choice("length_from", LENGTH_FROM),
        options.choice("bcc_from", BCC_FROM),
        options.choice("bcc_to", BCC_TO),
        options.choice("bcc_checked", ("yes", "no"), "yes") == "yes",
    )


def optical_lines(data: bytes) -> Lines:
    """The lines of a zone in a frame's data; () for data of another form."""
    *lines, rest = data.decode("ascii", "replace").split("\r")
    if len(lines) != 3 or rest:
        return ()
    while lines and not lines[0]:
        del lines[0]
    width = FILLED_TO.get(len(lines))
    return tuple(line.rstrip("_") for line in lines) if all(len(line) == width for line in lines) else ()


class RteNativeReader:
    """Settings: `port`, `baud` (9600), `length_bits` ("7"), `bcc_checked` ("yes"); and to be looked up: `length_from`, `bcc_from`, `bcc_to`."""

    kind = Kind.PASSPORT_READER
    name = "rte-native"
    orders: tuple[type[Order], ...] = (ReadDocument, Rest, TestYourself)

    def __init__(self, settings: dict[str, Any]) -> None:
        options = Options(settings)
        self._reach = options.reach()
        self._baud = int(options.number("baud", 300, 921600, 9600))
        self._rules = rules_from(options)
        options.none_left()
        self._frames = RteFrames(self._rules)
        self._wire = ReaderWire()
        self._heard_at = 0.0

    def open(self, outlet: Outlet) -> str:
        """Open the port; the reader cannot be asked. Raises DeviceAbsent."""
        self._wire.plug(self._plug)
        return "RTE Native (unproven), port open"

    def carry_out(self, order: Order, until: Until) -> Answer:
        """Read a document, test, or rest. Raises DeviceAbsent."""
        match order:
            case ReadDocument():
                return self._read(until)
            case TestYourself():
                return TestDone(True, ("the port is open; this reader cannot be asked", f"damaged frames {self._frames.damaged}"))
            case _:
                return Done()

    def idle(self) -> None:
        """Notice a pulled plug; what comes unasked belongs to no order. Raises DeviceAbsent."""
        self._listen(0.0)

    def close(self) -> None:
        """Free the port."""
        self._wire.close()

    def _plug(self) -> Wire:
        """The wire to the reader, opened. Raises WireLost, DeviceAbsent."""
        return self._reach.serial(self._baud)

    def _read(self, until: Until) -> Answer:
        while not until.over:
            for lines in self._listen(min(POLL_S, until.left_s)):
                return of_guarded(lines) if self._rules.bcc_checked else of_one(lines)
        return NotCaptured(Unread.TIMED_OUT)

    def _listen(self, timeout_s: float) -> list[Lines]:
        """The zones that have come."""
        data = self._wire.receive(timeout_s)
        if data:
            self._heard_at = time.monotonic()
        elif time.monotonic() - self._heard_at > GAP_S:
            # a frame that was broken off must not swallow the beginning of the next
            self._frames.silence()
        return [optical_lines(frame.data) for frame in self._frames.feed(data) if frame.type == ZONE]


def main(arguments: Sequence[str] | None = None) -> int:
    """Say which settings fit bytes of a reader; exit status 1 where none do."""
    parser = argparse.ArgumentParser(description="Which settings of rte-native fit these bytes? Only ever use a specimen.")
    parser.add_argument("hex", nargs="+", help="what the reader sent for one specimen, as hexadecimal")
    fitting = list(rules_that_fit(bytes.fromhex("".join(parser.parse_args(arguments).hex))))
    for one in fitting:
        sys.stdout.write(
            f'length_bits = "{one.length_bits}", length_from = "{one.length_from}", bcc_from = "{one.bcc_from}", bcc_to = "{one.bcc_to}"\n'
        )
    return 0 if fitting else 1


if __name__ == "__main__":
    sys.exit(main())
