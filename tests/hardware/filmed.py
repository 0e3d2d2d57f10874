"""In the guest: a V4L2 camera (the kernel's vivid) behind our driver: settings, a lost frame, unplugged, back. Prints JSON lines.

python -m tests.hardware.filmed
"""

import fcntl
import json
import os
import queue
import struct
import tempfile
import time
from pathlib import Path

from drivers.contract import Kind, TestDone, TestYourself
from drivers.frame_source import Capture
from kiosk.devices import Back, Device, Lost, Told
from tests.hardware.replugged import Ear, heard

NODE, BUS = "/dev/video0", Path("/sys/bus/platform/drivers/vivid")
QUERY, PRESS, NEXT = 0xC0445624, 0xC008561C, 0x80000000
"""VIDIOC_QUERYCTRL, VIDIOC_S_CTRL, V4L2_CTRL_FLAG_NEXT_CTRL (videodev2.h)."""
FRAMES = 12


def control(fd: int, name: bytes) -> int:
    """The id of a control with this in its name."""
    number = 0
    while True:
        asked = bytearray(struct.pack("=II32siiiiI8x", number | NEXT, 0, b"", 0, 0, 0, 0, 0))
        fcntl.ioctl(fd, QUERY, asked)
        number, _, called = struct.unpack_from("=II32s", asked)
        if name in called:
            return int(number)


def loses_frames() -> dict[str, object]:
    """Frames through OpenCV while the camera makes errors, as often as they are ordered."""
    camera = Capture(NODE, {"format": "YUYV", "width": 640, "height": 360, "exposure": 156})
    fd = os.open(NODE, os.O_RDWR)
    error = control(fd, b"V4L2_BUF_FLAG_ERROR")
    shapes = set()
    for at in range(FRAMES):
        if at % 4 == 2:
            fcntl.ioctl(fd, PRESS, bytearray(struct.pack("=Ii", error, 1)))
        shapes.add(camera.read().shape)
    os.close(fd)
    camera.close()
    return {"shapes": sorted(shapes), "lost": camera.frames_lost, "refused": camera.refused}


def replugged() -> dict[str, object]:
    """Behind a lane's own device process."""
    ear, told = Ear(subsystem="video4linux"), queue.Queue[tuple[float, Told]]()
    with tempfile.TemporaryDirectory() as runtime:
        settings = {"source": NODE, "format": "YUYV", "width": 640, "height": 480}
        device = Device(Kind.FACE_CAMERA, "face-camera", settings, Path(runtime), lambda one: told.put((time.monotonic(), one)))
        device.start()
        _, back = heard(told, lambda word: isinstance(word, Back))
        began = time.monotonic()
        (BUS / "unbind").write_text("vivid.0")
        lost_at, _ = heard(told, lambda word: isinstance(word, Lost))
        removed = ear.at("remove", began)
        plugged = time.monotonic()
        (BUS / "bind").write_text("vivid.0")
        back_at, _ = heard(told, lambda word: isinstance(word, Back))
        added = ear.at("add", plugged)
        device.order(1, TestYourself(), 30.0)
        _, answered = heard(told, lambda word: isinstance(getattr(word, "answer", None), TestDone))
        device.close()
    return {
        "identity": getattr(back, "identity", ""),
        "test": getattr(answered, "answer").findings[0],  # noqa: B009
        "lost_after_event_ms": round(1000 * (lost_at - removed)),
        "back_after_event_ms": round(1000 * (back_at - added)),
    }


def main() -> None:
    print("FRAMES", json.dumps(loses_frames()), flush=True)
    print("PLUG", json.dumps(replugged()), flush=True)


if __name__ == "__main__":
    main()
