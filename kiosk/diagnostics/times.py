"""The clock: where its time comes from, and what a wrong one means (law 11)."""

from datetime import datetime, timedelta

from kiosk.clock import Stamp
from kiosk.diagnostics.readiness import Finding, State, ready

BEHIND = timedelta(minutes=1)
HARMLESS = "records keep their order and none is lost"


def clock(part: str, stamp: Stamp, wall: datetime) -> Finding:
    """`stamp` is the station's time, never below what its journal has seen; `wall` what the machine's clock shows."""
    if stamp.known:
        return ready(part, f"{stamp.utc:%Y-%m-%d %H:%M} UTC by {stamp.source}, right to {stamp.uncertainty_s:.1f} s")
    if stamp.utc - wall > BEHIND:
        found = f"it shows {wall:%Y-%m-%d %H:%M} UTC, yet {stamp.utc:%Y-%m-%d %H:%M} has been: dates are undetermined"
        to_do = f"let a time service run, or set it (timedatectl set-time) and renew the board's battery; {HARMLESS}"
        return Finding(part, State.WARNING, found, to_do)
    to_do = f"let a time service run, or wait for headquarters' first answer; {HARMLESS}"
    return Finding(part, State.WARNING, "its source is unknown: dates are undetermined", to_do)
