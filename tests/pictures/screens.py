"""Every traveller's screen in every language: what the laws and the golden pictures are about.

The states are those of the registration's golden table, so that a state added there is looked at here as well.
"""

import re
from dataclasses import replace
from functools import cache

from kiosk.registration import states as s
from kiosk.views.parts import View
from kiosk.views.traveller import Scene, view
from kiosk.words.catalogue import LANGUAGES
from kiosk.words.shelf import load_legal, load_words
from tests.kiosk.registration.cases import STATES

__all__ = ["LANGUAGES", "LONGEST", "named", "pictured"]

LONGEST = "ny"
"""The language whose words take the most room; a test measures it."""
POST = "Tunduma"
LIKE_ANOTHER = frozenset(
    {
        "a technician at a closed lane",
        "... with no reader and no camera",
        "the first question again, after the review",
        "... no fingers are asked for",
        "... of a border pass",
        "... on the short way",
        "no printer, no lamp",
        "help with nothing captured",
        "help, and the journal said no",
        "at home at entry",
        "two minors alone",
        "the mother's last finger, the daughter's to come",
        "a pass, the third try",
        "a finger, the third try",
        "a technician at an open lane",
    }
)
"""States whose screens differ from another's in a few words at most; they have no golden pictures of their own."""


@cache
def scene() -> Scene:
    """The product's words and sample texts."""
    return Scene(load_words(), load_legal(), POST)


def speaking(state: s.State, language: str) -> s.State:
    """The state as it is for somebody who chose this language, and at a lane that has it first."""
    profile = state.kiosk.profile
    first = replace(profile, languages=(language, *(tag for tag in profile.languages if tag != language)))
    changed = replace(state, kiosk=replace(state.kiosk, profile=first))
    return changed if isinstance(changed, s.Idle) else replace(changed, session=replace(changed.session, language=language))


def file_name(label: str) -> str:
    """A label of a state as a file's name."""
    return re.sub(r"[^a-z0-9]+", "-", label.lower()).strip("-")


@cache
def named(language: str) -> tuple[tuple[str, View], ...]:
    """The view of each state under a name of its own."""
    return tuple((file_name(label), view(speaking(make().state, language), scene())) for label, make in STATES.items())


def pictured(language: str) -> tuple[tuple[str, View], ...]:
    """Those of which golden pictures are kept."""
    alike = {file_name(label) for label in LIKE_ANOTHER}
    return tuple((name, view) for name, view in named(language) if name not in alike)
