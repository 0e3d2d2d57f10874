"""What surrounds a device on trial: an emulator's scene, a recording, or a person before the real one."""

from contextlib import AbstractContextManager
from enum import StrEnum
from typing import Protocol

from drivers.driver import Until


class Deed(StrEnum):
    """What a hand does at the device."""

    LAY_DOWN = "lay_down"
    TAKE_AWAY = "take_away"
    PULL = "pull"
    PLUG_IN = "plug_in"


class NotTried(Exception):
    """A step that cannot be tried here, or was skipped; the text says why, as a sentence."""


class Failed(Exception):
    """A step that was tried and went wrong; the text says how, as a sentence."""


class Bench(Protocol):
    """What surrounds the device on trial. Any method may raise NotTried.

    `lag_s`: how long after `happened` a deed may take effect, and by how much anything may be late that is not the driver's doing.
    """

    lag_s: float

    def doing(self, step: str, deed: Deed, until: Until) -> AbstractContextManager[None]:
        """The deed is done, or asked for and waited for, inside the context; skipping it rests `until`. Leaving says NotTried where it was skipped."""

    def trouble(self, script: str) -> None:
        """From now on answers are spoiled so (drivers/simulated/faults.py); an empty script makes all well."""

    def happened(self, deed: Deed) -> float | None:
        """When the deed took effect, by the monotonic clock in s; None where nobody can say."""
