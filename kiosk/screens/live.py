"""The camera's picture on the screen: one texture, written anew for each frame; never one texture a frame, which leaks."""

import threading
from collections.abc import Callable

from kivy.graphics.texture import Texture

from kiosk.screens.frames import Frame
from kiosk.screens.textures import OnCard


class LivePicture:
    """Holds the texture. `offer` may be called from any thread and keeps only the newest; `refresh` belongs to the screen's thread."""

    def __init__(self, changed: Callable[[OnCard], None]) -> None:
        self._changed = changed
        self._lock = threading.Lock()
        self._newest: Frame | None = None
        self.texture = Texture.create(size=(2, 2), colorfmt="luminance")
        self.texture.blit_buffer(bytes(4), colorfmt="luminance", bufferfmt="ubyte")
        self._format = "luminance"

    def offer(self, newest: Frame) -> None:
        """The newest frame; one not yet shown is dropped."""
        with self._lock:
            self._newest = newest

    def forget(self) -> None:
        """Show black and drop what waits: the next traveller must not see this one."""
        with self._lock:
            self._newest = None
        self.texture.blit_buffer(
            bytes(self.texture.width * self.texture.height * (1 if self._format == "luminance" else 4)),
            colorfmt=self._format,
            bufferfmt="ubyte",
        )

    def refresh(self) -> bool:
        """Put the newest frame into the texture; False when there is none. A frame of another shape gets a texture of its own."""
        with self._lock:
            newest, self._newest = self._newest, None
        if newest is None:
            return False
        if (newest.width, newest.height) != tuple(self.texture.size) or newest.colorfmt != self._format:
            self.texture = Texture.create(size=(newest.width, newest.height), colorfmt=newest.colorfmt)
            self._format = newest.colorfmt
            self._changed(self.texture)
        self.texture.blit_buffer(newest.pixels, colorfmt=newest.colorfmt, bufferfmt="ubyte")
        return True
