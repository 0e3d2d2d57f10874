"""Documents with a zone, drawn flat: paper, guilloche, portrait, small print, stamps, barcodes, and the zone at its sizes in millimetres."""

from dataclasses import dataclass

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.formats.layouts import Format
from drivers.passport.zone.training import glyphs, wear
from drivers.passport.zone.training.glyphs import Face
from drivers.passport.zone.training.zones import zone

# Nominal sizes, Doc 9303-3 to -7: width and height in millimetres.
SIZES = {
    Format.TD1: (85.6, 54.0),
    Format.TD2: (105.0, 74.0),
    Format.TD3: (125.0, 88.0),
    Format.MRVA: (120.0, 80.0),
    Format.MRVB: (105.0, 74.0),
    Format.FRID: (105.0, 74.0),
}
PITCH = 2.54  # millimetres from character to character, 10 to the inch
CAPITAL = 2.5  # millimetres, height of a capital letter
WORDS = (
    "Surname / Nom", "Given names / Prenoms", "Date of birth", "Nationality", "UTOPIA", "PASSPORT", "Date of issue", "12 AUG 74",
    "Authority", "ZENITH", "Sex", "F", "UTO", "P", "Place of birth / Lieu de naissance", "Holder's signature", "No. 7", "VISA",
)  # fmt: skip
HANDS = (
    cv2.FONT_HERSHEY_SIMPLEX, cv2.FONT_HERSHEY_DUPLEX, cv2.FONT_HERSHEY_COMPLEX, cv2.FONT_HERSHEY_TRIPLEX, cv2.FONT_HERSHEY_PLAIN,
    cv2.FONT_HERSHEY_SCRIPT_SIMPLEX,
)  # fmt: skip


@dataclass(frozen=True)
class Track:
    """Where a line of the zone lies on its page, in millimetres: its first and last character's outer edges, its middle, its height."""

    start: float
    end: float
    middle: float
    tall: float


@dataclass(frozen=True)
class Page:
    """A flat page (H, W) between 0 and 1 at `fine` pixels a millimetre, and the lines of the zone on it; none without a zone."""

    picture: NDArray[np.float32]
    fine: float
    kind: Format | None
    lines: tuple[str, ...]
    tracks: tuple[Track, ...]


def _words(rng: np.random.Generator, sheet: NDArray[np.uint8], fine: float, top: float, foot: float, left: float) -> None:
    """Lines of small print between two heights (millimetres), in one column or two."""
    row, hand = top + rng.uniform(2, 6), int(rng.choice(HANDS))
    while row < foot - 2:
        size = float(rng.choice([1.2, 1.6, 2.2, 3.0]))
        if rng.random() < 0.15:
            hand = int(rng.choice(HANDS))
        text = str(rng.choice(["  ", " ", "    "])).join(WORDS[at] for at in rng.integers(0, len(WORDS), int(rng.integers(1, 6))))
        place = (int((left + rng.uniform(0, 8)) * fine), int(row * fine))
        thick = max(1, round(rng.uniform(0.1, 0.45) * fine))
        cv2.putText(sheet, text, place, hand, size * fine / 22, int(rng.integers(120, 255)), thick, cv2.LINE_AA)
        row += size * rng.uniform(1.4, 3.2)


def _portrait(rng: np.random.Generator, sheet: NDArray[np.uint8], fine: float, centre: tuple[float, float], size: float) -> None:
    """A head and shoulders on a plain or dark ground."""
    x, y, unit = int(centre[0] * fine), int(centre[1] * fine), size * fine
    if rng.random() < 0.6:
        half = (int(0.5 * unit), int(0.62 * unit))
        cv2.rectangle(sheet, (x - half[0], y - half[1]), (x + half[0], y + half[1]), int(rng.integers(10, 150)), -1)
    cv2.ellipse(sheet, (x, y + int(0.55 * unit)), (int(0.42 * unit), int(0.25 * unit)), 0, 180, 360, int(rng.integers(90, 240)), -1)
    cv2.ellipse(sheet, (x, y - int(0.1 * unit)), (int(0.27 * unit), int(0.36 * unit)), 0, 0, 360, int(rng.integers(120, 255)), -1)
    cv2.ellipse(sheet, (x, y), (int(0.2 * unit), int(0.28 * unit)), 0, 0, 360, int(rng.integers(20, 120)), -1)
    for side in (-1, 1):
        cv2.circle(sheet, (x + int(side * 0.08 * unit), y - int(0.04 * unit)), max(1, int(0.025 * unit)), 220, -1)


def _things(rng: np.random.Generator, sheet: NDArray[np.uint8], fine: float, size: tuple[float, float], foot: float) -> None:
    """What else lies on a page: barcode, chip, fingerprint, signature, rules, a frame."""
    width, height = size
    if rng.random() < 0.2:  # barcode, of bars or of squares
        left, top = rng.uniform(0.1, 0.6) * width, rng.uniform(0.05, 0.8) * foot
        bars = rng.random((1 if rng.random() < 0.6 else 14, int(rng.integers(30, 90)))).round().astype(np.float32) * 255
        tall, wide = int(rng.uniform(4, 12) * fine), int(rng.uniform(20, 50) * fine)
        place = sheet[int(top * fine) : int(top * fine) + tall, int(left * fine) : int(left * fine) + wide]
        place[:] = cv2.resize(bars, (wide, tall), interpolation=cv2.INTER_NEAREST)[: place.shape[0], : place.shape[1]]
    if rng.random() < 0.2:
        at = (int(rng.uniform(0.05, 0.7) * width * fine), int(rng.uniform(0.2, 0.6) * foot * fine))
        cv2.rectangle(sheet, at, (at[0] + int(12 * fine), at[1] + int(10 * fine)), int(rng.integers(60, 200)), -1)
    if rng.random() < 0.3:
        path = np.cumsum(rng.normal(0, 1.6, (24, 2)) + [1.0, 0], 0) + [rng.uniform(0.3, 0.7) * width, rng.uniform(0.5, 0.95) * foot]
        cv2.polylines(sheet, [(path * fine).astype(np.int32)], False, 200, max(1, round(0.3 * fine)), cv2.LINE_AA)
    for _ in range(int(rng.integers(0, 4))):
        row = int(rng.uniform(0.1, 1.05) * foot * fine)
        cv2.line(sheet, (int(0.03 * width * fine), row), (int(rng.uniform(0.4, 0.97) * width * fine), row), 160, max(1, round(0.25 * fine)))
    if rng.random() < 0.3:
        edge = int(rng.uniform(0.2, 2.5) * fine)
        corner = (sheet.shape[1] - edge, sheet.shape[0] - edge)
        cv2.rectangle(sheet, (edge, edge), corner, int(rng.integers(80, 255)), max(1, round(rng.uniform(0.2, 0.8) * fine)))
    if rng.random() < 0.2:  # a band of another ground behind the zone
        grounded = sheet[int(foot * fine) :]
        np.maximum(grounded, np.uint8(rng.integers(10, 60)), out=grounded)


def _tracks(rng: np.random.Generator, size: tuple[float, float], lines: tuple[str, ...]) -> tuple[Track, ...]:
    """Where the lines of a zone lie at the foot of a page of this size."""
    pitch = PITCH * rng.uniform(0.95, 1.03)
    spacing = PITCH * rng.uniform(1.55, 2.7)
    tall = CAPITAL * rng.uniform(0.85, 1.1)
    room = size[0] - pitch * len(lines[0])
    left = room * rng.uniform(0.25, 0.75) if room > 0 else room / 2
    foot = size[1] - rng.uniform(4.5, 11)
    return tuple(Track(left, left + pitch * len(line), foot - (len(lines) - 1 - at) * spacing, tall) for at, line in enumerate(lines))


def _print_line(ink: NDArray[np.float32], fine: float, track: Track, text: str, face: Face) -> None:
    """Lay a line's glyphs along its track."""
    pitch = (track.end - track.start) / len(text) * fine
    scale = track.tall * fine / glyphs.CAPITAL
    rows, columns = round(glyphs.BOX[0] * scale), round(min(glyphs.BOX[1] * scale, 1.25 * pitch))
    fitted = {one: cv2.resize(face.of(one)[0], (columns, rows), interpolation=cv2.INTER_AREA) for one in set(text)}
    top = round(track.middle * fine - rows / 2)
    for cell, character in enumerate(text):
        start = round(track.start * fine + (cell + 0.5) * pitch - columns / 2)
        if start < 0 or top < 0:
            continue
        place = ink[top : top + rows, start : start + columns]
        np.maximum(place, fitted[character][: place.shape[0], : place.shape[1]], out=place)


def page(
    rng: np.random.Generator, kind: Format | None, faces: tuple[Face, ...], fine: float = 12.0, worn: float = 1.0, anywhere: bool = False
) -> Page:
    """A page of this type with a chance zone; with small print alone where the type is None. A passport may be open, both its pages."""
    width, height = SIZES[kind or list(SIZES)[int(rng.integers(0, len(SIZES)))]]
    extra = height * rng.uniform(0.95, 1.05) if kind in (Format.TD3, None) and rng.random() < 0.25 else 0.0
    size = (width, height + extra)
    sheet = np.zeros((round(size[1] * fine), round(width * fine)), np.uint8)
    lines = zone(rng, kind, anywhere) if kind else ()
    tracks = _tracks(rng, size, lines) if lines else ()
    foot = tracks[0].middle - rng.uniform(2.2, 8) if tracks else size[1] - 2
    if rng.random() < 0.85:
        _things(rng, sheet, fine, size, foot)
        if rng.random() < 0.75:
            _portrait(rng, sheet, fine, (0.15 * width, extra + 0.4 * (foot - extra)), rng.uniform(0.15, 0.3) * width)
        _words(rng, sheet, fine, extra, foot, rng.uniform(0.02, 0.45) * width)
        if extra and rng.random() < 0.7:
            _words(rng, sheet, fine, 2, extra - 4, rng.uniform(0.05, 0.4) * width)
    ink = sheet.astype(np.float32) / np.float32(255)
    if rng.random() < 0.3:  # under infrared light all but the black print of the zone grows pale
        ink *= np.float32(rng.uniform(0, 0.7))
    face = faces[int(rng.integers(0, len(faces)))]
    for line, track in zip(lines, tracks, strict=True):
        _print_line(ink, fine, track, line, face)
    shape = (sheet.shape[0], sheet.shape[1])
    paper = np.full(shape, rng.uniform(0.85, 1), np.float32) if rng.random() < 0.2 else wear.paper(rng, shape)
    if extra:  # the fold of a booklet, and the light that falls otherwise on its other half
        upper = paper[: round(extra * fine)]
        upper *= np.float32(rng.uniform(0.6, 1.2))
    return Page(wear.overprinted(rng, wear.printed(rng, paper, ink, worn)), fine, kind, lines, tracks)
