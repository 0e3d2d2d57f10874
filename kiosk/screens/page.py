"""What one screen shows. PURE."""

from dataclasses import dataclass

from kiosk.screens.parts.base import Part


@dataclass(frozen=True)
class Page:
    """Parts in the order they are drawn; from `modal_from` on they lie over the rest, and only those can be touched."""

    parts: tuple[Part, ...]
    modal_from: int = 0

    def targets(self) -> tuple[Part, ...]:
        """What can be touched, in drawing order."""
        return tuple(part for part in self.parts[self.modal_from :] if part.target is not None)
