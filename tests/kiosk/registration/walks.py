"""Random walks: travellers, devices, journal and clock doing what they like, in any order, for many travellers one after the other."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass, replace
from random import Random
from typing import NamedTuple

from hypothesis import strategies as st

from drivers.contract import Kind, Paper, Unread
from kiosk.documents.results import CheckResult, Way
from kiosk.private import Private
from kiosk.registration import commands as c
from kiosk.registration import events as e
from kiosk.registration import states as s
from kiosk.registration.anywhere import waits_for
from kiosk.registration.names import ClosedFor, NotRecordedBecause
from kiosk.registration.step import step
from kiosk.registration.travellers import Declining, Document, Papers, Relation, Travellers
from tests.kiosk.registration.cases import events, tickets
from tests.kiosk.registration.visit import CASE, ENTRY, NO_FINGERS, NO_QUESTIONS, PROFILE, TODAY, examined, lines, picture

AGES = (None, 4, 11, 12, 17, 18, 34, 34, 34, 80)
PROFILES = (PROFILE, ENTRY, NO_FINGERS, NO_QUESTIONS)


class Moved(NamedTuple):
    """One event of a walk. `visitor` counts the travellers; what is theirs bears that number."""

    visitor: int
    before: s.State
    event: e.Event
    after: s.State
    commands: tuple[c.Command, ...]


def walk(seed: int, steps: int) -> list[Moved]:
    """The walk that these numbers stand for: mostly what is sensible, now and then a mishap or anything at all."""
    chance = Random(seed)
    state: s.State = s.Attract(s.Kiosk(chance.choice(PROFILES)))
    visitor, moves = 0, []
    for at in range(steps):
        visitor += isinstance(state, s.Attract)
        mark = f"V{visitor:03}S{at:04}"
        kinds = (sensible, sensible, sensible, sensible, sensible, sensible, failing, losing, returning, mishaps, anything)
        event = chance.choice(list(chance.choice(kinds)(state, mark, chance)) or [e.MoreTime()])
        after, commands = step(state, event)
        moves.append(Moved(visitor, state, event, after, commands))
        state = after
    return moves


WALKS = st.builds(walk, st.integers(0, 2**32), st.integers(40, 140))


def anything(state: s.State, _mark: str, _chance: Random) -> list[e.Event]:
    """Any event of the golden table."""
    return [event for _, event in events(state)]


def returning(_state: s.State, _mark: str, _chance: Random) -> tuple[e.Event, ...]:
    """People want to see the question before once more."""
    return e.Back(), e.Back(), e.Correct()


def mishaps(state: s.State, _mark: str, chance: Random) -> Iterator[e.Event]:
    """Devices come and go, time runs out, people go back, lanes close."""
    _, limit = tickets(state)
    yield from (e.TimeAlmostOut(limit, state.name), e.TimeRanOut(limit, state.name), e.Back(), e.LeaveAsked(), e.Stay(), e.Cancelled())
    yield from (e.OfficerInstead(), e.LaneClosed(ClosedFor.STAFF), e.LaneOpened(), e.DeviceLost(chance.choice(list(Kind))))
    yield e.ProfileChanged(replace(state.kiosk.profile, languages=chance.choice((("en", "sw"), ("sw",), ("fr", "en")))))
    yield from (e.DeviceBack(kind) for kind in state.kiosk.lost)


def losing(state: s.State, _mark: str, chance: Random) -> Iterator[e.Event]:
    """The device that is at work is lost, and now and then another one; lost ones come back."""
    work = waits_for(state)
    yield e.DeviceLost(work[0] if work else chance.choice(list(Kind)))
    yield from (e.DeviceBack(kind) for kind in state.kiosk.lost)


def failing(state: s.State, _mark: str, chance: Random) -> Iterator[e.Event]:
    """What is waited for does not come."""
    order, _ = tickets(state)
    why = chance.choice(list(Unread))
    match state:
        case s.DocCapture():
            yield e.DocumentUnreadable(order, why)
        case s.PassCapture():
            yield e.PassUnknown(order, why)
        case s.Face():
            yield from (e.FaceNotCaptured(order, why), e.Declined(chance.choice(list(Declining))))
        case s.Fingers():
            yield from (e.FingerNotCaptured(order, why), e.Declined(chance.choice(list(Declining))))
        case s.Recording() | s.HelpDiscreet():
            yield e.NotRecorded(order, NotRecordedBecause.BROKEN)
        case s.Token():
            yield from (e.SlipPrinted(order, False), e.SlipNotPrinted(order, Paper.OUT))
        case _:
            return


def sensible(state: s.State, mark: str, chance: Random) -> Iterator[e.Event]:
    """What leads on, until a document is read; answers bear the ticket that is waited for, things of a person the visitor's mark."""
    order, _ = tickets(state)
    match state:
        case s.Attract():
            yield from [e.Touched(chance.random())] * 9
            yield e.TechnicianSignedOn()
        case s.Closed() | s.Maintenance():
            yield from (e.LaneOpened(), e.TechnicianSignedOff())
        case s.Language():
            yield e.LanguageChosen(chance.choice(state.kiosk.profile.languages))
        case s.Notice():
            yield e.NoticeUnderstood()
        case s.TravelClass():
            yield e.TravelClassChosen(chance.choice((Papers.DOCUMENT, Papers.DOCUMENT, *Papers)))
        case s.DocCapture():
            today = chance.choice((TODAY, None))
            yield e.DocumentRead(order, lines(mark), state.device, chance.random() < 0.5, today, picture(mark))
        case s.PassCapture():
            yield e.PassRead(order, Private(mark), picture(mark))
        case _:
            yield from sensible_later(state, mark, chance)


def sensible_later(state: s.State, mark: str, chance: Random) -> Iterator[e.Event]:
    """What leads on from there."""
    order, _ = tickets(state)
    match state:
        case s.DocCheck():
            way = chance.choice((Way.SHORT, *[Way.ORDINARY] * 9))
            found = examined(chance.choice(AGES), way, chance.choice(("UTO", "XXB", "")), chance.choice(list(CheckResult)))
            yield e.ChecksDone(order, found)
        case s.Party():
            yield from (e.PartyComplete(), e.AddMember(chance.choice(list(Relation))))
        case s.Declare():
            yield e.AnswerGiven(state.question, Private(chance.choice(state.kiosk.profile.options(state.question))))
        case s.Face():
            yield e.FaceCaptured(order, picture(mark), 70)
        case s.Fingers():
            yield e.FingerCaptured(order, picture(mark), 500, None)
        case s.Review():
            yield from (e.Confirmed(), e.Confirmed(), e.Correct())
        case s.Recording() | s.HelpDiscreet():
            yield e.Recorded(order, CASE)
        case s.Token():
            yield from (e.SlipPrinted(order, True), e.SlipTaken())
        case _:
            return


def travellers_of(state: s.State) -> Travellers | None:
    """What was gathered so far."""
    if isinstance(state, s.HelpDiscreet):
        return state.registration.travellers
    found = getattr(state, "travellers", None)
    return found if isinstance(found, Travellers) else None


def captured_of(state: s.State) -> set[tuple[int, object]]:
    """Each document, pass, face and finger that is settled, with its member."""
    travellers = travellers_of(state)
    settled: set[tuple[int, object]] = set()
    for at, member in enumerate(travellers.members if travellers else ()):
        papers = member.papers.scan if isinstance(member.papers, Document) else member.papers
        settled |= {(at, thing) for thing in (papers, member.face, *member.prints) if thing is not None}
    return settled


def privates(value: object) -> Iterator[object]:
    """Every value of a person in here, however deep."""
    if isinstance(value, Private):
        yield value.value
    elif is_dataclass(value):
        for each in fields(value):
            yield from privates(getattr(value, each.name))
    elif isinstance(value, tuple | list | frozenset):
        for item in value:
            yield from privates(item)
