"""A question over the screen: more time? really stop? What is under it is dimmed and cannot be touched. PURE."""

from kiosk.screens.geometry import Rect
from kiosk.screens.parts.base import Icon, Panel, Part, Words
from kiosk.screens.parts.button import Button, Look
from kiosk.screens.theme import MAIN_MM, Theme
from kiosk.screens.traveller.frame import target
from kiosk.screens.traveller.words import body, heading
from kiosk.views.parts import Overlay, View

VEIL = 0.72


def overlay(view: View, asked: Overlay, theme: Theme) -> list[Part]:
    """A card in the middle: a sign, the question, and its answers; the first is the safe one and the strong one."""
    screen = Rect(0, 0, theme.display.width, theme.display.height)
    pad, gap = theme.mm(8.0), theme.gap
    width = screen.w - 2 * theme.margin
    title = heading(theme, asked.title.text, width - 2 * pad)
    room = width - 2 * pad
    columns = len(asked.choices) if not theme.display.portrait else 1
    each = (room - gap * (columns - 1)) // columns
    texts = [body(theme, choice.says.text, each - theme.mm(22.0), bold=True, balance=True) for choice in asked.choices]
    high = max([theme.least(MAIN_MM + 2.0)] + [text.height + text.overhang + theme.mm(4.0) for text in texts])
    rows = -(-len(asked.choices) // columns)
    sign = theme.mm(24.0)
    needed = title.height + theme.mm(8.0) + rows * (high + gap) - gap + 2 * pad
    if asked.icon and needed + sign + theme.mm(6.0) <= screen.h - 2 * theme.margin:
        needed += sign + theme.mm(6.0)
    else:
        sign = 0
    card = Rect(theme.margin, (screen.h - needed) // 2, width, needed)
    parts: list[Part] = [Panel(screen, "veil", alpha=VEIL), Panel(card, "ground", theme.radius * 2)]
    y = card.y + pad
    if sign and asked.icon:
        parts.append(Icon(Rect(card.x + (width - sign) // 2, y, sign, sign), asked.icon, "on_warning", "warning"))
        y += sign + theme.mm(6.0)
    parts.append(Words(Rect(card.x + pad, y, room, title.height), title, "ink", "ground", "centre"))
    y += title.height + theme.mm(8.0)
    for number, (choice, text) in enumerate(zip(asked.choices, texts, strict=True)):
        place = Rect(card.x + pad + (number % columns) * (each + gap), y + (number // columns) * (high + gap), each, high)
        parts.append(Button(place, target(view, choice), text, choice.icon, Look.PLAIN if number else Look.MAIN, theme.mm(9.0)))
    return parts
