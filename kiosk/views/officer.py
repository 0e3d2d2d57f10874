"""What the officer's screen says. PURE. `say(key, **values)` is the catalogue in the officer's language."""

from collections.abc import Callable

from drivers.contract import Kind
from kiosk.desk.events import (
    CaseGivenBack,
    CaseTaken,
    ClearPressed,
    MemberShown,
    PersonSignedOff,
    ReasonChosen,
    ReasonDropped,
    ReferPressed,
)
from kiosk.desk.states import Desk, LaneSeen, Opened, Progress, Trouble, Waiting
from kiosk.documents.results import Check, CheckResult
from kiosk.movement.case import Reason
from kiosk.record import MediaKind, MemberRecord
from kiosk.registration.profile import Direction
from kiosk.views.desk_parts import Action, CaseView, DeskView, Fact, Line, Photo, Question, QueueRow, Sign, Weight

Say = Callable[..., str]
SIGNS = {
    CheckResult.SUCCESSFUL: Sign.GOOD,
    CheckResult.FAILED: Sign.BAD,
    CheckResult.ABORTED: Sign.LOOK,
    CheckResult.UNDETERMINED: Sign.LOOK,
    CheckResult.NOT_SUPPORTED: Sign.QUIET,
}
GROUP = 3
"""A token code is read aloud and typed in two groups of three."""


def desk_view(desk: Desk, say: Say, band: str = "") -> DeskView:
    """The whole screen for a signed-on officer."""
    queue = desk.queue()
    return DeskView(
        queue_title=say("officer_waiting", count=len(queue)),
        queue=tuple(_row(desk, waiting, say) for waiting in queue),
        lanes=tuple(_lane(name, seen, say) for name, seen in sorted(desk.lanes.items())),
        person=desk.person.pseudonym if desk.person else "",
        case=_case(desk.opened, desk, say) if desk.opened else None,
        empty=_empty(desk, say),
        actions=_actions(desk, say),
        question=_reasons(say) if desk.opened and desk.opened.asking_reason else None,
        band=band,
    )


def grouped(code: str) -> str:
    """K4T7QF as K4T 7QF."""
    return f"{code[:GROUP]} {code[GROUP:]}"


def _row(desk: Desk, waiting: Waiting, say: Say) -> QueueRow:
    opened = desk.opened is not None and desk.opened.waiting.case_id == waiting.case_id
    held = waiting.holder not in ("", desk.console)
    summary = waiting.summary.value if waiting.summary else None
    if held:
        sign, says = Sign.QUIET, say("officer_held_by", console=waiting.holder.rsplit("-", 1)[-1])
    elif summary is None:
        sign, says = Sign.QUIET, say("officer_sealed")
    elif summary.help:
        sign, says = Sign.LOOK, say("officer_asks_for_you")
    else:
        sign = Sign.GOOD
        says = say("officer_party_of", count=summary.party) if summary.party > 1 else say(f"officer_papers_{summary.papers or 'none'}")
    lane = waiting.lane.rsplit("-", 1)[-1]
    number = str(summary.number) if summary else ""
    event = None if held else CaseTaken(waiting.case_id)
    return QueueRow(f"case_{waiting.case_id}", sign, grouped(waiting.token), number, f"{says} · {lane}", event, opened)


def _lane(name: str, seen: LaneSeen, say: Say) -> Line:
    short = name.rsplit("-", 1)[-1]
    if seen.state == "lost":
        return Line(Sign.BAD, f"{short}: {say('officer_lane_lost')}")
    if seen.lacks:
        lacks = ", ".join(say(f"device_{kind}") for kind in seen.lacks)
        return Line(Sign.LOOK, f"{short}: {say('officer_lane_lacks', devices=lacks)}")
    return Line(Sign.GOOD if seen.state == "open" else Sign.QUIET, f"{short}: {say(f'officer_lane_{seen.state}')}")


def _empty(desk: Desk, say: Say) -> str:
    if desk.trouble is not Trouble.NONE:
        return say(f"officer_trouble_{desk.trouble}")
    if desk.claiming:
        return say("officer_taking")
    return say("officer_take_next") if desk.waiting else say("officer_nobody_waits")


def _case(opened: Opened, desk: Desk, say: Say) -> CaseView:
    record = opened.record.value
    members = record.members
    member = members[opened.member] if members else None
    position = say("officer_member_of", at=opened.member + 1, count=len(members)) if len(members) > 1 else ""
    direction = say("officer_exit" if desk.direction is Direction.EXIT else "officer_entry")
    parts = (direction, grouped(record.token), say("officer_number", number=record.number), position)
    return CaseView(
        title=_name(member, say),
        subtitle=" · ".join(part for part in parts if part),
        photos=(_photo(opened, MediaKind.DOCUMENT, member, say), _photo(opened, MediaKind.FACE, member, say)),
        facts=_facts(member, record.answers, say),
        checks=_checks(member, say),
        note=_note(opened, desk, member, say),
    )


def _name(member: MemberRecord | None, say: Say) -> str:
    if member is None:
        return say("officer_no_document")
    holder = member.holder
    if holder is None:
        return say("officer_border_pass") if member.border_pass else say("officer_unread")
    return ", ".join(part for part in (holder.surname.title(), holder.given_names.title()) if part)


def _photo(opened: Opened, kind: MediaKind, member: MemberRecord | None, say: Say) -> Photo:
    image = next((picture.image for picture in opened.pictures if picture.kind is kind and picture.member == opened.member), None)
    if kind is MediaKind.DOCUMENT:
        caption = say("officer_photo_document") if image else say("officer_photo_document_none")
    elif image is not None and member is not None and member.face_quality is not None:
        caption = say("officer_photo_face", quality=member.face_quality)
    else:
        caption = say(f"officer_photo_face_{member.face}" if member and member.face not in ("", "captured") else "officer_photo_face_none")
    return Photo(caption, image)


def _facts(member: MemberRecord | None, answers: dict[str, str], say: Say) -> tuple[Fact, ...]:
    facts: list[Fact] = []
    holder = member.holder if member else None
    if holder is not None:
        born = f"{holder.birth} ({holder.age})" if holder.age is not None else holder.birth
        values = {
            "document": f"{holder.code} {holder.issuer} {holder.number}",
            "born": born,
            "sex": holder.sex or "–",
            "nationality": holder.nationality,
            "expires": holder.expiry or "–",
        }
        facts += [Fact(say(f"officer_{label}"), value) for label, value in values.items()]
    if member is not None and member.relation:
        facts.append(Fact(say("officer_relation"), say(f"officer_relation_{member.relation}")))
    if member is not None and member.border_pass:
        facts.append(Fact(say("officer_pass_code"), member.border_pass[:40]))
    facts += [Fact(say(f"officer_{question}"), say(f"officer_answer_{question}_{value}")) for question, value in answers.items()]
    return tuple(facts)


def _checks(member: MemberRecord | None, say: Say) -> tuple[Line, ...]:
    if member is None:
        return (Line(Sign.QUIET, say("officer_nothing_captured"), ""),)
    lines = [_check(check, say) for check in member.checks]
    source = say("officer_read_by", device=say(f"device_{Kind(member.source)}"))
    lines.append(
        Line(Sign.GOOD if member.confirmed else Sign.LOOK, source, say("officer_confirmed" if member.confirmed else "officer_unconfirmed"))
    )
    for finger, result in member.prints:
        taken = result == "captured"
        lines.append(Line(Sign.GOOD if taken else Sign.LOOK, say(f"officer_finger_{finger}"), say(f"officer_print_{result}")))
    return tuple(lines)


def _check(check: Check, say: Say) -> Line:
    return Line(SIGNS[check.result], say(f"officer_check_{check.id}"), say(f"officer_evidence_{check.evidence}"))


def _note(opened: Opened, desk: Desk, member: MemberRecord | None, say: Say) -> Line:
    """The one sentence over the actions: what became of the decision, or how many things want looking at."""
    if opened.progress is not Progress.EXAMINING:
        signs = {Progress.DONE: Sign.GOOD, Progress.CONFLICT: Sign.BAD, Progress.LANE_NOT_REACHED: Sign.LOOK}
        return Line(signs.get(opened.progress, Sign.QUIET), say(f"officer_progress_{opened.progress}"))
    if desk.trouble is not Trouble.NONE:
        return Line(Sign.BAD, say(f"officer_trouble_{desk.trouble}"))
    if opened.record.value.help:
        return Line(Sign.LOOK, say(f"officer_help_{opened.record.value.help}"))
    wanted = sum(line.sign in (Sign.LOOK, Sign.BAD) for line in _checks(member, say))
    return Line(Sign.LOOK, say("officer_things_to_look_at", count=wanted)) if wanted else Line(Sign.GOOD, say("officer_nothing_stands_out"))


def _actions(desk: Desk, say: Say) -> tuple[Action, ...]:
    opened = desk.opened
    sign_off = Action("sign_off", say("officer_sign_off"), PersonSignedOff(), "F10")
    if opened is None or opened.progress in (Progress.DONE, Progress.CONFLICT, Progress.LANE_NOT_REACHED):
        take = CaseTaken() if desk.waiting and not desk.claiming else None
        return (sign_off, Action("take_next", say("officer_take"), take, "Enter", Weight.MAIN))
    examining = opened.progress is Progress.EXAMINING
    several = len(opened.record.value.members) > 1
    clear = say("officer_clear_exit" if desk.direction is Direction.EXIT else "officer_clear_entry")
    actions = [Action("give_back", say("officer_give_back"), CaseGivenBack() if examining else None, "Esc")]
    if several:
        actions.append(Action("next_member", say("officer_next_member"), MemberShown(opened.member + 1), "F6"))
    actions.append(Action("second_line", say("officer_second_line"), ReferPressed() if examining else None, "F2"))
    actions.append(Action("clear", clear, ClearPressed() if examining else None, "Enter", Weight.GOOD))
    return tuple(actions)


def _reasons(say: Say) -> Question:
    answers = [
        Action(f"reason_{reason}", say(f"officer_reason_{reason}"), ReasonChosen(reason), str(at % 10))
        for at, reason in enumerate(Reason, 1)
    ]
    back = Action("reason_back", say("officer_back"), ReasonDropped(), "Esc")
    return Question(say("officer_which_reason"), (*answers, back))
