"""What follows when something happens at a kiosk. PURE and total: every state answers every event (law 1)."""

from dataclasses import replace
from typing import assert_never

from kiosk.registration.answers import answers
from kiosk.registration.anywhere import anywhere, waits_for
from kiosk.registration.capture import capture
from kiosk.registration.commands import BeginCase, Command, Rest
from kiosk.registration.ending import ending, review
from kiosk.registration.entering import Step, rest
from kiosk.registration.events import DeviceBack, DeviceLost, Event, FromDevices, LaneClosed, LaneOpened, ProfileChanged, Recorded, Reply
from kiosk.registration.idle import idle
from kiosk.registration.opening import opening
from kiosk.registration.papers import papers
from kiosk.registration.states import (
    Aside,
    Asking,
    Attract,
    Closed,
    Declare,
    DocCapture,
    DocCheck,
    Ending,
    Face,
    Fingers,
    Kiosk,
    Language,
    Notice,
    Party,
    PassCapture,
    Review,
    State,
    TravelClass,
)

__all__ = ["Step", "step"]


def step(state: State, event: Event) -> Step:
    """The state that follows and what the lane is to do. Never raises."""
    # what is known of devices comes first, so that no answer below asks one that is gone
    state = _told(state, event)
    then = _answer(state, event)
    after = _still_asking(state, event, then.state)
    # what is recorded is a case, whoever stands at the kiosk by the time the journal says so
    case = (BeginCase(event.case),) if isinstance(event, Recorded) else ()
    return Step(after, (*_released(state, event, after), *case, *then.commands))


def _told(state: State, event: Event) -> State:
    """The state with what the event says of devices and of the lane. One who is at the kiosk ends in peace before a lane closes."""
    kiosk = _news(state.kiosk, event)
    return rest(kiosk) if isinstance(state, Attract | Closed) else replace(state, kiosk=kiosk)


def _news(kiosk: Kiosk, event: Event) -> Kiosk:
    match event:
        case DeviceLost(kind):
            return replace(kiosk, lost=kiosk.lost | {kind})
        case DeviceBack(kind):
            return replace(kiosk, lost=kiosk.lost - {kind})
        case LaneClosed(reason):
            return replace(kiosk, closed=reason)
        case LaneOpened():
            return replace(kiosk, closed=None)
        case ProfileChanged(profile):
            return replace(kiosk, coming=profile)
        case _:
            return kiosk


def _answer(state: State, event: Event) -> Step:
    if isinstance(state, Asking):
        return anywhere(state, event) or _asked(state, event)
    if isinstance(state, Ending):
        return ending(state, event)
    return idle(state, event)


def _asked(state: Asking, event: Event) -> Step:
    match state:
        case Language() | Notice() | TravelClass():
            return opening(state, event)
        case DocCapture() | PassCapture() | DocCheck():
            return papers(state, event)
        case Party() | Declare():
            return answers(state, event)
        case Face() | Fingers():
            return capture(state, event)
        case Review():
            return review(state, event)
        case _:
            assert_never(state)


def _still_asking(before: State, event: Event, after: State) -> State:
    """Whoever was asked "really stop?" is still asked when a device moved the step on in the meantime."""
    if not isinstance(event, FromDevices) or not isinstance(before, Asking) or not isinstance(after, Asking):
        return after
    if before.session.aside is not Aside.REALLY_LEAVE:
        return after
    return replace(after, session=replace(after.session, aside=Aside.REALLY_LEAVE))


def _released(before: State, event: Event, after: State) -> tuple[Command, ...]:
    """A device that nobody waits for any more may rest: its order was neither answered nor lost with it, and the step has gone on."""
    work = waits_for(before)
    if work is None or work == waits_for(after):
        return ()
    # the order alone tells: the same device may already be at work for the next member
    kind, ticket = work
    answered = isinstance(event, Reply) and event.ticket == ticket
    return () if answered or not after.kiosk.has(kind) else (Rest(kind),)
