"""Carries a `Pen`'s strokes out as Kivy canvas instructions. Needs a window."""

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial

import numpy as np
from kivy.graphics import BorderImage, Color, InstructionGroup, PopMatrix, PushMatrix, Rectangle, Rotate, ScissorPop, ScissorPush, Translate
from PIL import Image, ImageDraw

from kiosk.private import Private
from kiosk.screens import lettering, pictures, stills
from kiosk.screens.geometry import Rect
from kiosk.screens.lettering import Lettering
from kiosk.screens.palette import Colour, channels
from kiosk.screens.pen import Motion
from kiosk.screens.textures import SMOOTH, OnCard, TextureShelf, ring_mask, round_mask, upload
from kiosk.screens.theme import Theme
from kiosk.views.desk_parts import Still

RING_TURN = Motion(turn=True, period=1.6)


@dataclass(frozen=True)
class Mover:
    """A drawn layer that moves: `place(seconds)` puts it where it belongs at that time."""

    motion: Motion
    place: Callable[[float], None]


class CanvasPen:
    """Draws into `group`. `movers` are the layers to be placed anew each frame, `live` the rectangles that show the camera."""

    def __init__(self, theme: Theme, shelf: TextureShelf, live_texture: Callable[[], OnCard]) -> None:
        self.group = InstructionGroup()
        self.movers: list[Mover] = []
        self.live_rectangles: list[Rectangle] = []
        self._theme = theme
        self._shelf = shelf
        self._live_texture = live_texture

    def panel(self, rect: Rect, fill: Colour, radius: int = 0, alpha: float = 1.0) -> None:
        """A filled rectangle with round corners."""
        self._colour(fill, alpha)
        radius = min(radius, rect.w // 2, rect.h // 2)
        if radius < 1:
            self.group.add(Rectangle(pos=self._pos(rect), size=(rect.w, rect.h)))
            return
        self._stretched(rect, radius, self._shelf.get(("round", radius), lambda: round_mask(radius)))

    def frame(self, rect: Rect, colour: Colour, width: int, radius: int = 0) -> None:
        """The outline of a rectangle inside it."""
        radius = max(width, min(radius, rect.w // 2, rect.h // 2))
        self._colour(colour)
        self._stretched(rect, radius, self._shelf.get(("ring", radius, width), lambda: ring_mask(radius, width)))

    def words(self, letters: Lettering, x: int, y: int, colour: Colour, align: str = "left") -> None:
        """The lines as one textured rectangle, on whole pixels."""
        if not letters.width:
            return
        texture = self._shelf.get(("words", letters, align), lambda: lettering.draw(letters, align))
        width, height = texture.size
        self._textured(Rect(x - 2, y - letters.overhang, width, height), texture, colour)

    def icon(self, name: str, rect: Rect, colour: Colour) -> None:
        """The icon in one colour."""
        side = min(rect.w, rect.h)
        place = rect.fitted(1, 1)
        self._textured(place, self._shelf.get(("icon", name, side), lambda: pictures.icon(name, side)), colour)

    def art(self, name: str, rect: Rect) -> None:
        """Each layer on the next; what moves never leaves the drawing."""
        palette = self._theme.palette
        for each in pictures.layers(name):
            texture = art_texture(self._shelf, palette.art, name, each, pictures.side_for(rect.w))
            if each.motion is None:
                self._textured(each.place(rect), texture, palette.art_tint)
            else:
                self._moving(each.place(rect), texture, palette.art_tint, each.motion, rect)

    def live(self, rect: Rect, mirrored: bool) -> None:
        """The camera's texture, cut so that it fills the rectangle without being stretched."""
        self._colour(self._theme.palette.veil)
        self.group.add(Rectangle(pos=self._pos(rect), size=(rect.w, rect.h)))
        self._colour("#FFFFFF")
        texture = self._live_texture()
        shown = Rectangle(pos=self._pos(rect), size=(rect.w, rect.h), texture=texture)
        shown.tex_coords = covering(texture.size, rect, mirrored)
        self.live_rectangles.append(shown)
        self.group.add(shown)

    def photo(self, image: Private[Still], rect: Rect) -> None:
        """The decoded picture as a texture of its own, which goes with the drawing and stays on no shelf."""
        decoded = stills.decoded(image.value)
        if decoded is None:
            return
        texture = upload(decoded)
        self._colour("#FFFFFF")
        shown = Rectangle(pos=self._pos(rect), size=(rect.w, rect.h), texture=texture)
        left, bottom, right, _, _, top, _, _ = covering(texture.size, rect, mirrored=False)
        # `upload` puts the first row on top, `covering` speaks of pictures that come the other way round
        shown.tex_coords = (left, top, right, top, right, bottom, left, bottom)
        self.group.add(shown)

    def cells(self, rect: Rect, rows: tuple[tuple[bool, ...], ...], colour: Colour) -> None:
        """The code as a small texture blown up by a whole number, so that cell edges are sharp."""
        each = max(1, min(rect.w, rect.h) // len(rows))
        side = each * len(rows)
        mask = Image.fromarray(np.kron(np.array(rows, np.uint8) * 255, np.ones((each, each), np.uint8)))
        left, top = rect.x + (rect.w - side) // 2, rect.y + (rect.h - side) // 2
        self._textured(Rect(left, top, side, side), self._shelf.get(("cells", rows, each), lambda: mask), colour)

    def waiting(self, rect: Rect, colour: Colour, ground: Colour) -> None:
        """A ring; a quarter of it, in the stronger colour, goes round."""
        side = min(rect.w, rect.h)
        for whole, tint in ((True, ground), (False, colour)):
            texture = self._shelf.get(("arc", side, whole), partial(arc_mask, side, whole))
            if whole:
                self._textured(rect.fitted(1, 1), texture, tint)
            else:
                self._moving(rect.fitted(1, 1), texture, tint, RING_TURN, rect)

    def _pos(self, rect: Rect) -> tuple[int, int]:
        return rect.x, self._theme.display.height - rect.bottom

    def _colour(self, colour: Colour, alpha: float = 1.0) -> Color:
        instruction = Color(*channels(colour), alpha)
        self.group.add(instruction)
        return instruction

    def _stretched(self, rect: Rect, radius: int, texture: OnCard) -> None:
        border = (radius, radius, radius, radius)
        self.group.add(BorderImage(pos=self._pos(rect), size=(rect.w, rect.h), texture=texture, border=border))

    def _textured(self, rect: Rect, texture: OnCard, colour: Colour) -> Color:
        tint = self._colour(colour)
        self.group.add(Rectangle(pos=self._pos(rect), size=(rect.w, rect.h), texture=texture))
        return tint

    def _moving(self, rect: Rect, texture: OnCard, colour: Colour, motion: Motion, within: Rect) -> None:
        """A texture that moves; what leaves `within`, whose side also measures the way, is cut off."""
        if motion.fade:
            tint = self._textured(rect, texture, colour)
            self.movers.append(Mover(motion, lambda seconds: _set(tint, "a", round(motion.share(seconds), 2))))
            return
        x, y = self._pos(rect)
        left, foot = self._pos(within)
        self.group.add(ScissorPush(x=left, y=foot, width=within.w, height=within.h))
        self.group.add(PushMatrix())
        if motion.turn:
            spin = Rotate(angle=0, origin=(x + rect.w / 2, y + rect.h / 2))
            self.group.add(spin)
            self.movers.append(Mover(motion, lambda seconds: _set(spin, "angle", -360 * (seconds % motion.period) / motion.period)))
        else:
            shift = Translate(0, 0)
            self.group.add(shift)
            way = (motion.dx * within.w, -motion.dy * within.h)
            self.movers.append(Mover(motion, lambda seconds: _shift(shift, way, motion.share(seconds))))
        self._textured(rect, texture, colour)
        self.group.add(PopMatrix())
        self.group.add(ScissorPop())


def _set(instruction: Color | Rotate, name: str, value: float) -> None:
    """Set it only where it is another: setting draws the screen anew."""
    if getattr(instruction, name) != value:
        setattr(instruction, name, value)


def _shift(shift: Translate, way: tuple[float, float], share: float) -> None:
    """Put the layer so far along its way, on whole pixels."""
    place = (round(way[0] * share), round(way[1] * share))
    if tuple(shift.xy) != place:
        shift.xy = place


def art_texture(shelf: TextureShelf, art_set: str, drawing: str, layer: pictures.Layer, side: int) -> OnCard:
    """The texture of one layer of a drawing on a square of so many pixels."""
    return shelf.get(("art", art_set, drawing, layer.name, side), partial(pictures.layer, art_set, drawing, layer.name, side))


def covering(size: tuple[int, int], rect: Rect, mirrored: bool) -> tuple[float, ...]:
    """Texture coordinates that fill `rect` with the middle of a picture of this size; the picture's first row is its first in memory."""
    scale = max(rect.w / size[0], rect.h / size[1])
    u, v = rect.w / (size[0] * scale) / 2, rect.h / (size[1] * scale) / 2
    left, right = (0.5 + u, 0.5 - u) if mirrored else (0.5 - u, 0.5 + u)
    top, bottom = 0.5 - v, 0.5 + v
    return (left, bottom, right, bottom, right, top, left, top)


def arc_mask(side: int, whole: bool) -> Image.Image:
    """A ring as wide as a seventh of its side, whole or a quarter of it."""
    large, width = side * SMOOTH, side * SMOOTH // 8
    image = Image.new("L", (large, large), 0)
    ImageDraw.Draw(image).arc((0, 0, large - 1, large - 1), 0 if whole else -90, 360 if whole else 0, fill=255, width=width)
    return image.resize((side, side), Image.Resampling.BOX)
