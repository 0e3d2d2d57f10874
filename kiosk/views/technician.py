"""What the technician's menu says. PURE. Devices, consumables, readiness; nothing of a traveller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.contract import Kind, Outcome, TrialAsks, TrialStep
from kiosk.views.desk_parts import Action, DeviceRow, Line, MenuView, Sign


@dataclass(frozen=True)
class TestAsked:
    """The technician wants this device to test itself."""

    __test__ = False
    kind: Kind


@dataclass(frozen=True)
class TrialsAsked:
    """The technician wants trials offered in place of the short tests, or no longer."""

    offered: bool


@dataclass(frozen=True)
class TrialAsked:
    """The technician wants this device's driver to pass its acceptance trial."""

    kind: Kind


@dataclass(frozen=True)
class TrialAnswered:
    """What the trial asked for is done, or shall be skipped."""

    done: bool


@dataclass(frozen=True)
class TrialEnded:
    """The technician ends the trial."""


@dataclass(frozen=True)
class SignOffAsked:
    """The technician is done."""


@dataclass(frozen=True)
class DeviceState:
    """A device as the menu shows it. `last_good` is a local time of day or empty; `findings` what the last self-test said.

    `steps` are those of the last trial, `asks` what it waits for just now.
    """

    ready: bool
    identity: str
    last_good: str
    testing: bool = False
    passed: bool | None = None
    findings: tuple[str, ...] = ()
    trying: bool = False
    steps: tuple[TrialStep, ...] = ()
    asks: TrialAsks | None = None


@dataclass(frozen=True)
class Surroundings:
    """What is around the devices: `rows` wait for headquarters, `clock` is the source of time, `room` is ok, warn or paused.

    `refused`: how many messages and brokers were not believed since the program began. `closed`: since when headquarters has closed
    the lane, as it is shown; empty where it has not."""

    rows: int
    reached: bool
    clock: str
    room: str
    refused: int = 0
    closed: str = ""


def surroundings(found: Surroundings, say: Callable[..., str]) -> tuple[Line, ...]:
    """One line each; what wants looking at is marked."""
    known = found.clock != "unknown"
    closed = (Line(Sign.LOOK, say("technician_closed_by_headquarters", time=found.closed)),) if found.closed else ()
    refused = (Line(Sign.LOOK, say("technician_refused", times=found.refused)),) if found.refused else ()
    return (
        *closed,
        Line(Sign.GOOD if found.reached else Sign.LOOK, say("technician_link_up" if found.reached else "technician_link_down")),
        Line(Sign.GOOD if not found.rows or found.reached else Sign.LOOK, say("technician_outbox", rows=found.rows)),
        Line(Sign.GOOD if known else Sign.LOOK, say("technician_clock", source=found.clock) if known else say("technician_clock_unknown")),
        Line(Sign.GOOD if found.room == "ok" else Sign.LOOK if found.room == "warn" else Sign.BAD, say(f"technician_room_{found.room}")),
        *refused,
    )


def menu_view(
    person: str, devices: Mapping[Kind, DeviceState], findings: tuple[Line, ...], say: Callable[..., str], *, trials: bool = False
) -> MenuView:
    """The menu with a row a device. `trials`: whole trials are offered in place of short tests; while one runs nothing else is."""
    tried = next((device for device in devices.values() if device.trying), None)
    rows = tuple(_row(kind, device, say, trials=trials, busy=tried is not None) for kind, device in devices.items())
    return MenuView(say("technician_title"), person, rows, findings, _on_trial(tried, say) if tried else _usual(say, trials=trials))


def _usual(say: Callable[..., str], *, trials: bool) -> tuple[Action, ...]:
    other = say("technician_short_tests") if trials else say("technician_trials")
    return Action("trials", other, TrialsAsked(not trials), "F5"), Action("sign_off", say("technician_sign_off"), SignOffAsked(), "F10")


def _on_trial(tried: DeviceState, say: Callable[..., str]) -> tuple[Action, ...]:
    waits = tried.asks is not None
    return (
        Action("trial_done", say("technician_trial_done"), TrialAnswered(done=True) if waits else None, "F2"),
        Action("trial_skip", say("technician_trial_skip"), TrialAnswered(done=False) if waits else None, "F3"),
        Action("trial_end", say("technician_trial_end"), TrialEnded(), "F9"),
    )


def _row(kind: Kind, device: DeviceState, say: Callable[..., str], *, trials: bool, busy: bool) -> DeviceRow:
    line = Line(
        Sign.GOOD if device.ready else Sign.BAD,
        say(f"device_{kind}"),
        device.identity if device.ready else say("technician_lost"),
    )
    last_good = say("technician_last_good", time=device.last_good) if device.last_good else say("technician_never")
    possible = device.ready and not device.testing and not busy
    if trials:
        button = Action(f"trial_{kind}", say("technician_trial"), TrialAsked(kind) if possible else None)
    else:
        button = Action(f"test_{kind}", say("technician_test"), TestAsked(kind) if possible else None)
    return DeviceRow(line, last_good, _trial(device, say) if device.trying or device.steps else _test(device, say), button)


def _test(device: DeviceState, say: Callable[..., str]) -> str:
    if device.testing:
        return say("technician_testing")
    if device.passed is None:
        return say("technician_not_tested")
    return _verdict(passed=device.passed, words=" · ".join(device.findings), say=say)


def _trial(device: DeviceState, say: Callable[..., str]) -> str:
    """What is asked for just now, else how far it is, else how it ended: a failed step before the counts."""
    if device.trying and device.asks is not None:
        return say("technician_trial_asks", sentence=device.asks.sentence, seconds=device.asks.left_s)
    if device.trying:
        return say("technician_trial_runs", count=len(device.steps))
    failed = next((step for step in device.steps if step.outcome is Outcome.FAILED), None)
    count = {outcome: sum(step.outcome is outcome for step in device.steps) for outcome in Outcome}
    counts = say("technician_trial_counts", passed=count[Outcome.PASSED], failed=count[Outcome.FAILED], not_tried=count[Outcome.NOT_TRIED])
    said = f"{failed.name.replace('_', ' ')}: {failed.said} · {counts}" if failed else counts
    return _verdict(passed=failed is None and count[Outcome.PASSED] > 0, words=said, say=say)


def _verdict(*, passed: bool, words: str, say: Callable[..., str]) -> str:
    return f"{say('technician_passed' if passed else 'technician_failed')}{': ' if words else ''}{words}"
