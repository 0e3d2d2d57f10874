"""How the board says moments and lengths of time. PURE."""

from datetime import datetime, tzinfo


def clock(moment: datetime, zone: tzinfo, now: datetime) -> str:
    """08:05, and with its day where that is another one: 28 Nov 08:05."""
    local, today = moment.astimezone(zone), now.astimezone(zone).date()
    return f"{local:%H:%M}" if local.date() == today else f"{local.day} {local:%b %H:%M}"


def length(seconds: float) -> str:
    """A length of time in the largest fitting unit: 40 s, 12 min, 3 h 05, 17 h, 2 days."""
    whole = max(0, int(seconds))
    if whole < 60:
        return f"{whole} s"
    if whole < 3600:
        return f"{whole // 60} min"
    if whole < 10 * 3600:
        return f"{whole // 3600} h {whole % 3600 // 60:02d}"
    if whole < 48 * 3600:
        return f"{whole // 3600} h"
    return f"{whole // 86_400} days"


def since(moment: datetime | None, zone: tzinfo, now: datetime) -> str:
    """since 08:05 (12 min); nothing where it is not known."""
    if moment is None:
        return ""
    return f"since {clock(moment, zone, now)} ({length((now - moment).total_seconds())})"
