"""Documents and border passes are read and looked at. PURE.

A failed or undetermined check never blocks here: the officer sees it (laws 6 and 8).
"""

from dataclasses import replace
from typing import assert_never

from drivers.contract import Kind, Unread
from kiosk.documents.results import Way
from kiosk.registration.anywhere import asking
from kiosk.registration.entering import Step, again, ask_party, ask_travel_class, call_officer, check_document, ignored, onward, reader
from kiosk.registration.events import (
    Back,
    ChecksDone,
    DeviceLost,
    DocumentRead,
    DocumentUnreadable,
    Event,
    PassRead,
    PassUnknown,
)
from kiosk.registration.states import Aside, DocCapture, DocCheck, PassCapture, Reading
from kiosk.registration.travellers import BorderPass, Document, HelpReason, Member
from kiosk.registration.wanted import is_a_try


def papers(state: Reading, event: Event) -> Step:
    """A document or a pass is read, then looked at."""
    match state:
        case DocCapture():
            return _doc_capture(state, event)
        case PassCapture():
            return _pass_capture(state, event)
        case DocCheck():
            return _doc_check(state, event)
        case _:
            assert_never(state)


def _doc_capture(state: DocCapture, event: Event) -> Step:
    """A document is waited for, up to the tries of the profile; a lost reader hands over to the camera."""
    match event:
        case DocumentRead(ticket=ticket) if ticket == state.order:
            return _read(state, event)
        case DocumentUnreadable(ticket, why) if ticket == state.order:
            return _unread(state, why)
        case DeviceLost(kind) if kind is state.device:
            return _without_reader(state)
        case Back() if state.travellers.members:
            return ask_party(state.kiosk, state.session, state.travellers)
        case Back():
            return ask_travel_class(state.kiosk, state.session)
        case _:
            return ignored(state, event)


def _pass_capture(state: PassCapture, event: Event) -> Step:
    """A border pass is waited for."""
    match event:
        case PassRead(ticket, text, picture) if ticket == state.order:
            return onward(state.kiosk, state.session, state.travellers.joined_by(Member(BorderPass(text, picture))))
        case PassUnknown(ticket, why) if ticket == state.order:
            return _unread_pass(state, why)
        case DeviceLost(kind=Kind.DOCUMENT_CAMERA):
            return call_officer(state.kiosk, state.session, state.travellers, HelpReason.NO_READER)
        case Back():
            return ask_travel_class(state.kiosk, state.session)
        case _:
            return ignored(state, event)


def _doc_check(state: DocCheck, event: Event) -> Step:
    """The checks are waited for. Whoever is on the short way is asked for a face and nothing more."""
    match event:
        case ChecksDone(ticket, examined) if ticket == state.order:
            travellers = state.travellers.joined_by(Member(Document(state.scan, examined), state.joining))
            # the way comes from the class of the document alone, never from a result
            go_on = onward if examined.way is Way.SHORT else ask_party
            return go_on(state.kiosk, state.session, travellers)
        case Back():
            return asking(state, Aside.REALLY_LEAVE)
        case _:
            return ignored(state, event)


def _read(state: DocCapture, read: DocumentRead) -> Step:
    """Who adds a child finds the own passport still on the glass: it is asked for again, and that is no failed try."""
    documents = (member.papers for member in state.travellers.members)
    if any(isinstance(document, Document) and document.scan.lines == read.lines for document in documents):
        return again(replace(state, seen=True), state.tries)
    return check_document(state, read)


def _unread(state: DocCapture, why: Unread) -> Step:
    tries = state.tries + is_a_try(why)
    if tries >= state.kiosk.profile.tries:
        return call_officer(state.kiosk, state.session, state.travellers, HelpReason.UNREADABLE)
    # something else lies there now, or nothing: the hint has done its work
    return again(replace(state, seen=False), tries)


def _without_reader(state: DocCapture) -> Step:
    """The camera takes over from the reader, and the officer from the camera; a lost device costs nobody a try."""
    other = reader(state.kiosk)
    if other is None:
        return call_officer(state.kiosk, state.session, state.travellers, HelpReason.NO_READER)
    return again(replace(state, device=other), state.tries)


def _unread_pass(state: PassCapture, why: Unread) -> Step:
    tries = state.tries + is_a_try(why)
    if tries >= state.kiosk.profile.tries:
        return call_officer(state.kiosk, state.session, state.travellers, HelpReason.PASS_UNKNOWN)
    return again(state, tries)
