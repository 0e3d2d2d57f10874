"""What headquarters asks of a database, whichever it is. One statement, one meaning: what SQLite and PostgreSQL both understand, `?` for a value.

A database is used by the thread that opened it. Texts of errors name what failed and what to do, and never a value or a password.
"""

from abc import ABC, abstractmethod
from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any
from urllib.parse import parse_qsl, urlencode

Row = tuple[Any, ...]

FORMS = "CREATE TABLE IF NOT EXISTS form (part TEXT PRIMARY KEY, number BIGINT NOT NULL)"


class StoreUnusable(RuntimeError):
    """Headquarters' store cannot be opened; the text says why and what to do."""


class StoreFailed(RuntimeError):
    """The store took nothing of a transaction, or gave nothing; the text says why and what to do. What came is sent again by the stations."""


class Database(ABC):
    """A connection. `place` names the database without its password; `for_update` is put after a SELECT whose rows are then this transaction's."""

    place: str
    for_update: str
    # What the tokens of a schema become: a number that rises from row to row and is the primary key, and bytes
    serial: str
    bytes: str

    def __init__(self) -> None:
        self._within = False

    @abstractmethod
    def execute(self, sql: str, values: Sequence[Any] = ()) -> list[Row]:
        """Run one statement. Raises StoreFailed."""

    @abstractmethod
    def execute_many(self, sql: str, rows: Sequence[Sequence[Any]]) -> None:
        """Run one statement for each row of values; all or nothing. Raises StoreFailed."""

    @abstractmethod
    def execute_with(self, sql: str, rows: Sequence[Sequence[str | int]]) -> list[Row]:
        """Run one statement in which `{rows}` is a SELECT of these rows, as in `WITH wanted (station, chain) AS ({rows}) SELECT ...`.

        A column holds text or whole numbers. Without rows nothing is run. Raises StoreFailed."""

    @abstractmethod
    def each(self, sql: str, values: Sequence[Any] = ()) -> Iterator[Row]:
        """The rows of one SELECT, as they are taken: for what may be larger than the memory. Raises StoreFailed."""

    @abstractmethod
    def writes_alone(self) -> None:
        """Until this transaction ends no other one gets past here. Raises StoreFailed where that takes too long."""

    @abstractmethod
    def has_table(self, name: str) -> bool:
        """Whether there is such a table. Raises StoreFailed."""

    @abstractmethod
    def close(self) -> None:
        """Close the connection."""

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """All or nothing, and on the disk when this returns. Transactions do not stand in one another. Raises StoreFailed: nothing was taken."""
        if self._within:
            raise RuntimeError("a transaction within a transaction")
        self._within = True
        try:
            self._begin()
            yield
            self._commit()
        except BaseException:
            self._rollback()
            raise
        finally:
            self._within = False

    def lay_out(self, schema: str) -> None:
        """Run statements that are parted by semicolons, CREATE ... IF NOT EXISTS, with the tokens `{serial}` and `{bytes}`.

        In the transaction that is open, else in one of its own; several programs may do it at once. Raises StoreFailed."""
        if not self._within:
            with self.transaction():
                self.lay_out(schema)
            return
        self.writes_alone()
        for statement in schema.replace("{serial}", self.serial).replace("{bytes}", self.bytes).split(";"):
            if statement.strip():
                self.execute(statement)

    def form(self, part: str) -> int:
        """Which form the tables of this part have; 0: there are none. Raises StoreFailed."""
        found = self.execute("SELECT number FROM form WHERE part = ?", (part,)) if self.has_table("form") else []
        return int(found[0][0]) if found else 0

    def set_form(self, part: str, number: int) -> None:
        """Write down which form the tables of this part have now. Within the transaction that made it so. Raises StoreFailed."""
        self.lay_out(FORMS)
        sql = "INSERT INTO form VALUES (?, ?) ON CONFLICT (part) DO UPDATE SET number = excluded.number"
        self.execute(sql, (part, number))

    @abstractmethod
    def _begin(self) -> None: ...

    @abstractmethod
    def _commit(self) -> None: ...

    @abstractmethod
    def _rollback(self) -> None:
        """Undo what is open, if anything is; raises nothing."""

    def _failed(self, name: str, advice: str) -> StoreFailed:
        return StoreFailed(f"the store {'took' if self._within else 'gave'} nothing ({name}): {advice}")


def carry_forward(database: Database, part: str, schema: str, steps: Sequence[Iterable[str]], make: bool = True) -> None:
    """Lay this part out, or bring it to its newest form: `steps[0]` is what leads from form 1 to form 2, and so on.

    A database that is in its newest form already is only read; one that is not is left as it is where `make` is False.
    Raises StoreUnusable, StoreFailed."""
    newest = len(steps) + 1
    form = database.form(part)
    if form == newest:
        return
    if not make and form < newest:
        what = f"form {form} is older than this version's, {newest}" if form else "there is none"
        raise StoreUnusable(f"store {database.place}: {what}; `mpaka headquarters` makes the sealed store")
    with database.transaction():
        database.writes_alone()
        form = database.form(part)
        if form > newest:
            raise StoreUnusable(
                f"store {database.place}: form {form}, this version knows {newest}; install the version that wrote it, or a newer one"
            )
        for step in steps[form - 1 :] if form else ():
            for statement in step:
                database.lay_out(statement)
        database.lay_out(schema)
        database.set_form(part, newest)


def without_password(url: str) -> str:
    """This URL as it may be shown."""
    scheme, separator, rest = url.partition("://")
    if scheme == "sqlite" or not separator:
        return url
    place, _, query = rest.partition("?")
    who, at, where = place.rpartition("@")
    named = [(name, value) for name, value in parse_qsl(query) if name in ("host", "port")]
    return f"{scheme}://{who.partition(':')[0]}{at}{where}{'?' if named else ''}{urlencode(named, safe='/')}"
