"""Captures drawn another way than those that teach the nets: whole lines set by Pillow, realistic names, every state, clean print.

Nothing here is shared with `drivers.passport.zone.training`, so that the reader is also judged on pictures its generator would not make. Levels as
elsewhere: 1 flatbed, 2 kiosk camera, 3 hard. Needs OCR-B and Noto Sans.
"""

import math
import random

import cv2
import numpy as np
from PIL import Image, ImageDraw, ImageFont

from drivers.formats.check_digits import check_digit
from drivers.formats.layouts import Format
from drivers.formats.states import STATES

OCR_B = "/usr/share/fonts/opentype/ocr-b/OCRB.otf"
SANS = ("/usr/share/fonts/truetype/noto/NotoSans-Regular.ttf", "/usr/share/fonts/truetype/noto/NotoSans-Bold.ttf")
SURNAMES = (
    "MWANGA", "OKONKWO", "DUPONT", "VAN<DER<BERG", "GARCIA<LOPEZ", "NKOSI", "PHIRI", "BANDA", "CHIRWA", "TEMBO", "ZULU", "MUTALE",
    "LINDQVIST", "AL<HASHIMI", "JUMA", "QUISPE",
)  # fmt: skip
GIVEN = (
    "ANNA<MARIA", "JOHN", "GRACE", "ZAINABU", "YUSUF", "FATIMA", "JOSEPHINE", "WALTER", "IVY", "ODETTE", "BORIS<IGOR", "QUEEN",
    "CHIKONDI", "MARC<OLIVIER",
)  # fmt: skip
WORDS = ("SURNAME", "REPUBLIC OF UTOPIA", "12 JAN 1990", "Given names / Prenoms", "P 1234567", "AUTHORITY")
SIZES = {Format.TD3: (125, 88), Format.TD2: (105, 74), Format.MRVA: (120, 80), Format.MRVB: (105, 74), Format.TD1: (85.6, 54)}
LENGTHS = {Format.TD2: 36, Format.MRVB: 36, Format.MRVA: 44}
FINE = 14  # pixels a millimetre


def some(chance, alphabet, count):
    """A chance string."""
    return "".join(chance.choice(alphabet) for _ in range(count))


def zone(chance, kind):
    """The lines of a made-up document of this type."""
    state = chance.choice(list(STATES)).ljust(3, "<")
    nation = state if chance.random() < 0.8 else chance.choice(list(STATES)).ljust(3, "<")
    number = "".join(
        some(chance, "0123456789" if chance.random() < 0.7 else "ABCDEFGHJKLMNPRSTUVWXYZ", 1) for _ in range(chance.choice([7, 8, 9, 9, 9]))
    )
    number = number.ljust(9, "<")
    birth, expiry = (f"{chance.randint(0, 99):02d}{chance.randint(1, 12):02d}{chance.randint(1, 28):02d}" for _ in range(2))
    sex, name = chance.choice("MMFF<"), f"{chance.choice(SURNAMES)}<<{chance.choice(GIVEN)}"
    head = number + check_digit(number) + nation + birth + check_digit(birth) + sex + expiry + check_digit(expiry)
    if kind is Format.TD3:
        optional = ("" if chance.random() < 0.6 else some(chance, "0123456789", chance.randint(5, 12))).ljust(14, "<")
        head += optional + (check_digit(optional) if optional.strip("<") else chance.choice("0<"))
        return [f"P{chance.choice('<<<DSO')}{state}{name}".ljust(44, "<"), head + check_digit(head[:10] + head[13:20] + head[21:])]
    if kind is Format.TD1:
        optional = ("" if chance.random() < 0.6 else some(chance, "0123456789", 8)).ljust(15, "<")
        first = chance.choice(["I<", "ID", "AR", "C<"]) + state + number + check_digit(number) + optional
        second = head[13:28] + nation + "<" * 11
        return [first, second + check_digit(first[5:] + second[:7] + second[8:15] + second[18:]), name.ljust(30, "<")]
    code = chance.choice(["I<", "ID", "A<", "C<"]) if kind is Format.TD2 else "V<"
    first = f"{code}{state}{name}".ljust(LENGTHS[kind], "<")
    if kind is Format.TD2:
        head += "<" * 7
        return [first, head + check_digit(head[:10] + head[13:20] + head[21:])]
    optional = "" if chance.random() < 0.5 else some(chance, "0123456789ABCDEFGH", chance.randint(3, 8))
    return [first, (head + optional).ljust(LENGTHS[kind], "<")]


def page(chance, kind, lines, finger):
    """The flat page in colour, and now and then a finger over the fillers of its name."""
    width, height = (int(side * FINE) for side in SIZES[kind])
    paper = [chance.randint(190, 250) + chance.randint(-25, 5) for _ in range(3)]
    image = Image.new("RGB", (width, height), tuple(paper))
    pen = ImageDraw.Draw(image)
    for _ in range(chance.randint(2, 5)):
        swing, wave, pale = chance.uniform(5, 40), chance.uniform(30, 200), tuple(max(0, one - chance.randint(10, 45)) for one in paper)
        for top in range(-height, 2 * height, chance.randint(10, 40)):
            pen.line([(x, top + swing * math.sin(x / wave)) for x in range(0, width, 12)], fill=pale, width=chance.choice([1, 1, 2]))
    row = 4 * FINE
    while row < 0.5 * height:
        face = ImageFont.truetype(chance.choice(SANS), chance.choice([2, 3, 4]) * FINE)
        pen.text((chance.uniform(0.32, 0.5) * width, row), chance.choice(WORDS), font=face, fill=(chance.randint(0, 80),) * 3)
        row += int(chance.uniform(4, 8) * FINE)
    pen.rectangle((0.04 * width, 0.2 * height, 0.28 * width, 0.55 * height), fill=tuple(chance.randint(60, 190) for _ in range(3)))
    face = ImageFont.truetype(OCR_B, 100)
    face = ImageFont.truetype(OCR_B, 100 * 2.54 * FINE / face.getlength("A"))
    gap = (5.0 if kind is Format.TD1 else 6.35) * FINE * chance.uniform(0.85, 1.05)
    left, top = (width - face.getlength(lines[0])) / 2, height - 3.5 * FINE - (len(lines) - 0.2) * gap
    ink = chance.randint(0, 60)
    for at, line in enumerate(lines):
        pen.text((left, top + at * gap), line, font=face, fill=(ink,) * 3)
    at = len(lines) - 1 if kind is Format.TD1 else 0
    fillers = len(lines[at]) - len(lines[at].rstrip("<"))
    if finger and fillers >= 6:
        pitch, covered = 2.54 * FINE, chance.randint(3, max(3, min(fillers - 3, 10)))
        middle, end = top + at * gap + 1.3 * FINE, left + pitch * len(lines[at])
        pen.ellipse((end - covered * pitch, middle - 0.9 * pitch, end + 4 * pitch, middle + 0.9 * pitch), fill=(200, 150, 120))
    return np.asarray(image)[:, :, ::-1].astype(np.float32)


def _laid(chance, dice, flat, level):
    """The page before a camera, on a clouded desk."""
    rows, columns = flat.shape[:2]
    frame = (1600, 1200) if level == 1 else chance.choice([(1280, 720), (1280, 960), (1600, 1200)])
    turn = {1: chance.uniform(-3, 3), 2: chance.uniform(-10, 10) + chance.choice([0] * 7 + [90, 180, 270]), 3: chance.uniform(0, 360)}[
        level
    ]
    cos, sin, tilt = math.cos(math.radians(turn)), math.sin(math.radians(turn)), {1: 0, 2: 0.04, 3: 0.12}[level]
    corners = np.array([[-columns, -rows], [columns, -rows], [columns, rows], [-columns, rows]]) / 2 @ np.array([[cos, sin], [-sin, cos]])
    corners = corners * (1 + dice.uniform(-tilt, tilt, (4, 2)))
    scale = min(frame / np.ptp(corners, axis=0)) * (0.93 if level == 1 else chance.uniform(0.75, 0.97))
    corners = corners * scale + (np.array(frame) - (corners.max(0) + corners.min(0)) * scale) / 2
    through = cv2.getPerspectiveTransform(
        np.array([[0, 0], [columns, 0], [columns, rows], [0, rows]], np.float32), corners.astype(np.float32)
    )
    soft = cv2.GaussianBlur(flat, (0, 0), max(0.3, 0.45 / scale))
    clouds = cv2.resize(dice.normal(0, 18, (12, 16, 3)).astype(np.float32), frame, interpolation=cv2.INTER_CUBIC)
    desk = dice.uniform(20, 230, 3).astype(np.float32) + clouds
    there = cv2.warpPerspective(np.ones((rows, columns), np.float32), through, frame)[..., None]
    return cv2.warpPerspective(soft, through, frame) * there + desk * (1 - there)


def _taken(chance, dice, scene, level):
    """Light, optics, sensor and coding."""
    rows, columns = scene.shape[:2]
    down, across = np.mgrid[:rows, :columns]
    if level == 1 and chance.random() < 0.5:
        scene = np.repeat(scene.mean(2, keepdims=True), 3, 2)
    if level > 1 and chance.random() < 0.33:
        x, y, wide = dice.uniform(0.2, 0.8) * columns, dice.uniform(0.2, 0.8) * rows, dice.uniform(0.05, 0.12) * columns
        scene = scene + (dice.uniform(60, 160) * np.exp(-(((across - x) / wide) ** 2 + ((down - y) / (0.6 * wide)) ** 2)))[..., None]
    if level < 3:
        scene = cv2.GaussianBlur(scene, (0, 0), dice.uniform(0.4, 0.7 if level == 1 else 1.0))
        scene = scene * (dice.uniform(0.55, 1) if level == 2 else 1) + dice.normal(0, dice.uniform(1, 3 * level), scene.shape)
        quality = 90 if level == 1 else int(dice.randint(60, 92))
    else:
        if chance.random() < 0.5:
            edge = np.clip((across - dice.uniform(0.2, 0.8) * columns) / dice.uniform(5, 60), -30, 30)
            scene = scene * (1 - dice.uniform(0.3, 0.6) / (1 + np.exp(-edge)))[..., None]
        scene = _blurred(chance, dice, scene * dice.uniform(0.3, 0.9))
        scene = scene + dice.normal(0, dice.uniform(3, 12), scene.shape)
        quality = int(dice.randint(25, 70))
    coded = cv2.imencode(".jpg", np.clip(scene, 0, 255).astype(np.uint8), [cv2.IMWRITE_JPEG_QUALITY, quality])[1]
    return cv2.imdecode(coded, cv2.IMREAD_COLOR)


def _blurred(chance, dice, scene):
    kind = chance.random()
    if kind < 0.4:
        return cv2.GaussianBlur(scene, (0, 0), dice.uniform(1, 2.2))
    if kind > 0.8:
        return scene
    size, way = int(dice.randint(4, 10)), dice.uniform(0, math.pi)
    kernel = np.zeros((size, size), np.float32)
    for part in np.linspace(-1, 1, 60):
        kernel[round((size - 1) / 2 * (1 + part * math.sin(way))), round((size - 1) / 2 * (1 + part * math.cos(way)))] = 1
    return cv2.filter2D(scene, -1, kernel / kernel.sum())


def plain_capture(level, number):
    """The colour picture with this number at this level, its lines and their type; the same call gives the same picture."""
    chance = random.Random(f"{level} {number}")
    dice = np.random.RandomState(chance.randint(0, 2**31 - 1))
    kind = list(SIZES)[number % len(SIZES)]
    lines = zone(chance, kind)
    flat = page(chance, kind, lines, level == 3 and chance.random() < 0.35)
    return _taken(chance, dice, _laid(chance, dice, flat, level), level), tuple(lines), kind
