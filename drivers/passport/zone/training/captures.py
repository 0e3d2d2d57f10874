"""Pages before a camera, at three levels: L1 a reader or flatbed, L2 a kiosk's or a phone's camera, L3 hard; and WIDE, for training.

The levels follow the acceptance of the product. Training draws from WIDE, which goes beyond L3; the bench and the tests draw the three
levels with cuts, desks and glare that training never sees (`kept_back`).
"""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.training import wear
from drivers.passport.zone.training.glyphs import Face
from drivers.passport.zone.training.pages import Page, page


@dataclass(frozen=True)
class Level:
    """How far from ideal a capture is; each figure is the largest that is drawn."""

    turn: float  # degrees
    any_turn: float  # share of captures that lie upside down or on a side, or at any turn where `free`
    free: bool
    tilt: float  # how far a corner is moved, as a part of the page's width
    fills: tuple[float, float]  # part of the picture's width that the page takes
    blur: float  # pixels
    motion: float  # pixels
    noise: float
    dark: float  # least brightness
    glare: float  # share of captures with a patch of glare
    shadow: float
    quality: int  # least JPEG quality
    curl: float = 0.0  # how far a page that does not lie flat is bent, as a part of its height
    barrel: float = 0.0  # how far the lens bends straight lines at the corners
    worn: float = 1.0  # how often print is worn, and how pale it may be
    finger: float = 0.0  # share of captures with a finger or thumb over an end of the zone


LEVELS = {
    "L1": Level(3, 0.0, False, 0.0, (0.85, 0.98), 0.6, 0, 0.015, 0.7, 0.0, 0.0, 70, worn=0.2),
    "L2": Level(10, 0.3, False, 0.05, (0.6, 0.92), 0.9, 0, 0.03, 0.55, 0.3, 0.2, 50, 0.004, 0.01, 0.3),
    "L3": Level(15, 0.7, True, 0.12, (0.55, 0.85), 1.6, 5, 0.06, 0.25, 0.3, 0.5, 25, 0.008, 0.02, 0.5, 0.15),
}
WIDE = Level(20, 0.5, True, 0.14, (0.25, 1.35), 2.0, 6, 0.07, 0.2, 0.25, 0.3, 20, 0.012, 0.03, 1.0, 0.12)
FRAMES = ((1280, 720), (1280, 960), (1600, 1200))
POINTS = 23  # places along a line at which its course is told


@dataclass(frozen=True)
class Capture:
    """A camera's picture (H, W) in grey, and the type and lines of the zone in it; none for a page without a zone.

    `courses` (lines, 23, 2, 2): for each line, at 23 places from its first character's outer edge to its last one's, the pixel at the
    capitals' top and at their foot.
    """

    picture: NDArray[np.uint8]
    kind: Format | None
    lines: tuple[str, ...]
    courses: NDArray[np.float64]


@dataclass(frozen=True)
class _Lie:
    """How a page lies before the camera: millimetres of the page to pixels of the frame, by way of a bend, a projection and a lens."""

    through: NDArray[np.float64]
    curl: tuple[float, float, float]  # millimetres, middle and half width of the bend
    barrel: float
    frame: tuple[int, int]

    def forward(self, points: NDArray[np.float64]) -> NDArray[np.float64]:
        """Points of the page (n, 2) in millimetres -> pixels (n, 2)."""
        bent = points - np.stack([np.zeros(len(points)), self._bend(points[:, 0])], 1)
        flat = cv2.perspectiveTransform(bent[None], self.through)[0]
        seen = flat
        for _ in range(4):  # the lens is told from the picture's side; a few steps turn it round
            seen = flat - self._lens(seen)
        return np.asarray(seen)

    def sources(self, fine: float) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
        """For each pixel of the frame the place on a page of `fine` pixels a millimetre."""
        columns, rows = self.frame
        grid = np.stack(np.meshgrid(np.arange(0, columns + 16, 16.0), np.arange(0, rows + 16, 16.0)), -1)
        flat = grid.reshape(-1, 2)
        back = cv2.perspectiveTransform((flat + self._lens(flat))[None], np.linalg.inv(self.through))[0]
        back[:, 1] += self._bend(back[:, 0])
        coarse = (back * fine - 0.5).reshape(grid.shape).astype(np.float32)
        # The map is smooth: it is worked out at every sixteenth pixel and drawn out between.
        size = (coarse.shape[1] * 16, coarse.shape[0] * 16)
        across = cv2.warpAffine(coarse, np.array([[16, 0, 0], [0, 16, 0]], np.float32), size, flags=cv2.INTER_LINEAR)
        fitted = across[:rows, :columns]
        return np.ascontiguousarray(fitted[..., 0]), np.ascontiguousarray(fitted[..., 1])

    def _bend(self, x: NDArray[np.float64]) -> NDArray[np.float64]:
        height, middle, half = self.curl
        return np.asarray(height * ((x - middle) / half) ** 2)

    def _lens(self, seen: NDArray[np.float64]) -> NDArray[np.float64]:
        middle = np.array(self.frame) / 2
        off = (seen - middle) / middle.max()
        return np.asarray(off * (off**2).sum(-1, keepdims=True) * self.barrel * middle.max())


def _turn(rng: np.random.Generator, level: Level) -> float:
    askew = rng.uniform(-level.turn, level.turn)
    if rng.random() < level.any_turn:
        askew += rng.uniform(0, 360) if level.free else float(rng.choice([90, 180, 270]))
    return float(np.deg2rad(askew))


def _focus(flat_size: tuple[float, float], kind: Format | None, rng: np.random.Generator, closely: bool) -> NDArray[np.float64]:
    """Corners (4, 2), in millimetres, of what the camera is held on: the page or, `closely`, its zone alone."""
    width, height = flat_size
    top = height - rng.uniform(18, 40) if closely and kind else 0.0
    return np.array([[0, top], [width, top], [width, height], [0, height]], np.float64)


def lie(
    rng: np.random.Generator, size: tuple[float, float], kind: Format | None, level: Level, frame: tuple[int, int], closely: bool
) -> _Lie:
    """A chance way in which a page of this size (millimetres) lies before a camera of this frame (pixels)."""
    held = _focus(size, kind, rng, closely)
    middle = held.mean(0)
    askew = _turn(rng, level)
    cos, sin = np.cos(askew), np.sin(askew)
    turned = (held - middle) @ np.array([[cos, sin], [-sin, cos]])
    shape = turned + rng.uniform(-level.tilt, level.tilt, (4, 2)) * (size[0], max(np.ptp(held[:, 1]), 0.3 * size[0]))
    extent = shape.max(0) - shape.min(0)
    fit = min(frame[0] / extent[0], frame[1] / extent[1]) * rng.uniform(*level.fills)
    placed = shape * fit
    room = (np.array(frame) - extent * fit) / 2
    placed += (
        np.array(frame) / 2 - (placed.max(0) + placed.min(0)) / 2 + rng.uniform(-0.8, 0.8, 2) * np.maximum(room, -0.1 * np.array(frame))
    )
    through = cv2.getPerspectiveTransform(held.astype(np.float32), placed.astype(np.float32))
    curl = (rng.uniform(-1, 1) * level.curl * size[1], rng.uniform(0.2, 0.8) * size[0], size[0] / 2)
    return _Lie(np.asarray(through, np.float64), curl, float(rng.uniform(-1, 1) * level.barrel), frame)


def _desk(rng: np.random.Generator, frame: tuple[int, int], kept_back: bool) -> NDArray[np.float32]:
    """What the page lies on: plain, clouded at every scale, a printed sheet, boxes and edges; the grain of wood when kept back."""
    shape = (frame[1], frame[0])
    ground = np.full(shape, rng.uniform(0.05, 0.95), np.float32)
    kind = rng.random()
    if kind > 0.9:  # the lid of a flatbed
        return np.full(shape, rng.uniform(0.9, 1), np.float32)
    if kept_back and kind < 0.4:
        down = np.arange(shape[0], dtype=np.float32)[:, None] + 12 * wear.clouds(rng, shape, (4, 9))
        return np.asarray(ground * (0.8 + 0.2 * np.sin(down * np.float32(rng.uniform(0.05, 0.4)))), np.float32)
    if kind < 0.7:
        for cells, strong in ((4, 0.12), (12, 0.08), (40, 0.06), (120, 0.04)):
            ground += np.float32(rng.uniform(0, strong)) * wear.clouds(rng, shape, (cells, cells))
    if 0.5 < kind < 0.8:
        for _ in range(int(rng.integers(1, 8))):
            ends = (rng.uniform(-0.2, 1.2, (4, 2)) * frame).astype(np.int32)
            cv2.fillPoly(ground, [ends], float(rng.uniform(0, 1)), cv2.LINE_AA)
    if kind > 0.8:
        sheet = np.zeros(shape, np.uint8)
        tall = rng.uniform(0.008, 0.03) * frame[0]
        for row in np.arange(tall, shape[0], tall * rng.uniform(1.4, 2.4)):
            letters = "".join(chr(at) for at in rng.integers(65, 91 if rng.random() < 0.5 else 123, 90)).replace(
                chr(91 + int(rng.integers(0, 6))), " "
            )
            hand = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_PLAIN]))
            cv2.putText(sheet, letters, (int(rng.uniform(-0.2, 0.2) * frame[0]), int(row)), hand, tall / 24, 220, 1, cv2.LINE_AA)
        return np.asarray(ground * (1 - np.float32(rng.uniform(0.3, 0.9)) * sheet.astype(np.float32) / 255), np.float32)
    return ground


def _laid(rng: np.random.Generator, flat: Page, lies: _Lie, kept_back: bool) -> NDArray[np.float32]:
    """The page on a desk, as the camera sees it."""
    unit = float(np.sqrt(abs(np.linalg.det(lies.through[:2, :2])))) / max(abs(lies.through[2, 2]), 1e-6)
    soft = cv2.GaussianBlur(flat.picture, (0, 0), max(0.3, 0.42 * flat.fine / max(unit, 0.1)))  # a warp alone skips pixels of a fine page
    x, y = lies.sources(flat.fine)
    seen = cv2.remap(soft, x, y, cv2.INTER_LINEAR, borderMode=cv2.BORDER_REPLICATE)
    rows, columns = flat.picture.shape
    desk = _desk(rng, lies.frame, kept_back)
    inside = np.minimum(np.minimum(x, columns - 1 - x), np.minimum(y, rows - 1 - y)) / max(flat.fine / max(unit, 0.1), 0.2)
    on_page = np.clip(inside + 0.5, 0, 1)
    if rng.random() < 0.5:  # the page's own shadow on the desk
        desk = desk * (1 - np.float32(rng.uniform(0, 0.5)) * np.exp(np.minimum(inside, 0) / np.float32(rng.uniform(2, 20))))
    return np.asarray(on_page * seen + (1 - on_page) * desk, np.float32)


def _lit(rng: np.random.Generator, scene: NDArray[np.float32], level: Level, kept_back: bool) -> NDArray[np.float32]:
    rows, columns = scene.shape
    across, down = np.arange(columns, dtype=np.float32), np.arange(rows, dtype=np.float32)[:, None]
    scene = np.asarray(scene * np.float32(rng.uniform(level.dark, 1.0)), np.float32)
    if rng.random() < level.shadow:
        askew = rng.uniform(0, 2 * np.pi)
        edge = (across - rng.uniform(0, columns)) * np.float32(np.cos(askew)) + (down - rng.uniform(0, rows)) * np.float32(np.sin(askew))
        edge = np.clip(edge / np.float32(rng.uniform(3, 40)), -30, 30)
        scene = (scene * (1 - np.float32(rng.uniform(0.2, 0.6)) / (1 + np.exp(-edge)))).astype(np.float32)
    if rng.random() < level.glare:
        size = rng.uniform(0.02, 0.1) * columns
        long = rng.uniform(3, 8) if kept_back else 1.0
        far = ((across - rng.uniform(0, columns)) / long) ** 2 + (down - rng.uniform(0, rows)) ** 2
        scene = (scene + np.float32(rng.uniform(0.3, 0.9)) * np.exp(-far / np.float32(size**2))).astype(np.float32)
    return scene


def _taken(rng: np.random.Generator, scene: NDArray[np.float32], level: Level) -> NDArray[np.uint8]:
    scene = wear.defocused(rng, scene, level.blur)
    if level.motion and rng.random() < 0.4:
        scene = wear.shaken(rng, scene, level.motion)
    if rng.random() < 0.2:
        scene = np.asarray(scene + rng.uniform(0.3, 1.2) * (scene - cv2.GaussianBlur(scene, (0, 0), 1.2)), np.float32)
    noisy = scene + np.float32(rng.uniform(0, level.noise)) * wear.noise(rng, scene.shape)
    return wear.coded(rng, noisy, (level.quality, 96))


def _finger(rng: np.random.Generator, scene: NDArray[np.float32], courses: NDArray[np.float64]) -> NDArray[np.float32]:
    """A finger over the last fillers of a line or of all of them, coming from the zone's end."""
    ends, starts = courses[:, -1].mean((0, 1)), courses[:, 0].mean((0, 1))
    along = (ends - starts) / np.linalg.norm(ends - starts)
    tall = float(np.linalg.norm(courses[0, 0, 1] - courses[0, 0, 0]))
    tip = courses[int(rng.integers(0, len(courses))), -1].mean(0) - along * tall * rng.uniform(1.5, 6)
    way = float(np.arctan2(along[1], along[0]) + rng.normal(0, 0.5))
    wide, mask = tall * rng.uniform(2.0, 4.0), np.zeros(scene.shape, np.float32)
    reach = np.array([np.cos(way), np.sin(way)]) * wide
    cv2.line(mask, _pixel(tip + reach / 2), _pixel(tip + 8 * reach), 1.0, max(1, round(wide)), cv2.LINE_AA)
    cv2.circle(mask, _pixel(tip + reach / 2), max(1, round(wide / 2)), 1.0, -1, cv2.LINE_AA)
    mask = np.asarray(cv2.GaussianBlur(mask, (0, 0), max(0.5, tall * 0.08)), np.float32)
    skin = np.float32(rng.uniform(0.2, 0.85)) + np.float32(0.05) * wear.clouds(rng, (scene.shape[0], scene.shape[1]), (12, 16))
    return np.asarray(scene * (1 - mask) + mask * skin, np.float32)


def _pixel(place: NDArray[np.float64]) -> tuple[int, int]:
    return int(np.clip(place[0], -4000, 8000)), int(np.clip(place[1], -4000, 8000))


def _courses(flat: Page, lies: _Lie) -> NDArray[np.float64]:
    found = []
    for track in flat.tracks:
        along = np.linspace(track.start, track.end, POINTS)
        sides = [lies.forward(np.stack([along, np.full(POINTS, track.middle + side * track.tall / 2)], 1)) for side in (-1, 1)]
        found.append(np.stack(sides, 1))
    return np.array(found).reshape(len(flat.tracks), POINTS, 2, 2)


def capture(
    seed: int,
    number: int,
    level: Level,
    faces: tuple[Face, ...],
    kind: Format | None,
    frame: tuple[int, int] | None = None,
    closely: bool = False,
    kept_back: bool = False,
    anywhere: bool = False,
) -> Capture:
    """The capture with this number under this seed; the same call gives the same picture."""
    rng = np.random.default_rng([seed, number])
    frame = frame or FRAMES[int(rng.integers(0, len(FRAMES)))]
    rough = page(rng, kind, faces, 12.0 if frame[0] > 1000 else 6.0, level.worn, anywhere)
    size = (rough.picture.shape[1] / rough.fine, rough.picture.shape[0] / rough.fine)
    lies = lie(rng, size, kind, level, frame, closely)
    courses = _courses(rough, lies)
    scene = _laid(rng, rough, lies, kept_back)
    if len(courses) and rng.random() < level.finger:
        scene = _finger(rng, scene, courses)
    scene = _lit(rng, scene, level, kept_back)
    return Capture(_taken(rng, scene, level), kind, rough.lines, courses)
