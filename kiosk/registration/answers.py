"""Who travels along, and the declaration. PURE."""

from typing import assert_never

from kiosk.registration.anywhere import asking
from kiosk.registration.entering import Step, ask_party, call_officer, declare, ignored, read_document, review
from kiosk.registration.events import AddMember, AnswerGiven, Back, Event, PartyComplete
from kiosk.registration.states import Aside, Declare, Party, Telling
from kiosk.registration.travellers import Answer, HelpReason
from kiosk.registration.wanted import all_taken, room_left, without_adult


def answers(state: Telling, event: Event) -> Step:
    """The traveller tells what no document says."""
    match state:
        case Party():
            return _party(state, event)
        case Declare():
            return _declaration(state, event)
        case _:
            assert_never(state)


def _party(state: Party, event: Event) -> Step:
    """Members join one by one. Going back would lose a document that was read: the kiosk asks first."""
    profile = state.kiosk.profile
    match event:
        case AddMember(relation) if room_left(profile, state.travellers):
            return read_document(state.kiosk, state.session, state.travellers, relation)
        case PartyComplete() if without_adult(profile, state.travellers):
            return call_officer(state.kiosk, state.session, state.travellers, HelpReason.NO_ADULT)
        case PartyComplete():
            return declare(state.kiosk, state.session, state.travellers, 0)
        case Back():
            return asking(state, Aside.REALLY_LEAVE)
        case _:
            return ignored(state, event)


def _declaration(state: Declare, event: Event) -> Step:
    """One question, one tap. Corrected from the review, it leads back there: nothing is captured twice (law 7)."""
    at = len(state.behind)
    match event:
        case AnswerGiven(question, value) if question is state.question and value.value in state.kiosk.profile.options(question):
            return declare(state.kiosk, state.session, state.travellers.answered(Answer(question, value)), at + 1)
        case Back() if state.behind:
            return declare(state.kiosk, state.session, state.travellers, at - 1)
        # who came from the review goes back there: adding a member now would open the captures again
        case Back() if all_taken(state.kiosk.profile, state.travellers):
            return review(state.kiosk, state.session, state.travellers)
        case Back():
            return ask_party(state.kiosk, state.session, state.travellers)
        case _:
            return ignored(state, event)
