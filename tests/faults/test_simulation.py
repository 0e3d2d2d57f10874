"""Whatever happens to lanes, lines, broker and headquarters: what was accepted arrives, once, in order, and nothing leaves a lane before.

More: `python -m tests.faults.simulation --seeds 10000`. A seed that fails plays again with `--first SEED --seeds 1 --story`.
"""

import itertools
import logging
import tempfile
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from pathlib import Path

import pytest

from kiosk.headquarters import judging
from kiosk.headquarters.judging import Found, Link, Names, Reach
from kiosk.headquarters.receiver import Receiver
from kiosk.journal import delivery
from kiosk.link import inbound
from kiosk.link.connection import Came
from kiosk.link.drain import Drain
from tests.faults import simulated_post
from tests.faults.power_cuts import in_memory
from tests.faults.simulated_post import SteppedJournal
from tests.faults.simulation import Founding, run, scene

SEEDS, LOOKED_FOR = 200, 150


@pytest.fixture
def memory() -> Iterator[Path]:
    logging.disable()
    with tempfile.TemporaryDirectory(dir=in_memory()) as folder:
        yield Path(folder)
    logging.disable(logging.NOTSET)


def test_no_seed_breaks_a_promise(memory: Path) -> None:
    assert run(range(1, 1 + SEEDS), memory) == {}


def test_the_same_seed_plays_the_same_story(memory: Path) -> None:
    founding, stories = Founding(memory / "founding"), []
    for _ in range(2):
        with scene(11, founding, memory / "world") as world:
            world.play()
            stories.append(world.world.story)
    assert stories[0] == stories[1]
    assert len(stories[0]) > 10


# The judge sees: a rule is damaged, and a seed says so


def broken(memory: Path) -> str:
    """What the first seed that fails says."""
    for first in range(1, LOOKED_FOR, 10):
        if wrong := run(range(first, first + 10), memory / str(first)):
            return next(iter(wrong.values()))
    return "nothing"


def test_rows_that_leave_when_the_broker_confirms_are_found(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def confirmed(drain: Drain, messages: set[int]) -> None:
        flying = drain._rows._flying
        gone = [row for row, message in flying.items() if message in messages]
        journal = drain._journal
        assert isinstance(journal, SteppedJournal)
        if gone and not journal.dead:
            journal.store.connection.execute(f"DELETE FROM main.outbox WHERE sequence IN ({','.join(map(str, gone))})")
        drain._rows.arrived(gone, drain._monotonic())
        drain._pictures.confirmed(messages)

    monkeypatch.setattr(Drain, "confirmed", confirmed)
    assert "was never stored" in broken(memory)


def test_an_acknowledgement_that_nobody_signed_and_is_believed_is_found(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(inbound, "signed_by", lambda kind, found, keys: True)
    assert "was never stored" in broken(memory)


def test_a_headquarters_that_counts_over_gaps_is_found(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def advanced(names: Names, reach: Reach, links: Iterable[Link]) -> tuple[Reach, tuple[Found, ...]]:
        last = max(links, key=lambda link: link.sequence, default=None)
        return (reach, ()) if last is None else (replace(reach, upto=last.sequence, head=last.digest), ())

    monkeypatch.setattr(judging, "advanced", advanced)
    assert broken(memory) != "nothing"


def test_a_lane_that_does_not_look_whether_an_acknowledgement_fits_its_chain_is_found(
    memory: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(delivery, "_fits", lambda store, said: True)
    assert broken(memory) != "nothing"


def test_a_receiver_that_says_so_and_then_does_not_commit_is_found(memory: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    batches = itertools.count()

    class Forgetful(Receiver):
        def take(self, messages: Sequence[Came]) -> list[tuple[str, bytes]]:
            acks = super().take(messages)
            if acks and next(batches) % 3 == 2:
                self._store.database.execute("DELETE FROM record WHERE rowid = (SELECT max(rowid) FROM record)")
            return acks

    monkeypatch.setattr(simulated_post, "Receiver", Forgetful)
    assert broken(memory) != "nothing"
