"""Language, privacy notice, travel class: before anything of a person is captured. PURE."""

from typing import assert_never

from kiosk.registration.anywhere import asking
from kiosk.registration.entering import Step, ask_language, ask_travel_class, call_officer, ignored, read_document, read_pass, show_notice
from kiosk.registration.events import Back, Event, LanguageChosen, NoticeUnderstood, TravelClassChosen
from kiosk.registration.states import Aside, Language, Notice, Opening, Session, TravelClass
from kiosk.registration.travellers import HelpReason, Papers, Travellers


def opening(state: Opening, event: Event) -> Step:
    """Three questions that need no document."""
    match state:
        case Language():
            return _language(state, event)
        case Notice():
            return _notice(state, event)
        case TravelClass():
            return _travel_class(state, event)
        case _:
            assert_never(state)


def _language(state: Language, event: Event) -> Step:
    """The first question; behind it lies only the way out."""
    match event:
        case LanguageChosen(language=tag) if tag in state.kiosk.profile.languages:
            return show_notice(state.kiosk, Session(tag, state.session.began, state.session.limit))
        case Back():
            return asking(state, Aside.REALLY_LEAVE)
        case _:
            return ignored(state, event)


def _notice(state: Notice, event: Event) -> Step:
    """Nothing is captured before it was understood."""
    match event:
        case NoticeUnderstood():
            return ask_travel_class(state.kiosk, state.session)
        case Back():
            return ask_language(state.kiosk, state.session)
        case _:
            return ignored(state, event)


def _travel_class(state: TravelClass, event: Event) -> Step:
    """Whoever has no papers, or is not sure, meets an officer."""
    match event:
        case TravelClassChosen(papers=Papers.NONE_OR_UNSURE):
            # nothing is captured of somebody who may be in need of protection
            return call_officer(state.kiosk, state.session, None, HelpReason.NO_DOCUMENT)
        case TravelClassChosen(papers=Papers.BORDER_PASS):
            return read_pass(state.kiosk, state.session)
        case TravelClassChosen(papers=(Papers.DOCUMENT | Papers.CREW) as papers):
            return read_document(state.kiosk, state.session, Travellers(papers), None)
        case Back():
            return show_notice(state.kiosk, state.session)
        case _:
            return ignored(state, event)
