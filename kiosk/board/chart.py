"""The last hours as a small drawing with its numbers in words: registrations an hour as bars, the waiting time under each. PURE."""

from collections.abc import Sequence
from datetime import tzinfo

from kiosk.board.state import HourSeen
from kiosk.board.words import length

STEP, BAR, TALL, TOP = 44, 30, 40, 16


def chart(hours: Sequence[HourSeen], zone: tzinfo) -> str:
    """An SVG; nothing where nobody came in all these hours."""
    if not any(hour.registered or hour.decided for hour in hours):
        return '<p class="hours none-yet">Nobody registered in the last hours.</p>'
    most = max(hour.registered for hour in hours) or 1
    bars = "".join(_bar(at, hour, most, zone, "now" if at == len(hours) - 1 else "") for at, hour in enumerate(hours))
    spoken = "; ".join(_spoken(hour, zone) for hour in hours)
    wide, high = STEP * len(hours), TOP + TALL + 34
    drawn = f'<svg class="hours" viewBox="0 0 {wide} {high}" role="img" aria-label="Travellers each hour: {spoken}">{bars}</svg>'
    return f"<figure>{drawn}<figcaption>Registered in each hour; under it, the wait for an officer</figcaption></figure>"


def _bar(at: int, hour: HourSeen, most: int, zone: tzinfo, kind: str) -> str:
    """The present hour is drawn as an outline: it is not over."""
    middle, high = at * STEP + STEP // 2, round(TALL * hour.registered / most, 1)
    foot = TOP + TALL
    wait = f'<text class="wait" x="{middle}" y="{foot + 31}">{length(hour.wait_s)}</text>' if hour.wait_s is not None else ""
    return (
        f'<rect class="{kind}" x="{middle - BAR // 2}" y="{foot - high}" width="{BAR}" height="{high}"/>'
        f'<text class="number" x="{middle}" y="{foot - high - 4}">{hour.registered}</text>'
        f'<text class="hour" x="{middle}" y="{foot + 15}">{hour.begins.astimezone(zone):%H}:00</text>{wait}'
    )


def _spoken(hour: HourSeen, zone: tzinfo) -> str:
    waited = f", waited {length(hour.wait_s)}" if hour.wait_s is not None else ""
    return f"{hour.begins.astimezone(zone):%H}:00 {hour.registered} registered, {hour.decided} decided{waited}"
