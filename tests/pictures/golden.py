"""Golden pictures: each screen once a display in English, and in the longest language at the largest size.

They hold for one named driver and typeface, written beside them; elsewhere only the laws run. After a change that was meant:
`python -m tests.pictures.golden` draws them anew; look at what changed before you commit it.
"""

import hashlib
import json
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import numpy as np
from PIL import Image, features

from kiosk.screens import lettering
from kiosk.screens.comfort import Comforts
from kiosk.screens.theme import TEXT_SIZES
from kiosk.views.parts import View
from tests.pictures import screens
from tests.pictures.kit import Kit, difference

FOLDER = Path(__file__).parent / "golden"
DISPLAYS = ("lane10", "kiosk21")
ALLOWED = 0.0015
"""Share of pixels that may differ."""


def environment(renderer: str) -> dict[str, str]:
    """What decides how a picture comes out: driver, typeface, and the library that draws letters."""
    faces = {str(bold): lettering.font(20, bold).path for bold in (False, True)}
    sums = {bold: hashlib.sha256(Path(str(path)).read_bytes()).hexdigest()[:16] for bold, path in faces.items()}
    return {"renderer": renderer, "regular": sums["False"], "bold": sums["True"], "freetype": str(features.version("freetype2"))}


def pictures(kit: Kit) -> Iterator[tuple[str, Image.Image]]:
    """(name, picture) of every leaf that has a golden picture."""
    for language, scale in (("en", TEXT_SIZES[0]), (screens.LONGEST, TEXT_SIZES[-1])):
        for name, view in screens.pictured(language):
            yield from _leaves(kit, f"{name}.{language}", view, Comforts(scale))


def _leaves(kit: Kit, name: str, view: View, comforts: Comforts) -> Iterator[tuple[str, Image.Image]]:
    leaf, total = 0, 1
    while leaf < total:
        kit.show(view, comforts, leaf)
        total = kit.app.showing.composed().leaf.total
        yield f"{name}.{leaf + 1}" if total > 1 else name, kit.picture()
        leaf += 1


def differing(kit: Kit, display: str) -> Iterator[str]:
    """What is missing, left over, or unlike its golden picture. On another machine only what is missing."""
    recorded = json.loads((FOLDER / display / "environment.json").read_text())
    comparable = recorded == environment(kit.renderer)
    seen = set()
    for name, picture in pictures(kit):
        path = FOLDER / display / f"{name}.png"
        seen.add(path.name)
        if not path.is_file():
            yield f"{name}: there is no golden picture"
        elif comparable and (share := unlike(picture, path)) > ALLOWED:
            yield f"{name}: {share:.2%} of the pixels differ"
    yield from (f"{path.stem}: no screen has this picture" for path in (FOLDER / display).glob("*.png") if path.name not in seen)


def unlike(picture: Image.Image, golden: Path) -> float:
    """Share of pixels that differ from the golden picture."""
    with Image.open(golden) as stored:
        return difference(np.asarray(picture), np.asarray(stored.convert("RGB")))


def renew(display: str) -> None:
    """Draw all of one display anew."""
    from tests.pictures.kit import open_kit

    kit = open_kit(display, screens.named("en")[0][1])
    folder = FOLDER / display
    folder.mkdir(parents=True, exist_ok=True)
    for old in folder.glob("*.png"):
        old.unlink()
    for name, picture in pictures(kit):
        picture.quantize(256, Image.Quantize.MAXCOVERAGE, dither=Image.Dither.NONE).save(folder / f"{name}.png", optimize=True)
    (folder / "environment.json").write_text(json.dumps(environment(kit.renderer), indent=1) + "\n")


if __name__ == "__main__":
    if len(sys.argv) > 1:
        renew(sys.argv[1])
    else:
        sys.exit(
            max(subprocess.run([sys.executable, "-m", "tests.pictures.golden", display], check=False).returncode for display in DISPLAYS)
        )
