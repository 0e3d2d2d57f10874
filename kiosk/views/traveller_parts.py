"""What the traveller's screens have in common: words in one language, the header, help, back, and the questions laid over them. PURE."""

from dataclasses import dataclass, replace
from enum import StrEnum
from typing import assert_never

from drivers.contract import Arrow
from kiosk.registration.events import Back, Cancelled, LeaveAsked, MoreTime, OfficerInstead, Stay
from kiosk.registration.profile import Direction, Profile
from kiosk.registration.states import Aside, Asking, State
from kiosk.views.parts import Choice, Header, Layout, Overlay, Sentence, View
from kiosk.words.catalogue import Said, Value, Words
from kiosk.words.legal import LegalTexts

CODE_GROUP = 3
STEPS = 7
"""Papers, document, party, declaration, faces, fingers, review: the bar under the header, the same for everyone."""


class Band(StrEnum):
    """What stands across screens and slips that are not for real travellers."""

    NONE = ""
    SAMPLE = "sample"
    PRACTICE = "practice"


@dataclass(frozen=True)
class Scene:
    """What does not change from state to state. `post` is the name that people use for it."""

    words: Words
    legal: LegalTexts
    post: str
    band: Band = Band.NONE


@dataclass(frozen=True)
class Tongue:
    """The words in one language."""

    words: Words
    language: str

    def said(self, key: str, /, **values: Value) -> Said:
        """Words and clips, to be put into another sentence. Raises MissingWords."""
        return self.words.said(key, self.language, **values)

    def text(self, key: str, /, **values: Value) -> str:
        """The text alone. Raises MissingWords."""
        return self.words.say(key, self.language, **values)

    def sentence(self, key: str, /, **values: Value) -> Sentence:
        """A sentence of a screen. Raises MissingWords."""
        said = self.said(key, **values)
        return Sentence(key, said.text, said.clips)

    def choice(self, key: str, event: object, icon: str = "", /, **values: Value) -> Choice:
        """Something to touch; its id is its key. Raises MissingWords."""
        return Choice(key, self.sentence(key, **values), event, icon)

    def country(self, code: str) -> str:
        """The name of a state by its three-letter code of Doc 9303-3; the code itself where we have no name for it."""
        key = f"country_{code}"
        return self.text(key) if self.words.has(key, self.language) else code


def grouped(code: str) -> str:
    """A code is read aloud and typed in two groups of three: K4T 7QF."""
    return f"{code[:CODE_GROUP]} {code[CODE_GROUP:]}"


def direction(profile: Profile, tongue: Tongue) -> Sentence:
    """Leaving or entering, and which state."""
    key = "leaving" if profile.direction is Direction.EXIT else "entering"
    return tongue.sentence(key, country=tongue.country(profile.state))


def header(profile: Profile, scene: Scene, tongue: Tongue, arrow: Arrow) -> Header:
    """The strip on top."""
    return Header(scene.post, direction(profile, tongue), arrow, band(scene, tongue.language))


def band(scene: Scene, language: str) -> str:
    """The words of the band; empty at a lane that serves real travellers."""
    return scene.words.say(f"band_{scene.band}", language) if scene.band else ""


def blank(state: State, scene: Scene, tongue: Tongue, layout: Layout, title: Sentence) -> View:
    """A screen with a header and a title, and nothing to touch."""
    profile = state.kiosk.profile
    return View(str(state.name), layout, tongue.language, header(profile, scene, tongue, profile.next_place.arrow), title)


def asking(state: Asking, scene: Scene, tongue: Tongue, layout: Layout, title: Sentence, step: int | None = None) -> View:
    """A screen on which something is asked: an officer and the way back are one touch away, always in the same place."""
    return replace(
        blank(state, scene, tongue, layout, title),
        help=Choice("help", tongue.sentence("call_officer"), OfficerInstead(), "help"),
        back=Choice("back", tongue.sentence("back"), Back(), "back"),
        steps=(step, STEPS) if step is not None else None,
        overlay=question_over(state.session.aside, tongue),
    )


def question_over(aside: Aside, tongue: Tongue) -> Overlay | None:
    """More time? Really stop? The safe answer first."""
    match aside:
        case Aside.NONE:
            return None
        case Aside.MORE_TIME:
            more, stop = tongue.choice("more_time_yes", MoreTime(), "more_time"), tongue.choice("more_time_no", Cancelled(), "leave")
            return Overlay(tongue.sentence("more_time_question"), (more, stop), "more_time")
        case Aside.REALLY_LEAVE:
            stay, leave = tongue.choice("leave_no", Stay(), "forward"), tongue.choice("leave_yes", Cancelled(), "delete")
            return Overlay(tongue.sentence("leave_question"), (stay, leave), "leave")
        case _:
            assert_never(aside)


def stop_here(tongue: Tongue) -> Choice:
    """The way out for one who does not agree; the kiosk asks once more."""
    return tongue.choice("stop_here", LeaveAsked(), "leave")
