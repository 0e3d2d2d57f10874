"""The screen that shows what was captured, so that the traveller can say that it is not right. PURE.

The values are shown and never spoken: a loudspeaker would tell them to the hall. Whoever cannot read them is told to call an officer.
"""

from collections.abc import Iterator
from dataclasses import replace

from kiosk.documents.results import Holder
from kiosk.registration.events import Confirmed, Correct, OfficerInstead
from kiosk.registration.states import Review
from kiosk.registration.travellers import BorderPass, Document, Member, Portrait, Print
from kiosk.registration.wanted import questions
from kiosk.views.parts import Layout, Row, View
from kiosk.views.traveller_parts import STEPS, Scene, Tongue, asking
from kiosk.words.dates import known_part

SPECIAL = "XX"
"""Codes of Doc 9303-3 that begin so name a condition (stateless, refugee), which no bystander needs to read."""


def review(state: Review, scene: Scene, tongue: Tongue) -> View:
    """Documents, faces, fingers and answers. Answers can be changed here; what a document says wrongly is for an officer."""
    title, unseen = tongue.sentence("review_title"), tongue.sentence("review_unseen")
    # heard and not shown: whoever sees the screen does not need it
    title = replace(title, clips=(*title.clips, *unseen.clips))
    answered = bool(questions(state.kiosk.profile, state.travellers))
    change = tongue.choice("review_change", Correct(), "repeat")
    wrong = tongue.choice("review_wrong", OfficerInstead(), "no")
    return replace(
        asking(state, scene, tongue, Layout.REVIEW, title, STEPS),
        lines=(tongue.sentence("review_misread"),) if answered else (),
        rows=tuple(_rows(state, tongue)),
        illustration="review",
        main=tongue.choice("review_yes", Confirmed(), "check"),
        second=change if answered else wrong,
    )


def _rows(state: Review, tongue: Tongue) -> Iterator[Row]:
    members = state.travellers.members
    for at, member in enumerate(members):
        yield from _member(state, tongue, member, at + 1 if len(members) > 1 else 0)
    for question in questions(state.kiosk.profile, state.travellers):
        value = state.travellers.answer(question)
        if value is not None:
            yield Row(tongue.sentence(f"row_{question}"), tongue.text(f"{question}_{value}"))


def _member(state: Review, tongue: Tongue, member: Member, number: int) -> Iterator[Row]:
    """One traveller; `number` from 1 where several travel together, else 0."""
    match member.papers:
        case Document(examined=examined):
            yield from _document(state, tongue, examined.holder.value, number)
        case BorderPass():
            yield Row(tongue.sentence("row_pass"), tongue.text("value_read"), "border_pass")
    if member.face is not None:
        yield Row(tongue.sentence("row_photo"), _taken(isinstance(member.face, Portrait), tongue), "face")
    if member.prints:
        yield Row(tongue.sentence("row_fingers"), _taken(all(isinstance(one, Print) for one in member.prints), tongue), "finger")


def _document(state: Review, tongue: Tongue, holder: Holder | None, number: int) -> Iterator[Row]:
    """What the document says of its holder; of several travellers the short form."""
    if holder is None:
        yield Row(tongue.sentence("row_document"), tongue.text("value_officer"), "passport")
        return
    child = holder.age is not None and holder.age < state.kiosk.profile.adult_age
    label = tongue.sentence("row_person", at=number) if number else tongue.sentence("row_name")
    yield Row(label, f"{holder.given_names} {holder.surname}".strip(), "child" if child else "adult")
    yield Row(tongue.sentence("row_born"), known_part(tongue.words, tongue.language, holder.birth), "calendar")
    yield Row(tongue.sentence("row_document"), holder.number or tongue.text("value_unknown"), "passport")
    if number:
        return
    if holder.nationality and not holder.nationality.startswith(SPECIAL):
        yield Row(tongue.sentence("row_nationality"), tongue.country(holder.nationality), "home")
    yield Row(tongue.sentence("row_expires"), known_part(tongue.words, tongue.language, holder.expiry), "clock")


def _taken(all_taken: bool, tongue: Tongue) -> str:
    return tongue.text("value_taken" if all_taken else "value_officer")
