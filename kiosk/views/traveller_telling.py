"""The screens that ask who travels along, and what no document says. PURE."""

from dataclasses import replace

from kiosk.private import Private
from kiosk.registration.events import AddMember, AnswerGiven, PartyComplete
from kiosk.registration.profile import Question
from kiosk.registration.states import Declare, Party
from kiosk.registration.travellers import Papers, Relation
from kiosk.registration.wanted import room_left
from kiosk.views.parts import Choice, Layout, View
from kiosk.views.traveller_parts import Scene, Tongue, asking

PARTY_STEP, DECLARE_STEP = 3, 4
RELATION_ICONS = {
    Relation.PARTNER: "adult",
    Relation.CHILD: "child",
    Relation.PARENT: "adult",
    Relation.RELATIVE: "family",
    Relation.OTHER: "add_person",
}
ANSWER_ICONS = {
    "address_relatives": "family", "address_friends": "visit", "address_hotel": "desk", "address_work": "work", "address_other": "other",
    "health_well": "well", "health_ill": "ill", "goods_no": "no_goods", "goods_yes": "goods",
}  # fmt: skip
ASKED_BOTH_WAYS = (Question.DAYS, Question.ADDRESS)
"""What is asked differently of those who leave and of those who come."""


def party(state: Party, scene: Scene, tongue: Tongue) -> View:
    """Who travels along? Most people are alone: that answer is the main one."""
    count = len(state.travellers.members)
    alone = count < 2
    done = tongue.choice("party_alone" if alone else "party_complete", PartyComplete(), "alone" if alone else "check")
    taken = tongue.sentence("take_document")
    if not room_left(state.kiosk.profile, state.travellers):
        full = asking(state, scene, tongue, Layout.LIVE, tongue.sentence("party_full"), PARTY_STEP)
        return replace(full, lines=(tongue.sentence("party_full_next"), taken), illustration="family", main=done)
    title = tongue.sentence("party_question" if alone else "party_more")
    return replace(
        asking(state, scene, tongue, Layout.CHOICES, title, PARTY_STEP),
        lines=(taken,) if alone else (tongue.sentence("party_count", count=count), taken),
        illustration="family",
        choices=_relations(state.travellers.papers, tongue),
        main=done,
    )


def _relations(papers: Papers, tongue: Tongue) -> tuple[Choice, ...]:
    if papers is Papers.CREW:
        return (tongue.choice("add_crew", AddMember(Relation.OTHER), "crew"),)
    return tuple(tongue.choice(f"add_{relation}", AddMember(relation), icon) for relation, icon in RELATION_ICONS.items())


def declare(state: Declare, scene: Scene, tongue: Tongue) -> View:
    """One question, one touch; what was answered before is marked."""
    profile, question = state.kiosk.profile, state.question
    key = f"ask_{question}_{profile.direction}" if question in ASKED_BOTH_WAYS else f"ask_{question}"
    return replace(
        asking(state, scene, tongue, Layout.CHOICES, tongue.sentence(key), DECLARE_STEP),
        choices=tuple(_answer(state, option, tongue) for option in profile.options(question)),
    )


def _answer(state: Declare, option: str, tongue: Tongue) -> Choice:
    key = f"{state.question}_{option}"
    icon = option if state.question is Question.PURPOSE else ANSWER_ICONS.get(key, "calendar")
    choice = tongue.choice(key, AnswerGiven(state.question, Private(option)), icon)
    return replace(choice, chosen=state.travellers.answer(state.question) == option)
