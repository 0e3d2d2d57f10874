"""`mpaka headquarters open`: a step apart from the receiver, with a key that it does not hold."""

import sys
from dataclasses import dataclass
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.database import StoreFailed, StoreUnusable, file_of
from kiosk.headquarters.filling import FillPlan, fill
from kiosk.headquarters.opener import OpeningPlan, Tally, open_records
from kiosk.headquarters.openings import Opener
from kiosk.headquarters.sealed import grants
from kiosk.programs.asking import asking
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.opening import opening_key
from kiosk.settings import SettingsWrong


@dataclass(frozen=True)
class Key:
    """Where the opening key is: a file, a folder of keys, `pkcs11:...`, or `shares`; and the file of its passphrase or PIN (None: asked for)."""

    source: str
    passphrase: Path | None = None


def openings_beside(store: str) -> Path:
    """Where openings are journalled when nobody says so: in a folder beside a store that is a file or a folder. Raises SettingsWrong."""
    file = file_of(store)
    if file is None:
        raise SettingsWrong("--openings FOLDER says where the openings are journalled; a store in PostgreSQL has no folder beside it")
    return file.parent / "openings"


def open_store(store: str, journal: Path, key: Key, operator: str, reason: str, pictures: Path | None) -> int:
    """Print one JSON line a record; each opening is journalled first. Returns the exit status: 1 where something could not be opened."""
    plan = OpeningPlan(store, journal, key.source, operator, reason, pictures, asking(key.passphrase))
    try:
        return _said("records", open_records(plan, SystemClock(), print))
    except (KeysWrong, StoreUnusable, StoreFailed) as why:
        return _not_opened(why)


def open_into(store: str, into: str, journal: Path, key: Key, operator: str, reason: str, again: bool) -> int:
    """Fill the second database with what is new. Returns the exit status: 1 where something could not be opened."""
    try:
        held = opening_key(key.source, asking(key.passphrase))
        plan = FillPlan(store, into, journal, held, Opener(operator, reason), again)
        return _said("records and pictures", fill(plan, SystemClock()))
    except (KeysWrong, StoreUnusable, StoreFailed) as why:
        return _not_opened(why)


def print_grants(role: str) -> int:
    """Print the statements. Returns the exit status."""
    print(grants(role), end="")
    return 0


def _said(what: str, tally: Tally) -> int:
    print(f"{tally.opened} {what} opened, {tally.not_opened} could not be opened with this key", file=sys.stderr)
    return 1 if tally.not_opened else 0


def _not_opened(why: Exception) -> int:
    print(f"mpaka headquarters open: {why}", file=sys.stderr)
    return 2
