"""What people at work see, as pages: the officer's desk, signing on, the technician's menu; and what a keyboard does there. PURE."""

from collections.abc import Callable

from kiosk.screens import sign_on_page
from kiosk.screens.officer import compose as officer
from kiosk.screens.page import Page
from kiosk.screens.technician import compose as technician
from kiosk.screens.theme import Display, Theme
from kiosk.views.desk_parts import Action, DeskView, MenuView, SignOnView

KEY_NAMES = {"enter": "Enter", "numpadenter": "Enter", "escape": "Esc", "backspace": "Backspace"}
"""Kivy's name of a key -> the name on a button."""


def at_desk(view: DeskView | SignOnView, theme: Theme) -> Page:
    """An officer's screen."""
    return officer.compose(view, theme) if isinstance(view, DeskView) else sign_on_page.compose(view, theme)


def at_lane(view: SignOnView | MenuView, display: Display) -> tuple[Page, Theme]:
    """A technician's screen at a lane: always in the theme of maintenance."""
    theme = technician.at_work(display)
    return (technician.compose(view, theme) if isinstance(view, MenuView) else sign_on_page.compose(view, theme)), theme


def reachable(view: DeskView | SignOnView | MenuView) -> tuple[Action, ...]:
    """What the keyboard can do now: the answers of a question, the keys of the pad, or the actions."""
    match view:
        case SignOnView():
            return (*view.people, *((view.back,) if view.back else ()))
        case MenuView():
            return view.actions
        case DeskView():
            return view.question.answers if view.question is not None else view.actions


def press(view: DeskView | SignOnView | MenuView, key: str, send: Callable[[object], None]) -> bool:
    """The key with Kivy's name was pressed; whether it meant anything here."""
    name = KEY_NAMES.get(key, key.upper() if len(key) > 1 and key.startswith("f") else key.removeprefix("numpad"))
    wanted = next((action for action in reachable(view) if action.key == name and action.possible), None)
    if wanted is not None:
        send(wanted.event)
    return wanted is not None
