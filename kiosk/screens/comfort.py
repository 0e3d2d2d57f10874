"""What a traveller can change for their own comfort, on every screen, until the next traveller comes. PURE."""

from dataclasses import dataclass, replace
from enum import Enum
from typing import TypeVar

from kiosk.screens.palette import Contrast
from kiosk.screens.theme import TEXT_SIZES

T = TypeVar("T")

VOLUMES = (0.3, 0.6, 1.0)


class Comfort(Enum):
    """The small controls in the header; the value is the icon and the catalogue key of the spoken name."""

    LISTEN = "listen"
    VOLUME = "volume"
    SIZE = "text_size"
    CONTRAST = "contrast"


@dataclass(frozen=True)
class Comforts:
    """Text size, contrast and volume as they are now."""

    scale: float = 1.0
    contrast: Contrast = Contrast.LIGHT
    volume: float = 0.6

    def after(self, touched: Comfort) -> "Comforts":
        """The next size, contrast or volume; after the last comes the first."""
        match touched:
            case Comfort.SIZE:
                return replace(self, scale=_following(TEXT_SIZES, self.scale))
            case Comfort.CONTRAST:
                return replace(self, contrast=_following(tuple(Contrast), self.contrast))
            case Comfort.VOLUME:
                return replace(self, volume=_following(VOLUMES, self.volume))
            case Comfort.LISTEN:
                return self


def _following(values: tuple[T, ...], now: T) -> T:
    """The value after this one, round and round."""
    return values[(values.index(now) + 1) % len(values)]
