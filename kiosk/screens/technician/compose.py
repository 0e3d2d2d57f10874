"""The technician's menu as parts: a row a device, what else is not ready, and signing off. PURE."""

from dataclasses import replace

from kiosk.screens.geometry import Rect
from kiosk.screens.page import Page
from kiosk.screens.palette import Contrast
from kiosk.screens.parts.base import Panel, Part, Words
from kiosk.screens.parts.board import ACTION_MM, action, actions, line, text
from kiosk.screens.theme import Display, Role, Theme
from kiosk.views.desk_parts import DeviceRow, MenuView

WORK_DEGREES = 0.4
"""Height of capitals for a technician, who stands close and reads lists."""
HEAD_MM, LINE_MM = 12.0, 8.0
FRAME_MM = 3.0


def compose(view: MenuView, theme: Theme) -> Page:
    """A violet frame around everything, so that it cannot be mistaken for a lane at work."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    inside = screen.inset(theme.mm(FRAME_MM))
    parts: list[Part] = [Panel(screen, "maintenance"), Panel(inside, "ground", theme.radius)]
    area = inside.inset(theme.mm(4.0))
    head, area = area.cut_top(theme.mm(HEAD_MM), theme.mm(2.0))
    person, title = head.cut_right(head.w // 4)
    parts.append(Words(title, text(theme, view.title, title.w, bold=True, role=Role.TITLE), "ink", "ground", middle=True))
    parts.append(Words(person, text(theme, view.person, person.w), "quiet", "ground", "right", middle=True))
    bar, area = area.cut_bottom(theme.mm(ACTION_MM), theme.mm(3.0))
    parts += actions(theme, bar, view.actions)
    row_height = _row_height(theme)
    for row in view.devices:
        place, area = area.cut_top(row_height, theme.mm(2.0))
        parts += _device(row, theme, place)
    for finding in view.findings[: area.h // theme.mm(LINE_MM)]:
        place, area = area.cut_top(theme.mm(LINE_MM))
        parts += line(theme, place, finding)
    return Page(tuple(parts))


def at_work(display: Display) -> Theme:
    """The theme of maintenance: dark, and in the size of a work list, whatever the traveller's comforts were."""
    return Theme(replace(display, capital_degrees=min(display.capital_degrees, WORK_DEGREES)), Contrast.DARK)


def _row_height(theme: Theme) -> int:
    return max(theme.least(ACTION_MM), round(theme.capital(Role.BODY) * 5.4))


def _device(row: DeviceRow, theme: Theme, place: Rect) -> list[Part]:
    """State and identity above, last good time and test result below; the self-test at the right."""
    parts: list[Part] = [Panel(place, "surface", theme.radius)]
    button, words = place.inset(theme.mm(2.0), theme.mm(1.0)).cut_right(theme.mm(30.0), theme.mm(3.0))
    upper, lower = words.cut_top(words.h // 2)
    parts += line(theme, upper, row.line, bold=True)
    below = lower.cut_left(round(theme.capital(Role.BODY) * 1.15) + theme.mm(2.0))[1]
    parts.append(Words(below, text(theme, f"{row.last_good} · {row.result}", below.w), "quiet", "surface", middle=True))
    parts += action(theme, button, row.test)
    return parts
