"""Who may pull: a token for each client, shown once and kept as a hash; what it may see; until when; and the journal of what it took.

A token is `NAME.SECRET`, the secret 32 bytes of chance: SHA-256 keeps it as well as a slow hash would, since nobody guesses 256 bits. Wrong tokens
make whoever sends them wait, longer each time.
"""

import hashlib
import hmac
import json
import re
import secrets
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta

from kiosk.clock import Stamp, parse_utc, utc_text
from kiosk.crossings.columns import chosen
from kiosk.headquarters.sql import Database, Row, carry_forward

PART = "clients"
SCHEMA = """
CREATE TABLE IF NOT EXISTS client (
    name TEXT PRIMARY KEY, hash TEXT NOT NULL, posts TEXT NOT NULL, columns TEXT NOT NULL, pictures BIGINT NOT NULL, made TEXT NOT NULL,
    expires TEXT NOT NULL, revoked TEXT NOT NULL
);
CREATE TABLE IF NOT EXISTS pull (
    number {serial}, time TEXT NOT NULL, client TEXT NOT NULL, address TEXT NOT NULL, what TEXT NOT NULL, after BIGINT NOT NULL,
    upto BIGINT NOT NULL, count BIGINT NOT NULL
)
"""
READ, WRITTEN = ("crossing", "picture", "permit", "rising", "form", "client"), "pull"
NAME = re.compile(r"[a-z][a-z0-9-]{0,39}", re.ASCII)
_TOKEN = re.compile(r"([a-z][a-z0-9-]{0,39})\.([A-Za-z0-9_-]{43})", re.ASCII)
_FIELDS = "name, posts, columns, pictures, made, expires, revoked"
FIRST_WAIT_S, LONGEST_WAIT_S, MOST_REMEMBERED = 1.0, 300.0, 10_000
# Stands where there is no such client, so that a wrong name takes as long as a wrong secret
NOBODY = hashlib.sha256(b"nobody").hexdigest()


class ClientWrong(ValueError):
    """A client cannot be made or changed so; the text says why."""


@dataclass(frozen=True)
class Scope:
    """What a client may see: posts (none named: all), columns and groups of columns (those that name nobody always), and whether pictures."""

    posts: tuple[str, ...] = ()
    columns: tuple[str, ...] = ()
    pictures: bool = False


@dataclass(frozen=True)
class Client:
    """A client as it is kept."""

    name: str
    scope: Scope
    made: str
    expires: str
    revoked: str

    def is_let_in(self, now: Stamp) -> bool:
        """Whether it is still a client."""
        return not self.revoked and now.utc < parse_utc(self.expires)


@dataclass(frozen=True)
class Pull:
    """What a client took: crossings after a cursor up to another, or one picture, named in `what`."""

    client: str
    address: str
    what: str
    after: int
    upto: int
    count: int


class Clients:
    """The clients in the opened database."""

    def __init__(self, database: Database, make: bool = False) -> None:
        """With `make` their tables are laid out where they are new. Raises StoreUnusable, StoreFailed."""
        self._database = database
        carry_forward(database, PART, SCHEMA, (), make)

    def add(self, name: str, scope: Scope, days: int, now: Stamp) -> str:
        """A new client. Returns its token, which nobody can tell again. Raises ClientWrong, ColumnUnknown, StoreFailed."""
        if NAME.fullmatch(name) is None:
            raise ClientWrong(f'"{name}": a client is named in small letters, digits and hyphens, at most 40')
        chosen(scope.columns)
        secret = secrets.token_urlsafe(32)
        with self._database.transaction():
            if self._database.execute("SELECT 1 FROM client WHERE name = ?", (name,)):
                raise ClientWrong(f'"{name}": there is one; a new token is for a new name, such as {name}-2')
            said = (json.dumps(scope.posts), json.dumps(scope.columns), int(scope.pictures))
            row = (name, _hash(secret), *said, now.text, utc_text(now.utc + timedelta(days=days)), "")
            self._database.execute("INSERT INTO client VALUES (?, ?, ?, ?, ?, ?, ?, ?)", row)
        return f"{name}.{secret}"

    def revoke(self, name: str, now: Stamp) -> None:
        """From now on it is none. Raises ClientWrong, StoreFailed."""
        if not self._database.execute("UPDATE client SET revoked = ? WHERE name = ? AND revoked = '' RETURNING name", (now.text, name)):
            raise ClientWrong(f'"{name}": there is no such client, or it is revoked already')

    def all(self) -> list[Client]:
        """Every client there ever was. Raises StoreFailed."""
        return [_client(row) for row in self._database.execute(f"SELECT {_FIELDS} FROM client ORDER BY name")]

    def of_token(self, token: str, now: Stamp) -> Client | None:
        """Whose token this is; None where it is nobody's, is over, or was revoked. Raises StoreFailed."""
        named = _TOKEN.fullmatch(token)
        name, secret = named.groups() if named else ("", "")
        found = self._database.execute(f"SELECT hash, {_FIELDS} FROM client WHERE name = ?", (name,))
        kept, row = (found[0][0], found[0][1:]) if found else (NOBODY, ())
        if not hmac.compare_digest(kept, _hash(secret)) or not row:
            return None
        client = _client(row)
        return client if client.is_let_in(now) else None

    def note(self, pull: Pull, now: Stamp) -> None:
        """Write down what is about to be given. Raises StoreFailed: then nothing may be given."""
        sql = "INSERT INTO pull (time, client, address, what, after, upto, count) VALUES (?, ?, ?, ?, ?, ?, ?)"
        self._database.execute(sql, (now.text, pull.client, pull.address, pull.what, pull.after, pull.upto, pull.count))


class Waits:
    """Who sent wrong tokens has to wait, twice as long each time. Safe from any thread; forgotten with the program."""

    def __init__(self, monotonic: Callable[[], float] = time.monotonic) -> None:
        self._monotonic, self._lock = monotonic, threading.Lock()
        self._until: dict[tuple[str, str], tuple[float, float]] = {}

    def left_s(self, address: str, token: str) -> float:
        """For how long whoever sends this from there still has to wait."""
        with self._lock:
            until, _ = self._until.get(_who(address, token), (0.0, 0.0))
        return max(0.0, until - self._monotonic())

    def wrong(self, address: str, token: str) -> None:
        """That was a wrong one."""
        who = _who(address, token)
        with self._lock:
            _, last = self._until.pop(who, (0.0, 0.0))
            wait = min(LONGEST_WAIT_S, last * 2 or FIRST_WAIT_S)
            self._until[who] = (self._monotonic() + wait, wait)
            while len(self._until) > MOST_REMEMBERED:
                # the one that was wrong the longest time ago
                del self._until[next(iter(self._until))]

    def right(self, address: str, token: str) -> None:
        """That was a right one."""
        with self._lock:
            self._until.pop(_who(address, token), None)


def grants(role: str) -> str:
    """What gives a role of PostgreSQL the right to serve the export, and nothing else; for `psql`, as the opener's role."""
    quoted = '"' + role.replace('"', '""') + '"'
    reads = "".join(f"GRANT SELECT ON {table} TO {quoted};\n" for table in READ)
    return f"GRANT USAGE ON SCHEMA public TO {quoted};\n{reads}GRANT INSERT ON {WRITTEN} TO {quoted};\n"


def _who(address: str, token: str) -> tuple[str, str]:
    """Behind a proxy all come from one address: a wrong token makes only those wait who send that name."""
    return address, token.partition(".")[0][:40]


def _hash(secret: str) -> str:
    return hashlib.sha256(secret.encode()).hexdigest()


def _client(row: Row) -> Client:
    name, posts, columns, pictures, made, expires, revoked = row
    return Client(name, Scope(tuple(json.loads(posts)), tuple(json.loads(columns)), bool(pictures)), made, expires, revoked)
