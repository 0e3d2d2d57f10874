"""One screen in a window: draws its parts, keeps what did not change, finds what is touched, shows focus, moves what moves."""

from collections.abc import Callable
from dataclasses import dataclass

from kivy.clock import Clock
from kivy.graphics import InstructionGroup, Rectangle
from kivy.input.motionevent import MotionEvent
from kivy.uix.widget import Widget

from kiosk.screens import pictures
from kiosk.screens.canvas_pen import CanvasPen, Mover, art_texture, covering
from kiosk.screens.geometry import Rect
from kiosk.screens.page import Page
from kiosk.screens.parts.base import Part, State, Target
from kiosk.screens.parts.display import Live
from kiosk.screens.textures import OnCard, TextureShelf
from kiosk.screens.theme import CORNER_MM, CORNER_S, Theme

FRAMES_A_SECOND = 20
"""How often moving layers are placed anew; nothing is placed when none moves."""


@dataclass(frozen=True)
class _Drawn:
    part: Part
    state: State
    group: InstructionGroup
    movers: tuple[Mover, ...]
    live: tuple[Rectangle, ...]


class Sheet(Widget):
    """Shows a `Page`. `on_chosen` gets the target whose button was let go inside; `on_pressed` the one a finger came down on."""

    def __init__(self, theme: Theme, live_texture: Callable[[], OnCard]) -> None:
        super().__init__(size=(theme.display.width, theme.display.height), size_hint=(None, None))
        self.theme = theme
        self.page = Page(())
        self.focus = ""
        self.on_chosen: Callable[[Target], None] = _ignore
        self.on_pressed: Callable[[Target], None] = _ignore
        self.on_corner: Callable[[], None] = _nothing
        self._shelf = TextureShelf()
        self._live_texture = live_texture
        self._drawn: list[_Drawn] = []
        self._pressed: Part | None = None
        self._began = Clock.get_time()
        self._long_press = Clock.create_trigger(self._held, CORNER_S)
        self._cold: list[tuple[str, pictures.Layer, int]] = []
        self._warming = Clock.create_trigger(self._warm_one, 1 / FRAMES_A_SECOND, interval=True)
        self._moving = Clock.create_trigger(self._move, 1 / FRAMES_A_SECOND, interval=True)

    def show(self, page: Page, theme: Theme, focus: str = "") -> None:
        """Draw this page with the focus ring around this target; equal parts keep their drawing unless the theme is another."""
        if (page, theme, focus) == (self.page, self.theme, self.focus):
            return
        if theme != self.theme:
            self.theme, self._drawn = theme, []
        elif {type(part) for part in page.parts} != {type(part) for part in self.page.parts}:
            self._began = Clock.get_time()
        self.page, self.focus = page, focus
        if self._pressed not in page.parts:
            self._pressed = None
        self._redraw()

    def part(self, target_id: str) -> Part | None:
        """The part on show that carries this target."""
        return next((p for p in self.page.targets() if p.target is not None and p.target.id == target_id), None)

    def warm(self, drawings: tuple[str, ...]) -> None:
        """Bring these drawings onto the graphics card one layer a frame, while nobody waits for anything."""
        side = pictures.side_for(
            min(self.theme.display.width, self.theme.display.height) * (100 if self.theme.display.portrait else 62) // 100
        )
        self._cold = [(name, layer, side) for name in drawings for layer in pictures.layers(name)]
        self._warming()

    def _warm_one(self, _seconds: float) -> None:
        if self._cold:
            name, layer, side = self._cold.pop()
            art_texture(self._shelf, self.theme.palette.art, name, layer, side)
        else:
            self._warming.cancel()

    def live_changed(self, texture: OnCard) -> None:
        """The camera's texture has another shape: show that one."""
        for drawn in self._drawn:
            if isinstance(drawn.part, Live):
                for rectangle in drawn.live:
                    rectangle.texture = texture
                    rectangle.tex_coords = covering(texture.size, drawn.part.rect, drawn.part.mirrored)

    def on_touch_down(self, touch: MotionEvent) -> bool:
        """Press what the finger came down on; a second finger, or a mouse that repeats the touch, is nothing."""
        if self._pressed is not None:
            return True
        if self._in_corner(touch):
            self._long_press()
        part = self._under(touch)
        if part is None or part.target is None:
            return False
        self._press(part)
        self.on_pressed(part.target)
        return True

    def on_touch_up(self, touch: MotionEvent) -> bool:
        """Choose it when the finger is still on it."""
        self._long_press.cancel()
        part, self._pressed = self._pressed, None
        if part is None:
            return False
        self._redraw()
        if self._under(touch) == part and part.target is not None:
            self.on_chosen(part.target)
        return True

    def on_touch_move(self, touch: MotionEvent) -> bool:
        """A finger that leaves the corner does not ask for the menu."""
        if not self._in_corner(touch):
            self._long_press.cancel()
        return self._pressed is not None

    def _in_corner(self, touch: MotionEvent) -> bool:
        x, y = touch.pos
        return bool(x < self.theme.mm(CORNER_MM) and self.theme.display.height - y < self.theme.mm(CORNER_MM))

    def _held(self, _seconds: float) -> None:
        self._pressed = None
        self._redraw()
        self.on_corner()

    def _under(self, touch: MotionEvent) -> Part | None:
        x, y = touch.pos
        top = self.theme.display.height - y
        return next((p for p in reversed(self.page.targets()) if p.rect.contains(x, top)), None)

    def _press(self, part: Part) -> None:
        self._pressed = part
        self._redraw()

    def _redraw(self) -> None:
        kept = self._drawn
        self._drawn = []
        self.canvas.clear()
        for part in self.page.parts:
            state = State.PRESSED if part == self._pressed else State.RESTING
            drawn = next((d for d in kept if d.state is state and d.part == part), None) or self._draw(part, state)
            self._drawn.append(drawn)
            self.canvas.add(drawn.group)
        focused = self.part(self.focus)
        if focused is not None:
            self.canvas.add(self._ring(focused.rect))
        self._move(0.0)
        if any(drawn.movers for drawn in self._drawn):
            self._moving()
        else:
            self._moving.cancel()

    def _draw(self, part: Part, state: State) -> _Drawn:
        pen = CanvasPen(self.theme, self._shelf, self._live_texture)
        part.draw(pen, self.theme, state)
        return _Drawn(part, state, pen.group, tuple(pen.movers), tuple(pen.live_rectangles))

    def _ring(self, rect: Rect) -> InstructionGroup:
        """Focus: a bright ring between two dark ones, outside the target, seen on any ground."""
        pen, mm, palette = CanvasPen(self.theme, self._shelf, self._live_texture), self.theme.mm, self.theme.palette
        outside = mm(1.3)
        pen.frame(rect.inset(-outside), palette.focus_edge, outside, self.theme.radius + outside)
        pen.frame(rect.inset(-mm(1.0)), palette.focus, mm(0.8), self.theme.radius + mm(1.0))
        return pen.group

    def _move(self, _seconds: float) -> None:
        now = Clock.get_time() - self._began
        for drawn in self._drawn:
            for mover in drawn.movers:
                mover.place(now)


def _ignore(_target: Target) -> None:
    """Nobody listens yet."""


def _nothing() -> None:
    """Nobody listens yet."""
