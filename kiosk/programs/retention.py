"""`mpaka headquarters retention`, `erase`, `hold`, `release` and `proof`: what is kept no longer, and how that is shown."""

import json
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack, closing, contextmanager
from dataclasses import asdict
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.erasures import Erasures, Order, broken
from kiosk.headquarters.retention import (
    Keeping,
    NotErased,
    OpenedKeeping,
    RetentionSettings,
    SealedKeeping,
    apply,
    erase,
    faults,
    overdue,
    scrub,
)
from kiosk.settings import load

Places = tuple[str | None, str | None]
"""The URLs of the receiver's store and of the opened database, as far as they are named."""


def retain(places: Places, rules: Path, operator: str, apply_them: bool) -> int:
    """Count what is over its time, or erase it. Returns the exit status. Raises SettingsWrong, StoreUnusable."""
    settings, clock = load(rules, RetentionSettings), SystemClock()
    if apply_them and not clock.now().known:
        return _refused("retention", "this machine's clock is not known to be right (NTP), so nothing can be known to be over its time")
    try:
        with _kept(places) as keepings:
            for keeping in keepings:
                found = keeping.rules(settings.sealed) if isinstance(keeping, SealedKeeping) else ()
                found = keeping.rules(settings.opened) if isinstance(keeping, OpenedKeeping) else found
                for rule in found:
                    count = apply(keeping, rule, operator, clock) if apply_them else overdue(keeping, rule, clock.now().utc)
                    kept = "no rule, all is kept" if rule.days is None else f"{count} {'erased' if apply_them else 'would be erased'}"
                    print(f"{keeping.database.place}: {rule.name}: {kept}")
            return _scrubbed(keepings) if apply_them else 0
    except StoreFailed as why:
        return _refused("retention", why)


def erase_person(places: Places, record_id: str, member: int | None, operator: str, reason: str) -> int:
    """Erase one record everywhere it is named. Returns the exit status. Raises StoreUnusable."""
    order, clock = Order(operator, "ordered", reason), SystemClock()
    try:
        with _kept(places) as keepings:
            _known(keepings, record_id)
            # a hold in one of them is a hold in both
            if any(keeping.journal.is_held(record_id) for keeping in keepings):
                raise NotErased(f"{record_id}: is held; nothing was erased; `mpaka headquarters release` comes first")
            alike = [other for keeping in keepings if isinstance(keeping, OpenedKeeping) for other in keeping.alike(record_id)]
            for keeping in keepings:
                print(f"{keeping.database.place}: {erase(keeping, record_id, member, order, clock)} erased")
            if alike:
                print("other records show the same document; each needs its own order:", *alike)
            return _scrubbed(keepings)
    except (NotErased, StoreFailed) as why:
        return _refused("erase", why)


def hold(places: Places, record_id: str, operator: str, reason: str) -> int:
    """Keep a record from being erased. Returns the exit status. Raises StoreUnusable."""
    return _turn(places, record_id, Order(operator, "hold", reason), held=True)


def release(places: Places, record_id: str, operator: str, reason: str) -> int:
    """Let it be erased again. Returns the exit status. Raises StoreUnusable."""
    return _turn(places, record_id, Order(operator, "release", reason), held=False)


def prove(places: Places, record_id: str | None) -> int:
    """Print the entries of a record as JSON lines; without one verify everything. Returns the exit status: 1 where something does not fit.

    Raises StoreUnusable."""
    status = 0
    try:
        with _kept(places) as keepings:
            for keeping in keepings:
                entries = list(keeping.journal.of(record_id)) if record_id else []
                if record_id and not entries:
                    known = "" if keeping.is_known(record_id) else ", and there is no such record"
                    print(f"{keeping.database.place}: {record_id}: the journal says nothing of it{known}", file=sys.stderr)
                for entry in entries:
                    print(json.dumps({"database": keeping.database.place, **asdict(entry)}))
                status |= _verified(keeping.database.place, keeping.journal)
        if places[0] and not record_id:
            for fault in faults(places[0]):
                print(fault)
                status = 1
    except StoreFailed as why:
        return _refused("proof", why)
    return status


def _verified(place: str, journal: Erasures) -> int:
    count, fault = broken(journal.all())
    head = journal.head()
    print(f"{place}: {fault or f'{count} entries, each follows the one before; the last is {head}'}", file=sys.stderr)
    return 1 if fault else 0


def _turn(places: Places, record_id: str, order: Order, held: bool) -> int:
    clock = SystemClock()
    try:
        with _kept(places) as keepings:
            _known(keepings, record_id)
            for keeping in keepings:
                turn = keeping.journal.hold if held else keeping.journal.release
                done = turn(record_id, order, clock.now().text)
                print(f"{keeping.database.place}: {'' if done else 'was already '}{'held' if held else 'released'}")
    except (NotErased, StoreFailed) as why:
        return _refused(order.rule, why)
    return 0


def _known(keepings: Sequence[Keeping], record_id: str) -> None:
    if not any(keeping.is_known(record_id) for keeping in keepings):
        raise NotErased(f"{record_id}: no such record in {' or '.join(keeping.database.place for keeping in keepings)}")


def _scrubbed(keepings: Sequence[Keeping]) -> int:
    for keeping in keepings:
        if left := scrub(keeping):
            print(f"{keeping.database.place}: {left}", file=sys.stderr)
    return 0


@contextmanager
def _kept(places: Places) -> Iterator[list[Keeping]]:
    store, opened = places
    with ExitStack() as stack:
        keepings: list[Keeping] = []
        if store:
            keepings.append(stack.enter_context(closing(SealedKeeping(store))))
        if opened:
            keepings.append(stack.enter_context(closing(OpenedKeeping(opened))))
        yield keepings


def _refused(part: str, why: object) -> int:
    print(f"mpaka headquarters {part}: {why}", file=sys.stderr)
    return 1
