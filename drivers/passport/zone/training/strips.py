"""Strips with their truth: what the recogniser is shown in training, each made from a seed and a number."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.alphabet import CAPITAL, INDEX, NOTHING, PITCH, STRIDE, STRIP_HEIGHT, STRIP_WIDTH
from drivers.passport.zone.shapes import Course, cut_out, first_look, second_look
from drivers.passport.zone.training import glyphs, texts, wear
from drivers.passport.zone.training.captures import Capture, Level, capture
from drivers.passport.zone.training.glyphs import BOX, Face

IGNORED = -1  # columns between "on the character" and "beside it" teach nothing
FINE = glyphs.CAPITAL / CAPITAL  # the line is laid out this much larger than the strip
SHEAF = 4  # strips that are made together: two lines of one capture, two lines laid out alone
FRAMES = ((640, 320), (800, 400), (1000, 500))  # pixels
HELD = Level(14, 0.0, False, 0.08, (0.7, 1.05), 1.6, 5, 0.05, 0.22, 0.25, 0.4, 20, 0.012, 0.02, 0.6)
SHEET = (int(STRIP_HEIGHT * FINE * 2), int(STRIP_WIDTH * FINE))


@dataclass(frozen=True)
class Strip:
    """A grey strip (32, 832) between 0 and 1 and the class of each of its 208 columns (IGNORED where none is taught)."""

    picture: NDArray[np.float32]
    classes: NDArray[np.int64]


def _bent(rng: np.random.Generator, wide: float) -> NDArray[np.float64]:
    """A glyph a little turned and stretched about its middle, as other cuts and printers have it."""
    rows, columns = BOX
    turn = np.array([[wide * (1 + rng.normal(0, 0.02)), rng.normal(0, 0.03)], [rng.normal(0, 0.02), 1 + rng.normal(0, 0.02)]])
    middle = np.array([columns / 2, rows / 2])
    return np.column_stack([turn, np.array([columns * wide / 2, rows / 2]) - turn @ middle])


def _strange(rng: np.random.Generator, ink: NDArray[np.float32], centres: NDArray[np.float32]) -> None:
    """Ink that is no print of the zone: the page's frame beside the line, a rule under it, a stroke of a pen across it."""
    rows, columns = ink.shape
    pitch = centres[1] - centres[0]
    for edge, side in ((centres[0], -1), (centres[-1], 1)):
        if rng.random() < 0.2:
            at = int(edge + side * pitch * rng.uniform(0.75, 2.5))
            cv2.line(ink, (at, 0), (at, rows), rng.uniform(0.3, 1.0), int(rng.integers(1, 9)))
    if rng.random() < 0.08:
        at = int(rows / 2 + rng.choice([-1, 1]) * glyphs.CAPITAL * rng.uniform(0.6, 1.0))
        cv2.line(
            ink,
            (int(rng.integers(0, columns // 2)), at),
            (int(rng.integers(columns // 2, columns)), at),
            rng.uniform(0.3, 1.0),
            int(rng.integers(1, 6)),
        )
    if rng.random() < 0.1:
        path = np.stack([np.sort(rng.uniform(0, columns, 12)), rng.uniform(-rows * 0.2, rows * 1.2, 12)], 1).astype(np.int32)
        cv2.polylines(ink, [path[int(rng.integers(0, 6)) :]], False, rng.uniform(0.2, 0.6), int(rng.integers(1, 4)), cv2.LINE_8)


def _set_line(
    rng: np.random.Generator, ink: NDArray[np.float32], face: Face, text: str, left: float, pitch: float, row: float
) -> NDArray[np.float32]:
    """Lay the glyphs of the text on the sheet; return the centre of each in sheet pixels."""
    rows, columns = BOX
    wide = rng.uniform(0.82, 1.12)
    centres = left + pitch * (np.arange(len(text)) + 0.5) + rng.normal(0, rng.uniform(0, 0.02) * pitch, len(text))
    width = max(8, round(columns * wide))
    top = round(row - rows / 2)
    for glyph, centre in zip(face.of(text), centres, strict=True):
        start = round(float(centre) - width / 2)
        if start < 0 or start + width > ink.shape[1] or top < 0 or top + rows > ink.shape[0]:
            continue
        place = ink[top : top + rows, start : start + width]
        np.maximum(place, cv2.warpAffine(glyph, _bent(rng, width / columns), (width, rows)), out=place)
    return np.asarray(centres, np.float32)


def _sheet_to_strip(rng: np.random.Generator) -> NDArray[np.float64]:
    """A projective map from the large sheet to the strip: size, slope, slant, shift and a little perspective."""
    rows, columns = SHEET
    tall = rng.uniform(0.65, 1.35) / FINE
    slope = rng.normal(0, 0.006)
    slant = rng.normal(0, 0.08)
    middle = np.array([[1, 0, -columns / 2], [0, 1, -rows / 2], [0, 0, 1]])
    turn = np.array([[1 / FINE, slant / FINE, 0], [slope / FINE, tall, 0], [rng.normal(0, 6e-5), 0, 1]])
    back = np.array([[1, 0, STRIP_WIDTH / 2], [0, 1, STRIP_HEIGHT / 2 + rng.normal(0, 1.8)], [0, 0, 1]])
    return np.asarray(back @ turn @ middle)


def _taught(centres: NDArray[np.float32], text: str, ends: tuple[int, int]) -> NDArray[np.int64]:
    """Class of each column from the centres of the characters in strip pixels."""
    columns = (np.arange(STRIP_WIDTH // STRIDE) + 0.5) * STRIDE - 0.5
    pitch = float(np.median(np.diff(centres)))
    nearest = np.abs(columns[:, None] - centres[None, :]).argmin(1)
    far = np.abs(columns - centres[nearest]) / pitch
    labels = np.array([INDEX[character] for character in text])
    classes = np.where(far < 0.22, labels[nearest], np.where(far > 0.36, NOTHING, IGNORED))
    hidden = (nearest < ends[0]) | (nearest >= ends[1])
    return np.where(hidden & (far < 0.6), IGNORED, classes).astype(np.int64)


def _line_strip(rng: np.random.Generator, faces: tuple[Face, ...], finishing: bool) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """A strip with a line of a zone in its middle, now and then the edge of a neighbour above and below."""
    face = faces[int(rng.integers(0, len(faces)))]
    ink = np.zeros(SHEET, np.float32)
    text = texts.line(rng, finishing)
    pitch = min(PITCH * rng.uniform(0.78, 1.18), (STRIP_WIDTH - 20) / len(text)) * FINE
    spare = SHEET[1] - pitch * len(text)
    left = spare * (0.5 + rng.uniform(-0.45, 0.45))
    spacing = rng.uniform(1.45, 2.6) * glyphs.CAPITAL
    for side in (-1, 1):
        if rng.random() < 0.5:
            _set_line(rng, ink, face, texts.line(rng)[: len(text)], left, pitch, SHEET[0] / 2 + side * spacing)
    centres = _set_line(rng, ink, face, text, left, pitch, SHEET[0] / 2)
    _strange(rng, ink, centres)
    through = _sheet_to_strip(rng)
    points = np.stack([centres, np.full(len(text), SHEET[0] / 2, np.float32)], 1)[None]
    moved = cv2.perspectiveTransform(points.astype(np.float64), through)[0, :, 0].astype(np.float32)
    seen = (moved > 8) & (moved < STRIP_WIDTH - 8)
    flat = cv2.warpPerspective(ink, through, (STRIP_WIDTH, STRIP_HEIGHT), flags=cv2.INTER_AREA)
    return np.asarray(flat, np.float32), _taught(moved, text, (int(seen.argmax()), len(text) - int(seen[::-1].argmax())))


def _no_line(rng: np.random.Generator, ink: NDArray[np.float32]) -> NDArray[np.float32]:
    """Something that is no line of a zone: a line upside down, small print, bars, or nothing at all."""
    kind = rng.random()
    if kind < 0.4:
        return ink[::-1, ::-1].copy()
    if kind < 0.6:
        letters = "".join(chr(at) for at in rng.integers(97, 123, 70))
        blank = np.zeros(ink.shape, np.uint8)
        face = int(rng.choice([cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX]))
        start = (int(rng.integers(-20, 40)), int(rng.integers(18, 28)))
        cv2.putText(blank, letters, start, face, rng.uniform(0.35, 0.9), 255, int(rng.integers(1, 3)), cv2.LINE_AA)
        return blank.astype(np.float32) / np.float32(255)
    if kind < 0.8:
        bars = cv2.resize(rng.random((int(rng.integers(1, 12)), int(rng.integers(40, 400)))).astype(np.float32), ink.shape[::-1])
        return (bars > rng.uniform(0.3, 0.8)).astype(np.float32)
    return np.zeros_like(ink)


def _covered(
    rng: np.random.Generator, picture: NDArray[np.float32], classes: NDArray[np.int64]
) -> tuple[NDArray[np.float32], NDArray[np.int64]]:
    """A finger or the edge of a sheet over an end of the line; what lies under it is not there, what lies at its edge teaches nothing."""
    rows, columns = picture.shape
    edge, soft = rng.uniform(0.45, 0.95) * columns, rng.uniform(1, 6)
    slope = rng.normal(0, 0.4)
    way = (
        np.arange(columns, dtype=np.float32)
        - np.float32(edge)
        + np.float32(slope) * (np.arange(rows, dtype=np.float32)[:, None] - rows / 2)
    )
    cover = np.float32(1) / (1 + np.exp(-np.clip(way / np.float32(soft), -30, 30)))
    skin = np.float32(rng.uniform(0.1, 0.9)) + np.float32(rng.uniform(0, 0.1)) * wear.clouds(rng, (rows, columns), (4, 40))
    hidden = (np.arange(len(classes)) + 0.5) * STRIDE
    reach = abs(slope) * rows / 2 + 3 * soft
    classes = np.where(hidden > edge + reach + 6, NOTHING, np.where(hidden > edge - reach - 6, IGNORED, classes))
    if rng.random() < 0.2:
        cover, classes = cover[:, ::-1], classes[::-1].copy()
    return np.asarray(picture * (1 - cover) + skin * cover, np.float32), classes.astype(np.int64)


def _course(rng: np.random.Generator, seen: NDArray[np.float64]) -> Course:
    """The course of a line (23, 2, 2) about as well as the detector tells it."""
    middle = seen.mean(1)
    along = middle[-1] - middle[0]
    length = float(np.linalg.norm(along))
    along = along / length
    side = np.array([-along[1], along[0]])
    centre = (middle[-1] + middle[0]) / 2
    u, off, tall = (middle - centre) @ along, (middle - centre) @ side, np.abs((seen[:, 1] - seen[:, 0]) @ side)
    height = float(tall.mean()) * float(np.exp(rng.normal(0, 0.08)))
    bow = np.polyfit(u, off, 2) + [
        rng.normal(0, 0.1) * height / length**2,
        rng.normal(0, 0.15) * height / length,
        rng.normal(0, 0.06) * height,
    ]
    taper = float(np.polyfit(u, tall, 1)[0]) if rng.random() < 0.7 else 0.0
    begin, way = (float(centre[0]), float(centre[1])), (float(along[0]), float(along[1]))
    return Course(begin, way, length * rng.uniform(0.96, 1.04), height, taper, (float(bow[2]), float(bow[1]), float(bow[0])))


def _captured(rng: np.random.Generator, faces: tuple[Face, ...]) -> list[Strip]:
    """Two lines cut out of one capture along their courses, as the reader cuts them."""
    kinds = list(Format)
    kind = kinds[int(rng.integers(0, len(kinds)))]
    frame = FRAMES[int(rng.integers(0, len(FRAMES)))]
    taken = capture(int(rng.integers(0, 2**31)), 0, HELD, faces, kind, frame, closely=True, anywhere=True)
    return [_line_of(rng, taken, int(at)) for at in rng.permutation(len(taken.lines))[:2]]


def _line_of(rng: np.random.Generator, taken: Capture, at: int) -> Strip:
    """The strip of one line of a capture, and its classes."""
    text, seen = taken.lines[at], taken.courses[at]
    course = _course(rng, seen)
    places = (np.arange(len(text)) + 0.5) / len(text) * (len(seen) - 1)
    middle = seen.mean(1)
    points = np.stack([np.interp(places, np.arange(len(seen)), middle[:, axis]) for axis in (0, 1)], 1)
    u = (points - course.centre) @ np.array(course.along)
    columns = first_look(course)
    if rng.random() < 0.8:
        columns = second_look(columns, np.interp(u, columns, np.arange(STRIP_WIDTH)))
    centres = np.interp(u, columns, np.arange(STRIP_WIDTH)).astype(np.float32)
    rows, wide = taken.picture.shape
    inside = (points[:, 0] > 0) & (points[:, 0] < wide - 1) & (points[:, 1] > 0) & (points[:, 1] < rows - 1)
    inside &= (centres > 8) & (centres < STRIP_WIDTH - 8)
    if inside.sum() < len(text) // 2:
        return Strip(cut_out(taken.picture, course, columns), np.full(STRIP_WIDTH // STRIDE, IGNORED, np.int64))
    ends = (int(inside.argmax()), len(text) - int(inside[::-1].argmax()))
    return Strip(cut_out(taken.picture, course, columns), _taught(centres, text, ends))


def _laid(rng: np.random.Generator, faces: tuple[Face, ...], finishing: bool) -> Strip:
    """A line laid out alone, or what is no line, on worn paper before a poor camera."""
    ink, classes = _line_strip(rng, faces, finishing)
    if rng.random() < 0.12:
        ink, classes = _no_line(rng, ink), np.full_like(classes, NOTHING)
    picture = wear.overprinted(rng, wear.printed(rng, wear.paper(rng, ink.shape), ink))
    if rng.random() < 0.08:
        picture, classes = _covered(rng, picture, classes)
    return Strip(wear.seen(rng, wear.lit(rng, picture)), classes)


def sheaf(seed: int, number: int, faces: tuple[Face, ...], finishing: bool = False) -> list[Strip]:
    """The SHEAF strips with this number under this seed, of texts for the end of a run where `finishing`; the same call gives the same."""
    rng = np.random.default_rng([seed, number])
    return [*_captured(rng, faces), *(_laid(rng, faces, finishing) for _ in range(SHEAF // 2))]
