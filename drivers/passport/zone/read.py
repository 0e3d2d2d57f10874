"""From a picture to a reading: lines found, read, put together to zones, decoded; the largest zone is answered."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.cells import LEAST_CHANCE, MOST_COVERED, Cells
from drivers.passport.zone.decoding import Decoded, acceptable, decode
from drivers.passport.zone.lines import ENOUGH, Line, neighbours, read_line
from drivers.passport.zone.locating import apart, lines_in, zones_in
from drivers.passport.zone.nets import Nets, shipped
from drivers.passport.zone.placing import as_grey, placement, reason
from drivers.passport.zone.reading import Reason, ZoneReading, nothing
from drivers.passport.zone.shapes import Course
from drivers.passport.zone.views import close_view, overview, quarters

MOST_ZONES = 3  # places that are looked at
MOST_PARTS = 2  # and of those in the parts of a picture
LARGE = 900  # pixels, longer side of a picture whose parts are looked at where the whole showed no zone
PLAIN_TALL = 6.5  # pixels of a view, height of a capital letter from which lines need no closer look
PLAIN_ASKEW = 0.3  # sine of the angle up to which they need none
WELL_READ = -0.1
GIVEN_UP = 3  # lines below one another after which what is no zone is left alone
WORTH = -0.35  # score from which it is worth looking for a line's neighbours
HIDDEN = 0.5  # presence of any character below which a cell counts as hidden
TAIL = 3  # characters at the end of a line that are hidden where something covers it
LONGER = 1.13  # times the reach of its cells that a line may have been seen to run; 44 characters are 1.22 times 36
SHAPES = {30: 3, 36: 2, 44: 2}  # lines of a zone by the length of its lines
CUT_SHORT = 36  # the length for which the visible part of longer lines can be taken


@dataclass(frozen=True)
class _Zone:
    """Lines that lie as those of one zone do, top first, taken as this length, and where the cells of each are."""

    lines: tuple[Line, ...]
    length: int
    cells: tuple[Cells, ...]

    @property
    def size(self) -> float:
        return max(line.course.length * line.course.tall for line in self.lines)

    @property
    def covered(self) -> bool:
        """Whether something lies over the last characters of a line."""
        return any((cells.presence[-TAIL:] < HIDDEN).all() for cells in self.cells)

    @property
    def whole(self) -> bool:
        """Whether one line is there from end to end, and none was seen to run on as where a longer one is cut off."""
        seen = any(cells.score > WELL_READ for cells in self.cells)
        longest = self.length == max(SHAPES)
        return seen and (longest or all(self._spans(line, cells) for line, cells in zip(self.lines, self.cells, strict=True)))

    def _spans(self, line: Line, cells: Cells) -> bool:
        """Whether the cells reach about as far as the line was seen to run."""
        at = line.along(cells)
        reach = abs(float(at[-1] - at[0])) * self.length / (self.length - 1)
        return line.course.length < LONGER * reach

    def corners(self) -> NDArray[np.float32]:
        """(4, 2) pixels: start and end of the first line at its top, end and start of the last at its bottom."""
        ends = []
        for line, cells, v in ((self.lines[0], self.cells[0], -0.6), (self.lines[-1], self.cells[-1], 0.6)):
            at = line.along(cells)
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


def _twin(line: Line, lines: Sequence[Line]) -> Line | None:
    """The same line as it was read already."""
    for other in lines:
        if 0 < abs(_level(other, line)) < 0.7 or (other.course.centre == line.course.centre and _level(other, line) == 0):
            return other
    return None


def _joined(line: Line | None, lines: list[Line]) -> list[Line]:
    """The lines with one more; of two readings of the same line the better one stays."""
    twin = _twin(line, lines) if line else None
    if line is None or (twin and twin.score >= line.score):
        return lines
    return [*(other for other in lines if other is not twin), line]


def _zones(lines: Sequence[Line]) -> list[_Zone]:
    """All runs of neighbouring lines that can be a zone."""
    found = []
    for first in lines:
        below = sorted((level, at) for at, other in enumerate(lines) if other is not first and (level := _level(first, other)) > 1)
        for length, count in SHAPES.items():
            run = [first, *(lines[at] for _, at in below[: count - 1])]
            steps = np.diff([0.0, *(level for level, _ in below[: count - 1])])
            if len(run) == count and steps.max() < 4.5 and steps.max() < 1.5 * steps.min() and (cells := _cells(run, length)):
                found.append(_Zone(tuple(run), length, cells))
    return found


def _cells(run: Sequence[Line], length: int) -> tuple[Cells, ...] | None:
    """The cells of each line, taken as this length; None where a line is not of it. A line that is not seen from end to end begins
    where the others do."""
    own = [line.cells.get(length) for line in run]
    whole = [at for at, cells in enumerate(own) if cells is not None and cells.score > WELL_READ]
    placed = [cells if at in whole else _beside_others(run, own, whole, at, length) for at, cells in enumerate(own)]
    return tuple(cells for cells in placed if cells is not None) if all(placed) else None


def _first_place(line: Line, cells: Cells | None) -> tuple[float, float]:
    """The middle of the line's first character, in pixels of the picture."""
    assert cells is not None
    x, y = line.course.points(line.along(cells)[:1], np.zeros(1))
    return float(x[0]), float(y[0])


def _beside_others(run: Sequence[Line], own: Sequence[Cells | None], whole: Sequence[int], at: int, length: int) -> Cells | None:
    """The cells of a line of which a part is not seen, from where the whole ones of its zone begin."""
    line, alone = run[at], own[at]
    if not whole:
        return alone if alone is not None and alone.score > ENOUGH else None
    steps = np.array([other - at for other in whole], np.float64)
    begins = np.array([line.cell_at(_first_place(run[other], own[other])) for other in whole])
    # Lines begin below one another; seen from aside, each begins by the same step further on.
    begin = float(np.polyval(np.polyfit(steps, begins, 1), 0)) if len(whole) > 1 else float(begins[0])
    start = 0 if abs(begin) < 0.9 and len(whole) == 1 else round(begin)
    if length - line.sight.count - abs(start) > MOST_COVERED:
        return None
    cells = line.sight.placed(start, length)
    seen = cells.presence[: max(1, line.sight.count + start)]
    return cells if float(np.mean(np.log(np.maximum(seen, LEAST_CHANCE)))) > ENOUGH else None


def _lines(grey: NDArray[np.uint8], courses: Sequence[Course], known: list[Line], nets: Nets) -> list[Line]:
    """The known lines and those along these courses; missing neighbours are looked for where print runs beside them."""
    lines, failed = known, 0
    for course in sorted(courses, key=lambda course: -course.length):
        line = read_line(grey, course, nets.recogniser)
        lines = _joined(line, lines)
        failed = failed + 1 if line is None else 0
        if failed == GIVEN_UP:  # small print: the lines of a zone are the longest of a page
            break
    for line in [line for line in lines if line not in known]:
        if line.score > WORTH and not any(line in zone.lines for zone in _zones(lines)):
            for course in neighbours(grey, line):
                lines = _joined(read_line(grey, course, nets.recogniser, both_ways=False), lines)
    return _along_the_best(grey, lines, nets)


def _along_the_best(grey: NDArray[np.uint8], lines: list[Line], nets: Nets) -> list[Line]:
    """The lines after those of the largest zone that were read badly are looked at along the course of its best one."""
    zone = max(_zones(lines), key=lambda zone: zone.size, default=None)
    best = max(zone.lines, key=lambda line: line.score) if zone else None
    for line in zone.lines if zone else ():
        if best and best.score > WELL_READ > line.score:
            course = best.course.moved(_level(best, line) * best.course.tall)
            lines = _joined(read_line(grey, course, nets.recogniser, both_ways=False), lines)
    return lines


def _read(lines: Sequence[Line]) -> list[tuple[_Zone, Decoded]]:
    """The zones of these lines that may be given out, the largest first."""
    zones = sorted(_zones(lines), key=lambda zone: -zone.size)
    read = [(zone, decoded) for zone in zones if (decoded := _decoded(zone)) is not None and acceptable(decoded)]
    # A longer line whose end is hidden can pass for one of 36: a visa has no check digit there, and one in ten is right by accident.
    return [(zone, decoded) for zone, decoded in read if zone.whole or (decoded.zone.valid and zone.length != CUT_SHORT)]


def _decoded(zone: _Zone) -> Decoded | None:
    return decode([one.chances for one in zone.cells], [one.presence for one in zone.cells])


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
    found = []
    for part in quarters(grey) if max(grey.shape) >= LARGE else ():
        for zone in zones_in(lines_in(nets.detector.look(part.picture)))[:1]:
            found.append((sum(line.length for line in zone), [part.in_picture(line) for line in zone]))
    places = [courses for _, courses in sorted(found, key=lambda one: -one[0])]
    yield from _closer(grey, places[:MOST_PARTS], nets)


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
            lines = _lines(grey, fresh, lines, nets)
            if any(decoded.zone.valid for _, decoded in _read(lines)):
                break
        if _zones(lines):  # what was seen whole and is not certain enough gets no better in the parts
            break
    read = _read(lines)
    best = next((one for one in read if one[1].zone.valid), read[0] if read else None)
    if best is not None:
        return _answer(*best)
    zones = _zones(lines)
    return nothing(_reason(grey, lines, zones, nets), zones[0].corners() if zones else None)


def _cut_short(line: Line, other: Line) -> bool:
    """Whether these are two lines below one another of which one is too short for any zone."""
    return not line.cells and min(line.best.score, other.best.score) > WORTH and 1 < abs(_level(line, other)) < 4.5


def _reason(grey: NDArray[np.uint8], lines: Sequence[Line], zones: Sequence[_Zone], nets: Nets) -> Reason:
    """Why nothing was read."""
    if any(zone.covered for zone in zones) or (not zones and any(_cut_short(line, other) for line in lines for other in lines)):
        return Reason.COVERED
    seen = reason(placement(grey, nets))
    return Reason.UNCLEAR if zones and seen is Reason.NOTHING_THERE else seen
