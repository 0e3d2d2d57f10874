"""A vendor's driver with one defect, for the tests of the host."""

import os
import time
from typing import Any

from drivers.contract import Answer, Done, Kind, Order, Rest
from drivers.driver import Outlet, Until

SECRET = "ERIKSSON"
FREED = "the device is free again"


class BrokenDriver:
    """Settings: `defect`, what goes wrong."""

    kind = Kind.LANE_IO
    name = "broken"
    orders: tuple[type[Order], ...] = (Rest,)

    def __init__(self, settings: dict[str, Any]) -> None:
        self._defect = settings["defect"]

    def open(self, outlet: Outlet) -> str:
        if self._defect == "hangs while opening":
            time.sleep(3600)
        return "broken"

    def carry_out(self, order: Order, until: Until) -> Answer:
        if self._defect == "fails":
            raise ValueError(SECRET)
        if self._defect == "aborts":
            os.abort()
        while self._defect == "waits" and not until.over:
            time.sleep(0.05)
        return Done()

    def idle(self) -> None:
        pass

    def close(self) -> None:
        print(FREED, flush=True)
