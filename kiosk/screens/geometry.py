"""Rectangles in pixels, measured from the top left corner as people read. PURE."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Rect:
    """A rectangle: left and top edge, width and height, all in whole pixels, y growing downwards."""

    x: int
    y: int
    w: int
    h: int

    @property
    def right(self) -> int:
        """First column right of it."""
        return self.x + self.w

    @property
    def bottom(self) -> int:
        """First line below it."""
        return self.y + self.h

    @property
    def centre(self) -> tuple[int, int]:
        """The middle, rounded down."""
        return self.x + self.w // 2, self.y + self.h // 2

    def inset(self, dx: int, dy: int | None = None) -> "Rect":
        """Smaller by dx on the left and right and by dy (dx when left out) above and below; negative values grow it."""
        dy = dx if dy is None else dy
        return Rect(self.x + dx, self.y + dy, max(0, self.w - 2 * dx), max(0, self.h - 2 * dy))

    def contains(self, x: float, y: float) -> bool:
        """Whether the point lies in it."""
        return self.x <= x < self.right and self.y <= y < self.bottom

    def overlaps(self, other: "Rect", apart: int = 0) -> bool:
        """Whether the two share a pixel, or come closer than `apart` pixels."""
        return (
            self.x < other.right + apart
            and other.x < self.right + apart
            and self.y < other.bottom + apart
            and other.y < self.bottom + apart
        )

    def within(self, outer: "Rect") -> bool:
        """Whether it lies wholly inside the other."""
        return self.x >= outer.x and self.y >= outer.y and self.right <= outer.right and self.bottom <= outer.bottom

    def cut_top(self, height: int, gap: int = 0) -> "tuple[Rect, Rect]":
        """The upper `height` pixels, and what lies below them after a gap."""
        return Rect(self.x, self.y, self.w, height), Rect(self.x, self.y + height + gap, self.w, max(0, self.h - height - gap))

    def cut_bottom(self, height: int, gap: int = 0) -> "tuple[Rect, Rect]":
        """The lower `height` pixels, and what lies above them after a gap."""
        return Rect(self.x, self.bottom - height, self.w, height), Rect(self.x, self.y, self.w, max(0, self.h - height - gap))

    def cut_left(self, width: int, gap: int = 0) -> "tuple[Rect, Rect]":
        """The left `width` pixels, and what lies right of them after a gap."""
        return Rect(self.x, self.y, width, self.h), Rect(self.x + width + gap, self.y, max(0, self.w - width - gap), self.h)

    def cut_right(self, width: int, gap: int = 0) -> "tuple[Rect, Rect]":
        """The right `width` pixels, and what lies left of them after a gap."""
        return Rect(self.right - width, self.y, width, self.h), Rect(self.x, self.y, max(0, self.w - width - gap), self.h)

    def fitted(self, w: int, h: int) -> "Rect":
        """The largest rectangle of the shape w by h that fits, in the middle."""
        scale = min(self.w / w, self.h / h)
        fw, fh = int(w * scale), int(h * scale)
        return Rect(self.x + (self.w - fw) // 2, self.y + (self.h - fh) // 2, fw, fh)


def grid(area: Rect, columns: int, count: int, gap: int, height: int) -> tuple[Rect, ...]:
    """`count` cells of equal width and the given height, row by row; a short last row keeps the width of the others."""
    width = (area.w - gap * (columns - 1)) // columns
    return tuple(
        Rect(area.x + (i % columns) * (width + gap), area.y + (i // columns) * (height + gap), width, height) for i in range(count)
    )
