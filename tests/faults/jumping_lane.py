"""`mpaka load` on a machine whose clock jumps, by days and hours and back: `python -m tests.faults.jumping_lane ARGUMENTS OF mpaka load`."""

import random
import sys
import time
from datetime import UTC, datetime, timedelta

from kiosk.__main__ import _parser
from kiosk.clock import SystemClock
from kiosk.programs import load

JUMPS = [timedelta(days=-400), timedelta(days=-1), timedelta(hours=-2), timedelta(), timedelta(seconds=90), timedelta(days=30)]
EVERY_S = 0.4


class Jumping:
    """A wall clock that is set to another time again and again; the time service calls it right each time."""

    def __init__(self) -> None:
        self._jump, self._until = random.choice(JUMPS), 0.0

    def __call__(self) -> datetime:
        if time.monotonic() > self._until:
            self._jump, self._until = random.choice(JUMPS), time.monotonic() + EVERY_S
        return datetime.now(UTC) + self._jump


if __name__ == "__main__":
    chosen = _parser().parse_args(["load", *sys.argv[1:]])
    plan = load.plan(chosen.founding, chosen.lane, chosen.broker, chosen.tls, chosen.records, chosen.rate, chosen.ledger, chosen.state)
    sys.exit(load.run(plan, SystemClock(wall=Jumping(), disciplined=lambda: 0.01)))
