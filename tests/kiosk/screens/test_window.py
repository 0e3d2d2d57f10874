"""How Kivy is set up before it is imported."""

from pathlib import Path

import pytest

from kiosk.screens.window import WindowSettings, prepare


def prepared(tmp_path: Path, **more: bool) -> dict[str, str]:
    environment = {"DISPLAY": ":0"}
    prepare(WindowSettings("kiosk21", tmp_path / "kivy", **more), environment)
    return environment


def test_kivy_gets_a_folder_of_its_own_and_the_size_of_the_display(tmp_path: Path) -> None:
    environment = prepared(tmp_path)
    assert Path(environment["KIVY_HOME"]).is_dir()
    assert (environment["KCFG_GRAPHICS_WIDTH"], environment["KCFG_GRAPHICS_HEIGHT"]) == ("1080", "1920")
    assert environment["KCFG_GRAPHICS_MULTISAMPLES"] == "0"
    assert environment["DISPLAY"] == ":0"


def test_drawing_without_a_display_asks_for_none(tmp_path: Path) -> None:
    environment = prepared(tmp_path, offscreen=True)
    assert environment["SDL_VIDEODRIVER"] == "offscreen"
    assert "DISPLAY" not in environment


def test_a_kiosk_covers_the_whole_screen_without_a_cursor(tmp_path: Path) -> None:
    environment = prepared(tmp_path, fullscreen=True)
    assert (environment["KCFG_GRAPHICS_FULLSCREEN"], environment["KCFG_GRAPHICS_SHOW_CURSOR"]) == ("1", "0")


def test_a_display_that_nobody_declared_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError):
        prepare(WindowSettings("wall99", tmp_path), {})
