"""All screens on one picture, for people to look at: `python -m kiosk.screens.contact_sheet FOLDER OUT.png`. Pillow only."""

import sys
from pathlib import Path

from PIL import Image, ImageDraw

from kiosk.screens.lettering import font, length

GROUND, INK = "#D9DEE4", "#0B1F33"
LABEL_EM, GAP = 20, 20
WIDTHS = {True: 300, False: 560}
"""Of one screen on the sheet: portrait, landscape."""
COLUMNS = {True: 6, False: 4}


def write(pictures: list[Path], out: Path) -> None:
    """The pictures in their order, all of one shape, each under its name, on a sheet at `out`; ValueError when there is none."""
    if not pictures:
        raise ValueError("a contact sheet needs at least one picture")
    with Image.open(pictures[0]) as first:
        portrait, shape = first.height > first.width, first.height / first.width
    width, columns = WIDTHS[portrait], min(COLUMNS[portrait], len(pictures))
    height, step = round(width * shape), LABEL_EM + 2 * GAP
    rows = -(-len(pictures) // columns)
    sheet = Image.new("RGB", (columns * (width + GAP) + GAP, rows * (height + step) + GAP), GROUND)
    pen = ImageDraw.Draw(sheet)
    for number, path in enumerate(pictures):
        x, y = GAP + (number % columns) * (width + GAP), GAP + (number // columns) * (height + step)
        pen.text((x, y), _cut(path.stem, width), fill=INK, font=font(LABEL_EM, True))
        with Image.open(path) as picture:
            sheet.paste(picture.convert("RGB").resize((width, height), Image.Resampling.LANCZOS), (x, y + LABEL_EM + GAP // 2))
    sheet.save(out, optimize=True)


def _cut(text: str, width: int) -> str:
    """As much of a label as fits over its picture."""
    while text and length(text, LABEL_EM, True) > width:
        text = text[:-1]
    return text


if __name__ == "__main__":
    write(sorted(Path(sys.argv[1]).glob("*.png")), Path(sys.argv[2]))
