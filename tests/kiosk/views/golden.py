"""Every screen as text, in English and Kiswahili. `python -m tests.kiosk.views.golden` writes it anew, to be read before it is kept."""

from pathlib import Path

from kiosk.views.traveller import view
from tests.kiosk.registration.cases import STATES
from tests.kiosk.views.onlookers import SCENE, drawn, in_language

LANGUAGES = ("en", "sw")
HEAD = "The traveller's screens, written by `python -m tests.kiosk.views.golden`. Read every change."


def path(language: str) -> Path:
    return Path(__file__).with_name(f"golden_screens.{language}.txt")


def screens(language: str) -> str:
    """All screens in one language."""
    blocks = [f"=== {label}\n{drawn(view(in_language(begins().state, language), SCENE))}" for label, begins in STATES.items()]
    return "\n\n".join([HEAD, *blocks]) + "\n"


if __name__ == "__main__":
    for each in LANGUAGES:
        path(each).write_text(screens(each), encoding="utf-8")
