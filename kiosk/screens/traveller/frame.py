"""What every traveller's screen has: the header strip on top, the bar of actions below, and between them the room for the rest. PURE."""

from dataclasses import dataclass
from enum import Enum

from kiosk.screens.comfort import VOLUMES, Comfort
from kiosk.screens.geometry import Rect
from kiosk.screens.parts.base import Icon, Panel, Part, Reach, Target, Words
from kiosk.screens.parts.button import Button, Look
from kiosk.screens.parts.display import StepsBar
from kiosk.screens.theme import KEY_MM, MAIN_MM, Theme
from kiosk.screens.traveller.words import body
from kiosk.views.parts import Choice, View

HEADER_MM = 17.0
STEPS_MM = 3.4
HEADER_AIR_MM = {False: 2.0, True: 6.5}
"""Above and below the header's two lines (landscape, portrait)."""
BAR_AIR_MM = 3.2
BAND_MM = 9.0
LINES_APART = 1.18
"""From baseline to baseline of the header's two lines, against the em."""
BACK_SHARE, HELP_SHARE, LARGEST_IN_SLOT, BARE_SLOT_MM = 0.185, 0.235, 1.15, 24.0
"""Widths of the fixed places of *back* and *help* in the landscape bar, against the screen. Text larger than `LARGEST_IN_SLOT` does not go
into them: then they are narrow, show their signs alone, and leave the room to the main action."""
VOLUME_ICONS = dict(zip(VOLUMES, ("volume_low", "volume_middle", "volume"), strict=True))
ENDONYMS = {"en": "English", "sw": "Kiswahili", "ny": "Chichewa", "pt": "Português", "fr": "Français"}
"""What each language calls itself; a name, not a translation."""


class Turn(Enum):
    """Turning over a screen that has several pages."""

    FORWARD = "forward"
    BACK = "back"


@dataclass(frozen=True)
class Leaf:
    """Which page of how many is on show."""

    number: int = 0
    total: int = 1

    @property
    def last(self) -> bool:
        """Whether no page follows."""
        return self.number >= self.total - 1


@dataclass(frozen=True)
class Bar:
    """The bar of actions and how much of the screen's foot it takes."""

    parts: tuple[Part, ...]
    height: int

    def raised(self, theme: Theme, height: int) -> "Bar":
        """The same actions on a ground of this height: leaves of one view have bars alike, so that nothing jumps."""
        actions = [part for part in self.parts if part.target is not None]
        return _on_ground(theme, actions, theme.display.height - height) if actions else self


def speaks(view: View, choice: Choice) -> tuple[tuple[str, str], ...]:
    """What is said when a choice is touched or reached with the keys, in its own language where it has one."""
    return tuple((choice.language or view.language, clip) for clip in choice.says.clips or (choice.says.key,))


def target(view: View, choice: Choice, reach: Reach = Reach.MAIN) -> Target:
    """The target that a choice becomes."""
    return Target(choice.id, choice.event, speaks(view, choice), reach)


def header_height(view: View, theme: Theme) -> int:
    """Of the strip, the steps at its foot and the band under it."""
    return _strip_height(theme) + (theme.mm(STEPS_MM) if view.steps else 0) + (theme.mm(BAND_MM) if view.header.band else 0)


def _strip_height(theme: Theme) -> int:
    """Room for two lines of the first text size, and for a control of a key's size."""
    line = body(theme, "H", theme.display.width, scale=1.0)
    return max(theme.mm(HEADER_MM), line.capital + round(line.em * LINES_APART) + 2 * theme.mm(HEADER_AIR_MM[theme.display.portrait]))


def header(view: View, theme: Theme, volume: float) -> list[Part]:
    """Post and direction on the left, the four small controls on the right, steps at the foot, SAMPLE or PRACTICE under them."""
    height = _strip_height(theme)
    foot = height + (theme.mm(STEPS_MM) if view.steps else 0)
    parts: list[Part] = [Panel(Rect(0, 0, theme.display.width, foot), "header")]
    if view.steps is not None:
        bars = Rect(theme.margin, height - theme.mm(0.5), theme.display.width - 2 * theme.margin, theme.mm(1.8))
        parts.append(StepsBar(bars, *view.steps))
    side = max(theme.least(KEY_MM), round(height * 0.56))
    right = theme.display.width - theme.margin
    for control in (Comfort.CONTRAST, Comfort.SIZE, Comfort.VOLUME, Comfort.LISTEN):
        right -= side
        place = Rect(right, (height - side) // 2, side, side)
        said = Target(control.value, control, ((view.language, control.value),), Reach.KEY)
        sign = VOLUME_ICONS[volume] if control is Comfort.VOLUME else control.value
        parts.append(Button(place, said, icon=sign, look=Look.CHIP, icon_px=round(side * 0.62)))
        right -= theme.gap
    disc = Rect(theme.margin, (height - side) // 2, side, side)
    parts.append(Icon(disc, f"arrow_{view.header.arrow.value}", "header", "header_accent"))
    left = disc.right + theme.mm(3.0)
    parts += _place_names(view, theme, Rect(left, 0, right - left, height))
    if view.header.band:
        band = Rect(0, foot, theme.display.width, theme.mm(BAND_MM))
        words = body(theme, view.header.band, band.w, bold=True, scale=1.0)
        parts += [Panel(band, "warning"), Words(band, words, "on_warning", "warning", "centre", middle=True)]
    return parts


def _place_names(view: View, theme: Theme, room: Rect) -> list[Part]:
    """Post and direction side by side, or the post above; text of the header keeps the first size, so that it never has to be cut."""
    post = body(theme, view.header.post, room.w, bold=True, scale=1.0)
    way = body(theme, view.header.direction.text, 10**6, scale=1.0)
    space = theme.mm(4.0)
    if not theme.display.portrait and post.width + space + way.width <= room.w:
        left, right = room.cut_left(post.width, space)
        return [
            Words(left, post, "on_header", "header", middle=True),
            Words(right, way, "on_header", "header", middle=True),
        ]
    endonym = ENDONYMS.get(view.language, "")
    longer = body(theme, f"{view.header.direction.text}  ·  {endonym}", 10**6, scale=1.0)
    below = longer if endonym and longer.width <= room.w else body(theme, view.header.direction.text, room.w, scale=1.0)
    apart = round(post.em * LINES_APART)
    top = (room.h - post.capital - apart) // 2
    return [
        Words(Rect(room.x, top, room.w, post.height), post, "on_header", "header"),
        Words(Rect(room.x, top + apart, room.w, below.height), below, "on_header", "header"),
    ]


def _icon_px(theme: Theme) -> int:
    """Side of the sign on a button."""
    return theme.em(1.6, 8.0)


def _action(theme: Theme, rect: Rect, said: Target, choice: Choice, look: Look) -> Button:
    """A button with sign and words where both fit, the words alone on two lines where not, and the sign alone as the last way."""
    sign = _icon_px(theme) if choice.icon else 0
    room = rect.w - 2 * theme.mm(3.0)
    for icon in (sign, 0) if look is not Look.PLAIN else (sign,):
        text = body(theme, choice.says.text, room - round(icon * 1.4), bold=True, balance=True)
        if text.width <= room - round(icon * 1.4) and text.height + text.overhang <= rect.h - theme.mm(2.0):
            return Button(rect, said, text, choice.icon if icon else "", look, icon)
    return Button(rect, said, None, choice.icon, look, theme.mm(11.0))


def _slot(theme: Theme, rect: Rect, said: Target, choice: Choice, look: Look) -> Button:
    """*Back* or *help*: the sign always; the words beside it, under it, or not at all, as they fit."""
    if theme.display.portrait:
        return _action(theme, rect, said, choice, look)
    pad, sign = 2 * theme.mm(1.5), theme.mm(7.5)
    one, two = (body(theme, choice.says.text, room, bold=True, balance=True) for room in (rect.w - pad, rect.w - pad - round(sign * 1.4)))
    if theme.scale > LARGEST_IN_SLOT or min(one.width, two.width) > rect.w:
        return Button(rect, said, None, choice.icon, look, theme.mm(11.0))
    if len(one.lines) == 1 and one.width <= rect.w - pad:
        return Button(rect, said, one, choice.icon, look, theme.mm(6.5), above=True)
    if len(two.lines) == 2 and two.width <= rect.w - pad - round(sign * 1.4):
        return Button(rect, said, two, choice.icon, look, sign)
    return Button(rect, said, None, choice.icon, look, theme.mm(11.0))


def _needed(theme: Theme, choice: Choice, width: int) -> int:
    """How high the button must be for its words in this width."""
    room = width - 2 * theme.mm(3.0) - round(_icon_px(theme) * 1.4 if choice.icon else 0)
    text = body(theme, choice.says.text, room, bold=True, balance=True)
    if text.width > room:
        text = body(theme, choice.says.text, width - 2 * theme.mm(3.0), bold=True, balance=True)
    return max(theme.least(MAIN_MM), text.height + text.overhang + theme.mm(3.0))


def _small(view: View, theme: Theme, leaf: Leaf, back: Rect, help_: Rect) -> list[Part]:
    """*Back* and *help* in their fixed places."""
    parts: list[Part] = []
    if view.back is not None:
        said = target(view, view.back)
        if leaf.number:
            said = Target("page_back", Turn.BACK, said.speaks)
        parts.append(_slot(theme, back, said, view.back, Look.PLAIN))
    elif leaf.number:
        parts.append(Button(back, Target("page_back", Turn.BACK), icon="back", icon_px=theme.mm(11.0)))
    if view.help is not None:
        parts.append(_slot(theme, help_, target(view, view.help), view.help, Look.HELP))
    return parts


def _mains(view: View, leaf: Leaf) -> list[tuple[Choice, Look]]:
    """The second and the main action of the page on show."""
    found = [(view.second, Look.HELP), (view.main, Look.MAIN)] if leaf.last else []
    return [(choice, look) for choice, look in found if choice is not None]


def _turner(theme: Theme, rect: Rect, leaf: Leaf) -> Button:
    """The button to the next page: an arrow down and figures, which need no language."""
    words = body(theme, f"{leaf.number + 1} / {leaf.total}", rect.w, bold=True)
    return Button(rect, Target("page_forward", Turn.FORWARD), words, "down", Look.MAIN, _icon_px(theme), icon_after=True)


def bar(view: View, theme: Theme, leaf: Leaf) -> Bar:
    """The actions at the foot, and the height they take with their margins."""
    return _upright_bar(view, theme, leaf) if theme.display.portrait else _flat_bar(view, theme, leaf)


def _flat_bar(view: View, theme: Theme, leaf: Leaf) -> Bar:
    """Landscape: back and help in fixed places on the left, the main action on the right."""
    width, gap = theme.display.width - 2 * theme.margin, theme.gap
    wide = theme.scale <= LARGEST_IN_SLOT
    back, help_ = (round(theme.display.width * share) if wide else theme.mm(BARE_SLOT_MM) for share in (BACK_SHARE, HELP_SHARE))
    kept = back + help_ + 2 * gap if view.back or view.help or leaf.total > 1 else 0
    left = theme.margin + kept
    mains = _mains(view, leaf)
    each = (width - kept - gap * max(0, len(mains) - 1)) // max(1, len(mains))
    high = max([theme.least(MAIN_MM)] + [_needed(theme, choice, each) for choice, _ in mains])
    top = theme.display.height - theme.mm(BAR_AIR_MM) - high
    parts = _small(view, theme, leaf, Rect(theme.margin, top, back, high), Rect(theme.margin + back + gap, top, help_, high))
    for number, (choice, look) in enumerate(mains):
        place = Rect(left + number * (each + gap), top, each, high)
        parts.append(_action(theme, place, target(view, choice), choice, look))
    if not leaf.last:
        parts.append(_turner(theme, Rect(left, top, width - kept, high), leaf))
    return _on_ground(theme, parts, top - theme.mm(BAR_AIR_MM))


def _on_ground(theme: Theme, parts: list[Part], top: int) -> Bar:
    """The actions on a ground of their own, told from the rest by a thin line."""
    if not parts:
        return Bar((), 0)
    ground = Rect(0, top, theme.display.width, theme.display.height - top)
    line = Rect(0, top, theme.display.width, max(1, theme.mm(0.3)))
    return Bar((Panel(ground, "surface"), Panel(line, "step_open"), *parts), ground.h)


def _upright_bar(view: View, theme: Theme, leaf: Leaf) -> Bar:
    """Portrait: the main action over the whole width, under it back on the left and help on the right, all within reach."""
    width, gap, margin = theme.display.width - 2 * theme.margin, theme.gap, theme.margin
    half = (width - gap) // 2
    small = [choice for choice in (view.back, view.help) if choice is not None]
    foot = max([theme.least(MAIN_MM)] + [_needed(theme, choice, half) for choice in small])
    y = theme.display.height - margin - foot
    parts = _small(view, theme, leaf, Rect(margin, y, half, foot), Rect(margin + half + gap, y, half, foot))
    top = y if parts else theme.display.height - margin + gap
    for choice, look in reversed(_mains(view, leaf)):
        high = max(theme.least(MAIN_MM + 4.0), _needed(theme, choice, width))
        top -= high + gap
        parts.append(_action(theme, Rect(margin, top, width, high), target(view, choice), choice, look))
    if not leaf.last:
        top -= theme.least(MAIN_MM + 4.0) + gap
        parts.append(_turner(theme, Rect(margin, top, width, theme.least(MAIN_MM + 4.0)), leaf))
    return _on_ground(theme, parts, top - theme.mm(6.0))
