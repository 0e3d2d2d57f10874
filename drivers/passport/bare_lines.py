"""A zone that comes as bare lines, each ended by CR or LF, with no frame around it. PURE.

A zone is whole when its lines have a shape that zones have; with anything before or between them it has none and is rejected at the next silence.
"""

import re

from drivers.passport.judging import Lines, zone_lines

SHAPES = frozenset({(44, 44), (36, 36), (30, 30, 30), (88,), (72,), (90,)})
LONGEST = 512


class BareLines:
    """Collects what comes until it is a zone or silence says that it is none."""

    def __init__(self) -> None:
        self._rest = b""

    def feed(self, data: bytes) -> Lines | None:
        """The zone, once its last line has ended; what follows it is dropped with the next silence."""
        # no more than that can become a zone, and a reader that never pauses fills no memory
        self._rest = (self._rest + data)[: LONGEST + 1]
        ended = max(self._rest.rfind(b"\r"), self._rest.rfind(b"\n"))
        return self._zone(self._rest[: ended + 1])

    def silence(self) -> Lines | None:
        """Nothing came for a while: what is there is a zone without its last line end, or () for something that is none; None for nothing."""
        rest, self._rest = self._rest, b""
        if not rest.strip():
            return None
        whole = _in_shape(rest)
        return whole if whole is not None else ()

    def _zone(self, ended: bytes) -> Lines | None:
        zone = _in_shape(ended)
        if zone is not None:
            self._rest = b""
        return zone


def _in_shape(data: bytes) -> Lines | None:
    lines = [line for line in re.split(rb"[\r\n]", data) if line]
    return zone_lines(data) if tuple(map(len, lines)) in SHAPES else None
