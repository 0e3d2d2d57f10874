"""`mpaka headquarters`: the receiver of a state; and `mpaka headquarters open`, a step apart, with a key that the receiver does not hold."""

import logging
import signal
import sys
import threading
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.headquarters.opener import OpeningPlan, open_records
from kiosk.headquarters.receiver import ReceiverPlan, run_headquarters
from kiosk.headquarters.store import StoreUnusable
from kiosk.link.connection import BrokerAddress
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.station import load_receiver_keys
from kiosk.settings import HeadquartersSettings, beside, load
from kiosk.watchdog import Watchdog

log = logging.getLogger("mpaka.headquarters")


def run(path: Path) -> int:
    """Receive until the process is told to end. Returns the exit status."""
    settings = load(path, HeadquartersSettings)
    keys = load_receiver_keys(beside(path, settings.places.keys), settings.station)
    broker = BrokerAddress(settings.link.host, settings.link.port, keys.tls if settings.link.tls else None)
    stop, watchdog = threading.Event(), Watchdog(("receive", "store"))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    watchdog.ready()
    try:
        run_headquarters(ReceiverPlan(keys, broker, beside(path, settings.places.data)), SystemClock(), stop, watchdog.moved)
    finally:
        watchdog.close()
    return 0


def open_store(store: Path, journal: Path, key: Path, operator: str, reason: str, pictures: Path | None) -> int:
    """Print one JSON line a record; each opening is journalled first. Returns the exit status: 1 where something could not be opened."""
    plan = OpeningPlan(store, journal, key, operator, reason, pictures)
    try:
        tally = open_records(plan, SystemClock(), print)
    except (KeysWrong, StoreUnusable) as why:
        print(f"mpaka headquarters open: {why}", file=sys.stderr)
        return 2
    print(f"{tally.opened} records opened, {tally.not_opened} could not be opened with this key", file=sys.stderr)
    return 1 if tally.not_opened else 0
