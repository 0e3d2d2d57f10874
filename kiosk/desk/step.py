"""step(desk, event) -> the desk after it, and what to do. PURE and total.

The desk never holds two open cases, decides only what it holds, and says *done* only when its own journal has committed (law 3).
"""

from dataclasses import dataclass, replace
from types import MappingProxyType
from typing import assert_never

from kiosk.desk.commands import Command, Forget, OpenEnvelope, RecordDecision, SendClaim, SendDecision
from kiosk.desk.events import (
    CaseGivenBack,
    CaseOffered,
    CaseRead,
    CaseTaken,
    ClaimsHeard,
    ClearPressed,
    DecisionNotRecorded,
    DecisionRecorded,
    EnvelopeOpened,
    EnvelopeSealed,
    Event,
    LaneAnswered,
    LaneHeard,
    LaneSilent,
    MemberShown,
    PersonSignedOff,
    PersonSignedOn,
    PictureCame,
    ReasonChosen,
    ReasonDropped,
    ReferPressed,
)
from kiosk.desk.states import Desk, Opened, Progress, Trouble, Waiting
from kiosk.messages.payloads import Outcome
from kiosk.movement.case import Case, Claimed, Cleared, FitOrNotRequired, NotAllowed, ReferredSecondLine, begin
from kiosk.movement.case import Event as Movement
from kiosk.movement.case import step as move
from kiosk.private import Private
from kiosk.record import RegistrationRecord
from kiosk.roles import Deed, may


@dataclass(frozen=True)
class Step:
    """The desk after an event, and what to do."""

    desk: Desk
    commands: tuple[Command, ...] = ()


def step(desk: Desk, event: Event) -> Step:
    """What follows. Total: a desk answers every event; what does not fit changes nothing."""
    match event:
        case PersonSignedOn(person=person):
            return Step(replace(desk, person=person, trouble=Trouble.NONE))
        case PersonSignedOff():
            return _signed_off(desk)
        case CaseOffered() | CaseRead() | ClaimsHeard() | LaneHeard() | LaneAnswered() | LaneSilent():
            return _from_lane(desk, event)
        case EnvelopeOpened() | EnvelopeSealed() | PictureCame() | DecisionRecorded() | DecisionNotRecorded():
            return _from_within(desk, event)
        case CaseTaken() | CaseGivenBack() | MemberShown() | ClearPressed() | ReferPressed() | ReasonChosen() | ReasonDropped():
            return _from_officer(desk, event) if desk.person is not None else Step(desk)
        case _:
            assert_never(event)


def _signed_off(desk: Desk) -> Step:
    opened = desk.opened
    back = (SendClaim(opened.waiting, release=True),) if opened is not None and opened.progress is Progress.EXAMINING else ()
    nameless = {key: replace(waiting, summary=None) for key, waiting in desk.waiting.items()}
    bare = replace(desk, person=None, opened=None, claiming="", trouble=Trouble.NONE, waiting=MappingProxyType(nameless))
    return Step(bare, (*back, Forget()))


def _from_lane(desk: Desk, event: CaseOffered | CaseRead | ClaimsHeard | LaneHeard | LaneAnswered | LaneSilent) -> Step:
    match event:
        case CaseOffered(waiting=waiting):
            known = desk.waiting.get(waiting.case_id)
            return Step(desk if known is not None else _with(desk, waiting))
        case CaseRead(case_id=case_id, summary=summary):
            known = desk.waiting.get(case_id)
            return Step(_with(desk, replace(known, summary=summary)) if known is not None else desk)
        case ClaimsHeard():
            return _claims(desk, event)
        case LaneHeard(lane=lane, seen=seen):
            return Step(replace(desk, lanes=MappingProxyType({**desk.lanes, lane: seen})))
        case LaneAnswered():
            return _answered(desk, event)
        case LaneSilent(case_id=case_id):
            opened = desk.opened
            if opened is None or opened.waiting.case_id != case_id or opened.progress is not Progress.SENDING:
                return Step(desk)
            return Step(_settled(desk, opened, Progress.LANE_NOT_REACHED))
        case _:
            assert_never(event)


def _claims(desk: Desk, heard: ClaimsHeard) -> Step:
    held = {case_id: (holder, version) for case_id, holder, version in heard.held}
    waiting = dict(desk.waiting)
    for case_id, case in desk.waiting.items():
        if case.lane != heard.lane:
            continue
        if case_id in held:
            holder, version = held[case_id]
            waiting[case_id] = replace(case, holder=holder, version=version)
        elif desk.opened is None or desk.opened.waiting.case_id != case_id:
            # the lane lists every open case: one that is missing was decided elsewhere or ran out
            del waiting[case_id]
    now = replace(desk, waiting=MappingProxyType(waiting))
    if not now.claiming or (claimed := desk.waiting.get(now.claiming)) is None or claimed.lane != heard.lane:
        return Step(now)
    ours = now.waiting.get(now.claiming)
    if ours is None:
        # decided elsewhere, or run out, while the claim was on its way
        return Step(replace(now, claiming=""))
    if not ours.holder:
        # the claim was lost on the way, or has not arrived yet: a lane takes it twice for once
        return Step(now, (SendClaim(ours),))
    if ours.holder != desk.console:
        return Step(replace(now, claiming="", trouble=Trouble.HELD_ELSEWHERE))
    return Step(now, (OpenEnvelope(ours.case_id),))


def _answered(desk: Desk, event: LaneAnswered) -> Step:
    opened = desk.opened
    if opened is None or opened.waiting.case_id != event.case_id or opened.progress not in (Progress.SENDING, Progress.LANE_NOT_REACHED):
        return Step(desk)
    return Step(_settled(desk, opened, Progress.CONFLICT if event.outcome is Outcome.CONFLICT else Progress.DONE))


def _settled(desk: Desk, opened: Opened, progress: Progress) -> Desk:
    rest = {key: waiting for key, waiting in desk.waiting.items() if key != opened.waiting.case_id}
    return replace(desk, opened=replace(opened, progress=progress), waiting=MappingProxyType(rest))


def _from_within(desk: Desk, event: EnvelopeOpened | EnvelopeSealed | PictureCame | DecisionRecorded | DecisionNotRecorded) -> Step:
    match event:
        case EnvelopeOpened(case_id=case_id, record=record):
            return _open(desk, case_id, record)
        case EnvelopeSealed(case_id=case_id):
            known = desk.waiting.get(case_id)
            if known is None or desk.claiming != case_id:
                return Step(desk)
            return Step(replace(desk, claiming="", trouble=Trouble.CANNOT_OPEN), (SendClaim(known, release=True),))
        case PictureCame(case_id=case_id, picture=picture):
            opened = desk.opened
            if opened is None or opened.waiting.case_id != case_id or picture in opened.pictures:
                return Step(desk)
            return Step(replace(desk, opened=replace(opened, pictures=(*opened.pictures, picture))))
        case DecisionRecorded(ticket=ticket):
            opened = _recording(desk, ticket)
            if opened is None:
                return Step(desk)
            return Step(replace(desk, opened=replace(opened, progress=Progress.SENDING)), (SendDecision(ticket, opened.waiting),))
        case DecisionNotRecorded(ticket=ticket):
            opened = _recording(desk, ticket)
            if opened is None:
                return Step(desk)
            again = replace(opened, progress=Progress.EXAMINING, case=_taken_up(opened.waiting, desk))
            return Step(replace(desk, opened=again, trouble=Trouble.NOT_RECORDED))
        case _:
            assert_never(event)


def _recording(desk: Desk, ticket: int) -> Opened | None:
    opened = desk.opened
    return opened if opened is not None and opened.progress is Progress.RECORDING and ticket == desk.next_ticket - 1 else None


def _open(desk: Desk, case_id: str, record: Private[RegistrationRecord]) -> Step:
    known = desk.waiting.get(case_id)
    if known is None or desk.claiming != case_id or desk.person is None:
        return Step(desk)
    opened = Opened(known, _taken_up(known, desk), record)
    return Step(replace(desk, claiming="", opened=opened, trouble=Trouble.NONE))


def _taken_up(waiting: Waiting, desk: Desk) -> Case:
    """The case in the hands of this desk. Where health is not asked at this post, that step is answered at once."""
    case = begin(waiting.case_id, desk.direction)
    for event in (Claimed(desk.console), FitOrNotRequired()):
        answer = move(case, event)
        case = case if isinstance(answer, NotAllowed) else answer.case
    return case


def _from_officer(
    desk: Desk, event: CaseTaken | CaseGivenBack | MemberShown | ClearPressed | ReferPressed | ReasonChosen | ReasonDropped
) -> Step:
    if isinstance(event, CaseTaken):
        return _take(desk, event.case_id)
    opened = desk.opened
    if opened is None or desk.person is None:
        return Step(desk)
    match event:
        case CaseGivenBack():
            return _give_back(desk, opened)
        case MemberShown(member=member):
            count = max(1, len(opened.record.value.members))
            return Step(replace(desk, opened=replace(opened, member=member % count)))
        case ClearPressed():
            return _decide(desk, opened, Cleared(desk.person.pseudonym), Deed.CLEAR, "cleared")
        case ReferPressed():
            asking = opened.progress is Progress.EXAMINING and may(desk.person.roles, Deed.REFER_SECOND_LINE)
            return Step(replace(desk, opened=replace(opened, asking_reason=asking)))
        case ReasonChosen(reason=reason):
            referred = ReferredSecondLine(desk.person.pseudonym, reason)
            return _decide(desk, opened, referred, Deed.REFER_SECOND_LINE, f"second_line:{reason}")
        case ReasonDropped():
            return Step(replace(desk, opened=replace(opened, asking_reason=False)))
        case _:
            assert_never(event)


def _take(desk: Desk, case_id: str) -> Step:
    """Take a case up. What lies decided on the desk makes room; what is being examined does not."""
    if desk.person is None or not may(desk.person.roles, Deed.CLAIM) or desk.claiming:
        return Step(desk)
    if desk.opened is not None and desk.opened.progress in (Progress.EXAMINING, Progress.RECORDING, Progress.SENDING):
        return Step(desk)
    free = [waiting for waiting in desk.queue() if waiting.holder in ("", desk.console)]
    wanted = next((waiting for waiting in free if waiting.case_id == case_id or not case_id), None)
    if wanted is None:
        return Step(replace(desk, opened=None, trouble=Trouble.HELD_ELSEWHERE if case_id in desk.waiting else Trouble.NONE))
    return Step(replace(desk, claiming=wanted.case_id, opened=None, trouble=Trouble.NONE), (SendClaim(wanted),))


def _give_back(desk: Desk, opened: Opened) -> Step:
    if opened.progress is Progress.EXAMINING:
        return Step(replace(desk, opened=None, trouble=Trouble.NONE), (SendClaim(opened.waiting, release=True),))
    if opened.progress in (Progress.RECORDING, Progress.SENDING):
        return Step(desk)
    return Step(replace(desk, opened=None, trouble=Trouble.NONE))


def _decide(desk: Desk, opened: Opened, event: Movement, deed: Deed, code: str) -> Step:
    if desk.person is None or not may(desk.person.roles, deed) or opened.progress is not Progress.EXAMINING:
        return Step(desk)
    answer = move(opened.case, event)
    if isinstance(answer, NotAllowed):
        return Step(replace(desk, trouble=Trouble.NEEDS_TWO))
    ticket = desk.next_ticket
    moved = replace(opened, case=answer.case, progress=Progress.RECORDING, asking_reason=False)
    after = replace(desk, opened=moved, next_ticket=ticket + 1, trouble=Trouble.NONE)
    return Step(after, (RecordDecision(ticket, opened.waiting, code, desk.person.pseudonym),))


def _with(desk: Desk, waiting: Waiting) -> Desk:
    return replace(desk, waiting=MappingProxyType({**desk.waiting, waiting.case_id: waiting}))
