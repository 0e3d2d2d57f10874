"""`mpaka headquarters gaps`: rows of a chain that did not come, and the word of an operator that they never will."""

import sys
from contextlib import closing
from datetime import UTC, datetime

from kiosk.clock import utc_text
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.store import Gap, Store


def show(store: str) -> int:
    """Print one line a gap. Returns the exit status. Raises StoreUnusable."""
    try:
        with closing(Store(store, make=False)) as opened:
            for gap in opened.gaps():
                print(f"{gap.station} {gap.upto + 1}-{gap.next_sequence - 1} of chain {gap.chain}")
    except StoreFailed as why:
        return _refused(why)
    return 0


def accept(store: str, station: str, first: int) -> int:
    """Go on after the gap of this station that begins with this number. Returns the exit status. Raises StoreUnusable."""
    try:
        with closing(Store(store, make=False)) as opened:
            found = [gap for gap in opened.gaps() if (gap.station, gap.upto + 1) == (station, first)]
            if len(found) != 1:
                return _refused(f"{station} has no gap that begins with {first}, or has two; without --accept all are listed")
            return _accepted(opened, found[0])
    except StoreFailed as why:
        return _refused(why)


def _accepted(store: Store, gap: Gap) -> int:
    at = store.accept_gap(gap, utc_text(datetime.now(UTC)))
    print(f"{gap.station}: {gap.upto + 1} to {gap.next_sequence - 1} are given up, and listed as that; it is stored up to {at.upto} now")
    return 0


def _refused(why: object) -> int:
    print(f"mpaka headquarters gaps: {why}", file=sys.stderr)
    return 1
