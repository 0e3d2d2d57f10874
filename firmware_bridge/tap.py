"""Listening in on the wires of this process: each wire notes what it sent and what was said, and whoever is tapped in hears it.

A host drives one device, so its process has one conversation. Nobody is tapped in unless a technician switched a log on, or records a conversation.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager

SENT, SAID, PULLED = ">", "<", "!"
"""To the device, from the device, and the wire is lost: as in recorded conversations."""

Tap = Callable[[str, bytes], None]

_taps: list[Tap] = []


def note(who: str, data: bytes = b"") -> None:
    """Called by a wire for what went over it."""
    for tap in _taps:
        tap(who, data)


@contextmanager
def tapped(tap: Tap) -> Iterator[None]:
    """Within this, `tap` hears every wire of the process."""
    _taps.append(tap)
    try:
        yield
    finally:
        _taps.remove(tap)
