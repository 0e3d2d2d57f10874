"""One way to ask, two databases: what headquarters relies on holds in SQLite and in PostgreSQL."""

import importlib.util
import threading
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path

import pytest

from kiosk.headquarters import postgres
from kiosk.headquarters.database import Database, StoreFailed, StoreUnusable, carry_forward, open_database, sqlite_url
from kiosk.headquarters.judging import FindingKind, Found
from kiosk.headquarters.store import Store
from tests.kiosk.practice import until
from tests.postgres import ROLE, Cluster

SCHEMA = """
CREATE TABLE IF NOT EXISTS thing (number {serial}, name TEXT NOT NULL UNIQUE, size BIGINT NOT NULL, content {bytes} NOT NULL);
CREATE INDEX IF NOT EXISTS thing_by_size ON thing (size);
"""
INSERT = "INSERT INTO thing (name, size, content) VALUES (?, ?, ?)"


@pytest.fixture
def database(database_url: str) -> Iterator[Database]:
    made = open_database(database_url)
    made.lay_out(SCHEMA)
    yield made
    made.close()


def names(database: Database) -> list[str]:
    return [name for (name,) in database.execute("SELECT name FROM thing ORDER BY number")]


def test_what_was_put_in_comes_out_as_it_was_and_in_its_order(database: Database) -> None:
    rows = [("b", 2**62, b"\x00\xff"), ("a", 0, b""), ("?", 1, b"'")]
    database.execute_many(INSERT, rows)
    assert database.execute("SELECT name, size, content FROM thing WHERE name <> '?' OR name = ? ORDER BY number", ("?",)) == rows
    assert list(database.each("SELECT name FROM thing WHERE size >= ? ORDER BY number", (0,))) == [("b",), ("a",), ("?",)]
    database.lay_out(SCHEMA)
    assert names(database) == ["b", "a", "?"]


def test_what_fails_within_a_transaction_leaves_nothing_of_it(database: Database) -> None:
    with pytest.raises(StoreFailed, match="took nothing"), database.transaction():
        database.execute(INSERT, ("a", 1, b""))
        database.execute_many(INSERT, [("b", 1, b"secret"), ("b", 1, b"secret")])
    with pytest.raises(ZeroDivisionError), database.transaction():
        database.execute(INSERT, ("a", 1, b""))
        raise ZeroDivisionError
    with pytest.raises(RuntimeError, match="within"), database.transaction(), database.transaction():
        pass
    assert names(database) == []
    with database.transaction():
        database.execute(INSERT, ("a", 1, b""))
    assert names(database) == ["a"]


def test_who_goes_on_in_postgresql_after_a_statement_failed_is_not_told_that_it_is_stored(cluster: Cluster) -> None:
    with closing(open_database(cluster.database())) as database:
        database.execute("CREATE TABLE one (name TEXT PRIMARY KEY)")
        with pytest.raises(StoreFailed, match="ROLLBACK"), database.transaction():
            database.execute("INSERT INTO one VALUES ('a')")
            with suppress(StoreFailed):
                database.execute("SELECT nothing FROM nowhere")
        assert database.execute("SELECT * FROM one") == []


def test_many_rows_are_asked_for_at_once(database: Database) -> None:
    database.execute_many(INSERT, [(f"n'{number}", number, b"") for number in range(3000)])
    sql = "WITH wanted (name, size) AS ({rows}) SELECT thing.size FROM thing JOIN wanted USING (name, size) ORDER BY thing.size"
    assert database.execute_with(sql, [(f"n'{number}", number) for number in range(0, 6000, 2)]) == [(n,) for n in range(0, 3000, 2)]
    assert database.execute_with(sql, []) == []
    assert len(list(database.each("SELECT name FROM thing"))) == 3000


def test_what_is_read_one_after_another_may_be_left_and_asked_beside(database: Database) -> None:
    database.execute_many(INSERT, [(f"{number}", number, b"") for number in range(500)])
    rows = database.each("SELECT name FROM thing ORDER BY size")
    assert next(rows) == ("0",)
    assert database.execute("SELECT count(*) FROM thing") == [(500,)]
    rows.close()
    with database.transaction():
        database.execute(INSERT, ("after", 1, b""))
    assert len(names(database)) == 501


def test_a_form_is_carried_forward_once_and_a_newer_one_is_refused(database: Database, database_url: str) -> None:
    assert database.form("thing") == 0
    carry_forward(database, "thing", SCHEMA, ())
    assert database.form("thing") == 1
    step = ("ALTER TABLE thing ADD COLUMN colour TEXT NOT NULL DEFAULT 'red'",)
    database.execute(INSERT, ("a", 1, b""))
    for _ in range(2):
        carry_forward(database, "thing", SCHEMA, (step,))
    assert database.execute("SELECT name, colour FROM thing") == [("a", "red")]
    with pytest.raises(StoreUnusable, match="form 2, this version knows 1"):
        carry_forward(database, "thing", SCHEMA, ())


def test_several_programs_lay_out_the_same_database_at_once(database_url: str) -> None:
    def lay_out() -> None:
        database = open_database(database_url)
        carry_forward(database, "thing", SCHEMA, ())
        database.execute(INSERT, (threading.current_thread().name, 1, b""))
        database.close()

    threads = [threading.Thread(target=lay_out, name=f"program{number}") for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    database = open_database(database_url)
    assert len(names(database)) == 4
    database.close()


def test_a_store_that_is_none_says_what_to_do(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(StoreUnusable, match="there is none"):
        open_database(sqlite_url(tmp_path / "none.db"), make=False)
    with pytest.raises(StoreUnusable, match="is a folder"):
        open_database(f"sqlite:///{tmp_path}")
    with pytest.raises(StoreUnusable, match="no such kind"):
        open_database("mysql://root:secret@elsewhere/mpaka")
    (tmp_path / "damaged.db").write_bytes(b"nothing that SQLite knows" * 100)
    with pytest.raises(StoreUnusable, match="cannot be opened"):
        open_database(str(tmp_path / "damaged.db"))
    monkeypatch.setattr(importlib.util, "find_spec", lambda name: None)
    with pytest.raises(StoreUnusable, match=r"mpaka\[postgresql\]"):
        open_database("postgresql:///mpaka")


@pytest.mark.parametrize(
    ("url", "says"),
    [
        ("postgresql://who:secret@127.0.0.1:1/mpaka", "does not answer there"),
        ("postgresql:///mpaka?host=/nowhere&password=secret", "does not answer there"),
        ("postgresql://who:secret@127.0.0.1:port/mpaka", "the URL is"),
        ("postgresql://who:secret@[::1/mpaka", "the URL is"),
    ],
)
def test_a_postgresql_that_is_not_there_is_named_without_its_password(url: str, says: str) -> None:
    with pytest.raises(StoreUnusable, match=says) as told:
        open_database(url)
    assert "secret" not in str(told.value)
    assert "mpaka" in str(told.value)


def test_a_database_that_does_not_exist_is_named(cluster: Cluster) -> None:
    with pytest.raises(StoreUnusable, match="createdb"):
        open_database(cluster.url("nowhere"))


def test_a_postgresql_that_went_away_is_found_again(cluster: Cluster) -> None:
    database = open_database(cluster.database())
    database.lay_out(SCHEMA)
    with pytest.raises(StoreFailed, match="took nothing"), database.transaction():
        database.execute(INSERT, ("lost", 1, b""))
        cluster.stop()
        database.execute(INSERT, ("lost too", 1, b""))
    with pytest.raises(StoreFailed, match="does not answer"):
        database.execute("SELECT 1")
    cluster.start()
    with database.transaction():
        database.execute(INSERT, ("kept", 1, b""))
    assert names(database) == ["kept"]
    database.close()


def test_who_may_only_read_reads_and_changes_nothing(cluster: Cluster) -> None:
    url = cluster.database()
    owner = Store(url)
    for statement in (
        "DROP ROLE IF EXISTS reader",
        "CREATE ROLE reader LOGIN",
        "GRANT pg_read_all_data TO reader",
    ):
        owner.database.execute(statement)
    reader = Store(url.replace(f"{ROLE}@", "reader@"), make=False)
    assert (list(reader.ids()), reader.lanes(), reader.counts()) == ([], (), (0, 0, 0))
    with pytest.raises(StoreFailed, match="no right to it"), reader.transaction():
        reader.note([Found(FindingKind.UNSIGNED, "ut-nowhere-lane1")], "2026-12-01T08:00:00Z")
    assert owner.findings() == ()
    reader.close()
    owner.close()


def test_rows_that_another_transaction_holds_are_waited_for(cluster: Cluster) -> None:
    first, second = open_database(cluster.database()), None
    first.lay_out(SCHEMA)
    first.execute(INSERT, ("a", 1, b""))
    second = open_database(first._url)  # type: ignore[attr-defined]
    order: list[str] = []

    def later() -> None:
        with second.transaction():
            second.execute("SELECT size FROM thing WHERE name = 'a'" + second.for_update)
            order.append("second")

    with first.transaction():
        first.execute("SELECT size FROM thing WHERE name = 'a'" + first.for_update)
        waiting = threading.Thread(target=later)
        waiting.start()
        watch = open_database(first._url)  # type: ignore[attr-defined]
        until(lambda: watch.execute("SELECT count(*) FROM pg_locks WHERE NOT granted"), lambda found: found == [(1,)])
        watch.close()
        order.append("first")
    waiting.join()
    assert order == ["first", "second"]
    first.close()
    second.close()


@pytest.mark.parametrize(
    ("url", "secured"),
    [
        ("postgresql://mpaka@db.example/mpaka", True),
        ("postgresql:///mpaka?host=db.example", True),
        ("postgresql://mpaka@db.example/mpaka?sslmode=require", False),
        ("postgresql:///mpaka?host=/run/postgresql", False),
        ("postgresql://127.0.0.1:5433/mpaka", False),
        ("postgresql:///mpaka", False),
    ],
)
def test_a_server_on_another_machine_is_verified_unless_somebody_says_otherwise(
    url: str, secured: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in ("PGHOST", "PGSSLMODE"):
        monkeypatch.delenv(name, raising=False)
    assert (postgres._secured(url) != url) is secured
    monkeypatch.setenv("PGHOST", "db.example")
    assert postgres._secured("postgresql:///mpaka").endswith("?sslmode=verify-full")
