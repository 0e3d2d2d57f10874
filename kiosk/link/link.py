"""A station's link to one broker: a thread that connects, stays connected, says how the station is, sends and hears.

    link = Link(LinkPlan(keys, BrokerAddress("127.0.0.1", 1883, None), reports=True), clock, facts, tell, journal)
    link.start()
    link.say(Leaf.CASE, CaseOffer(...))           # signed here, sent now or not at all: what must arrive is said again by its owner
    ... tell(LinkUp()), tell(LinkDown(why)), tell(Heard(station, leaf, message)), tell(Commanded(command))
    link.answer(command, Result.DONE)
    link.close()                                   # says `stopped` first

`tell` and `facts` are called on the link's thread; they return at once.
"""

import logging
import queue
import socket
import threading
import time
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from types import MappingProxyType

import msgspec

from kiosk.clock import Clock
from kiosk.journal.rows import AckRefused, CommandKept, Obeys, Waiting
from kiosk.journal.writer import Journal
from kiosk.link import speech
from kiosk.link.certificate import OwnCertificate, connected, own_certificate
from kiosk.link.commands import arguments_of, refusal, replay_wish
from kiosk.link.connection import Came, Connection, NotProven, Refused, Unreachable, Will, WrongCertificate
from kiosk.link.drain import AckJudged, Drain, PicturesCame, RowsCame
from kiosk.link.inbound import Heard, NotSigned, hear, refusal_of
from kiosk.link.refusals import Refusals
from kiosk.link.words import Commanded, Facts, LinkDown, LinkPlan, LinkUp, Word
from kiosk.messages.canonical import BadMessage
from kiosk.messages.payloads import (
    Ack,
    Birth,
    Command,
    CommandName,
    CommandResult,
    LaneState,
    Lost,
    Payload,
    Refusal,
    Result,
    Status,
    encode,
)
from kiosk.messages.topics import Leaf, topic
from kiosk.sealing.key_set import KeysWrong
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys

log = logging.getLogger(__name__)

STATUS_EVERY_S, TURN_S, FAREWELL_S = 10.0, 1.0, 2.0
LONGEST_WHY = 256
NOTHING: Mapping[str, str] = MappingProxyType({})


@dataclass(frozen=True)
class Say:
    """Publish this."""

    where: str
    content: bytes


@dataclass(frozen=True)
class Fresh:
    """The journal has something new."""


@dataclass(frozen=True)
class Changed:
    """The status is another one."""


@dataclass(frozen=True)
class Counted:
    """The journal's count of what waits."""

    waiting: Waiting


@dataclass(frozen=True)
class CommandKnown:
    """What the journal knows of a command: its result where it was here before, and the highest number."""

    command: Command
    kept: CommandKept | None
    last: int


@dataclass(frozen=True)
class CommandSettled:
    """The journal has kept a command's result, or could not."""

    kept: CommandKept
    committed: bool


Task = Say | Fresh | Changed | Counted | CommandKnown | CommandSettled | RowsCame | PicturesCame | AckJudged


class Link:
    """A station's link to one broker. With a journal it also delivers records and hears headquarters."""

    def __init__(
        self,
        plan: LinkPlan,
        clock: Clock,
        facts: Callable[[], Facts],
        tell: Callable[[Word], None],
        journal: Journal | None = None,
        moved: Callable[[], None] = lambda: None,
        monotonic: Callable[[], float] = time.monotonic,
        refusals: Refusals | None = None,
    ) -> None:
        """`refusals` is shared by the links of a station; without it the link counts for itself."""
        self._monotonic = monotonic
        self._refusals = refusals or Refusals(journal.audit if journal is not None else None, clock, monotonic)
        self._public = plan.keys.public
        self._shown: OwnCertificate | None = None
        self._plan, self._clock, self._facts, self._tell, self._journal, self._moved = plan, clock, facts, tell, journal, moved
        self._station = plan.keys.station
        self._tasks: queue.SimpleQueue[Task] = queue.SimpleQueue()
        self._wake, self._bell = socket.socketpair()
        self._wake.setblocking(False)
        self._bell.setblocking(False)
        self._closing = threading.Event()
        self._drain: Drain | None = None
        self._waiting = Waiting(0, 0, None, 0, 0)
        self._session, self._said, self._status_at = "", 0, 0.0
        self._since = speech.Since()
        # Commands that are being carried out, by id: a second delivery meanwhile must not begin a second time
        self._at_work: dict[str, int] = {}
        self._connection: Connection | None = None
        if journal is not None:
            self._drain = Drain(journal, clock, self._put, plan.patience, monotonic)
            journal.on_commit(lambda: self._put(Fresh()))
        self._thread = threading.Thread(target=self._run, name="link", daemon=True)

    def start(self) -> None:
        """Connect, and keep connecting."""
        self._thread.start()

    def say(self, leaf: Leaf, message: Payload, station: str = "") -> None:
        """Sign and publish on this leaf, one's own or that of the lane that is spoken to. Not connected: it is dropped."""
        self._put(Say(topic(station or self._station, leaf), encode(signed(message, self._plan.keys.signing))))

    def changed(self) -> None:
        """The facts are others than before: say so now."""
        self._put(Changed())

    def answer(self, command: Command, result: Result, why: str = "", ordered: Mapping[str, str] = NOTHING) -> None:
        """What became of a command: kept and journalled in one commit, then told to headquarters.

        `ordered`: what of it holds over a restart, by name; an empty value ends it."""
        if self._journal is None:
            return
        kept = CommandKept(command.number, command.id, result, why[:LONGEST_WHY])
        facts: dict[str, str | int] = {
            "event": "command",
            "name": command.name,
            "number": kept.number,
            "result": kept.result,
            "why": kept.why,
        }
        obeys = Obeys(kept, ordered)
        self._journal.keep_command(obeys, facts, lambda committed: self._put(CommandSettled(kept, committed)))

    def use_keys(self, keys: StationKeys) -> None:
        """Believe the signatures of a newer key set from the next message on."""
        self._plan = replace(self._plan, keys=keys)
        if keys.public.number > self._public.number:
            self._public = keys.public

    def close(self) -> None:
        """Say `stopped`, then end. Waits for what is already on its way, two seconds at most."""
        self._closing.set()
        self._ring()
        if self._thread.is_alive():
            self._thread.join()
        self._wake.close()
        self._bell.close()

    def _put(self, task: Task) -> None:
        self._tasks.put(task)
        self._ring()

    def _ring(self) -> None:
        try:
            self._bell.send(b"!")
        except OSError:
            # full: the thread is about to look anyway; closed: nobody looks any more
            return

    def _run(self) -> None:
        version, tries, down = self._plan.broker.speaks, 0, False
        while not self._closing.is_set():
            will = self._new_session()
            try:
                tls = self._plan.broker.tls
                self._shown = own_certificate(tls.certificate) if tls is not None else None
                self._connection = connected(self._plan.broker, self._station, will, version, self._clock)
            except Unreachable as why:
                self._note_unreachable(why)
                if isinstance(why, Refused):
                    # perhaps it speaks only the older MQTT
                    version = 9 - version
                if not down:
                    log.warning("link: %s", why)
                    self._tell(LinkDown(str(why)))
                down = True
                self._rest(self._plan.patience.wait_s(tries))
                tries += 1
                continue
            if down:
                log.info("link: the broker is back")
            tries, down = 0, False
            self._live(self._connection)

    def _note_unreachable(self, why: Unreachable) -> None:
        if isinstance(why, NotProven | WrongCertificate):
            self._refusals.note(Refusal.BROKER if isinstance(why, NotProven) else Refusal.CERTIFICATE)

    def _rest(self, seconds: float) -> None:
        """Not connected: what comes meanwhile is the journal's, or lapses."""
        until = time.monotonic() + seconds
        while not self._closing.is_set() and (left := until - time.monotonic()) > 0:
            self._moved()
            self._closing.wait(min(left, TURN_S))
        self._let_lapse()

    def _let_lapse(self) -> None:
        while not self._tasks.empty():
            if isinstance(task := self._tasks.get(), CommandSettled):
                # headquarters hears of it when it asks again
                self._at_work.pop(task.kept.command_id, None)

    def _new_session(self) -> Will:
        """Each connection is a session of its own; the will names it."""
        self._session = str(uuid.uuid4())
        return Will(topic(self._station, Leaf.STATUS), encode(Lost(state="lost", session=self._session)))

    def _live(self, connection: Connection) -> None:
        self._begin(connection)
        while connection.alive and not self._closing.is_set():
            self._say_status()
            connection.turn(TURN_S, self._wake)
            self._turn(connection)
            self._moved()
        if connection.alive:
            self._stop(connection)
        else:
            log.warning("link: the broker is lost")
            self._tell(LinkDown("the broker is lost"))
        connection.close(0)

    def _begin(self, connection: Connection) -> None:
        connection.subscribe([topic(station, leaf) for station, leaf in self._heard_topics()])
        self._said, self._status_at = 0, 0.0
        self._publish(Leaf.BIRTH, encode(self._birth()), retain=True)
        if self._drain is not None:
            self._drain.begin(self._monotonic())
        self._tell(LinkUp())

    def _turn(self, connection: Connection) -> None:
        for came in connection.take_messages():
            self._take(came)
        while not self._tasks.empty():
            self._do(self._tasks.get())
        if denied := connection.take_denied():
            self._refusals.note(Refusal.DENIED, denied)
        if self._drain is not None:
            self._drain.confirmed(connection.take_confirmed())
            self._drain.turn(self._monotonic())

    def _stop(self, connection: Connection) -> None:
        """The last status is `stopped`; the will is not sent after an orderly goodbye."""
        while not self._tasks.empty():
            self._do(self._tasks.get())
        self._count()
        number = self._publish(Leaf.STATUS, encode(self._status(LaneState.STOPPED)), retain=True)
        until = time.monotonic() + FAREWELL_S
        while connection.alive and number not in connection.take_confirmed() and time.monotonic() < until:
            connection.turn(0.1)

    def _count(self) -> None:
        """What waits now: a station that stopped is shown with it until it starts again, and the last count may be of before the last words."""
        if self._journal is None:
            return
        self._journal.waiting(lambda waiting: self._put(Counted(waiting)))
        until, task = time.monotonic() + FAREWELL_S, None
        while not isinstance(task, Counted) and (left := until - time.monotonic()) > 0:
            try:
                task = self._tasks.get(timeout=left)
            except queue.Empty:
                return
            self._do(task)

    def _heard_topics(self) -> list[tuple[str, Leaf]]:
        own = [(self._station, Leaf.ACK), (self._station, Leaf.COMMAND)] if self._journal is not None else []
        return [*own, *self._plan.hears]

    def _publish(self, leaf: Leaf, content: bytes, retain: bool = False) -> int:
        return self._connection.publish(topic(self._station, leaf), content, retain) if self._connection is not None else 0

    def _take(self, came: Came) -> None:
        try:
            heard = self._hear(came)
        except BadMessage as why:
            log.debug("link: refused a message: %s", why)
            self._refusals.note(refusal_of(why))
            return
        match heard.message:
            case Ack() as ack if self._drain is not None:
                self._drain.acknowledged(ack)
            case Command() as command if self._journal is not None:
                self._journal.command(command.id, lambda kept, last: self._put(CommandKnown(command, kept, last)))
            case _:
                self._tell(heard)

    def _hear(self, came: Came) -> Heard:
        """Believed by the keys that are known, or by those of a newer key set that came since. Raises BadMessage."""
        try:
            return hear(came.topic, came.payload, self._public)
        except NotSigned:
            try:
                newer = self._plan.newer(self._public.number)
            except KeysWrong as why:
                log.warning("link: stays with key set %d: %s", self._public.number, why)
                newer = None
            if newer is None:
                raise
            log.info("link: takes key set %d in place of %d", newer.number, self._public.number)
            self._public = newer
            return hear(came.topic, came.payload, newer)

    def _do(self, task: Task) -> None:
        match task:
            case Say(where, content):
                if self._connection is not None:
                    self._connection.publish(where, content)
            case Changed():
                self._status_at = 0.0
            case Counted(waiting=waiting):
                self._waiting = waiting
            case CommandKnown():
                self._consider(task)
            case CommandSettled():
                self._settled(task)
            case _:
                self._drain_on(task)

    def _drain_on(self, task: Fresh | RowsCame | PicturesCame | AckJudged) -> None:
        if self._drain is None:
            return
        match task:
            case Fresh():
                self._drain.fresh()
            case RowsCame():
                self._drain.rows_came(task, self._publish)
            case PicturesCame():
                self._drain.pictures_came(task, self._publish)
            case AckJudged(judgement=judgement):
                if isinstance(judgement, AckRefused):
                    log.warning("link: an acknowledgement was refused: %s", judgement.why)
                    if judgement.suspect:
                        self._refusals.note(Refusal.ACKNOWLEDGEMENT)
                self._drain.judged(task)

    def _consider(self, known: CommandKnown) -> None:
        command = known.command
        if known.kept is not None:
            self._refusals.note(Refusal.REPEATED)
            self._tell_result(known.kept)
            return
        if command.id in self._at_work:
            # its result is told when it is there
            self._refusals.note(Refusal.REPEATED)
            return
        last = max(known.last, *self._at_work.values(), 0)
        self._at_work[command.id] = command.number
        if (why := refusal(command, last, self._clock.now())) is not None:
            self._refusals.note(Refusal.COMMAND)
            self.answer(command, Result.REFUSED, why)
        elif command.name is CommandName.REBIRTH:
            self._publish(Leaf.BIRTH, encode(self._birth()), retain=True)
            self.answer(command, Result.DONE)
        elif command.name is CommandName.REPLAY and self._journal is not None:
            self._replay(command, self._journal)
        else:
            self._tell(Commanded(command))

    def _replay(self, command: Command, journal: Journal) -> None:
        wish = replay_wish(arguments_of(command))
        if isinstance(wish, str):
            self.answer(command, Result.REFUSED, wish)
            return
        journal.replay(*wish)
        if self._drain is not None:
            # they are below what was sent on this connection
            self._drain.begin(self._monotonic())
        self.answer(command, Result.DONE)

    def _settled(self, settled: CommandSettled) -> None:
        self._at_work.pop(settled.kept.command_id, None)
        if settled.committed:
            self._tell_result(settled.kept)
        else:
            # told all the same: whoever ordered it has to look at this station
            self._tell_result(replace(settled.kept, result=Result.FAILED, why="the journal cannot be written"))

    def _tell_result(self, kept: CommandKept) -> None:
        why = kept.why or msgspec.UNSET
        self.say(Leaf.RESULT, CommandResult(id=kept.command_id, number=kept.number, result=kept.result, why=why, sig=""))

    def _say_status(self) -> None:
        if self._monotonic() < self._status_at:
            return
        self._status_at = self._monotonic() + STATUS_EVERY_S
        if self._journal is not None:
            self._journal.waiting(lambda waiting: self._put(Counted(waiting)))
        self._publish(Leaf.STATUS, encode(self._status(None)), retain=True)

    def _status(self, state: LaneState | None) -> Status:
        facts = self._facts()
        self._said += 1
        waiting = self._waiting if self._journal is not None else None
        said = facts.state if state is None else state
        refused = self._refusals.seen()
        return speech.status(facts, said, self._session, self._said, self._clock.now(), waiting, self._since, refused, self._shown)

    def _birth(self) -> Birth:
        chain = self._journal.opened.chain if self._journal is not None else ""
        return speech.birth(self._facts(), self._session, self._clock.now(), self._plan.keys, chain)
