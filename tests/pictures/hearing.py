"""What is heard, played through SDL in a process of its own: `python -m tests.pictures.hearing DRIVER`. Prints one JSON object."""

import json
import logging
import os
import sys
import tempfile
from importlib import import_module
from pathlib import Path

from kiosk.screens.voice import Sign
from kiosk.screens.window import WindowSettings, prepare

CLIPS = Path(__file__).parents[2] / "kiosk" / "screens" / "sounds"


def clip(language: str, key: str) -> Path | None:
    """The sounds stand in for clips; one key has none yet."""
    path = CLIPS / f"{key}.wav"
    return path if path.is_file() and language == "en" else None


def main(driver: str) -> dict[str, object]:
    """Say two clips with a gap between them, let them end one after another, then be silenced."""
    heard: list[str] = []
    logging.getLogger("mpaka.screens.sound").addHandler(_Kept(heard))
    prepare(WindowSettings("lane10", Path(tempfile.mkdtemp(prefix="mpaka-kivy-")), offscreen=True))
    os.environ["SDL_AUDIODRIVER"] = driver
    speaker = import_module("kiosk.screens.sound").Loudspeaker(clip)
    order = []
    speaker.say((("en", "touched"), ("en", "not_recorded_yet"), ("en", "done")), 0.5)
    while speaker._playing is not None and len(order) < 9:
        order.append(Path(speaker._playing.source).stem)
        speaker._playing.stop()
    speaker.say((("en", "please_look"),), 0.5)
    began = speaker._playing is not None
    speaker.say((), 0.5)
    speaker.sign(Sign.DONE, 1.0)
    return {"order": order, "began": began, "silent": speaker._playing is None, "log": heard}


class _Kept(logging.Handler):
    """Keeps what is logged."""

    def __init__(self, heard: list[str]) -> None:
        super().__init__()
        self._heard = heard

    def emit(self, record: logging.LogRecord) -> None:
        """Keep one line."""
        self._heard.append(record.getMessage())


if __name__ == "__main__":
    print(json.dumps(main(sys.argv[1])))
