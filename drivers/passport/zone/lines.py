"""Reading one line: the course found in the picture is looked at twice, from both ends where need be."""

from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.alphabet import CAPITAL, PITCH, STRIP_HEIGHT, STRIP_WIDTH
from drivers.passport.zone.cells import Cells, Sight, sight_of
from drivers.passport.zone.recogniser import Recogniser
from drivers.passport.zone.shapes import Course, cut_out, first_look, second_look

ENOUGH = -0.6  # mean logarithm of presence from which a course counts as a line of a zone
LOOKS = 2  # times a line is looked at again, each time better straightened
CLEAR = -0.03  # from here a line is not looked at again
HIDDEN = 0.3  # how much worse than its print a line is rated of which a part is hidden
GOOD = -0.15  # from here the other direction is not tried
BANDS = np.arange(-4.5, 4.51, 0.125)  # capital heights above and below a line in which its neighbours are looked for


@dataclass(frozen=True, eq=False)
class Line:
    """A line of a zone as seen: its course, where each column of its strip lies along it, and its cells for each length it may have."""

    course: Course
    columns: NDArray[np.float64]
    sight: Sight
    cells: dict[int, Cells]

    @property
    def score(self) -> float:
        """The best score over its lengths; a line of which a part is hidden never has a good one."""
        return self.best.score if self.cells else self.best.score - HIDDEN

    @property
    def best(self) -> Cells:
        """The cells of the length that fits best; of the part that is seen where no length fits."""
        return max(self.cells.values(), key=lambda cells: cells.score, default=self.sight.placed(0, self.sight.count))

    @property
    def cut(self) -> bool:
        """Whether its characters reach an edge of the strip, so that more of them may lie beyond."""
        left, right = self.best.centres[[0, -1]]
        if self.sight.count > len(self.best.centres):
            first, last = self.sight.ends
            left, right = min(left, first), max(right, last)
        return bool(left < 1.2 * PITCH or right > STRIP_WIDTH - 1.2 * PITCH)

    def along(self, cells: Cells) -> NDArray[np.float64]:
        """Places of the cells along the course, in pixels of the picture."""
        return np.asarray(np.interp(cells.centres, np.arange(len(self.columns)), self.columns))

    def cell_at(self, place: tuple[float, float]) -> float:
        """Which cell of the line's lattice lies beside this pixel of the picture, in parts of a cell."""
        u = float(np.dot(np.subtract(place, self.course.centre), self.course.along))
        return self.sight.cell_at(float(np.interp(u, self.columns, np.arange(len(self.columns)))))


def _look(grey: NDArray[np.uint8], course: Course, recogniser: Recogniser) -> Line | None:
    columns = first_look(course)
    return _seen(course, columns, recogniser.look(cut_out(grey, course, columns)))


def _seen(course: Course, columns: NDArray[np.float64], answer: NDArray[np.float64]) -> Line | None:
    sight = sight_of(answer)
    return Line(course, columns, sight, sight.cells()) if sight else None


def _look_again(grey: NDArray[np.uint8], line: Line, recogniser: Recogniser) -> Line:
    """The line from a strip in which every cell has the nominal pitch and the print lies level; the first where that is no better."""
    best = line.best
    course = _levelled_course(grey, line.course, np.interp(best.centres, np.arange(len(line.columns)), line.columns))
    columns = second_look(line.columns, best.centres)
    again = _seen(course, columns, recogniser.look(cut_out(grey, course, columns))) or line
    return again if line.cut or again.score > line.score - 0.02 else line


def _levelled_course(grey: NDArray[np.uint8], course: Course, places: NDArray[np.float64]) -> Course:
    """The course moved so that the ink of its cells is in its middle: a parabola through the ink's centre in nine pieces."""
    u = np.linspace(places[0], places[-1], 9 * 40)
    strip = 1 - cut_out(grey, course, u)
    rows = (np.arange(STRIP_HEIGHT) - (STRIP_HEIGHT - 1) / 2) / CAPITAL
    near = np.abs(rows) < 0.8
    pieces = strip[near].reshape(int(near.sum()), 9, 40).mean(2)
    ink = np.maximum(pieces - np.percentile(pieces, 20, axis=0), 0) ** 2 + 1e-9
    off = (ink * rows[near][:, None]).sum(0) / ink.sum(0)
    middles = u.reshape(9, 40).mean(1)
    bend = np.polyfit(middles, off * (course.tall + course.taper * middles), 2)
    bow = (course.bow[0] + float(bend[2]), course.bow[1] + float(bend[1]), course.bow[2] + float(bend[0]))
    return replace(course, bow=bow)


def read_line(grey: NDArray[np.uint8], course: Course, recogniser: Recogniser, both_ways: bool = True) -> Line | None:
    """The line along this course in a grey picture, read from whichever end gives characters; None where it is no line of a zone."""
    line = _look(grey, course, recogniser)
    if both_ways and (line is None or line.score < GOOD):
        other = _look(grey, course.turned(), recogniser)
        if other is not None and (line is None or other.score > line.score):
            line = other
    if line is None or line.score < 2 * ENOUGH:
        return None
    for _ in range(LOOKS):
        before, line = line, _look_again(grey, line, recogniser)
        if line is before or line.score > CLEAR:
            break
    return line if line.score >= ENOUGH and not line.cut else None


def neighbours(grey: NDArray[np.uint8], line: Line) -> list[Course]:
    """Courses of print above and below a line, nearest first: where a zone's other lines must be."""
    places = line.along(line.best)
    u = np.linspace(places[0], places[-1], 704)
    along, down = np.meshgrid(u, BANDS)
    x, y = line.course.points(along, down)
    inside = (x >= 0) & (y >= 0) & (x <= grey.shape[1] - 1) & (y <= grey.shape[0] - 1)
    column, row = np.clip(x, 0, grey.shape[1] - 1).astype(int), np.clip(y, 0, grey.shape[0] - 1).astype(int)
    print_there = (np.abs(np.diff(grey[row, column].astype(np.float64), axis=1)) * inside[:, 1:]).mean(1)
    middle = float(print_there[np.abs(BANDS) < 0.4].mean())
    on = np.concatenate([[False], print_there > 0.4 * middle, [False]])
    edges = np.flatnonzero(on[1:] != on[:-1]).reshape(-1, 2)
    bands = [(float(BANDS[start:end].mean()), (end - start) * 0.125) for start, end in edges]
    fitting = sorted((at for at, tall in bands if 0.5 < tall < 1.7 and 1.1 < abs(at) < 4), key=abs)
    return [line.course.moved(at * line.course.tall) for at in fitting[:4]]
