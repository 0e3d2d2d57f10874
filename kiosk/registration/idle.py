"""Nobody is at the kiosk, or a technician is. PURE."""

from typing import assert_never

from kiosk.registration.entering import Step, ask_language, ignored, rest
from kiosk.registration.events import Event, TechnicianSignedOff, TechnicianSignedOn, Touched
from kiosk.registration.states import Attract, Closed, Idle, Maintenance, Session


def idle(state: Idle, event: Event) -> Step:
    """Nobody is asked for anything."""
    match state:
        case Attract():
            return _attract(state, event)
        case Closed():
            return _closed(state, event)
        case Maintenance():
            return _maintenance(state, event)
        case _:
            assert_never(state)


def _attract(state: Attract, event: Event) -> Step:
    """An open lane waits for a touch."""
    match event:
        case Touched():
            return ask_language(state.kiosk, Session(state.kiosk.profile.languages[0], event.at, limit=0))
        case TechnicianSignedOn():
            return Step(Maintenance(state.kiosk))
        case _:
            return ignored(state, event)


def _closed(state: Closed, event: Event) -> Step:
    """A closed lane waits to be opened."""
    match event:
        case TechnicianSignedOn():
            return Step(Maintenance(state.kiosk))
        case _:
            return ignored(state, event)


def _maintenance(state: Maintenance, event: Event) -> Step:
    """The technician has the lane until they sign off."""
    match event:
        case TechnicianSignedOff():
            return Step(rest(state.kiosk))
        case _:
            return ignored(state, event)
