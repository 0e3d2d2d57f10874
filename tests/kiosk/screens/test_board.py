"""The officer's and the technician's pages keep the laws of layout on their displays, and a keyboard reaches what a finger does."""

import pytest

from kiosk.screens.board import at_desk, at_lane, press, reachable
from kiosk.screens.geometry import Rect
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Words
from kiosk.screens.theme import DISPLAYS, Theme
from kiosk.views.desk_parts import DeskView, MenuView, SignOnView
from tests.kiosk.desks import desks, menus, pads
from tests.pictures import laws

GEOMETRY = (laws.off_screen, laws.overlapped, laws.cut, laws.without_glyph)
DESKS: dict[str, DeskView | SignOnView] = {**desks(), **pads(technician=False)}
MENUS: dict[str, SignOnView | MenuView] = {**menus(), **pads(technician=True)}


def broken(page: Page, theme: Theme) -> list[str]:
    return [f"{law.__name__}: {finding}" for law in GEOMETRY for finding in law(page, theme)]


@pytest.mark.parametrize("display", ["console10", "console24"])
@pytest.mark.parametrize("name", DESKS)
def test_nothing_on_an_officers_screen_is_off_it_cut_or_on_something_else(display: str, name: str) -> None:
    theme = Theme(DISPLAYS[display])
    assert broken(at_desk(DESKS[name], theme), theme) == []


@pytest.mark.parametrize("display", ["lane10", "kiosk21"])
@pytest.mark.parametrize("name", MENUS)
def test_nothing_on_a_technicians_screen_is_off_it_cut_or_on_something_else(display: str, name: str) -> None:
    page, theme = at_lane(MENUS[name], DISPLAYS[display])
    assert broken(page, theme) == []


@pytest.mark.parametrize("name", MENUS)
def test_a_technicians_targets_are_large_enough_for_a_gloved_finger_and_apart(name: str) -> None:
    for display in ("lane10", "kiosk21"):
        page, theme = at_lane(MENUS[name], DISPLAYS[display])
        assert laws.too_small(page, theme) == []
        assert laws.too_close(page, theme) == []


@pytest.mark.parametrize("name", DESKS)
def test_what_an_officer_presses_is_large_enough_and_apart(name: str) -> None:
    for display in ("console10", "console24"):
        theme = Theme(DISPLAYS[display])
        page = at_desk(DESKS[name], theme)
        pressed = Page(tuple(part for part in page.parts[page.modal_from :] if not (part.target and part.target.id.startswith("case_"))))
        assert laws.too_small(pressed, theme) == []
        assert laws.too_close(pressed, theme) == []


def test_the_laws_find_a_page_made_wrong() -> None:
    theme = Theme(DISPLAYS["console10"])
    page = at_desk(DESKS["a case"], theme)
    words = next(part for part in page.parts if isinstance(part, Words))
    moved = Words(Rect(theme.display.width - 5, 4, words.rect.w, words.rect.h), words.letters, "ink", "ground")
    assert broken(Page((*page.parts, moved)), theme) != []
    assert broken(Page((*page.parts, words)), theme) != []


@pytest.mark.parametrize("name", DESKS)
def test_a_keyboard_reaches_every_action_that_a_finger_does_on_an_officers_screen(name: str) -> None:
    view, theme = DESKS[name], Theme(DISPLAYS["console10"])
    page = at_desk(view, theme)
    touched = {part.target.id: part.target.event for part in page.targets() if part.target and not part.target.id.startswith("case_")}
    keyed = {action.id: action for action in reachable(view) if action.possible}
    assert set(touched) == set(keyed)
    keys = [action.key for action in keyed.values() if action.key]
    assert len(keys) == len(set(keys))


@pytest.mark.parametrize("display", ["console10", "console24"])
def test_a_long_name_stands_whole_before_the_officer(display: str) -> None:
    page = at_desk(DESKS["the fullest case"], Theme(DISPLAYS[display]))
    shown = [" ".join(part.letters.lines) for part in page.parts if isinstance(part, Words)]
    assert "Exemplo De Vasconcelos E Albuquerque, Maria Da Conceicao Teresa" in shown


def test_keys_do_what_they_say() -> None:
    sent: list[object] = []
    view = DESKS["a case"]
    names = {"Enter": "enter", "Esc": "escape", "F2": "f2", "F10": "f10"}
    for action in reachable(view):
        assert press(view, names[action.key], sent.append)
    assert sent == [action.event for action in reachable(view)]
    assert not press(view, "f7", sent.append)


def test_digits_are_typed_on_either_block_of_keys() -> None:
    sent: list[object] = []
    view = DESKS["a pin"]
    assert press(view, "7", sent.append) and press(view, "numpad7", sent.append)
    assert sent[0] == sent[1]
