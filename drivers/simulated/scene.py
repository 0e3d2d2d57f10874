"""What is in front of the simulated devices: people and tests write it, the devices look at it. One small JSON file a device in a folder.

scene = Scene(folder)
scene.put("passport_reader", lines=["P<UTO...", "L898902C3..."])      # laid on the reader
scene.put("passport_reader", fault="unplug")                           # the plug is pulled; fault="" puts it back
"""

import json
import os
from dataclasses import asdict, dataclass, field, replace
from pathlib import Path
from typing import Any

_NOBODY_WROTE = -1


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
    _looked: dict[str, tuple[int, Seen]] = field(default_factory=dict)

    def put(self, device: str, **changes: Any) -> None:
        """Change what this device sees. Raises TypeError for something that is not there to be seen."""
        before = self.read(device)
        # a fault is nothing that is laid down: the document under it stays the same one
        laid = before.laid + (changes.keys() != {"fault"})
        self._write(f"{device}.json", asdict(replace(before, **changes, laid=laid)))

    def show(self, device: str, shown: dict[str, str]) -> None:
        """What the device itself shows to whoever stands before it: a lamp, a barrier."""
        self._write(f"{device}.shown.json", shown)

    def shown(self, device: str) -> dict[str, str]:
        """What the device showed last; nothing where it has shown nothing yet."""
        try:
            values: dict[str, str] = json.loads((self.folder / f"{device}.shown.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return {}
        return values

    def _write(self, name: str, values: dict[str, Any]) -> None:
        self.folder.mkdir(parents=True, exist_ok=True)
        new = self.folder / f".{name}.{os.getpid()}"
        new.write_text(json.dumps(values), encoding="utf-8")
        new.replace(self.folder / name)

    def look(self, device: str) -> Seen:
        """What this device sees now. Cheap: the file is read only when it is another than the last time."""
        try:
            changed = (self.folder / f"{device}.json").stat()
            stamp = changed.st_mtime_ns ^ changed.st_ino
        except FileNotFoundError:
            stamp = _NOBODY_WROTE
        at, seen = self._looked.get(device, (_NOBODY_WROTE, Seen()))
        if stamp != at:
            seen = self.read(device)
            self._looked[device] = (stamp, seen)
        return seen

    def read(self, device: str) -> Seen:
        """What this device sees now, from the file; nothing where nobody has put anything."""
        try:
            values = json.loads((self.folder / f"{device}.json").read_text(encoding="utf-8"))
        except FileNotFoundError:
            return Seen()
        return Seen(**{**values, "lines": tuple(values["lines"])})
