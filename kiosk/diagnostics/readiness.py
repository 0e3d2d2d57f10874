"""Findings of a readiness check: one line each, with what to do where something is not ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from enum import StrEnum


class State(StrEnum):
    """How a part stands. WARNING works and should be looked at; NOT_READY does not work."""

    READY = "ready"
    WARNING = "warning"
    NOT_READY = "not ready"


@dataclass(frozen=True)
class Finding:
    """One part of the station: its name, its state, what was found, and what to do about it. Nothing of a person."""

    part: str
    state: State
    found: str
    to_do: str = ""


def ready(part: str, found: str) -> Finding:
    """A part that works."""
    return Finding(part, State.READY, found)


def report(findings: Iterable[Finding]) -> str:
    """The findings as text for a terminal, worst last so that it is what one sees."""
    order = list(State)
    rows = sorted(findings, key=lambda finding: order.index(finding.state))
    signs = {State.READY: "●", State.WARNING: "▲", State.NOT_READY: "■"}
    width = max((len(row.part) for row in rows), default=0)
    lines = []
    for row in rows:
        lines.append(f"{signs[row.state]} {row.state:<9}  {row.part:<{width}}  {row.found}")
        if row.to_do:
            lines.append(f"{'':13}{'':{width}}  → {row.to_do}")
    counts = {state: sum(row.state is state for row in rows) for state in State}
    verdict = "Ready." if not counts[State.NOT_READY] else f"NOT READY: {counts[State.NOT_READY]} of {len(rows)} parts."
    lines.append(f"{verdict} {counts[State.READY]} ready, {counts[State.WARNING]} to look at, {counts[State.NOT_READY]} not ready.")
    return "\n".join(lines)
