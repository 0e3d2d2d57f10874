"""The tray of the demo played by hand: `python -m kiosk.demo.tray --scene D --pages D`. Touch a thing to put it there, again to take it away."""

import argparse
from importlib import import_module
from pathlib import Path

import cv2

from drivers.contract import Encoding
from drivers.simulated.scene import Scene
from kiosk.demo.people import CROSSINGS
from kiosk.private import Private
from kiosk.screens.window import WindowSettings, prepare
from kiosk.views.desk_parts import Photo, Still

FINGER, PLUG = "finger on the glass", "reader unplugged"


class Tray:
    """What lies where. A device holds one thing at a time."""

    def __init__(self, scene: Scene, pages: Path) -> None:
        members = [member for crossing in CROSSINGS for member in crossing.members]
        self.things = [("document", pages / f"{member.specimen}.png") for member in members]
        self.things += [("face", pages / f"face-{member.seed}.png") for member in members]
        self.things += [("finger", pages / f"face-{members[0].seed}.png"), ("plug", pages / f"{members[0].specimen}.png")]
        self._scene = scene
        self._there: dict[str, int] = {}

    def touched(self, number: int) -> frozenset[int]:
        """Put it there, or take it away; returns what lies there now."""
        kind, path = self.things[number]
        taken = self._there.get(kind) == number
        if taken:
            del self._there[kind]
        else:
            self._there[kind] = number
        match kind:
            case "document":
                lines = [] if taken else path.with_suffix(".txt").read_text(encoding="ascii").split()
                self._scene.put("passport_reader", lines=lines)
                self._scene.put("document_camera", image="" if taken else str(path))
            case "face":
                self._scene.put("face_camera", image="" if taken else str(path))
            case "finger":
                self._scene.put("fingerprint_scanner", finger=None if taken else number)
            case _:
                self._scene.put("passport_reader", fault="" if taken else "unplug")
        return frozenset(self._there.values())

    def caption(self, number: int) -> str:
        """What a thing is called."""
        kind, path = self.things[number]
        return {"finger": FINGER, "plug": PLUG}.get(kind, path.stem)


def _photo(path: Path, caption: str) -> Photo:
    picture = cv2.imread(str(path))
    if picture is None:
        return Photo(caption, None)
    height, width = picture.shape[:2]
    return Photo(caption, Private(Still(Encoding.PNG, width, height, Private(path.read_bytes()))))


def main() -> None:
    """Show the tray."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--scene", type=Path, required=True)
    parser.add_argument("--pages", type=Path, required=True)
    chosen = parser.parse_args()
    settings = WindowSettings("tray", chosen.scene.parent / "kivy-tray", cursor=True)
    prepare(settings)
    screens = import_module("kiosk.screens.tray")
    tray = Tray(Scene(chosen.scene), chosen.pages)
    things = tuple(screens.Thing(_photo(path, tray.caption(number)), number) for number, (_, path) in enumerate(tray.things))
    screens.TrayWindow(settings.measures, things, tray.touched).run()


if __name__ == "__main__":
    main()
