"""What is heard: spoken sentences one after another, and three short sounds. Without a loudspeaker all is silent, and the log says so."""

import logging
from importlib import resources
from pathlib import Path

from kivy.core.audio import Sound, SoundLoader

from kiosk.screens.traveller.showing import Clips
from kiosk.screens.voice import ClipPath, Sign

log = logging.getLogger("mpaka.screens.sound")


class Loudspeaker:
    """Plays through SDL. `clip_path` finds the clips."""

    def __init__(self, clip_path: ClipPath) -> None:
        self._clip_path = clip_path
        self._queue: list[Path] = []
        self._playing: Sound | None = None
        self._volume = 1.0
        self._signs = {sign: self._load(Path(str(resources.files("kiosk.screens") / "sounds" / f"{sign.value}.wav"))) for sign in Sign}
        if all(sound is None for sound in self._signs.values()):
            log.warning("no sound: SDL opened no audio device; connect a loudspeaker or headphones and start again")

    def say(self, clips: Clips, volume: float) -> None:
        """Stop what is being spoken, then speak these one after another."""
        found = [self._clip_path(language, key) for language, key in clips]
        self._queue = [path for path in found if path is not None]
        self._volume = volume
        playing, self._playing = self._playing, None
        if playing is not None:
            playing.stop()
        self._next()

    def sign(self, sign: Sign, volume: float) -> None:
        """Play one of the short sounds over whatever is being spoken."""
        sound = self._signs[sign]
        if sound is not None:
            sound.volume = volume * 0.5
            sound.play()

    def _next(self) -> None:
        """Begin the next clip that can be played."""
        while self._queue and self._playing is None:
            self._playing = self._load(self._queue.pop(0))
        if self._playing is not None:
            self._playing.volume = self._volume
            self._playing.bind(on_stop=self._ended)
            self._playing.play()

    def _ended(self, sound: Sound) -> None:
        """A clip came to its end by itself, or was stopped for another."""
        if sound is self._playing:
            self._playing = None
            self._next()

    @staticmethod
    def _load(path: Path) -> Sound | None:
        """The sound, None where the file or the audio device is not there: SDL then gives a sound without length."""
        sound = SoundLoader.load(str(path)) if path.is_file() else None
        return sound if sound is not None and sound.length > 0 else None
