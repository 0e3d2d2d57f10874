"""What a traveller's screen says in each state. PURE and total; it never raises where `lacking` finds nothing.

`view(state, scene)` is all that a lane needs: each choice carries the event of the registration that it means. The one thing that the
lane adds is the time of the first touch: `Touched` comes with `at = 0.0` and is stamped by whoever has a clock.
"""

from dataclasses import replace
from typing import assert_never

from kiosk.registration.events import LanguageChosen, NoticeUnderstood, Touched, TravelClassChosen
from kiosk.registration.profile import Profile
from kiosk.registration.states import (
    Attract,
    Closed,
    Declare,
    DocCapture,
    DocCheck,
    Face,
    Fingers,
    HelpDiscreet,
    Idle,
    Language,
    Maintenance,
    Notice,
    Party,
    PassCapture,
    Recording,
    Review,
    State,
    Token,
    TravelClass,
)
from kiosk.registration.travellers import Papers
from kiosk.views.parts import Choice, Layout, Sentence, View
from kiosk.views.traveller_ending import help_discreet, recording, token
from kiosk.views.traveller_parts import Band, Scene, Tongue, asking, blank, stop_here
from kiosk.views.traveller_reading import doc_capture, doc_check, pass_capture
from kiosk.views.traveller_review import review
from kiosk.views.traveller_taking import face, fingers, hint_sentence
from kiosk.views.traveller_telling import declare, party
from kiosk.words.catalogue import Words
from kiosk.words.legal import LegalName

__all__ = ["Band", "Scene", "hint_sentence", "lacking", "view"]

PAPERS_ICONS = {
    Papers.DOCUMENT: "passport",
    Papers.BORDER_PASS: "border_pass",
    Papers.CREW: "crew",
    Papers.NONE_OR_UNSURE: "no_document",
}
INVITATIONS = 3
"""In so many languages the lane invites to touch the screen; the first is spoken."""


def view(state: State, scene: Scene) -> View:
    """The screen for this state, in the traveller's language, and in the lane's own while nobody is there."""
    tongue = Tongue(scene.words, state.kiosk.profile.languages[0] if isinstance(state, Idle) else state.session.language)
    match state:
        case Attract() | Closed() | Maintenance():
            return _idle(state, scene, tongue)
        case Language() | Notice() | TravelClass():
            return _opening(state, scene, tongue)
        case DocCapture():
            return doc_capture(state, scene, tongue)
        case PassCapture():
            return pass_capture(state, scene, tongue)
        case DocCheck():
            return doc_check(state, scene, tongue)
        case Party():
            return party(state, scene, tongue)
        case Declare():
            return declare(state, scene, tongue)
        case _:
            return _later(state, scene, tongue)


def _later(state: Face | Fingers | Review | Recording | Token | HelpDiscreet, scene: Scene, tongue: Tongue) -> View:
    match state:
        case Face():
            return face(state, scene, tongue)
        case Fingers():
            return fingers(state, scene, tongue)
        case Review():
            return review(state, scene, tongue)
        case Recording():
            return recording(state, scene, tongue)
        case Token():
            return token(state, scene, tongue)
        case HelpDiscreet():
            return help_discreet(state, scene, tongue)
        case _:
            assert_never(state)


def lacking(profile: Profile, words: Words) -> list[str]:
    """What a lane of this profile would have no words for, one line each; a lane that lacks something does not open."""
    lines = [f"language {tag}: there is no catalogue" for tag in profile.languages if tag not in words.languages]
    keys = [f"{question}_{option}" for question in profile.questions for option in profile.options(question)]
    for tag in profile.languages:
        if tag in words.languages:
            lines += [f"language {tag}: nothing is written for the answer {key!r}" for key in keys if not words.has(key, tag)]
    return lines


def _idle(state: Idle, scene: Scene, tongue: Tongue) -> View:
    """Nobody is asked for anything. A closed lane looks the same for every reason."""
    match state:
        case Attract():
            tags = state.kiosk.profile.languages[:INVITATIONS]
            return replace(
                blank(state, scene, tongue, Layout.ATTRACT, tongue.sentence("welcome")),
                lines=tuple(Tongue(scene.words, tag).sentence("touch_to_start") for tag in tags),
                illustration="welcome",
                main=tongue.choice("start", Touched(0.0), "forward"),
            )
        case Closed():
            closed = blank(state, scene, tongue, Layout.CLOSED, tongue.sentence("lane_closed"))
            return replace(closed, lines=(tongue.sentence("lane_closed_next"),), illustration="lane_closed")
        case Maintenance():
            serviced = blank(state, scene, tongue, Layout.CLOSED, tongue.sentence("serviced"))
            return replace(serviced, lines=(tongue.sentence("lane_closed_next"),), illustration="lane_closed")
        case _:
            assert_never(state)


def _opening(state: Language | Notice | TravelClass, scene: Scene, tongue: Tongue) -> View:
    """Before anything is known of the traveller."""
    match state:
        case Language():
            tags = state.kiosk.profile.languages
            return replace(
                asking(state, scene, tongue, Layout.CHOICES, tongue.sentence("choose_language")),
                illustration="languages",
                choices=tuple(_language(scene, tag) for tag in tags),
            )
        case Notice():
            return _notice(state, scene, tongue)
        case TravelClass():
            return replace(
                asking(state, scene, tongue, Layout.CHOICES, tongue.sentence("papers_question"), step=1),
                lines=(tongue.sentence("in_danger"),),
                choices=tuple(tongue.choice(f"papers_{papers}", TravelClassChosen(papers), icon) for papers, icon in PAPERS_ICONS.items()),
            )
        case _:
            assert_never(state)


def _language(scene: Scene, tag: str) -> Choice:
    """A language that says its own name, in itself."""
    says = Tongue(scene.words, tag).sentence("language_name")
    return Choice(f"language_{tag}", says, LanguageChosen(tag), "listen", language=tag)


def _notice(state: Notice, scene: Scene, tongue: Tongue) -> View:
    """The privacy notice in its short form, spoken; the whole of it is on paper at the desk."""
    text = scene.legal[LegalName.PRIVACY, tongue.language]
    title, *lines = (Sentence(text.clip(at), words, (text.clip(at),)) for at, words in enumerate((text.title, *text.lines)))
    return replace(
        asking(state, scene, tongue, Layout.INSTRUCT, title),
        lines=tuple(lines),
        illustration="privacy",
        main=tongue.choice("understood", NoticeUnderstood(), "check"),
        second=stop_here(tongue),
    )
