"""The words of a screen set into the room there is: a title, at most three lines, on as many pages as they need. PURE."""

from dataclasses import dataclass

from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering, em_for, set_lines
from kiosk.screens.parts.base import Panel, Part, Words
from kiosk.screens.parts.display import Waiting
from kiosk.screens.theme import Role, Theme
from kiosk.views.parts import Layout, View

TITLE_FACTORS = (1.0, 1.15 / 1.3, 1.0 / 1.3)
"""A title is set 1.3 times as large as body text; a long one may come down, never below body text."""
SPACING = 1.3
TITLE_SPACING = 1.2
GAPS = (1.6, 1.3, 1.0)
"""Between title and lines: as much as there is room for, in capitals, so that the eye tells one from the next."""


@dataclass(frozen=True)
class Line:
    """One line of the screen, set. `number` is that of its step, 0 for none; `waiting` gives it the sign that something is being done."""

    letters: Lettering
    number: int = 0
    waiting: bool = False


@dataclass(frozen=True)
class Block:
    """Title and lines of one page of words."""

    title: Lettering | None
    lines: tuple[Line, ...]
    gap: int
    indent: int

    @property
    def height(self) -> int:
        """From the first capitals to the last baseline."""
        heights = [self.title.height] if self.title else []
        heights += [line.letters.height for line in self.lines]
        return sum(heights) + self.gap * max(0, len(heights) - 1)

    @property
    def width(self) -> int:
        """Of its widest line."""
        widths = [self.title.width] if self.title else [0]
        return max(widths + [line.letters.width + (self.indent if line.number or line.waiting else 0) for line in self.lines])

    def fits(self, width: int, height: int) -> bool:
        """Whether it can stand in so much room."""
        return self.width <= width and self.height <= height

    def parts(self, area: Rect, ground: str = "ground", *, centre: bool = False, spread: int = 0) -> list[Part]:
        """The words from the top of `area` down, with `spread` pixels more between them."""
        parts: list[Part] = []
        y = area.y
        if self.title:
            parts.append(Words(Rect(area.x, y, area.w, self.title.height), self.title, "ink", ground, "centre" if centre else "left"))
            y += self.title.height + self.gap + spread
        for line in self.lines:
            parts += self._line(line, Rect(area.x, y, area.w, line.letters.height), ground, centre)
            y += line.letters.height + self.gap + spread
        return parts

    def _line(self, line: Line, rect: Rect, ground: str, centre: bool) -> list[Part]:
        """A line with its number or waiting sign before it."""
        if not (line.number or line.waiting):
            return [Words(rect, line.letters, "ink", ground, "centre" if centre else "left")]
        left = (rect.w - line.letters.width - self.indent) // 2 if centre else 0
        room = Rect(rect.x + left + self.indent, rect.y, rect.w - left - self.indent, rect.h)
        side = round(line.letters.capital * 1.75)
        sign = Rect(rect.x + left, rect.y + line.letters.capital // 2 - side // 2, side, side)
        words = Words(room, line.letters, "ink", ground)
        if line.waiting:
            return [Waiting(sign), words]
        digit = set_lines(str(line.number), line.letters.em, sign.w, bold=True)
        return [Panel(sign, "primary", side // 2), Words(sign, digit, "on_primary", "primary", "centre", middle=True), words]


def body(theme: Theme, text: str, width: int, *, bold: bool = False, balance: bool = False, scale: float | None = None) -> Lettering:
    """Body text wrapped into `width` pixels; labels of things to touch are bold and their lines closer."""
    return set_lines(
        text, em_for(theme.capital(Role.BODY, scale)), width, bold=bold, spacing=TITLE_SPACING if bold else SPACING, balance=balance
    )


def heading(theme: Theme, text: str, width: int, factor: float = 1.0) -> Lettering:
    """A title wrapped into `width` pixels, its lines of even length."""
    em = max(em_for(theme.capital(Role.TITLE) * factor), em_for(theme.capital(Role.BODY)))
    return set_lines(text, em, width, bold=True, spacing=TITLE_SPACING, balance=True)


def indent(theme: Theme) -> int:
    """How far a line stands in that has a number or a sign before it."""
    return theme.em(1.75) + theme.em(0.7)


def set_words(
    view: View, theme: Theme, width: int, height: int, *, numbered: bool = False, factors: tuple[float, ...] = TITLE_FACTORS
) -> list[Block]:
    """Title, lines and what is being waited for, as one block where that fits and as several pages where it does not."""
    room = indent(theme)
    numbered = numbered and len(view.lines) > 1
    lines = [
        Line(body(theme, line.text, width - (room if numbered else 0), balance=True), number if numbered else 0)
        for number, line in enumerate(view.lines, 1)
    ]
    if view.waiting is not None:
        lines.append(Line(body(theme, view.waiting.text, width - room, balance=True), waiting=True))
    hero = (Role.NUMBER.value / Role.TITLE.value,) if view.layout is Layout.ATTRACT else ()
    for factor in (*hero, *factors):
        title = heading(theme, view.title.text, width, factor) if view.title.text else None
        for gap in GAPS:
            block = Block(title, tuple(lines), theme.em(gap), room)
            if block.fits(width, height):
                return [block]
    return _pages(block, height)


def _pages(block: Block, height: int) -> list[Block]:
    """The block cut between its lines so that each page fits; a title keeps at least the room it needs."""
    pages = [Block(block.title, (), block.gap, block.indent)] if block.title else []
    for line in block.lines:
        longer = Block(pages[-1].title, (*pages[-1].lines, line), block.gap, block.indent) if pages else None
        if longer is not None and longer.height <= height:
            pages[-1] = longer
        else:
            pages.append(Block(None, (line,), block.gap, block.indent))
    return pages or [block]
