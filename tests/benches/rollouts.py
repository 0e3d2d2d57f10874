"""What a rollout to many stations costs a receiver: python -m tests.benches.rollouts [--lanes 10000] [--database URL]

Signing and holding all commands, one look while the last stage goes on, and releasing it. Without `--database`: SQLite in a file.
"""

import argparse
import tempfile
import time
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

from kiosk.clock import utc_text
from kiosk.headquarters.commands import Wish
from kiosk.headquarters.database import sqlite_url
from kiosk.headquarters.rollout import in_stages
from kiosk.headquarters.rollouts import Plan, RolloutBook
from kiosk.headquarters.store import Says, Store
from kiosk.messages.payloads import CommandName, encode
from tests.benches.figures import machine
from tests.kiosk.board.boards import SESSION, status


def timed(what: str, do: Callable[[], object]) -> None:
    """Say how long it takes."""
    began = time.perf_counter()
    do()
    print(f"{what}: {time.perf_counter() - began:.2f} s")


def bench(url: str, lanes: int) -> None:
    """One rollout to so many lanes."""
    now, store = datetime.now(UTC), Store(url)
    book = RolloutBook(store)
    names = [f"ut-post{number % 100}-lane{number // 100 + 1}" for number in range(lanes)]
    said = encode(status(ts=utc_text(now)))
    with store.transaction():
        store.hear([Says(name, SESSION, status().state, said) for name in names], utc_text(now))
    stages = in_stages(names, (), (), frozenset(names))
    wish = Wish(CommandName.RELOAD_SETTINGS, now + timedelta(days=1), "O-1")
    timed("signed and held", lambda: book.begin(Plan("settings", wish, stages, timedelta(0)), Ed25519PrivateKey.generate(), now))
    timed("released", lambda: book.turn(book.one(1), now))
    timed("one look", lambda: book.turn(book.one(1), now))
    store.close()


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("--lanes", type=int, default=10_000)
    parser.add_argument("--database")
    chosen = parser.parse_args()
    print(machine(), f"{chosen.lanes} lanes", sep="\n")
    with tempfile.TemporaryDirectory() as folder:
        bench(chosen.database or sqlite_url(Path(folder) / "hq.db"), chosen.lanes)
