"""In the guest: a real /dev/video node behind a lane's own device process. Prints what it measured.

python -m tests.hardware.camera CYCLES. The camera is no USB device: its name is given by a udev rule of the laboratory's, as a technician would write one.
"""

import json
import os
import queue
import sys
import tempfile
import time
from pathlib import Path

from drivers.contract import Answered, CaptureFace, FaceCaptured, FrameSeen, Hint, Kind, TestDone, TestYourself
from drivers.simulated.faces import draw_face
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.ear import Ear, heard
from tests.hardware.gadgets import settle, start_udevd, step
from tests.hardware.vivid import Vivid

RULE = 'SUBSYSTEM=="video4linux", ATTR{name}=="*-vid-cap", SYMLINK+="mpaka/face_camera"\n'
NAME = "/dev/mpaka/face_camera"
SETTINGS = {"source": NAME, "format": "YUYV", "width": 720, "height": 576, "exposure": 300, "focus": "auto"}


class Post:
    """The camera and the lane's process for it."""

    def __init__(self, camera: Vivid, folder: Path) -> None:
        self.camera, self.told, self._ticket, self._ear = camera, queue.Queue[tuple[float, Told]](), 0, Ear("video4linux")
        self.device = Device(Kind.FACE_CAMERA, "face-camera", SETTINGS, folder, lambda one: self.told.put((time.monotonic(), one)))
        self.device.start()
        _, word = heard(self.told, Back)
        assert isinstance(word, Back)
        self.identity = word.identity

    def portrait(self) -> dict[str, object]:
        """A portrait of who stands there; the live pictures come through the ring."""
        self._ticket += 1
        began = time.monotonic()
        self.device.order(self._ticket, CaptureFace(), 60.0)
        live = list[Hint]()
        while True:
            _, one = self.told.get(timeout=90.0)
            if isinstance(one.word, FrameSeen) and one.image is not None:
                live.append(one.word.hint)
            elif isinstance(one.word, Answered):
                good = isinstance(one.word.answer, FaceCaptured) and one.image is not None
                return {"taken": good, "live": len(live), "took_s": round(time.monotonic() - began, 1)}

    def test(self) -> list[str]:
        """What its own test finds."""
        self._ticket += 1
        self.device.order(self._ticket, TestYourself(), 30.0)
        _, word = heard(self.told, Answered)
        assert isinstance(word, Answered) and isinstance(word.answer, TestDone), word
        return list(word.answer.findings)

    def cycle(self, *, watching: bool) -> dict[str, object]:
        """Pulled, at rest or while somebody is looked at, and back under another name."""
        if watching:
            self._ticket += 1
            self.device.order(self._ticket, CaptureFace(), 60.0)
            heard(self.told, FrameSeen)
        before, pulled = self.camera.node(), time.monotonic()
        self.camera.pull()
        lost, word = heard(self.told, Lost)
        step(str(word))
        removed, plugged = self._ear.at("remove", pulled), time.monotonic()
        self.camera.plug()
        back, _ = heard(self.told, Back)
        return {
            "watching": watching,
            "before": before,
            "after": self.camera.node(),
            "lost_ms": round(1000 * (lost - pulled)),
            "lost_after_event_ms": round(1000 * (lost - removed)),
            "back_ms": round(1000 * (back - plugged)),
        }


def main() -> None:
    cycles = int(sys.argv[1])
    Path("/etc/udev/rules.d").mkdir(parents=True, exist_ok=True)
    Path("/etc/udev/rules.d/61-laboratory.rules").write_text(RULE)
    start_udevd()
    camera = Vivid(Path(os.environ["MPAKA_LAB_MODULES"]))
    settle()
    step(f"{camera.node()} is {Path(NAME).resolve()}")
    with tempfile.TemporaryDirectory() as folder:
        post = Post(camera, Path(folder))
        step(post.identity)
        measured: dict[str, object] = {"identity": post.identity, "test": post.test()}
        camera.show(draw_face(1))
        measured["portrait"] = post.portrait()
        step(str(measured))
        measured["cycles"] = [post.cycle(watching=number % 2 == 1) for number in range(cycles)]
        camera.show(draw_face(2))
        measured["portrait_after"] = post.portrait()
        post.device.close()
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
