"""Contact sheets of all screens, for people to look at: `python -m tests.pictures.contact FOLDER`."""

import subprocess
import sys
import tempfile
from pathlib import Path

from kiosk.screens.comfort import Comforts
from kiosk.screens.contact_sheet import write
from kiosk.screens.palette import Contrast
from kiosk.screens.theme import TEXT_SIZES
from tests.pictures import golden, screens


def draw(display: str, folder: Path) -> None:
    """English at the first size, the longest language at the largest, and the other contrast modes at a size between."""
    from tests.pictures.kit import open_kit

    kit = open_kit(display, screens.named("en")[0][1])
    wanted = [("en", Comforts()), (screens.LONGEST, Comforts(TEXT_SIZES[-1]))]
    wanted += [("en", Comforts(TEXT_SIZES[1], mode)) for mode in list(Contrast)[1:]]
    for language, comforts in wanted:
        with tempfile.TemporaryDirectory() as pictures:
            paths = []
            for number, (name, view) in enumerate(screens.pictured(language)):
                kit.show(view, comforts)
                paths.append(Path(pictures) / f"{number:02d} {name}.png")
                kit.app.snapshot(paths[-1])
            write(paths, folder / f"{display}-{language}-{comforts.scale}-{comforts.contrast}.png")


if __name__ == "__main__":
    if len(sys.argv) > 2:
        draw(sys.argv[2], Path(sys.argv[1]))
    else:
        Path(sys.argv[1]).mkdir(parents=True, exist_ok=True)
        for each in golden.DISPLAYS:
            subprocess.run([sys.executable, "-m", "tests.pictures.contact", sys.argv[1], each], check=True)
