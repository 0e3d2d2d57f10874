"""From headquarters' store to the board: what is kept of the stations, and what was found in their records.

`Lookout` reads beside a running receiver, in a thread of its own with its own connection, and only while somebody looks.
"""

import logging
import threading
import time
from collections.abc import Callable, Iterable, Iterator
from dataclasses import replace
from datetime import datetime, timedelta

from kiosk.board.state import Board, CommandSeen, MemberSeen, Remark, RolloutSeen, Row, board_of
from kiosk.board.troubles import Level
from kiosk.clock import Clock, parse_utc, utc_text
from kiosk.headquarters.commands import Ordered, commands_of
from kiosk.headquarters.database import StoreFailed, StoreUnusable
from kiosk.headquarters.judging import FindingKind
from kiosk.headquarters.rollout import Found, Stand, progress
from kiosk.headquarters.rollouts import Looked, rollouts_of
from kiosk.headquarters.store import Finding, Gap, Store

log = logging.getLogger(__name__)

FRESH_S, STALE_S, PATIENCE_S = 2.0, 15.0, 20.0
# Ten thousand stations take 0.7 s to fold: a large fleet is looked at less often, so that looking takes a fifth of a core at most
REST_TIMES = 4
# Rows on their way look like a gap for a moment; what was found is news for a day
# A station's page shows what was ordered of it lately
COMMANDS_SHOWN, COMMANDS_SINCE = 8, timedelta(days=30)
GAP_STANDS, NEWS = timedelta(seconds=60), timedelta(days=1)
WORDS = {
    FindingKind.FORK: "the chain of records went two ways: close its gaps, then give the station an empty journal",
    FindingKind.ROLLBACK: "its disk was put back to an older state: close its gaps, then give the station an empty journal",
    FindingKind.UNSIGNED: "records without the signature of a known key",
    FindingKind.MALFORMED: "messages that are not what the contract says",
    FindingKind.GAP_ACCEPTED: "a gap was accepted by an operator",
    FindingKind.BROKER: "the receiver met a broker that did not prove itself, and went away",
    FindingKind.CERTIFICATE: "the receiver's certificate is another's, or ran out",
    FindingKind.DENIED: "the broker does not let the receiver acknowledge: see its rights",
}


class NotReady(RuntimeError):
    """The store cannot be read at present; the text says why."""


class Spy:
    """Reads the store. Remembers since when a gap is there, which the store does not know."""

    def __init__(self, store: Store) -> None:
        self._store = store
        self._gaps: dict[Gap, datetime] = {}

    def board(self, at: datetime) -> Board:
        """The board as it is now. Raises StoreFailed."""
        gaps = self._store.gaps()
        self._gaps = {gap: self._gaps.get(gap, at) for gap in gaps}
        rows = [Row(lane.station, lane.state, lane.seen, lane.status) for lane in self._store.lanes()]
        findings = self._store.findings()
        newest = self._store.newest_chains(finding.station for finding in findings)
        remarks = [*_of_gaps(self._gaps, at), *_of_findings(findings, {station: found.chain for station, found in newest.items()}, at)]
        ordered = commands_of(self._store.database, COMMANDS_SHOWN, at - COMMANDS_SINCE)
        board = board_of(rows, remarks, at, {station: _seen(commands) for station, commands in ordered.items()})
        return replace(board, rollouts=tuple(_rollout_seen(one, at) for one in rollouts_of(self._store, at - NEWS, at)))


class Lookout:
    """Gives the board to whoever asks, from any thread; not older than a few seconds."""

    def __init__(self, url: str, clock: Clock, moved: Callable[[], None] = lambda: None) -> None:
        """`url` is the store's. `moved` is told each few seconds that the store answers, or is tried again."""
        self._url, self._clock, self._moved = url, clock, moved
        self._closing, self._asked = threading.Event(), threading.Event()
        self._changed = threading.Condition()
        self._board: Board | None = None
        self._why = ""
        self._thread = threading.Thread(target=self._run, name="lookout", daemon=True)

    def start(self) -> None:
        """Begin to answer."""
        self._thread.start()

    def close(self) -> None:
        """End, and wait for it."""
        self._closing.set()
        self._asked.set()
        self._thread.join()

    def board(self) -> Board:
        """The board. Raises NotReady."""
        self._asked.set()
        with self._changed:
            self._changed.wait_for(lambda: self._why or self._is_fresh(), PATIENCE_S)
            if self._board is None or not self._is_fresh():
                raise NotReady(self._why or "the store does not answer")
            return self._board

    def _is_fresh(self) -> bool:
        age = self._clock.now().utc - self._board.at if self._board is not None else None
        return age is not None and age < timedelta(seconds=STALE_S)

    def _run(self) -> None:
        while not self._closing.is_set():
            self._moved()
            try:
                self._watch()
            except (StoreUnusable, StoreFailed) as why:
                log.warning("board: the store cannot be read: %s", why)
                with self._changed:
                    self._why = f"the store cannot be read: {why}"
                    self._changed.notify_all()
                self._closing.wait(FRESH_S)

    def _watch(self) -> None:
        """Until closed, with one connection."""
        store = Store(self._url)
        try:
            spy = Spy(store)
            while not self._closing.is_set():
                self._moved()
                if not self._asked.wait(FRESH_S):
                    continue
                self._asked.clear()
                began = time.monotonic()
                board = spy.board(self._clock.now().utc)
                with self._changed:
                    self._board, self._why = board, ""
                    self._changed.notify_all()
                self._closing.wait(max(FRESH_S, REST_TIMES * (time.monotonic() - began)))
        finally:
            store.close()


def look_once(url: str, at: datetime) -> Board:
    """The board of this store, for a terminal. Raises StoreUnusable, StoreFailed."""
    store = Store(url, make=False)
    try:
        return Spy(store).board(at)
    finally:
        store.close()


def _seen(commands: Iterable[Ordered]) -> tuple[CommandSeen, ...]:
    return tuple(CommandSeen(one.number, one.name, one.state, one.since, one.why, one.operator) for one in commands)


def _rollout_seen(looked: Looked, at: datetime) -> RolloutSeen:
    rollout = looked.rollout
    members = tuple(_member_seen(one) for one in looked.found)
    how_far = progress(rollout, looked.found, at)
    by = rollout.operator, rollout.reason
    return RolloutSeen(rollout.number, rollout.what, rollout.state, how_far, members, *by, rollout.station, rollout.why)


def _member_seen(one: Found) -> MemberSeen:
    member = one.member
    since = None if one.stand is Stand.HELD else member.had or member.since
    return MemberSeen(member.station, member.stage, one.stand, since, one.why)


def _of_gaps(gaps: dict[Gap, datetime], at: datetime) -> Iterator[Remark]:
    for gap, first in gaps.items():
        level = Level.WARN if at - first >= GAP_STANDS else Level.NOTE
        yield Remark(gap.station, f"number {gap.upto + 1} to {gap.next_sequence - 1} did not come", utc_text(first), level)


def _of_findings(findings: Iterable[Finding], newest: dict[str, str], at: datetime) -> Iterator[Remark]:
    """A chain that went wrong matters while it is written; what nobody signed, for a day."""
    for finding in findings:
        if finding.kind in (FindingKind.FORK, FindingKind.ROLLBACK):
            urgent = finding.chain == newest.get(finding.station)
        else:
            urgent = finding.kind is not FindingKind.GAP_ACCEPTED and at - parse_utc(finding.first_seen) < NEWS
        times = f" ({finding.times} times)" if finding.times > 1 else ""
        yield Remark(finding.station, WORDS[finding.kind] + times, finding.first_seen, Level.WARN if urgent else Level.NOTE)
