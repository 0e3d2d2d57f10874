"""How far a chain has been opened: everything up to a number but for some that were missing then. PURE.

Rows may come late (a gap that closes) or never (one that was accepted), so "the last one" alone would lose some.
"""

from collections.abc import Iterable
from dataclasses import dataclass

Span = tuple[int, int]
"""First and last number, both within."""


@dataclass(frozen=True)
class Progress:
    """Numbers up to `upto` are through, but for those in `missing`, which lie apart and in order."""

    upto: int = 0
    missing: tuple[Span, ...] = ()

    def through(self, numbers: Iterable[int]) -> "Progress":
        """With these numbers, rising, through as well."""
        now = self
        for number in numbers:
            now = now._with(number)
        return now

    def _with(self, number: int) -> "Progress":
        if number > self.upto:
            hole = ((self.upto + 1, number - 1),) if number > self.upto + 1 else ()
            return Progress(number, self.missing + hole)
        parts: list[Span] = []
        for first, last in self.missing:
            if not first <= number <= last:
                parts.append((first, last))
                continue
            parts.extend(part for part in ((first, number - 1), (number + 1, last)) if part[0] <= part[1])
        return Progress(self.upto, tuple(parts))
