"""The pull API: other systems ask for what is new and get it, each with a token of its own. Standard library; docs/export-api.yaml is its contract.

`GET /v1/crossings?after=CURSOR` and `GET /v1/pictures/ID`. What is given is journalled first. A connection to the database is opened for each request.
"""

import json
import logging
import ssl
import threading
from collections.abc import Callable, Iterable
from contextlib import closing
from dataclasses import dataclass
from socket import socket
from socketserver import ThreadingMixIn
from typing import Any
from urllib.parse import parse_qs
from wsgiref.simple_server import WSGIServer

from kiosk.clock import Clock, parse_utc, utc_text
from kiosk.crossings.columns import Column, ColumnUnknown, chosen
from kiosk.crossings.opened import Values
from kiosk.crossings.tables import as_object
from kiosk.headquarters.board import Quiet
from kiosk.headquarters.clients import Client, Clients, Pull, Waits
from kiosk.headquarters.exporting import Wanted, newest, page
from kiosk.headquarters.opened import Opened
from kiosk.headquarters.sql import StoreFailed, StoreUnusable

log = logging.getLogger(__name__)

PORT, MOST, USUAL, SLOWEST_S, AT_ONCE = 8481, 1000, 200, 10, 32
LONGEST_QUERY, MOST_FIELDS = 2000, 20
LARGEST_CURSOR = 2**53 - 1
PARAMETERS = ("after", "limit", "post", "since", "until", "columns", "format")
HEADERS = (("Cache-Control", "no-store"), ("X-Content-Type-Options", "nosniff"))
KINDS = {"jpeg": "image/jpeg", "png": "image/png"}
StartResponse = Callable[[str, list[tuple[str, str]]], object]


class _Said(Exception):
    """An answer that ends the request before its time."""

    def __init__(self, status: str, words: str, *headers: tuple[str, str]) -> None:
        super().__init__(words)
        self.answer = Answer(status, "application/json", json.dumps({"error": words}).encode(), headers)


@dataclass(frozen=True)
class Answer:
    """An answer."""

    status: str
    kind: str
    content: bytes
    headers: tuple[tuple[str, str], ...] = ()


class PullSite:
    """What is answered to a request (WSGI, PEP 3333). `url` names the opened database."""

    def __init__(self, url: str, clock: Clock, waits: Waits | None = None) -> None:
        self._url, self._clock, self._waits = url, clock, waits or Waits()

    def __call__(self, environ: dict[str, Any], start_response: StartResponse) -> Iterable[bytes]:
        """One request."""
        try:
            answer = self._answer(environ)
        except _Said as said:
            answer = said.answer
        except (StoreFailed, StoreUnusable) as why:
            log.warning("export: %s", why)
            answer = _Said("503 Service Unavailable", "The database does not answer; try again later.", ("Retry-After", "30")).answer
        start_response(
            answer.status, [("Content-Type", answer.kind), ("Content-Length", str(len(answer.content))), *HEADERS, *answer.headers]
        )
        return [answer.content]

    def _answer(self, environ: dict[str, Any]) -> Answer:
        if environ["REQUEST_METHOD"] != "GET":
            raise _Said("405 Method Not Allowed", "Only GET.", ("Allow", "GET"))
        path, address = str(environ.get("PATH_INFO", "")), str(environ.get("REMOTE_ADDR", ""))
        with closing(Opened(self._url, make=False)) as opened:
            clients = Clients(opened.database)
            client = self._client(clients, address, str(environ.get("HTTP_AUTHORIZATION", "")))
            if path == "/v1/crossings":
                return self._crossings(opened, clients, client, address, str(environ.get("QUERY_STRING", "")))
            if path.startswith("/v1/pictures/"):
                return self._picture(opened, clients, client, address, path.removeprefix("/v1/pictures/"))
        raise _Said("404 Not Found", "There is /v1/crossings and /v1/pictures/ID.")

    def _client(self, clients: Clients, address: str, authorization: str) -> Client:
        scheme, _, token = authorization.partition(" ")
        if left := self._waits.left_s(address, token):
            raise _Said("429 Too Many Requests", "Wrong tokens came from here: wait.", ("Retry-After", str(int(left) + 1)))
        client = clients.of_token(token.strip(), self._clock.now()) if scheme.lower() == "bearer" else None
        if client is None:
            self._waits.wrong(address, token)
            log.warning("export: a wrong token from %s", address)
            raise _Said("401 Unauthorized", "Authorization: Bearer TOKEN, with a token that is valid.", ("WWW-Authenticate", "Bearer"))
        self._waits.right(address, token)
        return client

    def _crossings(self, opened: Opened, clients: Clients, client: Client, address: str, query: str) -> Answer:
        fields = _fields(query)
        wanted, limit = _wanted(fields, client), _number(fields, "limit", USUAL, 1, MOST)
        columns = _columns(fields, client)
        upto = newest(opened)
        rows = page(opened, wanted, upto, limit)
        # what was left out by post or time is through as well, unless there is more to come
        onward = rows[-1]["change"] if len(rows) == limit else max(upto, wanted.after)
        objects = _objects(opened, client, rows, columns)
        clients.note(Pull(client.name, address, "crossings", wanted.after, onward, len(rows)), self._clock.now())
        if fields.get("format") == "jsonl":
            lines = "".join(json.dumps(one, ensure_ascii=False) + "\n" for one in objects)
            return Answer("200 OK", "application/jsonl; charset=utf-8", lines.encode(), (("Next-Cursor", str(onward)),))
        said = {"crossings": objects, "next": onward, "more": len(rows) == limit}
        return Answer("200 OK", "application/json", json.dumps(said, ensure_ascii=False).encode(), (("Next-Cursor", str(onward)),))

    def _picture(self, opened: Opened, clients: Clients, client: Client, address: str, picture_id: str) -> Answer:
        if not client.scope.pictures:
            raise _Said("403 Forbidden", "This client may not have pictures.")
        sql = (
            "SELECT picture.encoding, picture.image, crossing.post FROM picture JOIN crossing ON crossing.record_id = picture.record_id"
            " AND crossing.member = picture.member WHERE picture.id = ?"
        )
        found = opened.database.execute(sql, (picture_id,))
        # a picture of another post and one that is not there look alike; two posts where a record was stored apart, since its id was taken
        if not found or (client.scope.posts and any(post not in client.scope.posts for _, _, post in found)):
            raise _Said("404 Not Found", "There is no such picture for this client.")
        clients.note(Pull(client.name, address, f"picture {picture_id}", 0, 0, 1), self._clock.now())
        encoding, image, _ = found[0]
        return Answer("200 OK", KINDS.get(encoding, "application/octet-stream"), bytes(image))


class PullServer(ThreadingMixIn, WSGIServer):
    """Listens; with a context over TLS. So many requests at once, and not one more."""

    daemon_threads = True

    def __init__(self, site: PullSite, host: str, port: int, tls: ssl.SSLContext | None = None) -> None:
        """Port 0 takes a free one. Raises OSError where the port is taken."""
        self._tls, self._room = tls, threading.BoundedSemaphore(AT_ONCE)
        super().__init__((host, port), Quiet)
        self.set_app(site)

    def get_request(self) -> tuple[socket, Any]:
        """The next connection. Its handshake is made by the thread that serves it: a slow one keeps nobody else waiting."""
        connection, address = super().get_request()
        connection.settimeout(SLOWEST_S)
        if self._tls is not None:
            connection = self._tls.wrap_socket(connection, server_side=True, do_handshake_on_connect=False)
        return connection, address

    def process_request(self, request: Any, client_address: Any) -> None:
        """In a thread of its own, where there is room."""
        if self._room.acquire(blocking=False):
            super().process_request(request, client_address)
        else:
            self.shutdown_request(request)

    def process_request_thread(self, request: Any, client_address: Any) -> None:
        """What that thread does."""
        try:
            super().process_request_thread(request, client_address)
        finally:
            self._room.release()

    def handle_error(self, request: Any, client_address: Any) -> None:
        """A connection broke off, or its handshake failed."""
        log.debug("export: a connection ended early", exc_info=True)


def server_tls(certificate: str, key: str, client_authority: str) -> ssl.SSLContext:
    """TLS 1.2 or newer, and only for clients with a certificate of this authority. Raises OSError, ssl.SSLError."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.minimum_version = ssl.TLSVersion.TLSv1_2
    context.load_cert_chain(certificate, key)
    context.load_verify_locations(client_authority)
    context.verify_mode = ssl.CERT_REQUIRED
    return context


def _fields(query: str) -> dict[str, str]:
    try:
        found = parse_qs(query[: LONGEST_QUERY + 1], keep_blank_values=True, strict_parsing=bool(query), max_num_fields=MOST_FIELDS)
    except ValueError:
        raise _Said("400 Bad Request", "The address is not NAME=VALUE&NAME=VALUE.") from None
    unknown = sorted(set(found) - set(PARAMETERS))
    if unknown or len(query) > LONGEST_QUERY or any(len(values) > 1 for values in found.values()):
        raise _Said("400 Bad Request", f"Each once, and nothing else: {', '.join(PARAMETERS)}.")
    return {name: values[0] for name, values in found.items()}


def _wanted(fields: dict[str, str], client: Client) -> Wanted:
    posts = client.scope.posts
    if post := fields.get("post"):
        if posts and post not in posts:
            raise _Said("403 Forbidden", "This client may not see that post.")
        posts = (post,)
    if fields.get("format", "json") not in ("json", "jsonl"):
        raise _Said("400 Bad Request", "format: json or jsonl.")
    return Wanted(_number(fields, "after", 0, 0, LARGEST_CURSOR), _moment(fields, "since"), _moment(fields, "until"), posts)


def _columns(fields: dict[str, str], client: Client) -> tuple[Column, ...]:
    allowed = chosen(client.scope.columns)
    if not (named := fields.get("columns")):
        return allowed
    try:
        return tuple(column for column in chosen(filter(None, named.split(","))) if column in allowed)
    except ColumnUnknown:
        raise _Said("400 Bad Request", "columns: names of columns and groups, with commas between.") from None


def _number(fields: dict[str, str], name: str, usual: int, least: int, most: int) -> int:
    text = fields.get(name, str(usual))
    if not text.isascii() or not text.isdigit() or len(text) > 16 or not least <= int(text) <= most:
        raise _Said("400 Bad Request", f"{name}: a whole number from {least} to {most}.")
    return int(text)


def _moment(fields: dict[str, str], name: str) -> str:
    if not (text := fields.get(name)):
        return ""
    try:
        return utc_text(parse_utc(text))
    except (ValueError, OverflowError):
        raise _Said("400 Bad Request", f"{name}: a moment as 2026-12-01T08:00:00Z.") from None


def _objects(opened: Opened, client: Client, rows: list[Values], columns: tuple[Column, ...]) -> list[dict[str, Any]]:
    objects = [as_object(columns, [row[column.name] for column in columns]) for row in rows]
    if client.scope.pictures:
        held = opened.listed_pictures(sorted({row["record_id"] for row in rows}))
        for row, one in zip(rows, objects, strict=True):
            one["pictures"] = held.get((row["record_id"], row["member"]), [])
    return objects
