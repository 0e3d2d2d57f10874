"""What the technician's menu says. PURE. Devices, consumables, readiness; nothing of a traveller."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from drivers.contract import Kind
from kiosk.views.desk_parts import Action, DeviceRow, Line, MenuView, Sign


@dataclass(frozen=True)
class TestAsked:
    """The technician wants this device to test itself."""

    __test__ = False
    kind: Kind


@dataclass(frozen=True)
class SignOffAsked:
    """The technician is done."""


@dataclass(frozen=True)
class DeviceState:
    """A device as the menu shows it. `last_good` is a local time of day or empty; `result` what the last self-test said."""

    ready: bool
    identity: str
    last_good: str
    testing: bool = False
    passed: bool | None = None
    findings: tuple[str, ...] = ()


@dataclass(frozen=True)
class Surroundings:
    """What is around the devices: `rows` wait for headquarters, `clock` is the source of time, `room` is ok, warn or paused."""

    rows: int
    reached: bool
    clock: str
    room: str


def surroundings(found: Surroundings, say: Callable[..., str]) -> tuple[Line, ...]:
    """One line each; what wants looking at is marked."""
    known = found.clock != "unknown"
    return (
        Line(Sign.GOOD if found.reached else Sign.LOOK, say("technician_link_up" if found.reached else "technician_link_down")),
        Line(Sign.GOOD if not found.rows or found.reached else Sign.LOOK, say("technician_outbox", rows=found.rows)),
        Line(Sign.GOOD if known else Sign.LOOK, say("technician_clock", source=found.clock) if known else say("technician_clock_unknown")),
        Line(Sign.GOOD if found.room == "ok" else Sign.LOOK if found.room == "warn" else Sign.BAD, say(f"technician_room_{found.room}")),
    )


def menu_view(person: str, devices: Mapping[Kind, DeviceState], findings: tuple[Line, ...], say: Callable[..., str]) -> MenuView:
    """The menu with a row a device."""
    rows = tuple(_row(kind, device, say) for kind, device in devices.items())
    return MenuView(
        say("technician_title"), person, rows, findings, (Action("sign_off", say("technician_sign_off"), SignOffAsked(), "F10"),)
    )


def _row(kind: Kind, device: DeviceState, say: Callable[..., str]) -> DeviceRow:
    line = Line(
        Sign.GOOD if device.ready else Sign.BAD,
        say(f"device_{kind}"),
        device.identity if device.ready else say("technician_lost"),
    )
    last_good = say("technician_last_good", time=device.last_good) if device.last_good else say("technician_never")
    if device.testing:
        result = say("technician_testing")
    elif device.passed is None:
        result = say("technician_not_tested")
    else:
        words = " · ".join(device.findings)
        result = f"{say('technician_passed' if device.passed else 'technician_failed')}{': ' if words else ''}{words}"
    test = Action(f"test_{kind}", say("technician_test"), TestAsked(kind) if device.ready and not device.testing else None)
    return DeviceRow(line, last_good, result, test)
