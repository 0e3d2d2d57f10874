"""Drawing without a display: for the pictures of the demo and for tests. Only with a window that `prepare` made offscreen."""

import numpy as np
import numpy.typing as npt
from kivy.core.window import WindowBase
from kivy.graphics.opengl import GL_RGB, GL_UNSIGNED_BYTE, glFinish, glReadPixels

Pixels = npt.NDArray[np.uint8]
"""Height by width by red, green, blue; the first row is the top one."""


def finish_instead_of_flip(window: WindowBase) -> None:
    """Swapping the buffers of SDL's offscreen surface leaks two to three megabytes each time; the pixels are there without it."""

    def flip(shown: WindowBase) -> None:
        glFinish()
        WindowBase.flip(shown)

    type(window).flip = flip


def pixels(window: WindowBase) -> Pixels:
    """What the window shows, drawn anew."""
    window.canvas.ask_update()
    window.dispatch("on_draw")
    width, height = window.system_size
    raw = np.frombuffer(glReadPixels(0, 0, width, height, GL_RGB, GL_UNSIGNED_BYTE), np.uint8)
    return raw.reshape(height, width, 3)[::-1].copy()
