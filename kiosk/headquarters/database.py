"""Where headquarters keeps what it has, by the URL of a database: PostgreSQL in production, SQLite on a machine alone. All of headquarters asks here.

`sqlite:///FILE` is relative, `sqlite:////FILE` from the root; a path alone means the same. PostgreSQL: `postgresql://[user@]host[:port]/name`, or over
the unix socket `postgresql:///name?host=/run/postgresql`. What the URL leaves out comes from PGHOST, PGUSER, PGPASSFILE and the like.
"""

from importlib import import_module, util
from pathlib import Path

from kiosk.headquarters.sql import Database, StoreFailed, StoreUnusable, carry_forward, without_password
from kiosk.headquarters.sqlite import SqliteDatabase

__all__ = ["Database", "StoreFailed", "StoreUnusable", "carry_forward", "file_of", "open_database", "sqlite_url", "without_password"]

SQLITE, POSTGRESQL = "sqlite:///", "postgresql://"


def open_database(url: str, make: bool = True) -> Database:
    """Open the database; a file of SQLite is made where there is none, unless `make` is False. Raises StoreUnusable."""
    if url.startswith(POSTGRESQL):
        if util.find_spec("asyncpg") is None:
            raise StoreUnusable("a store in PostgreSQL needs the package asyncpg: pip install 'mpaka[postgresql]'")
        database: Database = import_module("kiosk.headquarters.postgres").PostgresDatabase(url)
        return database
    path = file_of(url)
    if path is None:
        scheme = url.partition("://")[0]
        raise StoreUnusable(f"store {scheme}://…: no such kind; use sqlite:///FILE (relative), sqlite:////FILE, or postgresql://…/NAME")
    if path.is_dir():
        raise StoreUnusable(f"store {path}: is a folder; name a file in it")
    if not make and not path.exists():
        raise StoreUnusable(
            f"store {path}: there is none; `mpaka headquarters` makes the sealed store, `mpaka headquarters open --into` the opened one"
        )
    return SqliteDatabase(path)


def sqlite_url(path: Path) -> str:
    """The URL of a file."""
    return f"{SQLITE}{path.absolute()}"


def file_of(url: str) -> Path | None:
    """The file that this URL names; None where it names none."""
    return None if "://" in url.removeprefix(SQLITE) else Path(url.removeprefix(SQLITE)).absolute()
