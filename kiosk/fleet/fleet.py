"""A fleet: lanes that come by chance, speak each ten seconds, and record at a rate that they share; until headquarters has it all.

A record is told, and its id written to the ledger, after its commit. It is sealed, signed and chained as a lane's own journal would do it.
"""

import asyncio
import logging
import random
import time
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from kiosk.clock import Clock
from kiosk.fleet.lane import Lane, Surroundings, facts_at
from kiosk.fleet.ledger import Ledger
from kiosk.fleet.outbox import FleetOutbox, KnownRow, NewRow
from kiosk.fleet.rows import Rows
from kiosk.fleet.synthetic import synthetic
from kiosk.fleet.tally import Tally
from kiosk.fleet.watched import Watched
from kiosk.journal.events import record_event
from kiosk.journal.ids import uuid7
from kiosk.journal.rows import Kind
from kiosk.link.connection import BrokerAddress
from kiosk.link.words import Patience
from kiosk.messages.topics import parse_station
from kiosk.private import Private
from kiosk.sealing.envelope import seal
from kiosk.sealing.signing import chain_hash
from kiosk.sealing.station import StationKeys
from kiosk.settings import SettingsWrong

log = logging.getLogger("mpaka.load")

TICK_S, SWEEP_S, SAY_S, COME_S, FAREWELL_S = 0.02, 0.5, 5.0, 60.0, 5.0
# Made and committed at one go: bounds how long the loop is busy with nothing else
AT_ONCE = 32
# How many lanes come a second at first
COMING = 500


@dataclass(frozen=True)
class FleetPlan:
    """What a fleet is to do: `records` in all (None: as many as come in `seconds`), `rate` a second of the whole fleet; 0: statuses alone."""

    keys: Sequence[StationKeys]
    broker: BrokerAddress
    records: int | None
    seconds: float | None
    rate: float
    ledger: Path
    state: Path
    version: str
    patience: Patience = Patience()


@dataclass(frozen=True)
class Outcome:
    """How a run ended. `told`: ids in the ledger, of this run and those before; `measured`: rates and processor time, empty if cut short."""

    tally: Tally
    told: int
    measured: str


class Fleet:
    """One run. Made and run in one loop."""

    def __init__(self, plan: FleetPlan, clock: Clock, watched: Watched) -> None:
        """Opens ledger and outbox. Raises SettingsWrong, JournalUnusable."""
        self._plan, self._clock, self._watched = plan, clock, watched
        self._ledger = Ledger(plan.ledger)
        self._outbox = FleetOutbox(plan.state, plan.keys[0].id)
        self._tally = Tally()
        self._changed: set[int] = set()
        self._apart: dict[str, str] = {}
        self._lanes = self._made_lanes()
        self._writer = ThreadPoolExecutor(1)
        self._stop = asyncio.Event()
        self._failed: BaseException | None = None
        self._statuses_before = self._told_before = 0
        self._began, self._measured = 0.0, ""

    def stop(self) -> None:
        """End in order; started again it goes on. To be called in the loop's thread."""
        self._stop.set()

    async def run(self) -> Outcome:
        """Until all is recorded and acknowledged, or `stop`. Raises JournalUnusable."""
        asyncio.get_running_loop().set_exception_handler(self._broke)
        work = [asyncio.create_task(each) for each in (self._play(), self._sweep(), self._say())]
        for task in work:
            task.add_done_callback(self._ended)
        await self._stop.wait()
        for task in work:
            task.cancel()
        await asyncio.gather(*work, return_exceptions=True)
        await self._close()
        if self._failed is not None:
            raise self._failed
        return Outcome(self._tally, self._ledger.count, self._measured)

    def _made_lanes(self) -> list[Lane]:
        chains, known = self._outbox.chains(), self._outbox.rows()
        if known and known[-1].lane >= len(self._plan.keys):
            self._close_files()
            raise SettingsWrong(
                f"--lanes {len(self._plan.keys)}: records of more lanes wait in {self._plan.state}; ask for as many as before"
            )
        rows: dict[int, list[KnownRow]] = {}
        for row in known:
            rows.setdefault(row.lane, []).append(row)
        self._tally.waiting, self._tally.rejected = len(known), self._outbox.rejected()
        now, patience = self._clock.now(), self._plan.patience
        around = Surroundings(
            self._plan.broker, self._clock, facts_at(now, self._plan.version), self._outbox, self._tally, patience, self._acknowledged
        )
        return [
            Lane(number, keys, around, Rows(chains.get(number), rows.get(number, []), patience.again_s, patience.chance))
            for number, keys in enumerate(self._plan.keys)
        ]

    async def _play(self) -> None:
        await self._come()
        self._watched.begin()
        self._statuses_before, self._told_before, self._began = self._tally.statuses, self._tally.told, time.monotonic()
        await self._record_all()
        self._measured = self._measures()
        while self._tally.waiting:
            await asyncio.sleep(TICK_S)

    async def _come(self) -> None:
        """All lanes, spread by chance; records begin when all are there, or do not come."""
        loop, lanes = asyncio.get_running_loop(), len(self._lanes)
        spread_s, began = lanes / COMING, loop.time()
        for lane in self._lanes:
            loop.call_later(random.random() * spread_s, lane.come)
        while self._tally.up < lanes and loop.time() < began + spread_s + COME_S:
            await asyncio.sleep(TICK_S)
        took = loop.time() - began
        log.info("%d of %d lanes are connected after %.1f s, %.0f a second", self._tally.up, lanes, took, self._tally.up / took)

    async def _record_all(self) -> None:
        first, began = self._ledger.count, time.monotonic()
        if first and self._plan.records is not None:
            log.info("goes on after %d of %d records", first, self._plan.records)
        while (left := self._left(time.monotonic() - began)) > 0:
            due = int((time.monotonic() - began) * self._plan.rate) - (self._ledger.count - first)
            if due > 0:
                await self._record(min(due, left, AT_ONCE))
            await asyncio.sleep(0 if due > AT_ONCE else TICK_S)

    def _left(self, passed_s: float) -> int:
        """How many records are still to be made; statuses alone count as one that never comes."""
        if self._plan.seconds is not None and passed_s >= self._plan.seconds:
            return 0
        return AT_ONCE if self._plan.records is None else self._plan.records - self._ledger.count

    async def _record(self, count: int) -> None:
        """So many travellers, each at a lane taken by chance, in one commit."""
        rows = [self._made(random.randrange(len(self._lanes))) for _ in range(count)]
        await self._commit(rows)
        self._tally.waiting += len(rows)
        self._tally.told += len(rows)
        for row in rows:
            self._ledger.told(row.record_id)
            self._lanes[row.lane].told(row.sequence, row.record_id, row.hash, row.content)

    def _made(self, number: int) -> NewRow:
        lane = self._lanes[number]
        stamp, place, station = self._clock.now(), lane.rows.place(), lane.keys.station
        record_id = uuid7(stamp.utc)
        payload = Private(synthetic(parse_station(station).post.upper(), place.sequence))
        envelope = seal(payload, station, record_id, lane.keys.readers())
        content = record_event(lane.keys, Kind.REGISTRATION, record_id, stamp, place, envelope)
        digest = chain_hash(content)
        lane.rows.placed(digest)
        return NewRow(number, place.sequence, record_id, digest, content)

    async def _commit(self, rows: Sequence[NewRow]) -> None:
        """These rows, and what was acknowledged since the last commit; in the writer's thread, one after the other in this order."""
        lanes, self._changed = self._changed | {row.lane for row in rows}, set()
        apart, self._apart = self._apart, {}
        chains = {number: self._lanes[number].rows.chain for number in lanes}
        await asyncio.get_running_loop().run_in_executor(self._writer, self._outbox.commit, chains, rows, apart)

    def _acknowledged(self, lane: int, apart: Sequence[tuple[str, str]]) -> None:
        self._changed.add(lane)
        self._apart.update(apart)
        self._tally.rejected += len(apart)

    async def _sweep(self) -> None:
        """What is due again goes again, what was acknowledged is let go on the disk as well, and lines that were lost are told of."""
        away_since = 0.0
        while True:
            await asyncio.sleep(SWEEP_S)
            away_since = self._see_lost(away_since)
            for lane in self._lanes:
                if lane.rows.waiting:
                    lane.turn()
            if self._changed:
                await self._commit(())

    def _see_lost(self, since: float) -> float:
        """Since when (monotonic seconds) lines are away that had stood; 0 while none is."""
        tally = self._tally
        if tally.up == len(self._lanes) and since:
            log.info("all lanes are back, %.1f s after lines were lost", time.monotonic() - since)
            return 0.0
        return since or (time.monotonic() if tally.lost and tally.up < len(self._lanes) else 0.0)

    async def _say(self) -> None:
        while True:
            tally, statuses, took = self._tally, self._tally.statuses, len(self._tally.took)
            await asyncio.sleep(SAY_S)
            log.info(
                "%d of %d lanes up%s; %.0f statuses a second; told %d, %d wait for headquarters; accepted to acknowledged: %s",
                tally.up,
                len(self._lanes),
                f" ({tally.trouble})" if tally.up < len(self._lanes) and tally.trouble else "",
                (tally.statuses - statuses) / SAY_S,
                self._ledger.count,
                tally.waiting,
                tally.spread(took),
            )

    async def _close(self) -> None:
        for lane in self._lanes:
            lane.leave()
        if self._changed and self._failed is None:
            await self._commit(())
        # the goodbyes go out
        until = time.monotonic() + FAREWELL_S
        while self._tally.up and time.monotonic() < until:
            await asyncio.sleep(TICK_S)
        self._writer.shutdown()
        self._close_files()

    def _close_files(self) -> None:
        self._outbox.close()
        self._ledger.close()

    def _broke(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        """Something failed in a call of the loop: the run ends with it."""
        loop.default_exception_handler(context)
        self._failed = self._failed or context.get("exception")
        self._stop.set()

    def _ended(self, task: "asyncio.Task[None]") -> None:
        """The play is over, or one of the tasks beside it failed."""
        if not task.cancelled() and task.exception() is not None:
            self._failed = self._failed or task.exception()
        self._stop.set()

    def _measures(self) -> str:
        passed = max(0.001, time.monotonic() - self._began)
        statuses, told = self._tally.statuses - self._statuses_before, self._tally.told - self._told_before
        return f"{statuses / passed:.0f} statuses and {told / passed:.1f} records a second over {passed:.0f} s; processor: {self._watched.text()}"
