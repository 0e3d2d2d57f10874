"""A vendor's driver that spoils its host's line, for the tests of the lane's side."""

import os
import sys
import threading
from typing import Any

from drivers.contract import PROTOCOL, Answer, Done, Hello, Kind, OpenBarrier, Order, Rest, ShowLamp
from drivers.driver import Outlet, Until
from drivers.lines import LONGEST, to_line

SAID = "vendor library: hello from a library that prints"
FREED = "rogue: the device is free again"
SPOILED = {
    "garbage": b"\x00\xff\xfe this is no message\n",
    "json of something else": b'{"is": "Surprise", "level": 9}\n',
    "an endless line": b"x" * (LONGEST + 10),
    "another protocol": to_line(Hello(PROTOCOL + 1, Kind.LANE_IO, "rogue", "1", ())),
    "a ring that is not there": to_line(Hello(PROTOCOL, Kind.LANE_IO, "rogue", "1", (), "/nonexistent/ring")),
}


class RogueDriver:
    """Settings: `does`, what it does when the lamp is to be lit. Opening the barrier always goes well."""

    kind = Kind.LANE_IO
    name = "rogue"
    orders: tuple[type[Order], ...] = (Rest, ShowLamp, OpenBarrier)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._does = settings["does"]
        self._fd = int(sys.argv[sys.argv.index("--fd") + 1])

    def open(self, outlet: Outlet) -> str:
        return "rogue"

    def carry_out(self, order: Order, until: Until) -> Answer:
        if isinstance(order, ShowLamp):
            if self._does == "prints":
                print(SAID, flush=True)
                os.write(1, SAID.encode() + b"\n")
            elif self._does == "hangs":
                threading.Event().wait()
            elif self._does == "dies":
                os._exit(3)
            else:
                os.write(self._fd, SPOILED[self._does])
        return Done()

    def idle(self) -> None:
        pass

    def close(self) -> None:
        if self._does == "hangs while closing":
            threading.Event().wait()
        print(FREED, flush=True)
