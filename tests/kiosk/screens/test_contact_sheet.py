"""All screens on one picture."""

from pathlib import Path

import pytest
from PIL import Image

from kiosk.screens.contact_sheet import write


def screen(folder: Path, name: str, size: tuple[int, int], colour: str) -> Path:
    Image.new("RGB", size, colour).save(folder / f"{name}.png")
    return folder / f"{name}.png"


@pytest.mark.parametrize("size", [(1280, 800), (1080, 1920)])
def test_every_screen_is_on_the_sheet_in_its_place(tmp_path: Path, size: tuple[int, int]) -> None:
    colours = ["#FF0000", "#00FF00", "#0000FF", "#FFFF00", "#FF00FF", "#00FFFF", "#123456"]
    pictures = [screen(tmp_path, f"a screen with a long name {n}", size, colour) for n, colour in enumerate(colours)]
    write(pictures, tmp_path / "sheet.png")
    with Image.open(tmp_path / "sheet.png") as sheet:
        seen = {colour for _, colour in sheet.convert("RGB").getcolors(1_000_000) or []}
    assert {tuple(bytes.fromhex(colour[1:])) for colour in colours} <= seen


def test_a_sheet_of_nothing_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="at least one"):
        write([], tmp_path / "sheet.png")
