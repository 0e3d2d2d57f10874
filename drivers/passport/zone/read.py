"""From a picture to a reading: lines found, read, put together to zones, decoded; the largest zone is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.decoding import Decoded, acceptable, decode
from drivers.passport.zone.lines import ENOUGH, Line, neighbours, read_line
from drivers.passport.zone.locating import apart, lines_in, zones_in
from drivers.passport.zone.nets import Nets, shipped
from drivers.passport.zone.placing import as_grey, placement, reason
from drivers.passport.zone.reading import Reason, ZoneReading, nothing
from drivers.passport.zone.shapes import Course
from drivers.passport.zone.views import close_view, overview, quarters

MOST_ZONES = 3  # places that are looked at
LARGE = 900  # pixels, longer side of a picture whose parts are looked at where the whole showed no zone
PLAIN_TALL = 6.5  # pixels of a view, height of a capital letter from which lines need no closer look
PLAIN_ASKEW = 0.3  # sine of the angle up to which they need none
WELL_READ = -0.1
LONGER = 1.13  # times the reach of its cells that a line may have been seen to run; 44 characters are 1.22 times 36
VISAS = (Format.MRVA, Format.MRVB)
SHAPES = {30: 3, 36: 2, 44: 2}  # lines of a zone by the length of its lines


@dataclass(frozen=True)
class _Zone:
    """Lines that lie as those of one zone do, top first, taken as this length."""

    lines: tuple[Line, ...]
    length: int

    @property
    def size(self) -> float:
        return max(line.course.length * line.course.tall for line in self.lines)

    @property
    def whole(self) -> bool:
        """Whether nothing speaks against the length: no character unseen, no print beyond the ends, as where a longer line is cut off."""
        return all(line.cells[self.length].score > WELL_READ and self._spans(line) for line in self.lines)

    def _spans(self, line: Line) -> bool:
        """Whether the cells reach about as far as the line was seen to run."""
        at = line.along(self.length)
        reach = abs(float(at[-1] - at[0])) * self.length / (self.length - 1)
        return line.course.length < LONGER * reach

    def corners(self) -> NDArray[np.float32]:
        """(4, 2) pixels: start and end of the first line at its top, end and start of the last at its bottom."""
        ends = []
        for line, v in ((self.lines[0], -0.6), (self.lines[-1], 0.6)):
            at = line.along(self.length)
            half = (at[-1] - at[0]) / (self.length - 1) / 2
            x, y = line.course.points(np.array([at[0] - half, at[-1] + half]), np.array([v, v]))
            ends.append(np.stack([x, y], 1))
        return np.concatenate([ends[0], ends[1][::-1]]).astype(np.float32)


def _known(course: Course, line: Line) -> bool:
    """Whether a line was read well enough along this course already."""
    below, ahead = apart(line.course, course)
    return line.score > WELL_READ and abs(below) < 0.5 and abs(ahead) * line.course.tall < 0.3 * line.course.length


def _level(line: Line, other: Line) -> float:
    """How far the other line's middle lies below this one's, in heights of a capital letter; 0 where they are not of one zone."""
    way = np.subtract(other.course.points(np.zeros(1), np.zeros(1)), line.course.points(np.zeros(1), np.zeros(1)))[:, 0]
    along = line.course.along
    below = float(way[1] * along[0] - way[0] * along[1]) / line.course.tall
    straight = along[0] * other.course.along[0] + along[1] * other.course.along[1]
    ahead = abs(float(way[0] * along[0] + way[1] * along[1])) / line.course.length
    return below if straight > 0.97 and ahead < 0.3 and abs(below) < 10 else 0.0


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


def _lines(grey: NDArray[np.uint8], courses: Sequence[Course], known: Sequence[Line], nets: Nets) -> list[Line]:
    """The lines of zones along these courses, less those known; missing neighbours are looked for where print runs beside them."""
    lines = list(known)
    for course in courses:
        line = read_line(grey, course, nets.recogniser)
        if line is not None and not _twin(line, lines):
            lines.append(line)
    for line in list(lines):
        if not any(line in zone.lines for zone in _zones(lines)):
            lines += _beside(grey, line, lines, nets)
    return lines[len(known) :]


def _beside(grey: NDArray[np.uint8], line: Line, known: Sequence[Line], nets: Nets) -> list[Line]:
    found: list[Line] = []
    for course in neighbours(grey, line):
        other = read_line(grey, course, nets.recogniser, both_ways=False)
        if other is not None and not _twin(other, [*known, *found]):
            found.append(other)
    return found


def _read(lines: Sequence[Line]) -> list[tuple[_Zone, Decoded]]:
    """The zones of these lines that may be given out, the largest first."""
    zones = sorted(_zones(lines), key=lambda zone: -zone.size)
    read = [(zone, decoded) for zone in zones if (decoded := _decoded(zone)) is not None and acceptable(decoded)]
    # No check digit stands at the end of a visa's lines, so that a longer one whose end is hidden could pass for it.
    return [(zone, decoded) for zone, decoded in read if (decoded.zone.valid and decoded.zone.format not in VISAS) or zone.whole]


def _decoded(zone: _Zone) -> Decoded | None:
    cells = [line.cells[zone.length] for line in zone.lines]
    return decode([one.chances for one in cells], [one.presence for one in cells])


def _answer(zone: _Zone, decoded: Decoded) -> ZoneReading:
    certain = tuple(tuple(round(float(one), 3) for one in row) for row in decoded.certain)
    return ZoneReading(decoded.zone, zone.corners(), certain)


def _looks(grey: NDArray[np.uint8], nets: Nets) -> Iterator[list[Course]]:
    """The courses of what may be one zone, in pixels of the picture: the likeliest place first, then closer looks."""
    whole = overview(grey)
    found = zones_in(lines_in(nets.detector.look(whole.picture)))[:MOST_ZONES]
    places = [[whole.in_picture(line) for line in zone] for zone in found]
    for zone, courses in zip(found, places, strict=True):
        if _plain(zone):
            yield courses
    yield from _closer(grey, places, nets)


def _looks_at_parts(grey: NDArray[np.uint8], nets: Nets) -> Iterator[list[Course]]:
    """The same from the parts of a large picture, where a zone may be too small in the whole."""
    for part in quarters(grey) if max(grey.shape) >= LARGE else ():
        zones = zones_in(lines_in(nets.detector.look(part.picture)))[:1]
        yield from _closer(grey, [[part.in_picture(line) for line in zone] for zone in zones], nets)


def _closer(grey: NDArray[np.uint8], places: Sequence[list[Course]], nets: Nets) -> Iterator[list[Course]]:
    for courses in places:
        view = close_view(grey, courses)
        for zone in zones_in(lines_in(nets.detector.look(view.picture)))[:2]:
            yield [view.in_picture(line) for line in zone]


def _plain(zone: Sequence[Course]) -> bool:
    """Whether lines were seen large and level enough that a closer look shows no more."""
    return all(line.tall > PLAIN_TALL and abs(line.along[1]) < PLAIN_ASKEW for line in zone) and len(zone) in SHAPES.values()


def read_zone(image: NDArray[np.uint8], nets: Nets | None = None) -> ZoneReading:
    """The largest zone in a picture (H, W) or (H, W, 3) in BGR, or none with the reason. Raises ValueError for what is no picture."""
    grey = as_grey(image)
    nets = nets or shipped()
    lines: list[Line] = []
    for looks in (_looks, _looks_at_parts):
        for courses in looks(grey, nets):
            fresh = [course for course in courses if not any(_known(course, line) for line in lines)]
            lines += _lines(grey, fresh, lines, nets)
            if any(decoded.zone.valid for _, decoded in _read(lines)):
                break
        if _zones(lines):  # what was seen whole and is not certain enough gets no better in the parts
            break
    read = _read(lines)
    best = next((one for one in read if one[1].zone.valid), read[0] if read else None)
    if best is not None:
        return _answer(*best)
    zones = _zones(lines)
    return nothing(Reason.UNCLEAR, zones[0].corners()) if zones else nothing(reason(placement(grey, nets)))
