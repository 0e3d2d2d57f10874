"""The board's small web server: the page, its style and script, and /metrics. Standard library, loopback only, read only.

It has no sign-on of its own, so it listens on 127.0.0.1 and nowhere else: docs/board.md says how to put it behind one. It answers only
requests for a loopback host, so that a page from elsewhere cannot read it through a name of its own (DNS rebinding).
"""

import logging
import threading
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import tzinfo
from importlib.resources import files
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qsl
from wsgiref.simple_server import WSGIRequestHandler, WSGIServer

from kiosk.board.metrics import CONTENT_TYPE, metrics
from kiosk.board.page import page
from kiosk.board.state import Board
from kiosk.board.wanted import wanted_from
from kiosk.headquarters.lookout import NotReady

log = logging.getLogger(__name__)

LOOPBACK, PORT = "127.0.0.1", 8480
HOSTS = ("127.0.0.1", "localhost")
SLOWEST_S = 10
LONGEST_QUERY, MOST_FIELDS = 1000, 20
HEADERS = (
    ("Cache-Control", "no-store"),
    (
        "Content-Security-Policy",
        "default-src 'none'; style-src 'self'; script-src 'self'; connect-src 'self'; img-src data:; form-action 'self'; "
        "base-uri 'none'; frame-ancestors 'none'",
    ),
    ("X-Content-Type-Options", "nosniff"),
    ("Referrer-Policy", "no-referrer"),
    ("Cross-Origin-Resource-Policy", "same-origin"),
)
HTML, CSS, JAVASCRIPT, TEXT = (
    "text/html; charset=utf-8",
    "text/css; charset=utf-8",
    "text/javascript; charset=utf-8",
    "text/plain; charset=utf-8",
)
StartResponse = Callable[[str, list[tuple[str, str]]], object]


@dataclass(frozen=True)
class Page:
    """An answer."""

    status: str
    kind: str
    content: bytes


class Site:
    """What is answered to a request (WSGI, PEP 3333). `board` is asked for the board and may raise NotReady; `zone` is that of the clock shown."""

    def __init__(self, board: Callable[[], Board], zone: tzinfo) -> None:
        self._board, self._zone = board, zone
        room = files("kiosk.board")
        self._kept = {
            "/board.css": Page("200 OK", CSS, room.joinpath("board.css").read_bytes()),
            "/board.js": Page("200 OK", JAVASCRIPT, room.joinpath("board.js").read_bytes()),
        }

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        answer = self._answer(environ)
        start_response(answer.status, [("Content-Type", answer.kind), ("Content-Length", str(len(answer.content))), *HEADERS])
        return [] if environ["REQUEST_METHOD"] == "HEAD" else [answer.content]

    def _answer(self, environ: dict[str, Any]) -> Page:
        host = str(environ.get("HTTP_HOST", LOOPBACK)).rsplit(":", 1)[0]
        if host not in HOSTS:
            return _said(
                "421 Misdirected Request", "The board answers for the loopback address only; docs/board.md says how a proxy comes to it."
            )
        if environ["REQUEST_METHOD"] not in ("GET", "HEAD"):
            return _said("405 Method Not Allowed", "The board is only looked at.")
        path = str(environ.get("PATH_INFO", "/"))
        if path in self._kept:
            return self._kept[path]
        if path not in ("/", "/metrics"):
            return _said("404 Not Found", "There is nothing here.")
        try:
            return self._drawn(path, str(environ.get("QUERY_STRING", "")))
        except NotReady as why:
            return _said("503 Service Unavailable", str(why))

    def _drawn(self, path: str, query: str) -> Page:
        board = self._board()
        if path == "/metrics":
            return Page("200 OK", CONTENT_TYPE, metrics(board).encode())
        try:
            fields = dict(parse_qsl(query[:LONGEST_QUERY], max_num_fields=MOST_FIELDS))
        except ValueError:
            return _said("400 Bad Request", "The address has too many parts.")
        return Page("200 OK", HTML, page(board, wanted_from(fields), self._zone).encode())


class Quiet(WSGIRequestHandler):
    """A request that is not written to standard error, and that does not hold its thread for ever."""

    timeout = SLOWEST_S

    def log_message(self, format: str, *args: object) -> None:
        log.debug(format, *args)


class BoardServer(ThreadingMixIn, WSGIServer):
    """Listens on the loopback address."""

    daemon_threads = True

    def __init__(self, site: Site, port: int = PORT) -> None:
        """Port 0 takes a free one. Raises OSError where the port is taken."""
        super().__init__((LOOPBACK, port), Quiet)
        self.set_app(site)
        self._thread = threading.Thread(target=self.serve_forever, name="board", daemon=True)

    def start(self) -> None:
        """Begin to answer, in a thread of its own."""
        self._thread.start()

    def stop(self) -> None:
        """Answer nobody any more."""
        self.shutdown()
        self._thread.join()
        self.server_close()


def _said(status: str, words: str) -> Page:
    return Page(status, TEXT, f"{words}\n".encode())
