"""The technician's menu as parts: a row a device, what else is not ready, and signing off. PURE."""

from dataclasses import replace

from kiosk.screens.geometry import Rect, grid
from kiosk.screens.page import Page
from kiosk.screens.palette import Contrast
from kiosk.screens.parts.base import Panel, Part, Words
from kiosk.screens.parts.board import ACTION_MM, action, actions, line, text
from kiosk.screens.theme import Display, Role, Theme
from kiosk.views.desk_parts import DeviceRow, MenuView

WORK_DEGREES = 0.4
"""Height of capitals for a technician, who stands close and reads lists."""
HEAD_MM, LINE_MM = 12.0, 8.0
FRAME_MM, BUTTON_MM, ROW_PAD_MM = 3.0, 26.0, 1.0
LINES, LINE_CAPITALS = 4, 2.3
"""Lines of text to a device: name, identity, and two for when it was last well and what its test found; capitals to a line."""


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
    bar, area = area.cut_bottom(theme.least(ACTION_MM), theme.mm(3.0))
    parts += actions(theme, bar, view.actions)
    # six devices find room one under the other only on a screen that stands
    columns, gap, row_height = 1 if theme.display.portrait else 2, theme.gap, _row_height(theme)
    for row, place in zip(view.devices, grid(area, columns, len(view.devices), gap, row_height), strict=True):
        parts += _device(row, theme, place)
    area = area.cut_top(-(-len(view.devices) // columns) * (row_height + gap))[1]
    for finding in view.findings[: area.h // theme.mm(LINE_MM)]:
        place, area = area.cut_top(theme.mm(LINE_MM))
        parts += line(theme, place, finding)
    return Page(tuple(parts))


def at_work(display: Display) -> Theme:
    """The theme of maintenance: dark, and in the size of a work list, whatever the traveller's comforts were."""
    return Theme(replace(display, capital_degrees=min(display.capital_degrees, WORK_DEGREES)), Contrast.DARK)


def _row_height(theme: Theme) -> int:
    return max(theme.least(ACTION_MM) + 2 * theme.mm(ROW_PAD_MM), round(theme.capital(Role.BODY) * LINE_CAPITALS * LINES))


def _device(row: DeviceRow, theme: Theme, place: Rect) -> list[Part]:
    """What it is above, last good time and test result below; the self-test at the right."""
    parts: list[Part] = [Panel(place, "surface", theme.radius)]
    beside, words = place.inset(theme.mm(2.0), theme.mm(ROW_PAD_MM)).cut_right(theme.mm(BUTTON_MM), theme.mm(3.0))
    high = theme.least(ACTION_MM)
    parts += action(theme, Rect(beside.x, beside.y + (beside.h - high) // 2, beside.w, high), row.test)
    indent = round(theme.capital(Role.BODY) * 1.15) + theme.mm(2.0)
    said = f"{row.last_good} · {row.result}"
    upper, lower = words.cut_top(words.h // LINES)
    identity, rest = lower.cut_left(indent)[1].cut_top(words.h // LINES)
    parts += line(theme, upper, replace(row.line, detail=""), bold=True)
    return [*parts, _quiet(theme, identity, row.line.detail), _quiet(theme, rest, said, lines=2)]


def _quiet(theme: Theme, place: Rect, said: str, lines: int = 1) -> Words:
    return Words(place, text(theme, said, place.w, lines=lines), "quiet", "surface", middle=True)
