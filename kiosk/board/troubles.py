"""What is broken at a station, since when, and how bad it is: read from its last status. PURE."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import IntEnum

from msgspec import UnsetType

from kiosk.board.words import length
from kiosk.messages.payloads import (
    CertificateDates,
    ClockFacts,
    ClockSource,
    DeviceState,
    LaneState,
    Outbox,
    Queue,
    Refusal,
    Refused,
    Status,
)

# A name that a station gives is cut to this, so that one of them cannot fill the board
LONGEST_NAME, MOST_NAMES = 40, 30
OLDEST_ROW_S, LONGEST_WAIT_S, DRIFT_S = 300, 1800, 2.0
# A list of watched persons is old after a day, one of staff after three months; others may stand for as long as they are right
OLD_AFTER_S = {"watchlist": 86_400, "staff": 90 * 86_400}
CONSUMABLES = {
    "near_end": "nearly used up",
    "low": "nearly used up",
    "out": "used up",
    "cover_open": "cover open",
    "fault": "fault",
}
"""Words of consumables that somebody has to do something about; others are fine, or say nothing."""


REFUSED = {
    Refusal.MALFORMED: "messages that are not what the contract says",
    Refusal.UNSIGNED: "messages that nobody who may say this has signed",
    Refusal.MISDIRECTED: "messages for another station",
    Refusal.ACKNOWLEDGEMENT: "acknowledgements that do not fit its records",
    Refusal.COMMAND: "commands that are too old",
    Refusal.REPEATED: "commands that were carried out before",
    Refusal.BROKER: "a broker that did not prove itself",
    Refusal.CERTIFICATE: "its own certificate",
    Refusal.DENIED: "the broker did not let it write",
}
"""What a station refused, in words."""
REFUSED_IS_NEWS, RENEW_AFTER = timedelta(days=1), 2 / 3


class Level(IntEnum):
    """How bad it is: STOP, nobody can pass here; WARN, somebody has to look; NOTE, good to know."""

    FINE = 0
    NOTE = 1
    WARN = 2
    STOP = 3


@dataclass(frozen=True)
class Trouble:
    """One thing that is wrong. `since` None: not known."""

    level: Level
    what: str
    says: str
    since: datetime | None = None


def troubles_of(status: Status, seen: datetime) -> tuple[Trouble, ...]:
    """All that a status complains of, the worst first."""
    found = [*_state(status), *_devices(status), *_consumables(status), *_registration(status)]
    found += [*_outbox(status.outbox, seen), *_clock(status.clock), *_queue(status.queue, seen), *_lists(status)]
    found += [*_refused(status.refused, seen), *_certificate(status.certificate, seen)]
    return tuple(sorted(found, key=lambda trouble: -trouble.level))


def plain(name: str) -> str:
    """A name from a status, to be shown."""
    return name[:LONGEST_NAME].replace("_", " ")


def moment(text: str) -> datetime | None:
    """RFC 3339 in UTC as a moment; None for what is no date, such as a thirteenth month, and for years that no clock of ours shows."""
    try:
        found = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        return None
    return found if found.tzinfo is not None and 2000 <= found.year < 3000 else None


def since(status: Status, name: str) -> datetime | None:
    """Since when this is as it is, where the station says so."""
    known = status.since if isinstance(status.since, dict) else {}
    return moment(known[name]) if name in known else None


def _state(status: Status) -> Iterator[Trouble]:
    if status.state is LaneState.FAULT:
        yield Trouble(Level.STOP, "lane", "closed by a fault", since(status, "state"))
    if isinstance(status.closed_by_headquarters, str):
        yield Trouble(Level.NOTE, "lane", "closed by headquarters", moment(status.closed_by_headquarters))


def _devices(status: Status) -> Iterator[Trouble]:
    found = status.devices if isinstance(status.devices, dict) else {}
    for name, state in list(found.items())[:MOST_NAMES]:
        if state is not DeviceState.OK:
            yield Trouble(Level.WARN, plain(name), str(state), since(status, name))


def _consumables(status: Status) -> Iterator[Trouble]:
    found = status.consumables if isinstance(status.consumables, dict) else {}
    for name, state in list(found.items())[:MOST_NAMES]:
        if state in CONSUMABLES:
            level = Level.NOTE if state in ("near_end", "low") else Level.WARN
            yield Trouble(level, plain(name), CONSUMABLES[state], since(status, name))


def _registration(status: Status) -> Iterator[Trouble]:
    if not isinstance(status.self_registration, UnsetType) and status.self_registration.state == "paused":
        reason = status.self_registration.reason
        yield Trouble(Level.WARN, "self-registration", f"paused: {plain(reason)}" if isinstance(reason, str) else "paused")


def _outbox(outbox: Outbox | UnsetType, seen: datetime) -> Iterator[Trouble]:
    if isinstance(outbox, UnsetType):
        return
    if outbox.rejected:
        yield Trouble(Level.WARN, "records", f"{outbox.rejected} stored apart by headquarters")
    if outbox.rows and outbox.oldest_s >= OLDEST_ROW_S:
        yield Trouble(Level.WARN, "records", f"{outbox.rows} not sent yet", _ago(seen, outbox.oldest_s))


def _clock(clock: ClockFacts | UnsetType) -> Iterator[Trouble]:
    if isinstance(clock, UnsetType):
        return
    if clock.source is ClockSource.UNKNOWN:
        yield Trouble(Level.WARN, "clock", "the time is not known")
    if not isinstance(clock.drift_s, UnsetType) and abs(clock.drift_s) >= DRIFT_S:
        yield Trouble(Level.WARN, "clock", f"{abs(clock.drift_s):.6g} s {'fast' if clock.drift_s > 0 else 'slow'}")


def _queue(queue: Queue | UnsetType, seen: datetime) -> Iterator[Trouble]:
    if not isinstance(queue, UnsetType) and queue.longest_s >= LONGEST_WAIT_S:
        yield Trouble(Level.WARN, "queue", "somebody waits long", _ago(seen, queue.longest_s))


def _refused(refused: Refused | UnsetType, seen: datetime) -> Iterator[Trouble]:
    """For a day; a command that comes again is headquarters' own doing, mostly."""
    last = moment(refused.last) if not isinstance(refused, UnsetType) else None
    if isinstance(refused, UnsetType) or last is None or seen - last > REFUSED_IS_NEWS:
        return
    for kind, times in list(refused.counts.items())[:MOST_NAMES]:
        level = Level.NOTE if kind == Refusal.REPEATED else Level.WARN
        words = REFUSED[Refusal(kind)] if kind in set(Refusal) else plain(kind)
        yield Trouble(level, "refused", f"{words} ({times} times)" if times > 1 else words, last)


def _certificate(dates: CertificateDates | UnsetType, seen: datetime) -> Iterator[Trouble]:
    if isinstance(dates, UnsetType):
        return
    begins, ends = moment(dates.begins), moment(dates.ends)
    if begins is not None and ends is not None and seen >= begins + (ends - begins) * RENEW_AFTER:
        yield Trouble(Level.WARN, "certificate", f"ends on {ends:%Y-%m-%d}: renew it")


def _ago(seen: datetime, seconds: int) -> datetime | None:
    """A moment so many seconds before; None where a station counts to before the beginning of time."""
    try:
        return seen - timedelta(seconds=seconds)
    except OverflowError:
        return None


def _lists(status: Status) -> Iterator[Trouble]:
    found = status.lists if isinstance(status.lists, dict) else {}
    for name, age_s in list(found.items())[:MOST_NAMES]:
        limits = [limit_s for kind, limit_s in OLD_AFTER_S.items() if name.startswith(kind)]
        if limits and age_s > limits[0]:
            yield Trouble(Level.WARN, f"list {plain(name)}", f"{length(age_s)} old")
