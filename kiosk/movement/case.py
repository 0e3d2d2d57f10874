"""A case: what has become of one registration at the officers' side. PURE.

The stages and rows are those of the flow's second machine that an ordinary crossing needs: queue, examine, clear or refer,
expire, withdraw. Handover, protection, port health and re-admission come with their screens; nothing here stands in for them.
"""

from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from kiosk.registration.profile import Direction


class Stage(StrEnum):
    """Where a case stands; the names are the flow's."""

    EXIT_QUEUE = "EXIT_QUEUE"
    EXIT_EXAMINE = "EXIT_EXAMINE"
    EXIT_CLEARED = "EXIT_CLEARED"
    SECOND_LINE_EXIT = "SECOND_LINE_EXIT"
    ENTRY_QUEUE = "ENTRY_QUEUE"
    HEALTH = "HEALTH"
    ENTRY_EXAMINE = "ENTRY_EXAMINE"
    ENTRY_CLEARED = "ENTRY_CLEARED"
    SECOND_LINE_ENTRY = "SECOND_LINE_ENTRY"
    CLOSED_CASE = "CLOSED_CASE"


QUEUES = frozenset({Stage.EXIT_QUEUE, Stage.ENTRY_QUEUE})
DECIDED = frozenset({Stage.EXIT_CLEARED, Stage.ENTRY_CLEARED, Stage.SECOND_LINE_EXIT, Stage.SECOND_LINE_ENTRY})


class Reason(StrEnum):
    """Coded reasons for second line. None of them is ever shown to the traveller."""

    DOCUMENT_DOUBT = "document_doubt"
    IDENTITY_DOUBT = "identity_doubt"
    DATA_DIFFER = "data_differ"
    DOCUMENT_EXPIRED = "document_expired"
    VISA_OR_PERMIT = "visa_or_permit"
    CHILD_CONSENT = "child_consent"
    LIST_ANSWER = "list_answer"
    NO_DOCUMENT = "no_document"
    PURPOSE_UNCLEAR = "purpose_unclear"
    OTHER_WRITTEN = "other_written"


@dataclass(frozen=True)
class Case:
    """One case. `version` rises with each claim, so that an answer to an older claim is told from a current one."""

    case_id: str
    direction: Direction
    stage: Stage
    version: int = 0
    holder: str = ""
    protected: bool = False
    list_hit: bool = False


@dataclass(frozen=True)
class Claimed:
    """A console takes the case up."""

    console: str


@dataclass(frozen=True)
class ClaimReleased:
    """The console gives it back to the queue."""


@dataclass(frozen=True)
class FitOrNotRequired:
    """Health has nothing to ask, or found nothing: entry side."""


@dataclass(frozen=True)
class Cleared:
    """The officer lets the traveller go on. A list hit needs a second officer."""

    officer: str
    second_officer: str = ""


@dataclass(frozen=True)
class ReferredSecondLine:
    """The officer sends the traveller to second line, for a coded reason."""

    officer: str
    reason: Reason


@dataclass(frozen=True)
class Withdrawn:
    """The traveller went away before a decision."""


@dataclass(frozen=True)
class Expired:
    """The registration's hours ran out; never while claimed."""


Event = Claimed | ClaimReleased | FitOrNotRequired | Cleared | ReferredSecondLine | Withdrawn | Expired


@dataclass(frozen=True)
class Moved:
    """The case after the event."""

    case: Case


@dataclass(frozen=True)
class NotAllowed:
    """The event does not fit the case as it stands; the case is unchanged."""

    why: str


def begin(case_id: str, direction: Direction) -> Case:
    """A case begins when its registration's record is committed."""
    stage = Stage.EXIT_QUEUE if direction is Direction.EXIT else Stage.ENTRY_QUEUE
    return Case(case_id, direction, stage)


def step(case: Case, event: Event) -> Moved | NotAllowed:
    """What becomes of the case. Total: every stage answers every event."""
    match event:
        case Claimed(console=console):
            return _claimed(case, console)
        case ClaimReleased():
            return _from(
                case, {Stage.EXIT_EXAMINE: Stage.EXIT_QUEUE, Stage.HEALTH: Stage.ENTRY_QUEUE, Stage.ENTRY_EXAMINE: Stage.ENTRY_QUEUE}, _free
            )
        case FitOrNotRequired():
            return _from(case, {Stage.HEALTH: Stage.ENTRY_EXAMINE}, _keep)
        case Cleared():
            return _cleared(case, event)
        case ReferredSecondLine():
            return _from(case, {Stage.EXIT_EXAMINE: Stage.SECOND_LINE_EXIT, Stage.ENTRY_EXAMINE: Stage.SECOND_LINE_ENTRY}, _keep)
        case Withdrawn():
            return _from(case, {stage: Stage.CLOSED_CASE for stage in Stage if stage not in _SETTLED}, _free)
        case Expired():
            return _from(case, dict.fromkeys(QUEUES, Stage.CLOSED_CASE), _free)
        case _:
            assert_never(event)


_CLEARS = {
    Stage.EXIT_EXAMINE: Stage.EXIT_CLEARED,
    Stage.SECOND_LINE_EXIT: Stage.EXIT_CLEARED,
    Stage.ENTRY_EXAMINE: Stage.ENTRY_CLEARED,
    Stage.SECOND_LINE_ENTRY: Stage.ENTRY_CLEARED,
}
_SETTLED = frozenset({Stage.EXIT_CLEARED, Stage.ENTRY_CLEARED, Stage.CLOSED_CASE})


def _claimed(case: Case, console: str) -> Moved | NotAllowed:
    if case.holder and case.holder != console:
        return NotAllowed(f"held by {case.holder}")
    targets = {Stage.EXIT_QUEUE: Stage.EXIT_EXAMINE, Stage.ENTRY_QUEUE: Stage.HEALTH}
    return _from(case, targets, lambda moved: replace(moved, holder=console, version=moved.version + 1))


def _cleared(case: Case, event: Cleared) -> Moved | NotAllowed:
    if case.list_hit and event.second_officer in ("", event.officer):
        return NotAllowed("a list hit needs two officers")
    return _from(case, _CLEARS, _keep)


def _from(case: Case, targets: dict[Stage, Stage], also: Callable[[Case], Case]) -> Moved | NotAllowed:
    if case.stage not in targets:
        return NotAllowed(f"not in {case.stage}")
    return Moved(also(replace(case, stage=targets[case.stage])))


def _keep(case: Case) -> Case:
    return case


def _free(case: Case) -> Case:
    return replace(case, holder="")
