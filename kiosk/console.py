"""The officer's console: takes events one at a time, asks `desk.step` what follows, and does it. The same shape as the lane.

Envelopes of cases are kept as they came, sealed; a record is opened with the desk's key while somebody is signed on, and what was opened is
forgotten when they leave. Lanes offer everything again when a console says hello, so nothing of a case is kept on the disk.
"""

import logging
import queue
import time
from base64 import b64decode
from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Protocol, assert_never

from cryptography.hazmat.primitives.asymmetric.x25519 import X25519PrivateKey

from drivers.contract import Encoding
from kiosk import pad as pads
from kiosk.clock import Clock, utc_text
from kiosk.desk import commands, events
from kiosk.desk.commands import Command
from kiosk.desk.events import Event
from kiosk.desk.states import Desk, LaneSeen, Picture, Summary, Waiting
from kiosk.desk.step import step
from kiosk.journal.ids import uuid7
from kiosk.journal.rows import CaseBook, CaseWork, Kind, NewPicture, NotRecorded, Recorded, Settles
from kiosk.messages.payloads import (
    CaseMedia,
    CaseOffer,
    Claim,
    Claims,
    Decided,
    Decision,
    DeviceState,
    Hello,
    Lost,
    Outcome,
    Payload,
    Status,
    decode,
    encode,
)
from kiosk.messages.topics import Leaf
from kiosk.private import Private
from kiosk.record import MediaKind, RecordWrong, RegistrationRecord, read, read_media
from kiosk.registration.travellers import Image
from kiosk.sealing.envelope import CannotOpen, open_envelope
from kiosk.sealing.signing import signed
from kiosk.sealing.station import StationKeys
from kiosk.sign_on import Refused, SignOn

log = logging.getLogger(__name__)

HEARD = (Leaf.STATUS, Leaf.CASE, Leaf.CASE_MEDIA, Leaf.CLAIMS, Leaf.DECIDED)
"""What a console listens to on the topics of the lanes that it watches."""
RENEW_S, ANSWER_S, SEND_AGAIN_S = 30.0, 5.0, 15.0
Say = Callable[[str, Leaf, Payload], None]


class Records(Protocol):
    """What is needed of the console's own journal."""

    def record(
        self, ticket: int, kind: Kind, payload: Private[bytes], pictures: Sequence[NewPicture] = (), work: CaseWork | None = None
    ) -> None:
        """Commit a record; an answer with this ticket follows."""

    def case_book(self, then: Callable[[CaseBook], None]) -> None:
        """The decisions of this console, over a restart."""


class Screen(Protocol):
    """What the console shows itself on. Called on the screen's own thread."""

    def desk(self, desk: Desk) -> None:
        """The officer's desk."""

    def sign_on(self, pad: pads.Pad) -> None:
        """Nobody is signed on: asking who is there."""


class Console:
    """Owns the desk. Everything else only puts events."""

    def __init__(
        self,
        desk: Desk,
        keys: StationKeys,
        desk_keys: Mapping[str, X25519PrivateKey],
        journal: Records,
        clock: Clock,
        say: Say,
        alarm: Callable[[float, Callable[[], None]], None],
        screen: Screen,
        sign_on: SignOn,
        people: tuple[str, ...],
        forget_s: float,
    ) -> None:
        """`say(lane, leaf, payload)` sends to a lane's topics, signed there; `people` may sign on here; `forget_s` without a touch signs off."""
        self.desk = desk
        self.pad = pads.Pad(people)
        self.wake: Callable[[], None] = _nobody
        self._keys, self._desk_keys, self._journal, self._clock = keys, desk_keys, journal, clock
        self._say, self._alarm, self._screen, self._sign_on, self._forget_s = say, alarm, screen, sign_on, forget_s
        self._waiting: queue.SimpleQueue[Event | pads.Event | Callable[[], None]] = queue.SimpleQueue()
        self._envelopes: dict[str, CaseOffer] = {}
        self._pictures: dict[str, dict[str, CaseMedia]] = {}
        self._lanes: dict[str, str] = {}
        self._unanswered: dict[str, tuple[str, Decision]] = {}
        self._recording: dict[int, tuple[str, Decision]] = {}
        self._made: dict[str, Decision] = {}
        self._touched = time.monotonic()

    def put(self, what: Event | pads.Event | Callable[[], None]) -> None:
        """From any thread: something happened, or something is to be done on the screen's thread."""
        self._waiting.put(what)
        self.wake()

    def turn(self) -> None:
        """Take everything that waits. On the screen's thread."""
        while True:
            try:
                what = self._waiting.get_nowait()
            except queue.Empty:
                return
            if isinstance(what, pads.PersonChosen | pads.Digit | pads.Erase | pads.PadBack | pads.Submit):
                self._on_pad(what)
            elif callable(what):
                what()
            else:
                self._take(what)

    def touched(self, event: object) -> None:
        """The officer touched or typed something on the screen."""
        self._touched = time.monotonic()
        self.put(event)  # type: ignore[arg-type]  # a screen only gives back events that a view put into it

    def start(self, lanes: tuple[str, ...]) -> None:
        """Show the sign-on screen, greet the lanes, begin to renew and to forget."""
        self._show()
        self._journal.case_book(lambda book: self.put(lambda: self._remember(book)))
        self.greet(lanes)
        self._alarm(RENEW_S, self._renew)
        self._alarm(self._forget_s, self._forget)
        self._alarm(SEND_AGAIN_S, self._again)

    def greet(self, lanes: tuple[str, ...]) -> None:
        """Ask the lanes for their open cases; at connect and at each reconnect."""
        for lane in lanes:
            hello = Hello(console=self._keys.station, time=utc_text(self._clock.now().utc), sig="")
            self._say(lane, Leaf.HELLO, hello)

    def heard(self, lane: str, message: Payload) -> None:
        """A lane says something; the link has verified its signature. From the link's thread."""
        match message:
            case Status() | Lost():
                self.put(events.LaneHeard(lane, _seen(message)))
            case CaseOffer():
                self.put(lambda: self._offered(lane, message))
            case CaseMedia():
                self.put(lambda: self._media(lane, message))
            case Claims():
                held = tuple((case.case_id, case.holder or "", case.version) for case in message.cases)
                self.put(events.ClaimsHeard(lane, held))
            case Decided():
                self.put(lambda: self._decided(message))
            case _:
                log.debug("nothing is done about %s", type(message).__name__)

    def answered(self, answer: Recorded | NotRecorded) -> None:
        """The console's own journal, from its thread."""
        if answer.ticket not in self._recording:
            return
        made = events.DecisionRecorded(answer.ticket) if isinstance(answer, Recorded) else events.DecisionNotRecorded(answer.ticket)
        self.put(made)

    def _remember(self, book: CaseBook) -> None:
        """Decisions that were committed before a restart: a lane that still offers their case has not heard them."""
        self._made = {**{kept.case_id: decode(kept.code.encode(), Decision) for kept in book.decisions}, **self._made}
        # a lane may have been quicker with its offers than the journal with its answer
        for offer in list(self._envelopes.values()):
            self._offered(self._lanes[offer.case_id], offer)

    def _offered(self, lane: str, offer: CaseOffer) -> None:
        made = self._made.get(offer.case_id)
        if made is not None:
            self._unanswered[made.decision_id] = (lane, made)
            self._say(lane, Leaf.DECISION, made)
            return
        self._envelopes[offer.case_id] = offer
        self._lanes[offer.case_id] = lane
        since = offer.since if isinstance(offer.since, str) else ""
        self._take(events.CaseOffered(Waiting(offer.case_id, lane, offer.token_code, since, offer.version)))
        self._summarise(offer.case_id)

    def _summarise(self, case_id: str) -> None:
        """What the queue says of a case; only while somebody is signed on."""
        if self.desk.person is None or case_id not in self._envelopes:
            return
        opened = self._opened(case_id)
        if opened is not None:
            record = opened.value
            summary = Summary(record.number, max(1, len(record.members)), record.papers, bool(record.help))
            self._take(events.CaseRead(case_id, Private(summary)))

    def _media(self, lane: str, media: CaseMedia) -> None:
        self._lanes[media.case_id] = lane
        self._pictures.setdefault(media.case_id, {})[media.media] = media
        if self.desk.opened is not None and self.desk.opened.waiting.case_id == media.case_id:
            self._show_picture(media)

    def _decided(self, decided: Decided) -> None:
        if self._unanswered.pop(decided.decision_id, None) is None:
            return
        self._drop(decided.case_id)
        self._take(events.LaneAnswered(decided.case_id, decided.outcome))

    def people_are(self, people: tuple[str, ...]) -> None:
        """Another staff list: who may sign on from now on. On the screen's thread."""
        self.pad = pads.Pad(people)
        if self.desk.person is None:
            self._show()

    def _on_pad(self, event: pads.Event) -> None:
        self.pad, came = pads.step(self.pad, event)
        if isinstance(came, pads.Try):
            stamp = self._clock.now()
            today: date | None = stamp.utc.date() if stamp.known else None
            answer = self._sign_on.try_pin(came.pseudonym, came.pin, time.monotonic(), today)
            if isinstance(answer, Refused):
                self.pad = pads.refused(self.pad, answer.wait_s)
            else:
                self.pad = pads.Pad(self.pad.people)
                self._take(events.PersonSignedOn(answer))
                for case_id in list(self._envelopes):
                    self._summarise(case_id)
        self._show()

    def _take(self, event: Event) -> None:
        before = self.desk
        stepped = step(before, event)
        self.desk = stepped.desk
        if isinstance(event, events.PersonSignedOff) and before.person is not None:
            self._sign_on.sign_off(before.person)
        for command in stepped.commands:
            self._carry_out(command)
        if self.desk is not before:
            self._show()

    def _show(self) -> None:
        if self.desk.person is None:
            self._screen.sign_on(self.pad)
        else:
            self._screen.desk(self.desk)

    def _carry_out(self, command: Command) -> None:
        match command:
            case commands.SendClaim(waiting, release):
                self._claim(waiting, release=release)
            case commands.OpenEnvelope(case_id):
                self._open(case_id)
            case commands.RecordDecision(ticket, waiting, code, officer):
                decision = Decision(
                    decision_id=uuid7(self._clock.now().utc),
                    case_id=waiting.case_id,
                    version=waiting.version,
                    code=code,
                    officer=officer,
                    console=self._keys.station,
                    sig="",
                )
                made = signed(decision, self._keys.signing)
                self._recording[ticket] = (waiting.lane, made)
                # the whole signed decision is kept beside the record, so that a restart can send it again; nothing of a traveller is in it
                kept = Settles(made.decision_id, made.case_id, encode(made).decode(), Outcome.ACCEPTED)
                self._journal.record(ticket, Kind.DECISION, Private(encode(made)), (), kept)
            case commands.SendDecision(ticket, _):
                lane, made = self._recording.pop(ticket)
                self._unanswered[made.decision_id], self._made[made.case_id] = (lane, made), made
                self._say(lane, Leaf.DECISION, made)
                self._alarm(ANSWER_S, lambda: self.put(events.LaneSilent(made.case_id)))
            case commands.Forget():
                log.info("names and numbers left the memory")
            case _:
                assert_never(command)

    def _claim(self, waiting: Waiting, *, release: bool = False) -> None:
        claim = Claim(case_id=waiting.case_id, version=waiting.version, console=self._keys.station, sig="", release=release)
        self._say(waiting.lane, Leaf.CLAIM, claim)

    def _open(self, case_id: str) -> None:
        opened = self._opened(case_id)
        if opened is None:
            self._take(events.EnvelopeSealed(case_id))
            return
        self._take(events.EnvelopeOpened(case_id, opened))
        for media in list(self._pictures.get(case_id, {}).values()):
            self._show_picture(media)

    def _opened(self, case_id: str) -> Private[RegistrationRecord] | None:
        offer = self._envelopes.get(case_id)
        if offer is None:
            return None
        try:
            content = open_envelope(self._desk_keys, b64decode(offer.envelope), self._lanes[case_id], case_id)
            return Private(read(content.value))
        except (CannotOpen, RecordWrong) as why:
            log.warning("a case cannot be opened: %s", why)
            return None

    def _show_picture(self, media: CaseMedia) -> None:
        try:
            content = open_envelope(self._desk_keys, b64decode(media.envelope), self._lanes[media.case_id], media.media)
            head, data = read_media(content.value)
            image = Image(Encoding(head["encoding"]), int(head["width"]), int(head["height"]), data)
            picture = Picture(MediaKind(head["kind"]), int(head["member"]), Private(image))
        except (CannotOpen, RecordWrong, ValueError, TypeError) as why:
            log.warning("a picture of a case cannot be shown: %s", type(why).__name__)
            return
        self._take(events.PictureCame(media.case_id, picture))

    def _drop(self, case_id: str) -> None:
        """A decided case is nobody's here any more; the picture of it that is open stays until the next one is taken."""
        self._envelopes.pop(case_id, None)
        self._pictures.pop(case_id, None)

    def _renew(self) -> None:
        """Each thirty seconds: the claim on the open case."""
        self._alarm(RENEW_S, self._renew)
        self.put(self._renew_claim)

    def _renew_claim(self) -> None:
        if self.desk.opened is not None and self.desk.opened.waiting.case_id in self.desk.waiting:
            self._claim(self.desk.opened.waiting)

    def _again(self) -> None:
        """A decision that no lane has answered is sent again, for as long as it takes."""
        self._alarm(SEND_AGAIN_S, self._again)
        for lane, made in list(self._unanswered.values()):
            self._say(lane, Leaf.DECISION, made)

    def _forget(self) -> None:
        """Nobody touched anything for long: names and numbers leave the memory."""
        idle = time.monotonic() - self._touched
        if idle >= self._forget_s:
            self.put(events.PersonSignedOff())
        self._alarm(max(1.0, self._forget_s - idle) if idle < self._forget_s else self._forget_s, self._forget)


def _seen(message: Status | Lost) -> LaneSeen:
    """What a lane's status, or its last will, says."""
    if isinstance(message, Lost):
        return LaneSeen("lost")
    devices = message.devices if isinstance(message.devices, dict) else {}
    return LaneSeen(message.state, tuple(sorted(kind for kind, state in devices.items() if state is not DeviceState.OK)))


def _nobody() -> None:
    """Nobody is woken until the screen is there."""
