"""The traveller's screens as they come out on the glass: laws, golden pictures and touches, one process a display."""

import json
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from PIL import Image

from tests.pictures import golden, plays
from tests.pictures.prerender import DRAWINGS, ICONS, digest

pytestmark = pytest.mark.pictures
ROOT = Path(__file__).parents[2]
PLAYS = sorted(name for name in vars(plays) if name.startswith("play_"))
LIMIT_S = 300


@cache
def started() -> dict[str, subprocess.Popen[str]]:
    """A process for each display, both at work at once."""
    return {
        display: subprocess.Popen(
            [sys.executable, "-m", "tests.pictures.glass", display, "sample"],
            cwd=ROOT,
            text=True,
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
        )
        for display in golden.DISPLAYS
    }


@cache
def report(display: str) -> dict[str, Any]:
    """What the process of this display found."""
    out, err = started()[display].communicate(timeout=LIMIT_S)
    lines = out.strip().splitlines()
    assert lines, f"the process for {display} said nothing:\n{err}"
    found: dict[str, Any] = json.loads(lines[-1])
    return found


@pytest.fixture(autouse=True, scope="module")
def ended() -> Iterator[None]:
    """No process outlives the tests."""
    started()
    yield
    for process in started().values():
        process.kill()
        process.communicate()


@pytest.mark.parametrize("display", golden.DISPLAYS)
def test_every_screen_keeps_the_laws_on_the_glass(display: str) -> None:
    assert report(display)["found"] == []


@pytest.mark.parametrize("display", golden.DISPLAYS)
def test_every_screen_looks_as_its_golden_picture(display: str) -> None:
    assert report(display)["golden"] == []


@pytest.mark.parametrize("play", PLAYS)
@pytest.mark.parametrize("display", golden.DISPLAYS)
def test_under_the_finger(display: str, play: str) -> None:
    assert report(display)["plays"][play] == ""


def test_a_golden_picture_that_was_painted_over_is_told(tmp_path: Path) -> None:
    stored = next(iter(sorted((golden.FOLDER / "lane10").glob("*.png"))))
    with Image.open(stored) as picture:
        changed = np.asarray(picture.convert("RGB")).copy()
    changed[300:400, 300:500] = (10, 200, 10)
    Image.fromarray(changed).save(tmp_path / "painted.png")
    with Image.open(stored) as picture:
        assert golden.unlike(picture.convert("RGB"), stored) == 0
        assert golden.unlike(picture.convert("RGB"), tmp_path / "painted.png") > golden.ALLOWED


def test_golden_pictures_stay_below_twenty_megabytes() -> None:
    assert sum(path.stat().st_size for path in golden.FOLDER.rglob("*.png")) < 20_000_000


def test_icons_and_drawings_were_made_from_the_sources_beside_them() -> None:
    for folder in (ICONS, DRAWINGS):
        assert (folder / "sources.sha256").read_text().strip() == digest(folder), (
            f"run python -m tests.pictures.prerender for {folder.name}"
        )
