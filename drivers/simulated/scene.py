"""What is in front of the simulated devices: people and tests write it, the devices look at it. One small JSON file a device in a folder.

scene = Scene(folder)
scene.put("passport_reader", lines=["P<UTO...", "L898902C3..."])      # laid on the reader
scene.put("passport_reader", fault="unplug")                           # the plug is pulled; fault="" puts it back
"""

import json
import os
import time
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

LOOK_S = 0.03


@dataclass(frozen=True)
class Seen:
    """What lies or stands there. `laid` rises with each change, so that the same document laid again is told from one left lying.

    `lines` a zone on the reader, `image` a picture file before a camera, `finger` the seed of the ridges on the glass, `present` somebody at
    the lane, `paper` what the printer's paper is like. `fault` is a fault script: see `faults.py`.
    """

    laid: int = 0
    lines: tuple[str, ...] = ()
    image: str = ""
    finger: int | None = None
    present: bool = False
    paper: str = "ok"
    fault: str = ""


@dataclass
class Scene:
    """The folder with one file a device. Written whole and put in place at once, so that nobody reads half of it."""

    folder: Path
    _looked: dict[str, tuple[float, Seen]] = field(default_factory=dict)

    def put(self, device: str, **changes: Any) -> None:
        """Change what this device sees. Raises TypeError for something that is not there to be seen."""
        before = self.read(device)
        now = Seen(**{**{name: getattr(before, name) for name in Seen.__dataclass_fields__}, **changes, "laid": before.laid + 1})
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f".{device}.{os.getpid()}"
        new.write_text(json.dumps({name: getattr(now, name) for name in Seen.__dataclass_fields__}), encoding="utf-8")
        new.replace(self.folder / f"{device}.json")

    def look(self, device: str) -> Seen:
        """What this device sees now; looked at afresh about thirty times a second."""
        at, seen = self._looked.get(device, (-1.0, Seen()))
        if time.monotonic() - at >= LOOK_S:
            seen = self.read(device)
            self._looked[device] = (time.monotonic(), seen)
        return seen

    def read(self, device: str) -> Seen:
        """What this device sees now, from the file; nothing where nobody has put anything."""
        try:
            values = json.loads((self.folder / f"{device}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Seen()
        return Seen(**{**values, "lines": tuple(values["lines"])})
