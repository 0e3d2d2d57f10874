"""Every traveller's screen in every language: what the laws and the golden pictures are about."""

from kiosk.views.parts import View
from tests.pictures import samples

LANGUAGES = samples.LANGUAGES
LONGEST = "ny"
"""The language whose words take the most room."""


def named(language: str) -> tuple[tuple[str, View], ...]:
    """Each view with a name that is its own."""
    return tuple((view.name, view) for view in samples.views(language))
