"""`mpaka headquarters`: the receiver of a state; `open`, a step apart, with a key that the receiver does not hold; `board` and `lanes`, to look."""

import logging
import signal
import sys
import threading
from datetime import UTC, datetime, tzinfo
from pathlib import Path

from kiosk.board.table import table
from kiosk.board.wanted import Wanted, narrowed
from kiosk.clock import SystemClock
from kiosk.headquarters.board import BoardServer, Site
from kiosk.headquarters.lookout import Lookout, look_once
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


def show_board(path: Path, port: int) -> int:
    """Serve the board until the process is told to end. Returns the exit status."""
    settings = load(path, HeadquartersSettings)
    stop, watchdog = threading.Event(), Watchdog(("lookout",))
    lookout = Lookout(beside(path, settings.places.data), SystemClock(), lambda: watchdog.moved("lookout"))
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    try:
        server = BoardServer(Site(lookout.board, _zone()), port)
    except OSError as why:
        print(f"mpaka headquarters board: port {port} cannot be listened on ({why.strerror}); choose another with --port", file=sys.stderr)
        return 1
    lookout.start()
    server.start()
    watchdog.ready()
    log.info("the board is at http://127.0.0.1:%d/, on this machine only", server.server_port)
    try:
        stop.wait()
    finally:
        watchdog.close()
        server.stop()
        lookout.close()
    return 0


def show_lanes(path: Path, show: str) -> int:
    """Print the stations as a table; `show` is a state or `trouble`. Returns the exit status."""
    settings = load(path, HeadquartersSettings)
    board = narrowed(look_once(beside(path, settings.places.data), datetime.now(UTC)), Wanted(show=show))
    for line in table(board, _zone(), colours=sys.stdout.isatty()):
        print(line)
    return 0


def _zone() -> tzinfo:
    """The zone of this machine."""
    return datetime.now().astimezone().tzinfo or UTC


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
