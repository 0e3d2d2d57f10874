"""`mpaka headquarters serve-export` and `clients`: the pull API for other systems, and who may use it."""

import logging
import signal
import sys
import threading
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from kiosk.clock import SystemClock
from kiosk.crossings.columns import ColumnUnknown
from kiosk.headquarters.clients import Clients, ClientWrong, Scope, grants
from kiosk.headquarters.database import StoreFailed
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.pulling import PullServer, PullSite, server_tls
from kiosk.settings import LOOPBACK, SettingsWrong
from kiosk.watchdog import Watchdog

log = logging.getLogger("mpaka.export")
TURN_S = 1.0
TlsFiles = tuple[Path, Path, Path]


def serve(source: str, host: str, port: int, tls: TlsFiles | None) -> int:
    """Serve until the process is told to end. Returns the exit status. Raises SettingsWrong, StoreUnusable."""
    if tls is None and host not in LOOPBACK:
        raise SettingsWrong(f"--host {host}: without --tls-certificate, --tls-key and --client-authority only {', '.join(LOOPBACK)}")
    with closing(Opened(source, make=False)) as opened:
        # who has no right to make them finds them made by `clients add`
        Clients(opened.database)
    try:
        context = server_tls(*map(str, tls)) if tls else None
        server = PullServer(PullSite(source, SystemClock()), host, port, context)
    except OSError as why:
        raise SettingsWrong(
            f"export at {host}:{port}: cannot listen ({why}); another program may have this port, or a TLS file is none"
        ) from None
    stop = threading.Event()
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: stop.set())
    thread = threading.Thread(target=server.serve_forever, name="export", daemon=True)
    thread.start()
    watchdog = Watchdog(("serve",))
    watchdog.ready()
    log.info("export: http%s://%s:%d/v1/crossings", "s" if tls else "", host, server.server_port)
    try:
        while not stop.wait(TURN_S) and thread.is_alive():
            watchdog.moved("serve")
    finally:
        watchdog.close()
        server.shutdown()
        server.server_close()
    return 0


def add(source: str, name: str, posts: tuple[str, ...], columns: tuple[str, ...], pictures: bool, days: int) -> int:
    """Make a client and print its token. Returns the exit status. Raises StoreUnusable."""

    def made(clients: Clients) -> None:
        token = clients.add(name, Scope(posts, columns, pictures), days, SystemClock().now())
        print(token)
        print("give it to the client now: it is shown this once, and kept as a hash", file=sys.stderr)

    return _with(source, made)


def revoke(source: str, name: str) -> int:
    """It is no client any more. Returns the exit status. Raises StoreUnusable."""
    return _with(source, lambda clients: clients.revoke(name, SystemClock().now()))


def print_list(source: str) -> int:
    """Print the clients. Returns the exit status. Raises StoreUnusable."""

    def told(clients: Clients) -> None:
        for client in clients.all():
            scope = client.scope
            sees = f"posts {', '.join(scope.posts) or 'all'}; {', '.join(('crossing', *scope.columns))}{', pictures' if scope.pictures else ''}"
            until = f"revoked {client.revoked}" if client.revoked else f"until {client.expires}"
            print(f"{client.name}: {sees}; {until}")

    return _with(source, told)


def print_grants(role: str) -> int:
    """Print the statements. Returns the exit status."""
    print(grants(role), end="")
    return 0


def _with(source: str, do: Callable[[Clients], None]) -> int:
    try:
        with closing(Opened(source)) as opened:
            do(Clients(opened.database, make=True))
    except (ClientWrong, ColumnUnknown, StoreFailed) as why:
        print(f"mpaka headquarters clients: {why}", file=sys.stderr)
        return 1
    return 0
