"""How the window is set up, before anything of Kivy is imported: Kivy reads all this once, from the environment.

`prepare` must run before `kiosk.screens.app` is imported. No configuration of the user's is read or written: Kivy gets a folder of its own.
"""

import os
from collections.abc import MutableMapping
from dataclasses import dataclass
from pathlib import Path

from kiosk.screens.theme import DISPLAYS, Display

FRAMES_A_SECOND = 30
"""Upper limit of drawing and of looking for touches; a touch shows within two frames, 67 ms."""


@dataclass(frozen=True)
class WindowSettings:
    """The display that is shown on, whether its window covers the whole screen, and the folder that Kivy may use.

    `offscreen` draws without any display: for tests and for the pictures of the demo.
    """

    display: str
    folder: Path
    fullscreen: bool = False
    offscreen: bool = False
    cursor: bool = False

    @property
    def measures(self) -> Display:
        """Pixels, millimetres and distance; KeyError for a display nobody declared."""
        return DISPLAYS[self.display]


def prepare(settings: WindowSettings, environment: MutableMapping[str, str] = os.environ) -> None:
    """Write Kivy's settings into the environment, and make its folder."""
    settings.folder.mkdir(parents=True, exist_ok=True)
    display = settings.measures
    environment.update(
        KIVY_HOME=str(settings.folder),
        KIVY_NO_ARGS="1",
        KIVY_NO_FILELOG="1",
        KIVY_LOG_MODE="PYTHON",
        KCFG_GRAPHICS_WIDTH=str(display.width),
        KCFG_GRAPHICS_HEIGHT=str(display.height),
        KCFG_GRAPHICS_MULTISAMPLES="0",
        KCFG_GRAPHICS_RESIZABLE="0",
        KCFG_GRAPHICS_MAXFPS=str(FRAMES_A_SECOND),
        KCFG_GRAPHICS_FULLSCREEN="1" if settings.fullscreen else "0",
        KCFG_GRAPHICS_BORDERLESS="1" if settings.fullscreen else "0",
        KCFG_GRAPHICS_SHOW_CURSOR="1" if settings.cursor else "0",
        KCFG_KIVY_EXIT_ON_ESCAPE="0",
        KCFG_KIVY_LOG_LEVEL="warning",
        KCFG_KIVY_KEYBOARD_MODE="",
    )
    if settings.offscreen:
        environment.update(SDL_VIDEODRIVER="offscreen", SDL_AUDIODRIVER="dummy")
        environment.pop("DISPLAY", None)
