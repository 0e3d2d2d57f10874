"""`mpaka load`: a lane without a screen, for sizing and judging. Synthetic records go through the journal and the link of a real lane.

A record's id is appended to the ledger at the moment when a lane would tell the traveller "done": after Recorded, so after the commit. What is
killed between the two was told to nobody: that record reaches headquarters as well, and another one is made in its place, as a traveller who was
told nothing would register again. The ledger so holds what headquarters must have, and never an id that it must not have.
"""

import logging
import math
import queue
import signal
import statistics
import threading
import time
from dataclasses import dataclass
from itertools import count
from pathlib import Path

from kiosk.clock import Clock, SystemClock
from kiosk.fleet.ledger import Ledger
from kiosk.fleet.synthetic import synthetic
from kiosk.hours import Hours
from kiosk.journal.rows import Answer, Kind, NotRecorded, PressureChanged, Recorded, Waiting
from kiosk.journal.writer import Journal
from kiosk.link.connection import BrokerAddress
from kiosk.link.link import Link
from kiosk.link.words import Commanded, Facts, LinkDown, LinkPlan, LinkUp, Word
from kiosk.messages.payloads import LaneState, Result
from kiosk.messages.topics import parse_station
from kiosk.private import Private
from kiosk.programs.practice import broker_at, lane_keys
from kiosk.programs.version import package_version
from kiosk.sealing.station import StationKeys
from kiosk.settings import SettingsWrong

log = logging.getLogger("mpaka.load")

LOOK_S, SAY_S, SILENT_S, REST_S = 0.2, 10.0, 30.0, 1.0
MANY, LOOK_AT_MANY_S = 1000, 2.0


@dataclass(frozen=True)
class LoadPlan:
    """One lane's load. `rate` in records a second, 0: one after the other as fast as the disk allows."""

    keys: StationKeys
    broker: BrokerAddress
    records: int
    rate: float
    ledger: Path
    state: Path


class Load:
    """A lane's journal and link, and somebody who makes records."""

    def __init__(self, plan: LoadPlan, clock: Clock) -> None:
        """Open ledger and journal. Raises SettingsWrong, JournalUnusable."""
        self._plan, self._ledger = plan, Ledger(plan.ledger)
        self._answers: queue.SimpleQueue[Answer] = queue.SimpleQueue()
        self._stop = threading.Event()
        self._took_s: list[float] = []
        self._said_at = time.monotonic()
        self._left = Waiting(0, 0, None, 0, 0)
        self._journal = Journal(plan.state, plan.keys, clock, self._answers.put)
        if self._journal.opened.last_sequence < self._ledger.count:
            self._journal.close()
            raise SettingsWrong(
                f"--ledger {plan.ledger} has {self._ledger.count} ids, but the journal in {plan.state} is younger; they are not of one run: "
                "name new ones, or those that belong together"
            )
        self._clock, self._hours = clock, Hours()
        self._link = Link(LinkPlan(plan.keys, plan.broker), clock, self._facts, self._heard, self._journal)

    def stop(self) -> None:
        """End in order; started again it goes on."""
        self._stop.set()

    def run(self) -> int:
        """Record what is still to be recorded, then wait until headquarters has all. Returns the exit status: 0 where it has."""
        began, first = time.monotonic(), self._ledger.count
        if first:
            log.info("goes on after %d of %d records", first, self._plan.records)
        self._link.start()
        try:
            self._record_all(first)
            told = time.monotonic()
            self._wait_for_headquarters()
        finally:
            self._link.close()
            self._journal.close()
            self._ledger.close()
        return self._result(told - began, time.monotonic() - told)

    def _record_all(self, first: int) -> None:
        began = time.monotonic()
        for number in range(first, self._plan.records):
            due = began + (number - first) / self._plan.rate if self._plan.rate else began
            if self._stop.wait(max(0.0, due - time.monotonic())) or not self._record(number):
                return
            self._say("")

    def _record(self, number: int) -> bool:
        """One traveller, until recorded; False where the program is told to end before."""
        payload = Private(synthetic(parse_station(self._plan.keys.station).post.upper(), number))
        for ticket in count():
            began = time.monotonic()
            self._journal.record(ticket, Kind.REGISTRATION, payload)
            answer = self._answer()
            if isinstance(answer, Recorded):
                self._took_s.append(time.monotonic() - began)
                self._ledger.told(answer.record_id)
                self._hours = self._hours.registered(self._clock.now().utc)
                return True
            if not ticket:
                log.warning("not recorded (%s), told to nobody; tried again each second", answer.reason)
            self._say("the journal takes nothing now")
            if self._stop.wait(REST_S):
                break
        return False

    def _answer(self) -> Recorded | NotRecorded:
        while isinstance(answer := self._answers.get(), PressureChanged):
            log.info("the journal's pressure: %s", answer.pressure)
        return answer

    def _wait_for_headquarters(self) -> None:
        moved_at, self._left = time.monotonic(), self._waiting()
        # counting many rows takes the journal's time, which they need to leave
        while self._left.rows and not self._stop.wait(LOOK_S if self._left.rows < MANY else LOOK_AT_MANY_S):
            before, self._left = self._left, self._waiting()
            if self._left.rows < before.rows:
                moved_at = time.monotonic()
            silent = time.monotonic() - moved_at > SILENT_S
            self._say("Is `mpaka headquarters` running on this broker, with the same founding?" if silent else "")

    def _waiting(self) -> Waiting:
        answers: queue.SimpleQueue[Waiting] = queue.SimpleQueue()
        self._journal.waiting(answers.put)
        return answers.get()

    def _say(self, what: str) -> None:
        """How it goes, each ten seconds."""
        if time.monotonic() - self._said_at > SAY_S:
            self._said_at = time.monotonic()
            log.info("told %d of %d; %d wait for headquarters. %s", self._ledger.count, self._plan.records, self._waiting().rows, what)

    def _heard(self, word: Word) -> None:
        match word:
            case LinkUp():
                log.info("the broker is reached")
            case LinkDown(why=why):
                log.info("no broker: %s; records go on", why)
            case Commanded(command=command):
                self._link.answer(command, Result.REFUSED, "a lane without a screen only sends records, and sends them again")
            case _:
                pass

    def _facts(self) -> Facts:
        hours = self._hours.said(self._clock.now().utc)
        return Facts(LaneState.OPEN, versions={"mpaka": package_version()}, hours=hours)

    def _result(self, recording_s: float, waiting_s: float) -> int:
        told, records, left = self._ledger.count, self._plan.records, self._left
        if told < records or left.rows:
            print(
                f"ended with {told} of {records} told, {left.rows} not yet at headquarters; started again with the same arguments it goes on"
            )
            return 1
        if left.rejected:
            print(f"{told} of {records} told; {left.rejected} were stored apart by headquarters, whose log and findings say why")
            return 1
        print(f"{told} records told, all acknowledged by headquarters{self._times(recording_s, waiting_s)}")
        return 0

    def _times(self, recording_s: float, waiting_s: float) -> str:
        took = sorted(self._took_s)
        if not took:
            return ""
        middle, tail = statistics.median(took) * 1000, took[min(len(took) - 1, len(took) * 99 // 100)] * 1000
        rate = len(took) / recording_s if recording_s else 0.0
        return f"; {len(took)} now, {rate:.0f} a second, each in {middle:.1f} ms (p99 {tail:.1f} ms), the last acknowledged after {waiting_s:.1f} s"


def plan(founding: Path, lane: str, broker: str, tls: bool, records: int, rate: float, ledger: Path, state: Path) -> LoadPlan:
    """What the command line asks for. Raises SettingsWrong, KeysWrong."""
    if records < 0 or not 0 <= rate < math.inf:
        raise SettingsWrong(f"--records {records} --rate {rate}: neither is below 0; a rate of 0 is as fast as the disk allows")
    keys = lane_keys(founding, lane)
    return LoadPlan(keys, broker_at(broker, keys.tls if tls else None), records, rate, ledger, state)


def run(wanted: LoadPlan, clock: Clock | None = None) -> int:
    """Run one lane's load until headquarters has all of it. Returns the exit status. Raises SettingsWrong, JournalUnusable."""
    load = Load(wanted, SystemClock() if clock is None else clock)
    for ending in (signal.SIGTERM, signal.SIGINT):
        signal.signal(ending, lambda *_: load.stop())
    return load.run()
