"""`mpaka headquarters board` and `mpaka headquarters lanes`: looking at the stations, beside a running receiver (docs/board.md)."""

import logging
import signal
import sys
import threading
from datetime import UTC, datetime, tzinfo

from kiosk.board.table import table
from kiosk.board.wanted import Wanted, narrowed
from kiosk.clock import SystemClock
from kiosk.headquarters.board import BoardServer, Site
from kiosk.headquarters.lookout import Lookout, look_once
from kiosk.watchdog import Watchdog

log = logging.getLogger("mpaka.board")


def serve(store: str, port: int) -> int:
    """Serve the board of this store until the process is told to end. Returns the exit status."""
    stop, watchdog = threading.Event(), Watchdog(("lookout",))
    lookout = Lookout(store, SystemClock(), lambda: watchdog.moved("lookout"))
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


def print_lanes(store: str, show: str) -> int:
    """Print the stations of this store as a table; `show` is a state or `trouble`. Returns the exit status."""
    board = narrowed(look_once(store, datetime.now(UTC)), Wanted(show=show))
    for line in table(board, _zone(), colours=sys.stdout.isatty()):
        print(line)
    return 0


def _zone() -> tzinfo:
    """The zone of this machine."""
    return datetime.now().astimezone().tzinfo or UTC
