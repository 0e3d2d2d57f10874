"""From a picture to a reading: lines found, read, put together to zones, decoded; the largest zone is answered."""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache

import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.decoding import Decoded, acceptable, decode
from drivers.passport.zone.finding import Search, find_lines, same
from drivers.passport.zone.lines import ENOUGH, Line, neighbours, read_line
from drivers.passport.zone.placing import as_grey, judged, reason
from drivers.passport.zone.reading import Reason, ZoneReading, nothing
from drivers.passport.zone.recogniser import Recogniser
from drivers.passport.zone.shapes import Course

LOOKED_AT = 12  # courses that are read at most; the likely ones come first
SHAPES = {30: 3, 36: 2, 44: 2}  # lines of a zone by the length of its lines


@dataclass(frozen=True)
class _Zone:
    """Lines that lie as those of one zone do, top first, taken as this length."""

    lines: tuple[Line, ...]
    length: int

    @property
    def size(self) -> float:
        return max(line.course.length * line.course.tall for line in self.lines)

    def corners(self) -> NDArray[np.float32]:
        """(4, 2) pixels: start and end of the first line at its top, end and start of the last at its bottom."""
        ends = []
        for line, v in ((self.lines[0], -0.6), (self.lines[-1], 0.6)):
            at = line.along(self.length)
            half = (at[-1] - at[0]) / (self.length - 1) / 2
            x, y = line.course.points(np.array([at[0] - half, at[-1] + half]), np.array([v, v]))
            ends.append(np.stack([x, y], 1))
        return np.concatenate([ends[0], ends[1][::-1]]).astype(np.float32)


@cache
def _shipped() -> Recogniser:
    return Recogniser()


def _level(line: Line, other: Line) -> float:
    """How far the other line's middle lies below this one's, in heights of a capital letter; 0 where they are not of one zone."""
    way = np.subtract(other.course.points(np.zeros(1), np.zeros(1)), line.course.points(np.zeros(1), np.zeros(1)))[:, 0]
    along = line.course.along
    below = float(way[1] * along[0] - way[0] * along[1]) / line.course.tall
    straight = along[0] * other.course.along[0] + along[1] * other.course.along[1]
    ahead = abs(float(way[0] * along[0] + way[1] * along[1])) / line.course.length
    return below if straight > 0.97 and ahead < 0.3 and abs(below) < 10 else 0.0


def _length(line: Line) -> int:
    return max(line.cells, key=lambda one: line.cells[one].score)


def _twin(line: Line, lines: Sequence[Line]) -> bool:
    """Whether a line was read already."""
    return any(
        0 < abs(_level(other, line)) < 0.7 or other.course.centre == line.course.centre and _level(other, line) == 0 for other in lines
    )


def _zones(lines: Sequence[Line]) -> list[_Zone]:
    """All runs of neighbouring lines that can be a zone."""
    found = []
    for first in lines:
        below = sorted((level, at) for at, other in enumerate(lines) if other is not first and (level := _level(first, other)) > 1)
        for length, count in SHAPES.items():
            run = [first, *(lines[at] for _, at in below[: count - 1])]
            steps = np.diff([0.0, *(level for level, _ in below[: count - 1])])
            alike = all(length in line.cells and line.cells[length].score > ENOUGH for line in run)
            if len(run) == count and alike and steps.max() < 4.5 and steps.max() < 1.5 * steps.min():
                found.append(_Zone(tuple(run), length))
    return found


def _lines(grey: NDArray[np.uint8], courses: Sequence[Course], known: Sequence[Line], recogniser: Recogniser) -> list[Line]:
    """The lines of zones along these courses, less those known; missing neighbours are looked for where print runs beside them.

    Once a zone is read, only courses that could belong to a larger one are looked at.
    """
    lines = list(known)
    enough = 0.0
    for course in courses[:LOOKED_AT]:
        if course.length * course.tall < enough:
            continue
        line = read_line(grey, course, recogniser)
        if line is not None and not _twin(line, lines):
            lines.append(line)
            enough = max((1.3 * zone.size for zone, decoded in _read(lines) if decoded.zone.valid), default=0.0)
    for line in list(lines):
        if not any(line in zone.lines for zone in _zones(lines)):
            lines += _beside(grey, line, lines, recogniser)
    return lines[len(known) :]


def _beside(grey: NDArray[np.uint8], line: Line, known: Sequence[Line], recogniser: Recogniser) -> list[Line]:
    found: list[Line] = []
    for course in neighbours(grey, line):
        other = read_line(grey, course, recogniser, both_ways=False)
        if other is not None and not _twin(other, [*known, *found]):
            found.append(other)
    return found


def _read(lines: Sequence[Line]) -> list[tuple[_Zone, Decoded]]:
    """The zones of these lines that may be given out, the largest first."""
    zones = sorted(_zones(lines), key=lambda zone: -zone.size)
    return [(zone, decoded) for zone in zones if (decoded := _decoded(zone)) is not None and acceptable(decoded)]


def _decoded(zone: _Zone) -> Decoded | None:
    cells = [line.cells[zone.length] for line in zone.lines]
    return decode([one.chances for one in cells], [one.presence for one in cells])


def _answer(zone: _Zone, decoded: Decoded) -> ZoneReading:
    certain = tuple(tuple(round(float(one), 3) for one in row) for row in decoded.certain)
    least = min(min(row) for row in certain)
    return ZoneReading(decoded.zone.format, decoded.zone.lines, decoded.zone.valid, zone.corners(), least, certain)


def read_zone(image: NDArray[np.uint8], recogniser: Recogniser | None = None) -> ZoneReading:
    """The largest zone in a picture (H, W) or (H, W, 3) in BGR, or none with the reason. Raises ValueError for what is no picture."""
    grey = as_grey(image)
    recogniser = recogniser or _shipped()
    lines: list[Line] = []
    looked_at: list[Course] = []
    read: list[tuple[_Zone, Decoded]] = []
    for search in Search:
        fresh = [course for course in find_lines(grey, search) if not any(same(course, other) for other in looked_at)]
        looked_at += fresh
        lines += _lines(grey, fresh, lines, recogniser)
        read = _read(lines)
        if any(decoded.zone.valid for _, decoded in read):
            break
    best = next((one for one in read if one[1].zone.valid), read[0] if read else None)
    if best is not None:
        return _answer(*best)
    seen = _zones(lines)
    return nothing(Reason.UNCLEAR, seen[0].corners()) if seen else nothing(reason(judged(grey, looked_at)))
