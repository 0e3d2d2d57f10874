"""From the detector's maps to the lines of zones: courses through the places where a line runs, put together to zones."""

import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.detector import STRIDE
from drivers.passport.zone.shapes import Course

SEED = 0.45  # chance of a line from which a course is begun
MEMBER = 0.15  # and from which a place belongs to it
END = 0.3  # and up to which it runs
WIDEST_GAP = 7.0  # heights of a capital letter along which a line may be hidden
LEAST_ASPECT = 8.0  # a line of 30 characters of which a quarter is seen
MOST_LINES = 10
# A line is followed from its seed so far and so wide, in heights of a capital letter: at once to its ends it would jump to the next.
GROWING = ((5.0, 1.0), (9.0, 0.9), (16.0, 0.8), (30.0, 0.7), (100.0, 0.7), (100.0, 0.7))
BENDS_FROM = 14.0  # heights of a capital letter from which a bend is told from noise


class _Places:
    """The places of the maps on which something was seen: pixels of the view, chances, ways and heights."""

    def __init__(self, maps: NDArray[np.float32]) -> None:
        row, column = np.nonzero(maps[0] > MEMBER)
        self.at = np.stack([column, row], 1) * float(STRIDE) + (STRIDE - 1) / 2
        self.chance = maps[0][row, column].astype(np.float64)
        way = maps[1:3, row, column].T.astype(np.float64)
        self.way = way / np.maximum(np.linalg.norm(way, axis=1, keepdims=True), 1e-6)
        self.tall = 8 * np.exp2(np.clip(maps[3][row, column].astype(np.float64), -3, 3))
        self.free = np.ones(len(row), bool)


def lines_in(maps: NDArray[np.float32]) -> list[Course]:
    """Courses of the lines in these maps (4, 96, 128), in pixels of the view, the surest first."""
    places = _Places(maps)
    found: list[tuple[float, Course]] = []
    while len(found) < MOST_LINES:
        waiting = np.where(places.free, places.chance, 0.0)
        if not waiting.size or waiting.max() < SEED:
            break
        seed = int(waiting.argmax())
        line = _line(places, seed)
        if line is None:
            places.free[seed] = False
            continue
        course, members = line
        places.free[members] = False
        if course.length > LEAST_ASPECT * course.tall:
            found.append((float(places.chance[members].sum()), course))
    return [course for _, course in sorted(found, key=lambda one: -one[0])]


def _line(places: _Places, seed: int) -> tuple[Course, NDArray[np.bool_]] | None:
    """The course through the seed's place and those in line with it, and which places it takes up; None where there is none."""
    tall, way, centre = float(places.tall[seed]), places.way[seed], places.at[seed]
    bow = np.zeros(3)
    for far, reach in GROWING:
        u = (places.at - centre) @ way
        v = (places.at - centre) @ np.array([-way[1], way[0]])
        off = v - np.polyval(bow, u)
        near = places.free & (np.abs(off) < reach * max(tall, STRIDE)) & (np.abs(u) < far * max(tall, STRIDE)) & (places.way @ way > 0.85)
        near &= _unbroken(u, near & (places.chance > END), WIDEST_GAP * max(tall, STRIDE))
        if near.sum() < 4:
            return None
        weight = np.sqrt(places.chance[near])
        tall = float(np.exp2(np.average(np.log2(places.tall[near]), weights=places.chance[near])))
        degree = 2 if np.ptp(u[near]) > BENDS_FROM * tall and near.sum() > 24 else 1
        bow = np.concatenate([np.zeros(2 - degree), np.polyfit(u[near], v[near], degree, w=weight)])
        centre, way, bow = _straightened(centre, way, bow, u[near & (places.chance > END)])
    return _course(places, near, centre, way, bow, tall)


def _unbroken(u: NDArray[np.float64], solid: NDArray[np.bool_], widest: float) -> NDArray[np.bool_]:
    """Which places lie in the run around u = 0 that has no gap wider than `widest`."""
    along = np.sort(np.concatenate([u[solid], [0.0]]))
    holes = np.flatnonzero(np.diff(along) > widest)
    zero = int(np.searchsorted(along, 0.0))
    before, after = holes[holes < zero], holes[holes >= zero]
    low = along[before[-1] + 1] if len(before) else along[0]
    high = along[after[0]] if len(after) else along[-1]
    return np.asarray((u >= low - STRIDE) & (u <= high + STRIDE))


def _straightened(
    centre: NDArray[np.float64], way: NDArray[np.float64], bow: NDArray[np.float64], u: NDArray[np.float64]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """The same curve told from the middle of its extent along its own way there."""
    middle = float((u.max() + u.min()) / 2) if len(u) else 0.0
    off, slope = float(np.polyval(bow, middle)), float(np.polyval(np.polyder(bow), middle))
    side = np.array([-way[1], way[0]])
    turned = (way + slope * side) / np.hypot(1, slope)
    return centre + middle * way + off * side, turned, np.array([bow[0], 0.0, 0.0])


def _course(
    places: _Places, near: NDArray[np.bool_], centre: NDArray[np.float64], way: NDArray[np.float64], bow: NDArray[np.float64], tall: float
) -> tuple[Course, NDArray[np.bool_]]:
    u = (places.at - centre) @ way
    v = (places.at - centre) @ np.array([-way[1], way[0]])
    solid = u[near & (places.chance > END)]
    length = float(np.ptp(solid)) + STRIDE if len(solid) else 0.0
    taper = 0.0
    if length > BENDS_FROM * tall:
        taper = float(np.polyfit(u[near], places.tall[near], 1, w=np.sqrt(places.chance[near]))[0])
        taper = float(np.clip(taper, -0.6 * tall / length, 0.6 * tall / length))
    # What lies close beside the line is its own edge and begins no other.
    claimed = (np.abs(v - np.polyval(bow, u)) < 0.9 * max(tall, STRIDE)) & (np.abs(u) < length / 2 + 2 * tall)
    whole = (float(bow[2]), float(bow[1]), float(bow[0]))
    course = Course((float(centre[0]), float(centre[1])), (float(way[0]), float(way[1])), length, tall, taper, whole)
    return course, claimed | near


def apart(line: Course, other: Course) -> tuple[float, float]:
    """How far the other line's middle lies below this one and ahead along it, in heights of a capital letter of this one."""
    way = np.subtract(other.centre, line.centre)
    below = float(way[1] * line.along[0] - way[0] * line.along[1])
    ahead = float(way[0] * line.along[0] + way[1] * line.along[1])
    bent = line.bow[0] + line.bow[1] * ahead + line.bow[2] * ahead * ahead
    return (below - bent) / line.tall, ahead / line.tall


def zones_in(lines: list[Course]) -> list[list[Course]]:
    """Lines that may be of one zone, together, top first; the largest zone first."""
    waiting, found = list(lines), []
    while waiting:
        group = [waiting.pop(0)]
        while (other := next((one for one in waiting if any(_of_one_zone(line, one) for line in group)), None)) is not None:
            waiting.remove(other)
            group.append(other)
        first = group[0]
        found.append(sorted(group, key=lambda line: apart(first, line)[0]))
    return sorted(found, key=lambda group: -sum(line.length for line in group))


def _of_one_zone(line: Course, other: Course) -> bool:
    below, ahead = apart(line, other)
    straight = line.along[0] * other.along[0] + line.along[1] * other.along[1]
    alike = 0.6 < line.tall / other.tall < 1.67
    overlap = abs(ahead) * line.tall < 0.5 * (line.length + other.length)
    return bool(straight > 0.94 and alike and 1.0 < abs(below) < 4.5 and overlap)
