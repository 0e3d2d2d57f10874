"""The lane: takes events one at a time, asks `registration.step` what follows, and does it. The only place with effects on the way.

Everything that happens (a touch, a device, the journal, an alarm) is put into one queue by whoever saw it; `turn` empties that queue on the
screen's thread. Nothing here blocks: devices have processes, the journal a thread, alarms a thread.
"""

import logging
import queue
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date
from typing import Protocol, assert_never

from drivers import contract
from drivers.contract import Answered, FrameSeen, Kind, Lamp, Order, Paper, PaperChanged, PresenceChanged, TrialAsks, TrialWent
from kiosk.devices import Back, Lost, Told
from kiosk.documents.examine import examine
from kiosk.hearing import event_of
from kiosk.registration import commands, events
from kiosk.registration.commands import Command
from kiosk.registration.events import Event
from kiosk.registration.names import ClosedFor, EndReason, StepName
from kiosk.registration.profile import Profile
from kiosk.registration.states import Closed, Face, Fingers, Kiosk, State
from kiosk.registration.step import step
from kiosk.registration.travellers import Case, Registration

log = logging.getLogger(__name__)

# A person may take long, and the step's own limit asks them first; a machine may not
PERSON_S, PRINTER_S, MACHINE_S, TRIAL_S = 600.0, 30.0, 5.0, 900.0
# How long the next member of a party has to step up or to lay the finger down
NEXT_PERSON_S = 2.5


@dataclass(frozen=True)
class Due:
    """An order whose time has come. It is given only when the session still waits for it."""

    kind: Kind
    ticket: int
    order: Order


class Orders(Protocol):
    """Something that takes orders: a device process, or a device in a test."""

    def order(self, ticket: int, order: Order, deadline_s: float) -> None:
        """Pass an order on; never blocks, never raises for a device that is gone."""


class Screen(Protocol):
    """What the lane shows itself on. Called on the screen's own thread."""

    def show(self, state: State) -> None:
        """The state changed."""

    def live(self, kind: Kind, seen: FrameSeen, pixels: bytes) -> None:
        """A live picture of this camera."""


class Ledger(Protocol):
    """Where registrations are kept. Answers come back as events."""

    def record(self, ticket: int, registration: Registration) -> None:
        """Seal and commit; Recorded or NotRecorded follows."""

    def ended(self, last: StepName, reason: EndReason, seconds: int) -> None:
        """A row without a person (law 5)."""


class Officers(Protocol):
    """The officers' consoles, as the lane knows them."""

    def begin(self, case: Case) -> None:
        """A registration waits for an officer."""


class Alarm(Protocol):
    """A clock that rings once."""

    def __call__(self, seconds: float, ring: Callable[[], None]) -> None:
        """Ring after so many seconds, from any thread."""


Printing = Callable[[commands.PrintSlip], contract.Slip]
"""What makes a slip of a token, in the traveller's language."""


class Lane:
    """Owns the state. Everything else only puts events, and only sees states."""

    def __init__(
        self,
        profile: Profile,
        devices: Mapping[Kind, Orders],
        screen: Screen,
        ledger: Ledger,
        officers: Officers,
        alarm: Alarm,
        slip: Printing,
        today: Callable[[], date | None],
        closed: ClosedFor = ClosedFor.NOT_READY,
    ) -> None:
        """Every device counts as lost until it answers; the lane is closed until it is opened."""
        self.state: State = Closed(Kiosk(profile, closed=closed, lost=frozenset(Kind)))
        self.present = False
        self.paper = Paper.SILENT
        self.wake: Callable[[], None] = _nobody
        self._devices, self._screen, self._ledger, self._officers = devices, screen, ledger, officers
        self._alarm, self._slip, self._today = alarm, slip, today
        self._waiting: queue.SimpleQueue[Event | Told | Due] = queue.SimpleQueue()
        self._person_before: tuple[Kind, int] | None = None
        # tickets of the lane's own orders (lamp, self-tests) count downwards, so that they never meet the session's
        self._own_ticket = 0
        self._tests: dict[int, tuple[Kind, Callable[[contract.TestDone | contract.TrialDone], None]]] = {}
        self._on_trial: Callable[[Kind, TrialAsks | TrialWent], None] = lambda kind, word: None

    def put(self, what: Event | Told | Due) -> None:
        """From any thread: something happened."""
        self._waiting.put(what)
        self.wake()

    def turn(self) -> None:
        """Take everything that waits, in the order it came. On the screen's thread."""
        while True:
            try:
                what = self._waiting.get_nowait()
            except queue.Empty:
                return
            if isinstance(what, Due):
                self._give(what)
            elif (event := self._hear(what) if isinstance(what, Told) else what) is not None:
                self._take(event)

    def test_device(self, kind: Kind, then: Callable[[contract.TestDone | contract.TrialDone], None]) -> None:
        """Have a device test itself, for the technician's menu."""
        self._test(kind, contract.TestYourself(), PRINTER_S, then)

    def try_device(
        self,
        kind: Kind,
        meanwhile: Callable[[Kind, TrialAsks | TrialWent], None],
        then: Callable[[contract.TestDone | contract.TrialDone], None],
    ) -> None:
        """Have a device's driver pass its trial; `meanwhile` hears what is asked for and how each step went."""
        self._on_trial = meanwhile
        self._test(kind, contract.RunTrial(attended=True), TRIAL_S, then)

    def reply_to_trial(self, kind: Kind, *, done: bool) -> None:
        """The technician says that what was asked for is done, or has the step skipped."""
        self._own_ticket -= 1
        self._order(kind, self._own_ticket, contract.TrialReply(done), MACHINE_S)

    def end_trial(self, kind: Kind) -> None:
        """The technician has had enough of it: what is left of the trial is not tried, and nothing more is heard of it."""
        for ticket in [ticket for ticket, (tried, _) in self._tests.items() if tried is kind]:
            del self._tests[ticket]
        self._carry_out(commands.Rest(kind))

    def _test(self, kind: Kind, order: Order, deadline_s: float, then: Callable[[contract.TestDone | contract.TrialDone], None]) -> None:
        self._own_ticket -= 1
        self._tests[self._own_ticket] = kind, then
        self._devices[kind].order(self._own_ticket, order, deadline_s)

    def _give(self, due: Due) -> None:
        if isinstance(self.state, Face | Fingers) and self.state.order == due.ticket:
            self._order(due.kind, due.ticket, due.order, PERSON_S)

    def _take(self, event: Event) -> None:
        before = self.state
        self.state, orders = step(before, event)
        for command in orders:
            self._carry_out(command)
        if self.state is not before:
            self._screen.show(self.state)

    def _hear(self, told: Told) -> Event | None:
        match told.word:
            case Back():
                return events.DeviceBack(told.kind)
            case Lost(reason=reason):
                log.warning("%s lost: %s", told.kind, reason)
                self._fail_tests(told.kind)
                return events.DeviceLost(told.kind)
            case FrameSeen() as seen:
                if told.image is not None:
                    self._screen.live(told.kind, seen, told.image.value)
            case PaperChanged(paper=paper):
                self.paper = paper
            case PresenceChanged(present=present):
                self.present = present
            case TrialAsks() | TrialWent() as word:
                self._on_trial(told.kind, word)
            case Answered() as answered if answered.ticket in self._tests:
                self._tell_test(answered)
            case Answered() as answered if told.order is not None:
                return event_of(told.kind, told.order, answered, told.image, self._today())
            case _:
                log.debug("%s said %s", told.kind, type(told.word).__name__)
        return None

    def _tell_test(self, answered: Answered) -> None:
        _, then = self._tests.pop(answered.ticket)
        if isinstance(answered.answer, contract.TestDone | contract.TrialDone):
            then(answered.answer)

    def _fail_tests(self, lost: Kind) -> None:
        """A device that is lost will not answer: its test has failed, and may be asked for again."""
        for ticket in [ticket for ticket, (kind, _) in self._tests.items() if kind is lost]:
            self._tests.pop(ticket)[1](contract.TestDone(False, ("the device was lost during the test",)))

    def _carry_out(self, command: Command) -> None:
        match command:
            case commands.ReadDocument(ticket, kind):
                self._order(kind, ticket, contract.ReadDocument(), PERSON_S)
            case commands.ReadPass(ticket):
                self._order(Kind.DOCUMENT_CAMERA, ticket, contract.ReadPass(), PERSON_S)
            case commands.CaptureFace(ticket, member):
                self._order_person(member, Kind.FACE_CAMERA, ticket, contract.CaptureFace())
            case commands.CaptureFinger(ticket, member, finger):
                self._order_person(member, Kind.FINGERPRINT_SCANNER, ticket, contract.CaptureFinger(finger))
            case commands.PrintSlip(ticket):
                self._order(Kind.RECEIPT_PRINTER, ticket, contract.PrintSlip(self._slip(command)), PRINTER_S)
            case commands.ShowLamp(lamp):
                self.light(lamp)
            case commands.Rest(kind):
                self._own_ticket -= 1
                self._order(kind, self._own_ticket, contract.Rest(), MACHINE_S)
            case _:
                self._keep(command)

    def light(self, lamp: Lamp) -> None:
        """Show a colour, where the lane has a lamp."""
        self._own_ticket -= 1
        self._order(Kind.LANE_IO, self._own_ticket, contract.ShowLamp(lamp), MACHINE_S)

    def _keep(
        self,
        command: commands.CheckDocument
        | commands.Record
        | commands.RecordEnd
        | commands.BeginCase
        | commands.Limit
        | commands.Purge
        | commands.Ignored,
    ) -> None:
        match command:
            case commands.CheckDocument(ticket, scan, today):
                self._waiting.put(events.ChecksDone(ticket, examine(scan, today)))
            case commands.Record(ticket, registration):
                self._ledger.record(ticket, registration)
            case commands.RecordEnd(last, reason, began):
                self._ledger.ended(last, reason, round(time.monotonic() - began))
            case commands.BeginCase(case):
                self._officers.begin(case)
            case commands.Limit():
                self._limit(command)
            case commands.Purge():
                self._purge()
            case commands.Ignored(event, at):
                log.debug("%s ignored in %s", event, at)
            case _:
                assert_never(command)

    def _order(self, kind: Kind, ticket: int, order: Order, deadline_s: float) -> None:
        device = self._devices.get(kind)
        if device is not None:
            device.order(ticket, order, deadline_s)

    def _order_person(self, member: int, kind: Kind, ticket: int, order: Order) -> None:
        """Each further member of a party gets time to step up: the one before still stands there, and would be taken again."""
        if member == 0 or self._person_before == (kind, member):
            self._order(kind, ticket, order, PERSON_S)
        else:
            self._alarm(NEXT_PERSON_S, lambda: self.put(Due(kind, ticket, order)))
        self._person_before = (kind, member)

    def _limit(self, limit: commands.Limit) -> None:
        if limit.warning:
            self._alarm(limit.seconds, lambda: self.put(events.TimeAlmostOut(limit.ticket, limit.step)))
        self._alarm(limit.seconds + limit.warning, lambda: self.put(events.TimeRanOut(limit.ticket, limit.step)))

    def _purge(self) -> None:
        """What a host still holds in its ring goes with the traveller."""
        for kind in (Kind.DOCUMENT_CAMERA, Kind.FACE_CAMERA, Kind.FINGERPRINT_SCANNER, Kind.PASSPORT_READER):
            self._carry_out(commands.Rest(kind))


def _nobody() -> None:
    """Nobody is woken until the screen is there."""
