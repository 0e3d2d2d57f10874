"""Specimen documents as pictures: data pages of Utopia with a drawn portrait and a zone in OCR-B, and a border pass with its code.

The zone is set in OCR-B of the Debian package fonts-ocr-b; without it the page still shows everything, but no reader is made for the typeface that then stands in.
"""

import io
from datetime import date
from functools import cache
from pathlib import Path

import cv2
import numpy as np
import segno
from numpy.typing import NDArray
from PIL import Image, ImageDraw, ImageFont

from drivers.formats.specimens import Specimen
from drivers.simulated.faces import draw_face

WIDTH, HEIGHT = 1250, 880
"""A TD3 data page of 125 by 88 mm at 10 pixels a millimetre."""
PAPER, INK, QUIET, ACCENT = (246, 244, 236), (20, 28, 46), (92, 104, 122), (24, 92, 120)
ZONE_TOP, ZONE_STEP = 700, 64
# Doc 9303-3: ten characters to 25.4 mm
PITCH = 25.4
OCR_B = ("/usr/share/fonts/opentype/ocr-b", "/usr/share/fonts/truetype/ocr-b", "/usr/share/fonts/opentype/fonts-ocr-b", "/usr/share/fonts")
NOTO = "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf"


def draw_page(specimen: Specimen, face_seed: int, *, child: bool = False) -> Image.Image:
    """The data page of a specimen. RGB, 1250 x 880."""
    page = _paper(abs(hash_of(specimen.key)) % 1000)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 96), fill=ACCENT)
    pen.text((52, 48), "REPUBLIC OF UTOPIA", font=_noto(44, bold=True), fill="white", anchor="lm")
    pen.text((WIDTH - 52, 48), "SPECIMEN", font=_noto(34), fill="white", anchor="rm")
    portrait = Image.fromarray(cv2.cvtColor(draw_face(face_seed, 960, 960, child=child), cv2.COLOR_BGR2RGB))
    page.paste(portrait.crop((200, 190, 760, 910)).resize((330, 424)), (52, 140))
    _fields(pen, specimen)
    _zone(page, specimen.lines)
    return page


def draw_pass(text: str, face_seed: int) -> Image.Image:
    """A border pass: a card with a portrait and a two-dimensional code of `text`."""
    page = _paper(7)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 96), fill=(20, 104, 64))
    pen.text((52, 48), "BORDER PASS · UTOPIA", font=_noto(44, bold=True), fill="white", anchor="lm")
    pen.text((WIDTH - 52, 48), "SPECIMEN", font=_noto(34), fill="white", anchor="rm")
    portrait = Image.fromarray(cv2.cvtColor(draw_face(face_seed, 960, 960), cv2.COLOR_BGR2RGB))
    page.paste(portrait.crop((200, 190, 760, 910)).resize((330, 424)), (52, 180))
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="png", scale=12, border=4)
    code = Image.open(image).convert("RGB")
    code.thumbnail((560, 560))
    page.paste(code, (WIDTH - code.width - 60, 180))
    return page


def write_pages(folder: Path, people: dict[str, tuple[Specimen, int, bool]]) -> dict[str, Path]:
    """A PNG a person: specimen, seed of the face, whether a child. Returns the files by name."""
    folder.mkdir(parents=True, exist_ok=True)
    files = {}
    for name, (specimen, seed, child) in people.items():
        files[name] = folder / f"{name}.png"
        draw_page(specimen, seed, child=child).save(files[name])
    return files


def hash_of(text: str) -> int:
    """A number that is the same in every run, unlike `hash`."""
    return int.from_bytes(text.encode(), "big") % 1_000_003


def _fields(pen: ImageDraw.ImageDraw, specimen: Specimen) -> None:
    content = specimen.content
    rows = [
        ("Type / Code", f"{content.document_code or 'P'}   UTO"),
        ("Passport No.", content.number),
        ("Surname", " ".join(content.name.primary)),
        ("Given names", " ".join(content.name.secondary)),
        ("Nationality · Sex", f"{content.nationality}   {content.sex or 'X'}"),
        ("Date of birth", _day(content.birth)),
        ("Date of expiry", _day(content.expiry)),
    ]
    for at, (label, value) in enumerate(rows):
        y = 140 + at * 74
        pen.text((430, y), label, font=_noto(22), fill=QUIET)
        pen.text((430, y + 25), str(value)[:42], font=_noto(32, bold=True), fill=INK)


def _day(value: object) -> str:
    return value.strftime("%d %b %Y").upper() if isinstance(value, date) else str(getattr(value, "iso", value))


def _zone(page: Image.Image, lines: tuple[str, ...]) -> None:
    """The lines at their pitch, one character at a time, as a passport printer sets them."""
    pen = ImageDraw.Draw(page)
    top = ZONE_TOP if len(lines) == 2 else ZONE_TOP - ZONE_STEP
    pen.rectangle((0, top - 34, WIDTH, HEIGHT), fill=(250, 249, 245))
    left = (WIDTH - PITCH * len(lines[0])) / 2 + PITCH / 2
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            pen.text((left + column * PITCH, top + row * ZONE_STEP + 30), character, font=_ocr_b(), fill=INK, anchor="ms")


def _paper(seed: int) -> Image.Image:
    """Fine waves in two colours on pale paper."""
    y, x = np.mgrid[0:HEIGHT, 0:WIDTH].astype(np.float32)
    rng = np.random.default_rng(seed)
    paper: NDArray[np.float32] = np.full((HEIGHT, WIDTH, 3), PAPER, np.float32)
    for tint in ((-16, -4, 4), (2, -8, -18)):
        bend = 34 * np.sin(x / rng.uniform(90, 160) + rng.uniform(0, 6)) + 22 * np.sin(y / rng.uniform(70, 140))
        waves = np.clip(np.sin((y + bend) / rng.uniform(2.6, 3.6)) - 0.55, 0, 1) * 2
        paper += waves[:, :, None] * np.array(tint, np.float32)
    return Image.fromarray(np.clip(paper, 0, 255).astype(np.uint8))


@cache
def _noto(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(NOTO.format("Bold" if bold else "Regular"), size)


@cache
def _ocr_b() -> ImageFont.FreeTypeFont:
    for folder in OCR_B:
        for file in sorted(Path(folder).rglob("*OCRB.[ot]tf")) if Path(folder).is_dir() else []:
            return ImageFont.truetype(file, 36)
    return ImageFont.truetype(NOTO.format("Regular"), 34)
