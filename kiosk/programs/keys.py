"""`mpaka keys`: a founding for practice, with a staff list. A state's own founding is a ceremony (docs/keys.md)."""

import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

from kiosk.keys import Founding, FoundingExists, found
from kiosk.messages.canonical import BadMessage
from kiosk.messages.topics import parse_station
from kiosk.private import Private
from kiosk.roles import Role
from kiosk.sealing.station import read_signing_key
from kiosk.staff import Newcomer, draw_pin, make_list

LIST_DAYS = 90
STAFF = (("O-1", (Role.OFFICER,)), ("O-2", (Role.SECOND_LINE,)), ("S-1", (Role.OFFICER, Role.SHIFT_LEAD)), ("T-1", (Role.TECHNICIAN,)))


@dataclass(frozen=True)
class Made:
    """A founding with its staff list, and the PINs that are told once."""

    founding: Founding
    staff: Path
    pins: tuple[tuple[str, Private[str]], ...]


def make(folder: Path, lanes: Sequence[str], consoles: Sequence[str], headquarters: str) -> Made:
    """Make keys and a staff list in a new folder. Raises FoundingExists, BadMessage."""
    founding = found(folder, lanes, consoles, headquarters)
    people = [Newcomer(pseudonym, roles, draw_pin()) for pseudonym, roles in STAFF]
    posts = sorted({parse_station(name).post.upper() for name in (*lanes, *consoles)})
    until = (datetime.now(UTC) + timedelta(days=LIST_DAYS)).date()
    staff = folder / "staff.json"
    staff.write_bytes(make_list(1, people, posts, until, read_signing_key(founding.authority)))
    return Made(founding, staff, tuple((person.pseudonym, person.pin) for person in people))


def run(folder: Path, lanes: Sequence[str], consoles: Sequence[str], headquarters: str) -> int:
    """Make it and say where everything lies. Returns the exit status."""
    try:
        made = make(folder, lanes, consoles, headquarters)
    except (FoundingExists, BadMessage, OSError) as why:
        print(f"mpaka keys: {why}", file=sys.stderr)
        return 1
    print(f"A founding for PRACTICE lies in {folder}. Never use it for travellers.")
    for station in (*lanes, *consoles, headquarters):
        print(f"  places.keys of {station}: {made.founding.station(station)}")
    print(f"  staff list: {made.staff}\n  opening key: {made.founding.opening_key} (never on the receiver)")
    print("PINs, told only now: " + ", ".join(f"{who} {pin.value}" for who, pin in made.pins))
    return 0
