"""The golden table: each state × each event. `python -m tests.kiosk.registration.golden` writes it anew, to be read before it is kept."""

from dataclasses import replace
from pathlib import Path

from kiosk.registration import commands as c
from kiosk.registration import states as s
from kiosk.registration.step import Step, step
from tests.kiosk.registration.cases import STATES, events

HEAD = """Registration: each state x each event, written by `python -m tests.kiosk.registration.golden`. Read every change.
noted: only what the kiosk knows of its devices and of the lane changes. ignored: a line in the log, nothing else."""
TABLE = Path(__file__).with_name("golden_table.txt")


def shown(state: s.State) -> str:
    """A state in few words; nothing that only a ticket tells."""
    words = _details(state)
    if not isinstance(state, s.Idle) and state.session.aside is not s.Aside.NONE:
        words.append(state.session.aside.value)
    return " ".join([state.name, *(f"[{word}]" for word in words if word)])


def _details(state: s.State) -> list[object]:
    match state:
        case s.Closed():
            return [state.kiosk.closed]
        case s.DocCapture():
            return [state.device, state.joining, f"tries {state.tries}" * (state.tries > 0), "seen" * state.seen]
        case s.Party():
            return [f"{len(state.travellers.members)} members"]
        case s.PassCapture():
            return [f"tries {state.tries}" * (state.tries > 0)]
        case s.Declare():
            return [state.question]
        case s.Face():
            return [f"member {state.member}", f"tries {state.tries}" * (state.tries > 0)]
        case s.Fingers():
            return [f"member {state.member}", state.finger, f"tries {state.tries}" * (state.tries > 0)]
        case s.Token():
            return [state.slip.value, f"place {state.place.name}"]
        case s.HelpDiscreet():
            captured = "captured" if state.registration.travellers else "nothing captured"
            return [state.registration.help, captured, "refused" * (state.order is None)]
        case _:
            return []


def ordered(command: c.Command) -> str:
    """A command in few words, without its ticket."""
    match command:
        case c.ReadDocument(kind=what) | c.Rest(kind=what) | c.ShowLamp(lamp=what):
            detail = str(what)
        case c.CaptureFace():
            detail = f"{command.member}"
        case c.CaptureFinger():
            detail = f"{command.member} {command.finger}"
        case c.RecordEnd():
            detail = f"{command.last} {command.reason}"
        case c.Record():
            detail = f"{len(command.registration.travellers.members) if command.registration.travellers else 0} members"
        case c.PrintSlip():
            detail = f"place {command.place.name}, {command.party} in party"
        case c.Limit():
            detail = f"{command.seconds}+{command.warning}"
        case _:
            detail = ""
    return type(command).__name__ + (f"({detail})" if detail else "")


def table() -> str:
    """The whole table as text."""
    blocks = [block(label, begins().state) for label, begins in STATES.items()]
    return "\n\n".join([HEAD, *blocks]) + "\n"


def block(label: str, state: s.State) -> str:
    """One state and what every event leads to; events without any consequence are gathered below."""
    rows: list[str] = []
    told: dict[str, list[str]] = {"noted": [], "a case begins, nothing else": [], "ignored": []}
    for name, event in events(state):
        then = step(state, event)
        group = quiet(state, then)
        if group:
            told[group].append(name)
        else:
            rows.append(row(name, then))
    gathered = [f"   {group}: {', '.join(folded(names, state))}" for group, names in told.items() if names]
    return "\n".join([f"== {label}: {shown(state)}", *rows, *gathered])


def quiet(before: s.State, then: Step) -> str:
    """The group of an event that leads nowhere, or nothing."""
    if not then.commands and _only_told(before, then.state):
        return "noted"
    if then.state == before and all(isinstance(command, c.Ignored) for command in then.commands):
        return "ignored"
    if then.state == before and all(isinstance(command, c.Ignored | c.BeginCase) for command in then.commands):
        return "a case begins, nothing else"
    return ""


def folded(names: list[str], state: s.State) -> list[str]:
    """The names, with those of a whole group in one word."""
    everything = [name for name, _ in events(state)]
    for word, start in (
        ("every old answer and time-out", "an old "),
        ("every lost device", "DeviceLost("),
        ("every device back", "DeviceBack("),
    ):
        group = [name for name in everything if name.startswith(start) and name != "an old Recorded"]
        if set(group) <= set(names):
            names = [name for name in names if name not in group] + [word]
    return names


def _only_told(before: s.State, after: s.State) -> bool:
    return type(before) is type(after) and replace(before, kiosk=after.kiosk) == after


def row(name: str, then: Step) -> str:
    commands = ", ".join(ordered(command) for command in then.commands)
    return f"   {name:<34} -> {shown(then.state):<44} {commands}".rstrip()


if __name__ == "__main__":
    TABLE.write_text(table(), encoding="utf-8")
    print(f"{TABLE.name}: {len(STATES)} states")
