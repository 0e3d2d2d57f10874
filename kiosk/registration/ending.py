"""Review, recording, the token, and help that looks the same for everyone. PURE."""

from dataclasses import replace
from typing import assert_never

from drivers.contract import Kind, Lamp
from kiosk.registration.capture import last_question
from kiosk.registration.commands import Command, Purge, Record, ShowLamp
from kiosk.registration.entering import Step, declare, due, give_token, ignored, record, rest, timed
from kiosk.registration.events import (
    Back,
    Confirmed,
    Correct,
    DeviceLost,
    Event,
    MoreTime,
    NotRecorded,
    OfficerAttended,
    Recorded,
    SlipNotPrinted,
    SlipPrinted,
    SlipTaken,
    TimeAlmostOut,
    TimeRanOut,
)
from kiosk.registration.names import ClosedFor
from kiosk.registration.states import Aside, Ending, HelpDiscreet, Kiosk, Recording, Review, SlipIs, Token
from kiosk.registration.travellers import HelpReason, Registration
from kiosk.registration.wanted import questions


def review(state: Review, event: Event) -> Step:
    """Only answers can be corrected here; what a document says wrongly is for an officer."""
    match event:
        case Confirmed():
            return record(state.kiosk, state.session, state.travellers)
        case Correct() if questions(state.kiosk.profile, state.travellers):
            return declare(state.kiosk, state.session, state.travellers, 0)
        case Back():
            return last_question(state)
        case _:
            return ignored(state, event)


def ending(state: Ending, event: Event) -> Step:
    """The session is decided."""
    match state:
        case Recording():
            return _recording(state, event)
        case Token():
            return _token(state, event)
        case HelpDiscreet():
            return _help_discreet(state, event)
        case _:
            assert_never(state)


def _recording(state: Recording, event: Event) -> Step:
    """The journal answers exactly once. When it says no, what was captured waits here for an officer, and the lane takes nobody else."""
    match event:
        case Recorded(ticket, case) if ticket == state.order:
            registration = Registration(state.session.language, state.travellers, help=None)
            return give_token(state.kiosk, state.session, registration, case)
        case NotRecorded(ticket=ticket) if ticket == state.order:
            return _unrecorded(state)
        case _:
            return ignored(state, event)


def _token(state: Token, event: Event) -> Step:
    """The registration stands, whatever happens now; only the screen is to be cleared."""
    match event:
        case SlipPrinted() | SlipNotPrinted() | DeviceLost(kind=Kind.RECEIPT_PRINTER) if state.slip is SlipIs.COMING:
            return _slip(state, event)
        case MoreTime():
            return _with_slip(state, state.slip)
        case TimeAlmostOut() if due(state, event):
            return Step(replace(state, session=replace(state.session, aside=Aside.MORE_TIME)))
        case TimeRanOut() if due(state, event):
            return _walks_on(state.kiosk)
        case SlipTaken():
            # the number stands, so that nobody has to wait for a printer that is still at work
            return _walks_on(state.kiosk)
        case _:
            return ignored(state, event)


def _help_discreet(state: HelpDiscreet, event: Event) -> Step:
    """An officer is coming. Recorded, it ends as every registration does, with a slip that looks like everyone's."""
    match event:
        case Recorded(ticket, case) if ticket == state.order:
            return give_token(state.kiosk, state.session, state.registration, case)
        case NotRecorded(ticket=ticket) if ticket == state.order:
            return Step(replace(state, order=None))
        case OfficerAttended():
            # also before the journal answered: what it commits later becomes a case by itself
            return _walks_on(state.kiosk)
        case TimeRanOut() if due(state, event):
            return _nobody_came(state)
        case _:
            return ignored(state, event)


def _slip(state: Token, event: SlipPrinted | SlipNotPrinted | DeviceLost) -> Step:
    """What became of the slip; without one the screen is the slip."""
    if isinstance(event, DeviceLost):
        return _with_slip(state, SlipIs.ON_SCREEN)
    if event.ticket != state.order:
        return ignored(state, event)
    if isinstance(event, SlipNotPrinted):
        return _with_slip(state, SlipIs.ON_SCREEN)
    # a printer that cannot say that it printed is not believed to have
    return _with_slip(state, SlipIs.PRINTED if event.confirmed else SlipIs.UNSURE)


def _unrecorded(state: Recording) -> Step:
    registration = Registration(state.session.language, state.travellers, HelpReason.NOT_RECORDED)
    # the next traveller's record would not be taken either
    kiosk, session, limit = timed(replace(state.kiosk, closed=ClosedFor.FAULT), state.session, HelpDiscreet.name)
    return Step(HelpDiscreet(kiosk, session, registration, order=None), (limit,))


def _with_slip(state: Token, slip: SlipIs) -> Step:
    kiosk, session, limit = timed(state.kiosk, state.session, state.name)
    return Step(replace(state, kiosk=kiosk, session=session, slip=slip), (limit,))


def _walks_on(kiosk: Kiosk) -> Step:
    """The traveller is on the way to an officer; the lamp goes out."""
    commands: list[Command] = [Purge()]
    if kiosk.has(Kind.LANE_IO):
        commands.append(ShowLamp(Lamp.OFF))
    return Step(rest(kiosk), tuple(commands))


def _nobody_came(state: HelpDiscreet) -> Step:
    """With nothing captured the kiosk is free again; else it all stays, and a journal that said no is asked once more (law 9)."""
    if state.registration.travellers is None:
        return _walks_on(state.kiosk)
    kiosk, session, limit = timed(state.kiosk, state.session, state.name)
    then = replace(state, kiosk=kiosk, session=session)
    if state.order is not None:
        # the journal has not answered yet; asking it twice could write twice
        return Step(then, (limit,))
    return Step(replace(then, order=limit.ticket), (Record(limit.ticket, state.registration), limit))
