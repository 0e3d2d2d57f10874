"""`mpaka headquarters`: the receiver of a state; `ids` lists what it has; `open`, a step apart, with a key that the receiver does not hold."""

import logging
import signal
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.database import sqlite_url, without_password
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import STORE_FILE, stored_ids
from kiosk.link.connection import BrokerAddress
from kiosk.programs.practice import broker_at, receiver_keys
from kiosk.sealing.key_set import KeySetFile
from kiosk.sealing.station import KEY_SET, load_receiver_keys, read_authority
from kiosk.settings import HeadquartersSettings, beside, load
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
