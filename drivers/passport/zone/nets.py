"""The two nets together, loaded once."""

from dataclasses import dataclass
from functools import cache

from drivers.passport.zone.detector import Detector
from drivers.passport.zone.recogniser import Recogniser


@dataclass(frozen=True)
class Nets:
    """The net that finds lines and the net that names characters. Not for two threads at a time."""

    detector: Detector
    recogniser: Recogniser


@cache
def shipped() -> Nets:
    """The nets whose weights lie beside this file."""
    return Nets(Detector(), Recogniser())
