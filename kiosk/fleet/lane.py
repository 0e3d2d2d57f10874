"""One lane of a fleet: its line to the broker, what it says of itself, its records on their way. All in the loop's thread, nothing waits."""

import asyncio
import logging
import ssl
import uuid
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import UTC, timedelta

import msgspec

from kiosk.clock import Clock, Stamp, utc_text
from kiosk.fleet import packets
from kiosk.fleet.line import Line
from kiosk.fleet.outbox import FleetOutbox
from kiosk.fleet.rows import Rows
from kiosk.fleet.tally import Tally
from kiosk.journal.rows import Waiting
from kiosk.link import speech
from kiosk.link.connection import ANSWER_S, CONNECT_S, KEEPALIVE_S, BrokerAddress, tls_context
from kiosk.link.inbound import hear
from kiosk.link.link import STATUS_EVERY_S
from kiosk.link.words import Facts, Patience
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import Ack, Command, CommandResult, DeviceState, Hour, LaneState, Lost, Queue, Result, SelfRegistration, encode
from kiosk.messages.topics import Leaf, topic
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys

log = logging.getLogger(__name__)

DEVICES = ("passport_reader", "document_camera", "face_camera", "fingerprint_scanner", "receipt_printer", "lane_io")
# The broker owes an answer to this many statuses: then the line is dead
STATUSES_OWED = 3


def facts_at(now: Stamp, version: str) -> Facts:
    """What every lane of a fleet says of itself: open, six devices, the present hour and six before it; as long as a busy lane's status is."""
    begun = now.utc.astimezone(UTC).replace(minute=0, second=0, microsecond=0)
    hours = [Hour(hour=utc_text(begun - timedelta(hours=back)), registered=40, decided=39, wait_s=95) for back in range(6, -1, -1)]
    return Facts(
        LaneState.OPEN,
        SelfRegistration(state="open"),
        devices=dict.fromkeys(DEVICES, DeviceState.OK),
        consumables={"receipt_printer": "ok"},
        lists={"staff": 3600, "words": 86_400},
        versions={"mpaka": version},
        parts=tuple({"kind": kind, "driver": "simulated"} for kind in DEVICES),
        queue=Queue(cases=2, longest_s=80),
        hours=tuple(hours),
    )


@dataclass(frozen=True)
class Surroundings:
    """What the lanes of a fleet share. `changed` is told the number of a lane that let rows go, and what was stored apart (id, why)."""

    broker: BrokerAddress
    clock: Clock
    facts: Facts
    outbox: FleetOutbox
    tally: Tally
    patience: Patience
    changed: Callable[[int, Sequence[tuple[str, str]]], None]


class Lane:
    """It comes back by itself until it is told to leave."""

    def __init__(self, number: int, keys: StationKeys, around: Surroundings, rows: Rows) -> None:
        self.rows = rows
        self.keys = keys
        self._number, self._around = number, around
        self._status_topic, self._record_topic = topic(keys.station, Leaf.STATUS), topic(keys.station, Leaf.RECORD)
        self._line: Line | None = None
        self._up = self._leaving = False
        self._session, self._said, self._tries = "", 0, 0
        self._since = speech.Since()
        self._owed: list[int] = []
        self._timer: asyncio.TimerHandle | None = None
        self._coming: asyncio.Task[None] | None = None
        self._context: ssl.SSLContext | None = None

    @property
    def up(self) -> bool:
        """Whether the broker has let it in."""
        return self._up

    def come(self) -> None:
        """Try to reach the broker."""
        if not self._leaving:
            self._coming = asyncio.get_running_loop().create_task(self._connect())

    def leave(self) -> None:
        """Say `stopped`, then goodbye, as a lane that is ended in order."""
        self._leaving = True
        self._drop_timer()
        if self._coming is not None:
            self._coming.cancel()
        if self._line is not None and self._up:
            self._say_status(self._line, LaneState.STOPPED)
            self._line.close()

    def told(self, sequence: int, record_id: str, digest: str, content: bytes) -> None:
        """A record of this lane is committed: it goes out, at once where there is room."""
        self.rows.told(sequence, record_id, digest, self._monotonic())
        self.pump({sequence: content})

    def pump(self, at_hand: dict[int, bytes] | None = None) -> None:
        """Send what may be sent; what is not at hand is read again from the outbox. Raises JournalUnusable."""
        if self._line is None or not self._up:
            return
        for sequence in self.rows.next():
            content = (at_hand or {}).get(sequence) or self._around.outbox.content(self._number, sequence)
            message = self._line.publish(self._record_topic, content)
            if not message:
                return
            self._around.tally.resends += self.rows.sent(sequence, message, self._monotonic())

    def turn(self) -> None:
        """Send again what is due."""
        if self._up and self.rows.due(self._monotonic()):
            self.pump()

    def accepted(self) -> None:
        """The broker has let us in."""
        if self._line is None:
            return
        self._up, self._tries, self._said = True, 0, 0
        self._around.tally.connects += 1
        self._around.tally.up += 1
        station, now = self.keys.station, self._around.clock.now()
        self._line.subscribe([topic(station, Leaf.ACK), topic(station, Leaf.COMMAND)])
        birth = speech.birth(self._around.facts, self._session, now, self.keys, self.rows.chain.chain)
        self._line.publish(topic(station, Leaf.BIRTH), msgspec.json.encode(birth, order="sorted"), retain=True)
        self.rows.restart(self._monotonic())
        self._owed.clear()
        self._speak()
        # lanes that came together do not speak together for ever
        self._speak_in(self._around.patience.chance() * STATUS_EVERY_S)
        self.pump()

    def confirmed(self, number: int) -> None:
        """The broker has this message."""
        self.rows.confirmed(number)

    def came(self, where: str, payload: bytes) -> None:
        """Headquarters speaks; only what is signed by whom it must be counts."""
        try:
            message = hear(where, payload, self.keys.public).message
        except BadMessage as why:
            self._around.tally.refused += 1
            log.warning("%s: refused a message: %s", self.keys.station, why)
            return
        if isinstance(message, Ack):
            self._judge(message)
        elif isinstance(message, Command) and self._line is not None:
            refusal = "a simulated lane obeys nobody"
            answer = CommandResult(id=message.id, number=message.number, result=Result.REFUSED, why=refusal, sig="")
            self._line.publish(topic(self.keys.station, Leaf.RESULT), encode(signed(answer, self.keys.signing)))

    def lost(self, why: str) -> None:
        """There is no line, or none any more: another try follows."""
        tally = self._around.tally
        if self._up and not self._leaving:
            tally.lost += 1
        tally.up -= self._up
        tally.trouble = why
        self._line, self._up = None, False
        self._drop_timer()
        if not self._leaving:
            self._later()

    def _judge(self, ack: Ack) -> None:
        now, tally = self._monotonic(), self._around.tally
        judged = self.rows.judge(ack, now)
        if judged.refused:
            tally.refused += 1
            log.warning("%s: an acknowledgement was refused: %s", self.keys.station, judged.refused)
        tally.acknowledged += len(judged.gone)
        tally.took.extend(now - row.told_at for row in judged.gone if row.told_at is not None)
        if judged.gone or judged.apart:
            tally.waiting -= len(judged.gone) + len(judged.apart)
            self._around.changed(self._number, judged.apart)
        self.pump()

    async def _connect(self) -> None:
        broker = self._around.broker
        self._session = str(uuid.uuid4())
        will = encode(Lost(state="lost", session=self._session))
        greeting = packets.connect(self.keys.station, KEEPALIVE_S, self._status_topic, will)
        line = self._line = Line(greeting, self)
        if broker.tls is not None and self._context is None:
            self._context = tls_context(self.keys.tls)
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(CONNECT_S + ANSWER_S, line.cut, "the broker does not answer")
        try:
            async with asyncio.timeout(CONNECT_S + ANSWER_S):
                await loop.create_connection(lambda: line, broker.host, broker.port, ssl=self._context)
        except OSError as why:
            # TimeoutError and ssl.SSLError are among them
            self.lost(f"cannot be reached ({type(why).__name__})")

    def _later(self) -> None:
        wait_s = self._around.patience.wait_s(self._tries)
        self._tries += 1
        self._timer = asyncio.get_running_loop().call_later(wait_s, self.come)

    def _speak(self) -> None:
        """The status, each ten seconds."""
        if self._line is None:
            return
        self._owed = [number for number in self._owed if number in self._line.owed]
        if len(self._owed) >= STATUSES_OWED:
            self._line.cut("the broker is silent")
            return
        self._say_status(self._line, LaneState.OPEN)
        self._speak_in(STATUS_EVERY_S)

    def _speak_in(self, seconds: float) -> None:
        self._drop_timer()
        self._timer = asyncio.get_running_loop().call_later(seconds, self._speak)

    def _say_status(self, line: Line, state: LaneState) -> None:
        self._said += 1
        waiting = Waiting(self.rows.waiting, 0, None, 0, 0)
        status = speech.status(self._around.facts, state, self._session, self._said, self._around.clock.now(), waiting, self._since)
        # the same members as `encode` writes, ten times cheaper; nothing signs a status, so its written form is free
        self._owed.append(line.publish(self._status_topic, msgspec.json.encode(status, order="sorted"), retain=True))
        self._around.tally.statuses += 1

    def _drop_timer(self) -> None:
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    @staticmethod
    def _monotonic() -> float:
        return asyncio.get_running_loop().time()
