"""In the guest: a real /dev/video node behind a lane's own device process. Prints what it measured.

python -m tests.hardware.camera CYCLES. The camera is no USB device: its name is given by a udev rule of the laboratory's, as a technician would write one.
"""

import json
import os
import queue
import sys
import tempfile
import threading
import time
from pathlib import Path

import numpy as np

from drivers.contract import Answered, CaptureFace, FaceCaptured, FrameSeen, Kind, TestDone, TestYourself
from drivers.driver import DeviceAbsent
from drivers.frame_source import Capture
from drivers.simulated.faces import draw_face
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.ear import GIVE_UP_S, Ear, heard
from tests.hardware.gadgets import settle, start_udevd, step
from tests.hardware.vivid import Vivid

RULE = 'SUBSYSTEM=="video4linux", ATTR{name}=="*-vid-cap", SYMLINK+="mpaka/face_camera"\n'
NAME = "/dev/mpaka/face_camera"
SETTINGS = {"source": NAME, "format": "YUYV", "width": 720, "height": 576, "exposure": 300, "focus": "auto"}

DROPPED, SOME = "Percentage of Dropped Buffers", 50
STOPPED = "Inject Fatal Streaming Error"
GO_ON = (DROPPED, "Inject V4L2_BUF_FLAG_ERROR", "Inject VIDIOC_QBUF Error")
BREAK = ((STOPPED,), ("Inject VIDIOC_REQBUFS Error", STOPPED), ("Inject VIDIOC_STREAMON Error", STOPPED), (DROPPED,), ("Disconnect",))
"""Faults that the kernel's camera makes of itself when told."""
WAITING_S = 0.5
GREY = np.full((576, 720, 3), 128, np.uint8)


class Post:
    """The camera and the lane's process for it."""

    def __init__(self, camera: Vivid, folder: Path) -> None:
        self.camera, self.told, self._ticket, self._ear = camera, queue.Queue[tuple[float, Told]](), 0, Ear("video4linux")
        self.device = Device(Kind.FACE_CAMERA, "face-camera", SETTINGS, folder, lambda one: self.told.put((time.monotonic(), one)))
        self.device.start()
        _, word = heard(self.told, Back)
        assert isinstance(word, Back)
        self.identity = word.identity

    def portrait(self, fault: str = "") -> dict[str, object]:
        """A portrait of who stands there, perhaps with a fault in its middle; the live pictures come through the ring."""
        began, live = time.monotonic(), 1
        self._look()
        if fault:
            self.camera.control(fault, SOME)
        while True:
            _, one = self.told.get(timeout=90.0)
            live += isinstance(one.word, FrameSeen) and one.image is not None
            if isinstance(one.word, Answered):
                good = isinstance(one.word.answer, FaceCaptured) and one.image is not None
                return {"taken": good, "live": live, "took_s": round(time.monotonic() - began, 1)}

    def test(self) -> list[str]:
        """What its own test finds."""
        self._ticket += 1
        self.device.order(self._ticket, TestYourself(), 30.0)
        _, word = heard(self.told, Answered)
        assert isinstance(word, Answered) and isinstance(word.answer, TestDone), word
        return list(word.answer.findings)

    def cycle(self, *, looking: bool) -> dict[str, object]:
        """Pulled at rest or while somebody is looked at, and back under another name. `look_ms`: how long the driver looks at one frame here."""
        first, second = (self._look(), heard(self.told, FrameSeen)[0]) if looking else (0.0, 0.0)
        before, pulled = self.camera.node(), time.monotonic()
        self.camera.pull()
        lost, word = heard(self.told, Lost)
        step(str(word))
        removed, plugged = self._ear.at("remove", pulled), time.monotonic()
        self.camera.plug()
        back, _ = heard(self.told, Back)
        return {
            "before": before,
            "after": self.camera.node(),
            "look_ms": round(1000 * (second - first)),
            "lost_ms": round(1000 * (lost - pulled)),
            "lost_after_event_ms": round(1000 * (lost - removed)),
            "back_ms": round(1000 * (back - plugged)),
        }

    def breaks(self, *faults: str) -> dict[str, object]:
        """A fault while somebody is looked at, after which the camera must be opened anew: the last one strikes, the others wait for the opening."""
        self._look()
        for fault in faults:
            self.camera.control(fault, 100)
        struck = time.monotonic()
        lost, word = heard(self.told, Lost)
        assert isinstance(word, Lost)
        ended = time.monotonic()
        if DROPPED in faults:
            self.camera.control(DROPPED, 0)
        back, _ = heard(self.told, Back)
        return {"said": word.reason, "lost_ms": round(1000 * (lost - struck)), "back_ms": round(1000 * (back - ended))}

    def _look(self) -> float:
        """Somebody is looked at, as long as no face is found; when the first frame was shown."""
        self._ticket += 1
        self.device.order(self._ticket, CaptureFace(), 60.0)
        return heard(self.told, FrameSeen)[0]


def lost_while_waiting_ms(camera: Vivid) -> float:
    """Pulled while the driver's source waits for a frame that does not come: until it says that the camera is gone."""
    source, gone = Capture(NAME, {}), queue.Queue[tuple[float, str]]()

    def watch() -> None:
        try:
            while True:
                source.read()
        except DeviceAbsent as why:
            gone.put((time.monotonic(), str(why)))

    source.read()
    camera.control(DROPPED, 100)
    threading.Thread(target=watch, daemon=True).start()
    # the frames that it has are read by then
    time.sleep(WAITING_S)
    pulled = time.monotonic()
    camera.pull()
    at, why = gone.get(timeout=GIVE_UP_S)
    assert "is not there any more" in why, why
    source.close()
    camera.plug()
    settle()
    return round(1000 * (at - pulled))


def name_cameras() -> None:
    """Before udevd is started."""
    Path("/etc/udev/rules.d").mkdir(parents=True, exist_ok=True)
    Path("/etc/udev/rules.d/61-laboratory.rules").write_text(RULE)


def main() -> None:
    cycles = int(sys.argv[1])
    name_cameras()
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
        camera.show(GREY)
        measured["at_rest"] = [post.cycle(looking=False) for _ in range(cycles)]
        measured["looking"] = [post.cycle(looking=True) for _ in range(cycles)]
        measured["faults"] = {" + ".join(faults): post.breaks(*faults) for faults in BREAK}
        step(str(measured["faults"]))
        camera.show(draw_face(2))
        measured["portrait_after"] = post.portrait()
        measured["portraits_in_spite_of"] = {fault: post.portrait(fault) for fault in GO_ON}
        post.device.close()
        measured["waiting_ms"] = [lost_while_waiting_ms(camera) for _ in range(cycles)]
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
