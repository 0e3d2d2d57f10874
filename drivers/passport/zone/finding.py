"""Finding print that runs in long lines, at any turn: dark strokes, closed to bars, bars joined to lines."""

from dataclasses import dataclass
from enum import Enum, auto

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.passport.zone.shapes import Course

LARGEST = 1000  # pixels, longer side of the picture that is searched
SMALLEST = 800  # a smaller picture is enlarged to this before the search
GAPS = (5, 7, 9, 12, 18, 26)  # pixels, gaps that are closed in all directions: pitches of about 5 to 45
TELLING = (5, 9)  # pixels, gaps whose closing shows how lines run
WIDE = (8, 14, 26)  # pixels, gaps that are closed along the lines
COARSE = 12  # pixels, a wider gap is closed on a smaller mask
FAINTEST = 5.0  # grey levels by which print is darker than paper at least, in a dark picture
NOISY = 4.0  # grey levels of noise from which a picture is softened before the search
STROKE = 11  # pixels, dark strokes up to about this width count as print
LEAST_ASPECT = 9.0  # a line of 30 characters with a third of it lost
MOST_LINES = 24


class Search(Enum):
    """How lines are looked for, the quickest way first.

    PLAIN closes gaps in all directions; ALONG only in the directions in which print runs, so that lines near one another stay
    apart; FAINT is PLAIN for print that is pale beside what lies around it.
    """

    PLAIN = auto()
    ALONG = auto()
    FAINT = auto()


@dataclass(frozen=True)
class _Bar:
    """A closed run of print: its outline and the rectangle around it, length along `turn` (radians)."""

    outline: NDArray[np.float64]
    centre: NDArray[np.float64]
    length: float
    height: float
    turn: float

    def doubled(self) -> "_Bar":
        """The bar in a picture twice as large."""
        return _Bar(self.outline * 2 + 0.5, self.centre * 2 + 0.5, self.length * 2, self.height * 2, self.turn)


def searched(grey: NDArray[np.uint8], largest: int = LARGEST) -> tuple[NDArray[np.uint8], float]:
    """The picture at the size at which it is searched, and how many times larger the given picture is."""
    longest = max(grey.shape)
    factor = min(max(longest, SMALLEST), largest) / longest
    if factor == 1:
        return grey, 1.0
    size = (max(1, round(grey.shape[1] * factor)), max(1, round(grey.shape[0] * factor)))
    how = cv2.INTER_AREA if factor < 1 else cv2.INTER_CUBIC
    return np.asarray(cv2.resize(grey, size, interpolation=how), np.uint8), 1 / factor


def _noise(grey: NDArray[np.uint8]) -> float:
    """Standard deviation of the sensor's noise: from what each pixel differs by from the mean of its two neighbours."""
    rows = grey[::5].astype(np.int16)
    off = np.abs(2 * rows[:, 1:-1] - rows[:, :-2] - rows[:, 2:])
    return float(np.median(off)) / 1.65 if off.size else 0.0


def strokes(grey: NDArray[np.uint8], faint: bool = False) -> NDArray[np.uint8]:
    """Dark thin strokes as 255, the rest 0: what a closing fills, where it stands out from what lies around it.

    Strokes much paler than those near them are taken for the pattern of the paper, unless `faint` print is looked for.
    """
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (STROKE, STROKE))
    noise = _noise(grey)
    if noise > NOISY:
        grey = np.asarray(cv2.GaussianBlur(grey, (0, 0), 1.3), np.uint8)
    dark = cv2.morphologyEx(grey, cv2.MORPH_BLACKHAT, kernel)
    around = cv2.boxFilter(dark, cv2.CV_32F, (61, 61))
    least = np.maximum(1.4 * around, max(FAINTEST, 0.06 * float(grey.mean()), noise))
    if not faint:
        window = np.ones((41, 41), np.uint8)
        dense, darkest = cv2.dilate(cv2.blur(dark, (9, 9)), window), cv2.dilate(dark, window)
        # Blurred print is as dense as it is dark, and half as dark as its darkest must do.
        least = np.maximum(least, np.minimum(0.9 * dense, 0.5 * darkest))
    return np.asarray((dark > least) * np.uint8(255), np.uint8)


def _bar(outline: NDArray[np.float32]) -> _Bar | None:
    (x, y), (width, height), degrees = cv2.minAreaRect(outline)
    if width < height:
        width, height, degrees = height, width, degrees + 90
    if height < 3 or width < 2.0 * height or width < 20:
        return None
    if cv2.contourArea(outline) < 0.4 * width * height:
        return None
    turn = (np.deg2rad(degrees) + np.pi / 2) % np.pi - np.pi / 2
    return _Bar(outline.reshape(-1, 2).astype(np.float64), np.array([x, y]), width, height, float(turn))


def _bars(dark: NDArray[np.uint8], gap: int) -> list[_Bar]:
    """Runs of print whose gaps are narrower than `gap` and whose height fits such gaps."""
    if gap > COARSE:  # wide gaps are closed on a mask of half the size, at an eighth of the cost
        half = cv2.resize(dark, (max(1, dark.shape[1] // 2), max(1, dark.shape[0] // 2)), interpolation=cv2.INTER_AREA)
        return [bar.doubled() for bar in _bars((half > 60) * np.uint8(255), gap // 2)]
    kernel = cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (gap, gap))
    closed = cv2.morphologyEx(dark, cv2.MORPH_CLOSE, kernel)
    opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, cv2.getStructuringElement(cv2.MORPH_ELLIPSE, (3, 3)))
    outlines, _ = cv2.findContours(opened, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
    found = [_bar(np.asarray(outline, np.float32)) for outline in outlines if len(outline) >= 30]
    return [bar for bar in found if bar is not None and 0.6 * gap <= bar.height <= 5 * gap]


def _ways(bars: list[_Bar]) -> list[float]:
    """The one or two directions (radians) in which most print runs; level where none was found."""
    if not bars:
        return [0.0]
    turns, weights = np.array([bar.turn for bar in bars]), np.array([bar.length for bar in bars])
    ways: list[float] = []
    for _ in range(2):
        near = [float(weights[_apart(turns, turn) < 0.1].sum()) for turn in turns]
        best = int(np.argmax(near))
        close = _apart(turns, turns[best]) < 0.1
        if near[best] < 0.15 * float(weights.sum()) or not close.any():
            break
        off = (turns[close] - turns[best] + np.pi / 2) % np.pi - np.pi / 2
        ways.append(float(turns[best] + np.average(off, weights=weights[close] + 1e-9)))
        weights = np.where(_apart(turns, turns[best]) < 0.25, 0.0, weights)
    return ways or [0.0]


def _apart(turns: NDArray[np.float64], turn: float) -> NDArray[np.float64]:
    return np.abs((turns - turn + np.pi / 2) % np.pi - np.pi / 2)


def _bars_along(dark: NDArray[np.uint8], way: float) -> list[list[_Bar]]:
    """Runs of print closed along one direction only, so that lines near one another stay apart: a list for each width of gap."""
    rows, columns = dark.shape
    side = int(np.ceil(np.hypot(rows, columns)))
    turn = cv2.getRotationMatrix2D(((columns - 1) / 2, (rows - 1) / 2), float(np.rad2deg(way)), 1)
    turn[:, 2] += [(side - columns) / 2, (side - rows) / 2]
    level = dark if abs(way) < 0.01 else np.asarray(cv2.warpAffine(dark, turn, (side, side)) > 110, np.uint8) * np.uint8(255)
    back = cv2.invertAffineTransform(turn) if level is not dark else np.eye(2, 3)
    found = []
    for gap in WIDE:
        closed = cv2.morphologyEx(level, cv2.MORPH_CLOSE, np.ones((3, gap), np.uint8))
        opened = cv2.morphologyEx(closed, cv2.MORPH_OPEN, np.ones((3, gap // 2), np.uint8))
        outlines, _ = cv2.findContours(opened, cv2.RETR_LIST, cv2.CHAIN_APPROX_NONE)
        there = [cv2.transform(outline.astype(np.float32), back) for outline in outlines if len(outline) >= 30]
        bars = [_bar(np.asarray(outline, np.float32)) for outline in there]
        found.append([bar for bar in bars if bar is not None and 0.3 * gap <= bar.height <= 3 * gap])
    return found


def _follows(bar: _Bar, other: _Bar) -> bool:
    """Whether two bars are pieces of one line: in one direction, on one level, of one height, a short gap apart."""
    tall = max(bar.height, other.height)
    if min(bar.height, other.height) < 0.5 * tall:
        return False
    longer = bar if bar.length >= other.length else other
    along = np.array([np.cos(longer.turn), np.sin(longer.turn)])
    way = other.centre - bar.centre
    apart = abs(float(way @ along)) - (bar.length + other.length) / 2
    aside = abs(float(way[1] * along[0] - way[0] * along[1]))
    bend = abs((bar.turn - other.turn + np.pi / 2) % np.pi - np.pi / 2)
    return -tall < apart < 2.5 * tall and aside < 0.5 * tall + 0.03 * (apart + bar.length + other.length) / 2 and bend < 0.15


def _joined(bars: list[_Bar]) -> list[_Bar]:
    """Bars with the pieces of one line put together, longest first."""
    waiting = sorted(bars, key=lambda bar: -bar.length)[:80]
    whole: list[_Bar] = []
    while waiting:
        line = waiting.pop(0)
        while (piece := next((bar for bar in waiting if _follows(line, bar)), None)) is not None:
            waiting = [bar for bar in waiting if bar is not piece]
            both = np.concatenate([line.outline, piece.outline])
            (x, y), (width, height), degrees = cv2.minAreaRect(both.astype(np.float32))
            if width < height:
                width, height, degrees = height, width, degrees + 90
            turn = (np.deg2rad(degrees) + np.pi / 2) % np.pi - np.pi / 2
            line = _Bar(both, np.array([x, y]), width, height, float(turn))
        whole.append(line)
    return whole


def _course(bar: _Bar) -> Course | None:
    """The course of a bar from its outline: middle and height in each of 24 pieces, and a parabola through them."""
    along = np.array([np.cos(bar.turn), np.sin(bar.turn)])
    u = (bar.outline - bar.centre) @ along
    v = (bar.outline - bar.centre) @ np.array([-along[1], along[0]])
    piece = np.clip(((u / bar.length + 0.5) * 24).astype(int), 0, 23)
    low, high = np.full(24, np.inf), np.full(24, -np.inf)
    np.minimum.at(low, piece, v)
    np.maximum.at(high, piece, v)
    there = np.isfinite(low)
    at = (((np.arange(24) + 0.5) / 24 - 0.5) * bar.length)[there]
    low, high = low[there], high[there]
    height, middle = high - low, (high + low) / 2
    tall = float(np.percentile(height, 70))
    whole = (height > 0.7 * tall) & (height < 1.35 * tall)
    if whole.sum() < 8:
        return None
    bow = np.polyfit(at[whole], middle[whole], 2)
    taper = np.polyfit(at[whole], height[whole], 1)[0]
    aspect = bar.length / tall
    if aspect < LEAST_ASPECT:
        return None
    return Course(
        (float(bar.centre[0]), float(bar.centre[1])),
        (float(along[0]), float(along[1])),
        bar.length,
        tall,
        float(taper),
        (float(bow[2]), float(bow[1]), float(bow[0])),
    )


def same(one: Course, other: Course) -> bool:
    """Whether two courses are one line found twice."""
    way = np.subtract(other.centre, one.centre)
    aside = abs(way[1] * one.along[0] - way[0] * one.along[1])
    ahead = abs(way[0] * one.along[0] + way[1] * one.along[1])
    return bool(aside < 0.5 * one.tall and ahead < 0.25 * one.length and 0.7 < one.length / other.length < 1.4)


def _promise(course: Course, all_lines: list[Course]) -> float:
    """How much a line looks like one of a zone: long for its height, with a neighbour as long and as tall a line away."""
    best = 0.0
    for other in all_lines:
        way = np.subtract(other.centre, course.centre)
        aside = abs(way[1] * course.along[0] - way[0] * course.along[1]) / course.tall
        ahead = abs(way[0] * course.along[0] + way[1] * course.along[1]) / course.length
        level = abs(course.along[0] * other.along[1] - course.along[1] * other.along[0]) < 0.12
        if other is not course and level and 1.1 < aside < 5 and ahead < 0.2:
            best = max(best, min(course.length, other.length) / max(course.length, other.length))
    aspect = course.length / course.tall
    return best + min(aspect, 30) / 30 + 0.3 * min(course.length / 600, 1.0)


def _runs(dark: NDArray[np.uint8], search: Search) -> list[list[_Bar]]:
    """Bars that may be lines or pieces of lines, a list for each width of gap."""
    if search is not Search.ALONG:
        return [_bars(dark, gap) for gap in GAPS]
    telling = [bar for gap in TELLING for bar in _bars(dark, gap)]
    return [run for way in _ways(telling) for run in _bars_along(dark, way)]


def find_lines(grey: NDArray[np.uint8], search: Search = Search.PLAIN, largest: int = LARGEST) -> list[Course]:
    """Lines of print in a grey picture (H, W), those most like a line of a zone first, at most 24; in pixels of that picture.

    It is searched at no more than `largest` pixels along its longer side.
    """
    small, factor = searched(grey, largest)
    dark = strokes(small, search is Search.FAINT)
    found: list[Course] = []
    for run in _runs(dark, search):
        for bar in _joined(run):
            course = _course(bar)
            if course is not None and not any(same(course, other) for other in found):
                found.append(course)
    ranked = sorted(found, key=lambda course: -_promise(course, found))
    return [course.scaled(factor) for course in ranked[:MOST_LINES]]
