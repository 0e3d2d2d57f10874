"""Makes the pictures in `kiosk/screens/icons` and `kiosk/screens/illustrations` from their vector sources.

Needs resvg-py (`pip install -e .[art]`), which the product itself does not. Run `python -m tests.pictures.prerender` after a
change to a drawing; `sources.sha256` beside the pictures records what they were made from, and a test compares it.
"""

import hashlib
import io
import json
import re
import sys
from pathlib import Path

from PIL import Image

from kiosk.screens.pictures import bled

SCREENS = Path(__file__).parents[2] / "kiosk" / "screens"
ICONS, DRAWINGS = SCREENS / "icons", SCREENS / "illustrations"
ICON_SIDE, ART_SIDE = 192, 1080

ART_COLOURS = {
    "light": {
        "line": "#0B1F33",
        "skin": "#8C5A3A",
        "skin2": "#6E4228",
        "skin3": "#B98560",
        "hair": "#1C1512",
        "paper": "#FFFFFF",
        "shade": "#DDE4EC",
        "blue": "#0A4A8F",
        "blue2": "#06305F",
        "amber": "#FFC23A",
        "glow": "#FFDD7A",
        "glass": "#16324F",
        "case": "#51657A",
        "case2": "#3A4B5D",
        "sand": "#E6D3B3",
        "green": "#0F6B41",
        "sky": "#F4EADB",
        "red": "#B3261E",
    },
    "dark": {
        "line": "#05090E",
        "skin": "#9A6643",
        "skin2": "#774A2E",
        "skin3": "#C79570",
        "hair": "#0A0605",
        "paper": "#F3EEE4",
        "shade": "#C3CBD4",
        "blue": "#3C82CF",
        "blue2": "#2A63A3",
        "amber": "#FFC23A",
        "glow": "#FFDD7A",
        "glass": "#0B2036",
        "case": "#70849A",
        "case2": "#54677B",
        "sand": "#2B3A48",
        "green": "#2E9A68",
        "sky": "#182430",
        "red": "#E5695F",
    },
    "mono": {
        "line": "#000000",
        "skin": "#A9A9A9",
        "skin2": "#6B6B6B",
        "skin3": "#D6D6D6",
        "hair": "#000000",
        "paper": "#FFFFFF",
        "shade": "#D9D9D9",
        "blue": "#000000",
        "blue2": "#000000",
        "amber": "#FFE600",
        "glow": "#FFE600",
        "glass": "#000000",
        "case": "#FFFFFF",
        "case2": "#BDBDBD",
        "sand": "#FFFFFF",
        "green": "#FFFFFF",
        "sky": "#FFFFFF",
        "red": "#000000",
    },
}
HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" viewBox="0 0 {side} {side}">'
LINE = "stroke-linecap:round;stroke-linejoin:round"


def rendered(svg: str, side: int) -> Image.Image:
    """The SVG text as an RGBA picture of `side` pixels square."""
    import resvg_py

    return Image.open(io.BytesIO(bytes(resvg_py.svg_to_bytes(svg_string=svg, width=side, height=side, skip_system_fonts=True)))).convert(
        "RGBA"
    )


def coarse(picture: Image.Image) -> Image.Image:
    """Soft edges in 18 steps, flat colours as they are: packs into a quarter of the room, and nobody sees it."""
    red, green, blue, alpha = picture.split()
    alpha = alpha.point(lambda value: round(value / 15) * 15)
    clear = Image.new("L", picture.size, 0)
    seen = alpha.point(lambda value: 255 if value else 0)
    return Image.merge(
        "RGBA", (*(Image.composite(c.point(lambda v: min(255, round(v / 4) * 4)), clear, seen) for c in (red, green, blue)), alpha)
    )


def digest(folder: Path) -> str:
    """SHA-256 over the vector sources of a folder and this script's colours."""
    parts = [path.read_bytes() for path in sorted(folder.glob("*.svg"))]
    return hashlib.sha256(b"\0".join(parts) + json.dumps(ART_COLOURS, sort_keys=True).encode()).hexdigest()


def make_icons() -> int:
    """Each symbol of icons.svg as a white mask."""
    source = (ICONS / "icons.svg").read_text("utf-8")
    found = re.findall(r'<symbol id="(\w+)">(.*?)</symbol>', source, re.S)
    style = f"<style>*{{fill:none;stroke:#fff;{LINE}}} .f{{fill:#fff;stroke:none}} .fl{{fill:#fff}}</style>"
    for name, inner in found:
        svg = HEAD.format(side=48) + style + f'<g stroke-width="3.6">{inner}</g></svg>'
        rendered(svg, ICON_SIDE).getchannel("A").save(ICONS / f"{name}.png", optimize=True)
    (ICONS / "sources.sha256").write_text(digest(ICONS) + "\n")
    return len(found)


def layers_of(source: str) -> list[tuple[str, str, str]]:
    """(name, motion as JSON or empty, markup) of each layer of a drawing, from back to front."""
    return re.findall(r"<!-- layer (\w+) ?(\{.*?\})? -->(.*?)(?=<!-- layer |</svg>)", source, re.S)


def coloured(defs: str, inner: str, colours: dict[str, str]) -> str:
    """One layer as an SVG text with the colours of a set; longer names first, since some begin like others."""
    svg = HEAD.format(side=800) + defs + f'<g style="{LINE}">{inner}</g></svg>'
    for token in sorted(colours, key=len, reverse=True):
        svg = svg.replace(f"@{token}", colours[token])
    return svg


def markup_box(defs: str, inner: str) -> tuple[int, int, int, int]:
    """What the layer covers on a side of ART_SIDE: left, top, right, bottom. Empty room around it is not kept."""
    box = rendered(coloured(defs, inner, ART_COLOURS["light"]), ART_SIDE).getbbox()
    if box is None:
        raise ValueError("a layer of a drawing shows nothing")
    return box


def make_drawings(only: list[str]) -> int:
    """Each layer of each drawing once a set, as a picture of few colours."""
    defs = re.search(r"<defs>.*</defs>", (DRAWINGS / "shared.svg").read_text("utf-8"), re.S)
    listed: dict[str, list[dict[str, object]]] = {}
    for path in sorted(DRAWINGS.glob("*.svg")):
        if path.stem == "shared":
            continue
        layers = layers_of(path.read_text("utf-8"))
        boxes = {name: markup_box(defs.group(0) if defs else "", inner) for name, _, inner in layers}
        listed[path.stem] = [
            {"name": name, "box": boxes[name], **({"motion": json.loads(motion)} if motion else {})} for name, motion, _ in layers
        ]
        if only and path.stem not in only:
            continue
        for art_set, colours in ART_COLOURS.items():
            (DRAWINGS / art_set).mkdir(exist_ok=True)
            for name, _, inner in layers:
                picture = coarse(rendered(coloured(defs.group(0) if defs else "", inner, colours), ART_SIDE)).crop(boxes[name])
                bled(picture).save(DRAWINGS / art_set / f"{path.stem}.{name}.png", optimize=True)
    (DRAWINGS / "layers.json").write_text(json.dumps(listed, indent=1) + "\n")
    (DRAWINGS / "sources.sha256").write_text(digest(DRAWINGS) + "\n")
    return len(listed)


if __name__ == "__main__":
    print(make_icons(), "icons,", make_drawings(sys.argv[1:]), "drawings")
