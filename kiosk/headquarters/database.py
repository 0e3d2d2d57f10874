"""Where headquarters keeps what it has, by the URL of a database: PostgreSQL in production, SQLite on a machine alone. All of headquarters asks here.

`sqlite:///FILE` is relative, `sqlite:////FILE` from the root; a path alone means the same. PostgreSQL: `postgresql://[user@]host[:port]/name`, or over
the unix socket `postgresql:///name?host=/run/postgresql`. What the URL leaves out comes from PGHOST, PGUSER, PGPASSFILE and the like.
"""

from importlib import import_module, util
from pathlib import Path

from kiosk.headquarters.sql import Database, StoreFailed, StoreUnusable, carry_forward
from kiosk.headquarters.sqlite import SqliteDatabase

__all__ = ["Database", "StoreFailed", "StoreUnusable", "carry_forward", "open_database", "sqlite_url"]

SQLITE, POSTGRESQL = "sqlite:///", "postgresql://"


def open_database(url: str, make: bool = True) -> Database:
    """Open the database; a file of SQLite is made where there is none, unless `make` is False. Raises StoreUnusable."""
    if url.startswith(POSTGRESQL):
        if util.find_spec("asyncpg") is None:
            raise StoreUnusable("a store in PostgreSQL needs the package asyncpg: pip install 'mpaka[postgresql]'")
        database: Database = import_module("kiosk.headquarters.postgres").PostgresDatabase(url)
        return database
    path = _file(url)
    if not make and not path.exists():
        raise StoreUnusable(f"store {path}: there is none; has the receiver run (`mpaka headquarters`)?")
    return SqliteDatabase(path)


def sqlite_url(path: Path) -> str:
    """The URL of a file."""
    return f"{SQLITE}{path.absolute()}"


def _file(url: str) -> Path:
    scheme, separator, _ = url.partition("://")
    if separator and not url.startswith(SQLITE):
        raise StoreUnusable(
            f"store {scheme}://…: there is no such kind of store; use sqlite:///FILE (relative), sqlite:////FILE, or postgresql://…"
        )
    path = Path(url.removeprefix(SQLITE)).absolute()
    if path.is_dir():
        raise StoreUnusable(f"store {path}: is a folder; name a file in it")
    return path
