"""Faces and fingers. PURE. What cannot be taken or is declined gets a code and goes to an officer; it is never a ground for refusal."""

from dataclasses import replace
from typing import assert_never

from drivers.contract import Kind
from kiosk.documents.results import Way
from kiosk.registration.anywhere import asking
from kiosk.registration.entering import Step, again, ask_party, declare, ignored, onward
from kiosk.registration.events import (
    Back,
    Declined,
    DeviceLost,
    Event,
    FaceCaptured,
    FaceNotCaptured,
    FingerCaptured,
    FingerNotCaptured,
)
from kiosk.registration.states import Aside, Face, Fingers, Review, Taking
from kiosk.registration.travellers import Declining, Member, NoPortrait, NoPrint, Papers, Portrait, Print, Untaken
from kiosk.registration.wanted import is_a_try, questions, without_fingers


def capture(state: Taking, event: Event) -> Step:
    """One member after the other, first every face, then the fingers."""
    match state:
        case Face():
            return _face(state, event)
        case Fingers():
            return _fingers(state, event)
        case _:
            assert_never(state)


def _face(state: Face, event: Event) -> Step:
    """The portrait of one member."""
    match event:
        case FaceCaptured(ticket, image, quality) if ticket == state.order:
            return _with_face(state, Portrait(image, quality))
        case FaceNotCaptured(ticket, why) if ticket == state.order:
            tries = state.tries + is_a_try(why)
            return again(state, tries) if tries < state.kiosk.profile.tries else _with_face(state, NoPortrait(Untaken.TRIES_USED))
        case Declined(reason):
            # a reason is kept for the officer; it leads the same way as a picture
            return _with_face(state, NoPortrait(reason))
        case DeviceLost(kind=Kind.FACE_CAMERA):
            # onward codes every face that is still wanted and goes past this step
            return onward(state.kiosk, state.session, state.travellers)
        case Back():
            return last_question(state)
        case _:
            return ignored(state, event)


def _fingers(state: Fingers, event: Event) -> Step:
    """One finger of one member; who declines one, declines those that are left."""
    match event:
        case FingerCaptured(ticket, image, ppi, quality) if ticket == state.order:
            return _with_print(state, Print(state.finger, image, ppi, quality))
        case FingerNotCaptured(ticket, why) if ticket == state.order:
            tries = state.tries + is_a_try(why)
            # a worn finger says nothing of the next one, so that only this one is given up
            untaken = NoPrint(state.finger, Untaken.TRIES_USED)
            return again(state, tries) if tries < state.kiosk.profile.tries else _with_print(state, untaken)
        case Declined(reason):
            return _declined(state, reason)
        case DeviceLost(kind=Kind.FINGERPRINT_SCANNER):
            return onward(state.kiosk, state.session, state.travellers)
        case Back():
            return last_question(state)
        case _:
            return ignored(state, event)


def last_question(state: Face | Fingers | Review) -> Step:
    """Back to the last question that was asked: of the declaration, else of the party. Behind a pass and the short way lies none."""
    travellers = state.travellers
    asked = questions(state.kiosk.profile, travellers)
    if asked:
        return declare(state.kiosk, state.session, travellers, len(asked) - 1)
    if travellers.papers is Papers.BORDER_PASS or travellers.way is Way.SHORT:
        return asking(state, Aside.REALLY_LEAVE)
    return ask_party(state.kiosk, state.session, travellers)


def _with_face(state: Face, face: Portrait | NoPortrait) -> Step:
    member = replace(state.travellers.members[state.member], face=face)
    return _onward_with(state, member)


def _with_print(state: Fingers, print_: Print | NoPrint) -> Step:
    member = state.travellers.members[state.member]
    return _onward_with(state, replace(member, prints=(*member.prints, print_)))


def _declined(state: Fingers, reason: Declining) -> Step:
    member = state.travellers.members[state.member]
    return _onward_with(state, without_fingers(state.kiosk.profile, state.travellers, member, reason))


def _onward_with(state: Face | Fingers, member: Member) -> Step:
    return onward(state.kiosk, state.session, state.travellers.with_member(state.member, member))
