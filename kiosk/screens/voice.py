"""What the screens want of sound, without any sound. PURE."""

from collections.abc import Callable
from enum import Enum
from pathlib import Path
from typing import Protocol

from kiosk.screens.traveller.showing import Clips

ClipPath = Callable[[str, str], Path | None]
"""(language, catalogue key) -> the clip, None where there is none yet."""


class Sign(Enum):
    """The three short sounds; the value is the file's name."""

    TOUCHED = "touched"
    DONE = "done"
    PLEASE_LOOK = "please_look"


class Voice(Protocol):
    """What the screens want of sound."""

    def say(self, clips: Clips, volume: float) -> None:
        """Stop what is being spoken, then speak these; an empty tuple only stops."""

    def sign(self, sign: Sign, volume: float) -> None:
        """Play one of the short sounds."""


class Silence:
    """No sound at all, for pictures and tests; remembers what would have been spoken."""

    def __init__(self) -> None:
        self.said: list[Clips] = []
        self.signs: list[Sign] = []

    def say(self, clips: Clips, volume: float) -> None:
        """Remember."""
        self.said.append(clips)

    def sign(self, sign: Sign, volume: float) -> None:
        """Remember."""
        self.signs.append(sign)
