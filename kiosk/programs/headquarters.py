"""`mpaka headquarters`: the receiver of a state; `ids` lists what it has; `open`, a step apart, with a key that the receiver does not hold."""

import logging
import signal
import sys
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.database import StoreFailed, StoreUnusable, file_of, sqlite_url, without_password
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE, stored_ids
from kiosk.link.connection import BrokerAddress
from kiosk.programs.practice import broker_at, receiver_keys
from kiosk.sealing.key_set import KeySetFile, KeysWrong
from kiosk.sealing.station import KEY_SET, load_receiver_keys, read_authority
from kiosk.settings import HeadquartersSettings, SettingsWrong, beside, load
from kiosk.watchdog import Watchdog

log = logging.getLogger("mpaka.headquarters")


def run(path: Path) -> int:
    """Receive until the process is told to end. Returns the exit status."""
    settings = load(path, HeadquartersSettings)
    folder = beside(path, settings.places.keys)
    keys = load_receiver_keys(folder, settings.station)
    broker = BrokerAddress(settings.link.host, settings.link.port, keys.tls if settings.link.tls else None)
    newer = KeySetFile(folder / KEY_SET, read_authority(folder)).newer
    return _receive(ReceiverPlan(keys, broker, _store(path, settings), newer=newer))


def run_practice(founding: Path, broker: str, tls: bool, database: str) -> int:
    """The same without a settings file, with the keys of a founding for practice. Raises SettingsWrong, KeysWrong, StoreUnusable."""
    keys, key_set = receiver_keys(founding)
    address = broker_at(broker, keys.tls if tls else None)
    log.info("headquarters: %s receives from broker %s:%d into %s", keys.station, address.host, address.port, without_password(database))
    return _receive(ReceiverPlan(keys, address, database, newer=key_set.newer))


def store_of(path: Path, database: str | None) -> str:
    """The URL of the store: `database`, else what the settings at `path` say. Raises SettingsWrong."""
    return database or _store(path, load(path, HeadquartersSettings))


def named_store(text: str, openings: Path | None) -> tuple[str, Path]:
    """The URL of the store that is named by its URL, its file or its folder, and the folder for openings, by itself beside a store that is a file.

    Raises SettingsWrong."""
    place = Path(text)
    if place.is_dir():
        return sqlite_url(place / STORE_FILE), openings or place.parent / "openings"
    file = file_of(text)
    if openings is not None:
        return text, openings
    if file is None:
        raise SettingsWrong("--openings FOLDER says where the openings are journalled; a store in PostgreSQL has no folder beside it")
    return text, file.parent / "openings"


def list_ids(store: str) -> int:
    """Print the id of each stored record, one a line, in the order of stations and sequences. Returns the exit status.

    Raises StoreUnusable, StoreFailed."""
    for record_id in stored_ids(store):
        print(record_id)
    return 0


def _store(path: Path, settings: HeadquartersSettings) -> str:
    return settings.store or sqlite_url(beside(path, settings.places.data) / STORE_FILE)


def _receive(plan: ReceiverPlan) -> int:
    stop, watchdog = threading.Event(), Watchdog(("receive", "store"))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    watchdog.ready()
    try:
        run_headquarters(plan, SystemClock(), stop, watchdog.moved)
    finally:
        watchdog.close()
    return 0


def open_store(store: str, journal: Path, key: Path, operator: str, reason: str, pictures: Path | None) -> int:
    """Print one JSON line a record; each opening is journalled first. Returns the exit status: 1 where something could not be opened."""
    plan = OpeningPlan(store, journal, key, operator, reason, pictures)
    try:
        tally = open_records(plan, SystemClock(), print)
    except (KeysWrong, StoreUnusable, StoreFailed) as why:
        print(f"mpaka headquarters open: {why}", file=sys.stderr)
        return 2
    print(f"{tally.opened} records opened, {tally.not_opened} could not be opened with this key", file=sys.stderr)
    return 1 if tally.not_opened else 0
