"""Specimen documents as pictures: data pages of Utopia with a drawn portrait and a zone in OCR-B, and a border pass with its code.

The zone is set in OCR-B of the Debian package fonts-ocr-b; without it the page still shows everything, but no reader is made for the typeface that then stands in.
"""

import io
from datetime import date
from functools import cache
from pathlib import Path

import cv2
import segno
from PIL import Image, ImageChops, ImageDraw, ImageFont

from drivers.formats.specimens import Specimen
from drivers.simulated.faces import draw_face
from drivers.simulated.paper import HEIGHT, WIDTH, Tint, emblem, paper

INK, QUIET, WHITE = (20, 28, 46), (92, 104, 122), (255, 255, 255)
ZONE_STEP, ZONE_FOOT, ZONE_HEAD = 64, 82, 62
# Doc 9303-3: ten characters to 25.4 mm
PITCH = 25.4
PORTRAIT, GHOST = (330, 424), (150, 193)
LEFT, TOP, SECOND = 52, 136, 820
OCR_B = ("/usr/share/fonts/opentype/ocr-b", "/usr/share/fonts/truetype/ocr-b", "/usr/share/fonts/opentype/fonts-ocr-b", "/usr/share/fonts")
NOTO = "/usr/share/fonts/truetype/noto/NotoSans-{}.ttf"

BLUE, GREEN, BROWN, GREY = Tint((22, 84, 116)), Tint((20, 104, 64)), Tint((124, 72, 26)), Tint((84, 88, 104))
TITLES = {
    "PR": ("TRAVEL DOCUMENT", "Convention of 28 July 1951", GREY),
    "PS": ("TRAVEL DOCUMENT", "Convention of 28 September 1954", GREY),
    "PE": ("EMERGENCY PASSPORT", "", BROWN),
    "P": ("PASSPORT", "", BLUE),
    "AC": ("CREW MEMBER CERTIFICATE", "", GREEN),
    "I": ("IDENTITY CARD", "", GREEN),
    "V": ("VISA", "", BROWN),
}


def draw_page(specimen: Specimen, face_seed: int, *, child: bool = False) -> Image.Image:
    """The data page of a specimen. RGB, 1250 x 880: 125 by 88 mm at 10 pixels a millimetre."""
    code = specimen.content.document_code
    title, under, tint = TITLES.get(code) or TITLES[code[0]]
    page = paper(_seed_of(specimen.key), tint)
    _head(page, title, under, tint)
    portrait = _portrait(face_seed, child=child)
    space = HEIGHT - ZONE_HEAD - ZONE_FOOT - ZONE_STEP * (len(specimen.lines) - 1) - TOP - 14
    high = min(PORTRAIT[1], space)
    shown = portrait.resize((round(high * PORTRAIT[0] / PORTRAIT[1]), high), Image.Resampling.LANCZOS)
    page.paste(shown, (LEFT, TOP))
    _ghost(page, portrait)
    _fields(ImageDraw.Draw(page), specimen, LEFT + shown.width + 48, space)
    _zone(page, specimen.lines)
    return page


def draw_pass(text: str, face_seed: int) -> Image.Image:
    """A border pass: a card with a portrait and a two-dimensional code of `text`."""
    page = paper(7, GREEN)
    _head(page, "BORDER PASS", "Border community, 20 km zone", GREEN)
    page.paste(_portrait(face_seed, child=False).resize(PORTRAIT, Image.Resampling.LANCZOS), (LEFT, 200))
    pen = ImageDraw.Draw(page)
    for at, (label, value) in enumerate(
        (("Pass", text[:24]), ("Crossings", "Posts of the zone, by day"), ("Issued by", "District office"))
    ):
        _field(pen, (LEFT + PORTRAIT[0] + 44, 220 + at * 96), label, value, 28)
    image = io.BytesIO()
    segno.make(text, error="m", micro=False).save(image, kind="png", scale=12, border=4)
    code = Image.open(image).convert("RGB")
    code = code.resize((380, 380), Image.Resampling.NEAREST) if code.width < 380 else code
    code.thumbnail((460, 460))
    page.paste(code, (WIDTH - code.width - LEFT, 200))
    return page


def _head(page: Image.Image, title: str, under: str, tint: Tint) -> None:
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, WIDTH, 104), fill=tint.colour)
    pen.line((0, 108, WIDTH, 108), fill=tint.pale(0.45), width=3)
    emblem(pen, (92, 52), 36)
    pen.text((148, 37), "REPUBLIC OF UTOPIA", font=_noto(22), fill=WHITE, anchor="lm")
    pen.text((148, 70), title, font=_noto(36, bold=True), fill=WHITE, anchor="lm")
    pen.text((WIDTH - LEFT, 37), "SPECIMEN", font=_noto(26, bold=True), fill=WHITE, anchor="rm")
    pen.text((WIDTH - LEFT, 70), under, font=_noto(22), fill=WHITE, anchor="rm")


def _portrait(seed: int, *, child: bool) -> Image.Image:
    face = Image.fromarray(cv2.cvtColor(draw_face(seed, 960, 960, child=child), cv2.COLOR_BGR2RGB))
    return face.crop((200, 190, 760, 910))


def _ghost(page: Image.Image, portrait: Image.Image) -> None:
    """The portrait once more, small and pale, as part of the paper's pattern."""
    small = portrait.resize(GHOST, Image.Resampling.LANCZOS).convert("L").point(lambda grey: 178 + grey * 77 // 255)
    place = (WIDTH - LEFT - GHOST[0], TOP + 240)
    behind = page.crop((*place, place[0] + GHOST[0], place[1] + GHOST[1]))
    page.paste(ImageChops.multiply(behind, small.convert("RGB")), place)


def _fields(pen: ImageDraw.ImageDraw, specimen: Specimen, left: int, space: int) -> None:
    """Two columns: who it is, and the shorter facts beside."""
    content = specimen.content
    number = "Document No." if specimen.content.document_code[0] != "P" else "Passport No."
    who = [
        ("Surname", " ".join(content.name.primary)),
        ("Given names", " ".join(content.name.secondary)),
        ("Nationality", content.nationality),
        ("Date of birth", _day(content.birth)),
        ("Sex", content.sex or "X"),
        ("Date of expiry", _day(content.expiry)),
    ]
    step = min(74, space // len(who))
    for at, (label, value) in enumerate(who):
        _field(pen, (left, TOP + at * step), label, value, 30 if step > 60 else 25)
    for at, (label, value) in enumerate((("Code / State", f"{content.document_code}  {content.issuer}"), (number, content.number))):
        _field(pen, (SECOND, TOP + at * 74), label, value, 30)


def _field(pen: ImageDraw.ImageDraw, place: tuple[int, int], label: str, value: str, size: int) -> None:
    x, y = place
    pen.text((x, y), label, font=_noto(max(15, size * 3 // 5)), fill=QUIET)
    pen.text((x, y + size * 5 // 7), value[:30], font=_noto(size, bold=True), fill=INK)


def _day(value: object) -> str:
    return value.strftime("%d %b %Y").upper() if isinstance(value, date) else str(getattr(value, "year", "") or "")


def _zone(page: Image.Image, lines: tuple[str, ...]) -> None:
    """The lines at their pitch, one character at a time, as a passport printer sets them."""
    pen = ImageDraw.Draw(page)
    last = HEIGHT - ZONE_FOOT
    first = last - ZONE_STEP * (len(lines) - 1)
    pen.rectangle((0, first - ZONE_HEAD, WIDTH, HEIGHT), fill=(250, 249, 245))
    left = (WIDTH - PITCH * len(lines[0])) / 2 + PITCH / 2
    for row, line in enumerate(lines):
        for column, character in enumerate(line):
            pen.text((left + column * PITCH, first + row * ZONE_STEP), character, font=_ocr_b(), fill=INK, anchor="ms")


def _seed_of(text: str) -> int:
    """A number that is the same in every run, unlike `hash`."""
    return int.from_bytes(text.encode(), "big") % 1009


@cache
def _noto(size: int, *, bold: bool = False) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(NOTO.format("Bold" if bold else "Regular"), size)


@cache
def _ocr_b() -> ImageFont.FreeTypeFont:
    for folder in OCR_B:
        for file in sorted(Path(folder).rglob("*OCRB.[ot]tf")) if Path(folder).is_dir() else []:
            return ImageFont.truetype(file, 36)
    return ImageFont.truetype(NOTO.format("Regular"), 34)
