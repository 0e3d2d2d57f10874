"""The technician at a lane: asked for by a long press in the corner, only while nobody is there; everything done is in the journal.

The lane itself decides whether it may be taken (`TechnicianSignedOn` counts only in ATTRACT and CLOSED). What is shown here is devices and
readiness, never a traveller.
"""

import time
from collections.abc import Callable, Mapping
from dataclasses import replace
from datetime import date, datetime
from typing import Protocol

from drivers.contract import Kind, Outcome, TestDone, TrialAsks, TrialDone, TrialWent
from kiosk import pad as pads
from kiosk.devices import Device
from kiosk.lane import Lane
from kiosk.registration import events
from kiosk.registration.names import ClosedFor
from kiosk.registration.states import Attract, Closed, Maintenance
from kiosk.roles import Role, SignedOn
from kiosk.sign_on import Refused, SignOn
from kiosk.views.desk_parts import Line, MenuView, SignOnView
from kiosk.views.sign_on import sign_on_view
from kiosk.views.technician import DeviceState, SignOffAsked, TestAsked, TrialAnswered, TrialAsked, TrialEnded, TrialsAsked, menu_view

IDLE_S = 300.0


class MenuAsked:
    """Somebody pressed the corner for ten seconds."""


class Screen(Protocol):
    """Where the technician's screens are shown."""

    def board(self, view: SignOnView | MenuView) -> None:
        """Show this instead of the traveller's screen."""

    def traveller(self) -> None:
        """Back to the traveller's screen."""


class Technician:
    """Owns the pad and the menu. Everything is called on the screen's thread."""

    def __init__(
        self,
        lane: Lane,
        devices: Mapping[Kind, Device],
        sign_on: SignOn,
        people: tuple[str, ...],
        note: Callable[[dict[str, str | int]], None],
        findings: Callable[[], tuple[Line, ...]],
        today: Callable[[], date | None],
        say: Callable[..., str],
        screen: Screen,
        reopen: Callable[[], None],
    ) -> None:
        """`note` journals; `findings` are the lines of the readiness report that are not about devices; `reopen` opens the lane, if nothing else closes it."""
        self._lane, self._devices, self._sign_on = lane, devices, sign_on
        self._note, self._findings, self._today, self._say, self._screen = note, findings, today, say, screen
        self._people, self._reopen = people, reopen
        self._pad: pads.Pad | None = None
        self._person: SignedOn | None = None
        self._results: dict[Kind, DeviceState] = {}
        self._on_trial: Kind | None = None
        self._trials_offered = False
        self._touched = time.monotonic()

    @property
    def present(self) -> bool:
        """Whether the technician's screens have the window."""
        return self._pad is not None or self._person is not None

    def people_are(self, people: tuple[str, ...]) -> None:
        """Another staff list: who may sign on from the next pad on."""
        self._people = people

    def asked(self) -> None:
        """The corner was pressed; nothing happens while a traveller is there."""
        if isinstance(self._lane.state, Attract | Closed) and not self.present:
            self._pad = pads.Pad(self._people)
            self._touched = time.monotonic()
            self._show()

    def touched(self, event: object) -> None:
        """Something was touched or typed on the technician's screens."""
        self._touched = time.monotonic()
        match event:
            case TestAsked(kind=kind):
                self._test(kind)
            case TrialsAsked(offered=offered):
                self._trials_offered = offered
            case TrialAsked(kind=kind):
                self._try(kind)
            case TrialAnswered(done=done):
                self._answer_trial(done=done)
            case TrialEnded():
                self._end_trial()
            case SignOffAsked():
                self.sign_off()
            case pads.PersonChosen() | pads.Digit() | pads.Erase() | pads.PadBack() | pads.Submit():
                self._on_pad(event)
        self._show()

    def tick(self) -> None:
        """About each second: what devices say may have changed; nobody touching anything for five minutes signs off."""
        if self.present and time.monotonic() - self._touched > IDLE_S:
            self.sign_off()
        self._show()

    def sign_off(self) -> None:
        """The technician leaves, or nobody went on with the pad."""
        self._end_trial()
        if self._person is not None:
            self._sign_on.sign_off(self._person)
            if self._lane.state.kiosk.closed in (ClosedFor.FAULT, ClosedFor.NOT_READY):
                # what a fault closed is open again once a technician has seen to it
                self._reopen()
            self._lane.put(events.TechnicianSignedOff())
        self._person, self._pad, self._results, self._trials_offered = None, None, {}, False
        self._screen.traveller()

    def _on_pad(self, event: pads.Event) -> None:
        if self._pad is None:
            return
        self._pad, came = pads.step(self._pad, event)
        match came:
            case pads.Left():
                self.sign_off()
            case pads.Try(pseudonym, pin):
                answer = self._sign_on.try_pin(pseudonym, pin, time.monotonic(), self._today())
                if isinstance(answer, Refused):
                    self._pad = pads.refused(self._pad, answer.wait_s)
                elif isinstance(self._lane.state, Attract | Closed):
                    self._person, self._pad = answer, None
                    self._lane.put(events.TechnicianSignedOn())

    def _test(self, kind: Kind) -> None:
        if not isinstance(self._lane.state, Maintenance):
            return
        self._results[kind] = replace(self._state(kind), testing=True, steps=())
        self._lane.test_device(kind, lambda done: self._tested(kind, done))

    def _tested(self, kind: Kind, done: TestDone | TrialDone) -> None:
        findings = done.findings if isinstance(done, TestDone) else ()
        self._results[kind] = replace(self._state(kind), testing=False, passed=done.passed, findings=findings)
        by = self._person.pseudonym if self._person else ""
        self._note({"tested": kind, "passed": int(done.passed), "findings": "; ".join(findings)[:500], "by": by})
        self._show()

    def _try(self, kind: Kind) -> None:
        if not isinstance(self._lane.state, Maintenance) or self._on_trial is not None:
            return
        self._on_trial = kind
        self._results[kind] = replace(self._state(kind), trying=True, steps=(), asks=None, passed=None)
        self._lane.try_device(kind, self._trial_goes_on, lambda done: self._tried(kind, done))

    def _trial_goes_on(self, kind: Kind, word: TrialAsks | TrialWent) -> None:
        if kind is not self._on_trial:
            return
        # a trial that goes on is somebody at work, as long as it lasts
        self._touched = time.monotonic()
        known = self._results[kind]
        asks, steps = (word, known.steps) if isinstance(word, TrialAsks) else (None, (*known.steps, word.step))
        self._results[kind] = replace(known, asks=asks, steps=steps)
        self._show()

    def _answer_trial(self, *, done: bool) -> None:
        if self._on_trial is not None:
            self._lane.reply_to_trial(self._on_trial, done=done)
            self._results[self._on_trial] = replace(self._results[self._on_trial], asks=None)

    def _tried(self, kind: Kind, done: TestDone | TrialDone) -> None:
        steps = done.steps if isinstance(done, TrialDone) else self._results[kind].steps
        findings = done.findings if isinstance(done, TestDone) else ()
        self._on_trial = None
        self._results[kind] = replace(self._state(kind), trying=False, asks=None, steps=steps, passed=done.passed, findings=findings)
        failed = [step.name for step in steps if step.outcome is Outcome.FAILED]
        skipped = [step.name for step in steps if step.outcome is Outcome.NOT_TRIED]
        by = self._person.pseudonym if self._person else ""
        said = "; ".join([*findings, f"failed: {', '.join(failed) or 'none'}", f"not tried: {', '.join(skipped) or 'none'}"])
        self._note({"tried": kind, "passed": int(done.passed), "findings": said[:500], "by": by})
        self._show()

    def _end_trial(self) -> None:
        if self._on_trial is not None:
            self._lane.end_trial(self._on_trial)
            self._results[self._on_trial] = replace(self._results[self._on_trial], trying=False, asks=None)
            self._on_trial = None

    def _state(self, kind: Kind) -> DeviceState:
        device = self._devices[kind]
        known = self._results.get(kind)
        last = datetime.fromtimestamp(device.last_good).strftime("%H:%M:%S") if device.last_good else ""
        now = DeviceState(device.ready, device.identity, last)
        if known is None:
            return now
        return replace(known, ready=now.ready, identity=now.identity, last_good=now.last_good, testing=known.testing and device.ready)

    def _show(self) -> None:
        if self._pad is not None:
            self._screen.board(sign_on_view(self._pad, self._say, technician=True))
        elif self._person is not None:
            states = {kind: self._state(kind) for kind in self._devices}
            view = menu_view(self._person.pseudonym, states, self._findings(), self._say, trials=self._trials_offered)
            self._screen.board(view)


ROLES = frozenset({Role.TECHNICIAN})
