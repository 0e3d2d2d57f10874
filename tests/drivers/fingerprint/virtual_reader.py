"""libfprint's own virtual image device with a finger on it: its socket is played from a scene, so that the trial and the tests lay fingers down.

It takes two numbers of 32 bits, width and height, and the pixels; a negative first number is a command: -1 a retry, -2 an error, -3 whether the finger's coming
and going are ours to say, -4 that it comes or goes, -5 the device is pulled. Facts: libfprint's own tests of it.
"""

import shutil
import socket
import struct
import subprocess
import threading
import time
from pathlib import Path
from types import TracebackType
from typing import Any, Self

import numpy as np
import pytest
from numpy.typing import NDArray

from drivers.fingerprint.libfprint import PYTHON, LibfprintScanner
from drivers.simulated.ridges import draw
from drivers.simulated.scene import Scene
from firmware_bridge.wire import WireLost

DEVICE, DRIVER = "fingerprint_scanner", "virtual_image"
RETRY, ERROR, BY_HAND, FINGER, PULLED = -1, -2, -3, -4, -5
LOOK_S, TOUCH_S = 0.05, 0.3
ASK = "import gi; gi.require_version('FPrint', '2.0'); from gi.repository import FPrint; c = FPrint.Context(); c.enumerate(); print(c.get_devices()[0])"


def missing() -> str:
    """Why libfprint cannot be tried here; empty where it can."""
    if shutil.which(PYTHON) is None:
        return f"there is no {PYTHON}"
    asked = [PYTHON, "-I", "-c", ASK]
    done = subprocess.run(asked, capture_output=True, check=False, env={"FP_VIRTUAL_IMAGE": "/tmp/none"}, timeout=60)
    return "" if done.returncode == 0 else "libfprint with its virtual device is not installed (python3-gi gir1.2-fprint-2.0)"


WHY = missing()
needs_libfprint = pytest.mark.skipif(bool(WHY), reason=WHY or "libfprint is there")


class OnVirtual(LibfprintScanner):
    """The driver on the virtual device, which is on no USB port. Out while the scene says so."""

    def __init__(self, scene: Scene, runtime: Path, **settings: Any) -> None:
        super().__init__({"usb": "0000:0001", "ppi": 500, "swipe": True, "runtime": str(runtime), **settings})
        self._scene = scene

    def _which(self) -> list[str]:
        if self._scene.look(DEVICE).fault:
            raise WireLost("0000:0001 is not plugged in")
        return ["--driver", DRIVER]


class VirtualReader:
    """Lays down what the scene has, again and again as long as it lies there: the device sees only what comes while it looks."""

    def __init__(self, scene: Scene, path: Path) -> None:
        self._scene, self._path = scene, path
        self._line: socket.socket | None = None
        self._over = threading.Event()
        self._hand = threading.Thread(target=self._play, daemon=True)

    def __enter__(self) -> Self:
        self._hand.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, value: BaseException | None, trace: TracebackType | None) -> None:
        self._over.set()
        self._hand.join()
        if self._line is not None:
            self._line.close()

    def _play(self) -> None:
        again = 0.0
        while not self._over.wait(LOOK_S):
            seen = self._scene.look(DEVICE)
            if seen.fault:
                self._send(struct.pack("=ii", PULLED, 0))
            elif seen.finger is not None and time.monotonic() >= again:
                self._send(picture(draw(seen.finger)))
                again = time.monotonic() + TOUCH_S

    def _send(self, data: bytes) -> None:
        try:
            if self._line is None:
                self._line = connected(self._path)
            self._line.sendall(data)
        except OSError:
            # nobody has it open
            if self._line is not None:
                self._line.close()
            self._line = None


def connected(path: Path) -> socket.socket:
    """A line to the device. Raises OSError while nobody has it open."""
    line = socket.socket(socket.AF_UNIX)
    try:
        line.connect(str(path))
    except OSError:
        line.close()
        raise
    return line


def picture(image: NDArray[np.uint8]) -> bytes:
    """A finger, (height, width), as the device takes it."""
    return struct.pack("=ii", image.shape[1], image.shape[0]) + image.tobytes()
