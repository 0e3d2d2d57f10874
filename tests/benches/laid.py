"""How soon a document laid before a camera is read: `python -m tests.benches.laid [--count 24] [--level L2] [--rate 15]`. Needs OCR-B.

Captures of a kiosk's camera (the validation seed and cuts of the bench of zones) slide in for a third of a second, blurred by their
motion, and then lie still under fresh noise. They come as JPEG frames over a socket, so many a second, to the host of the driver as a
lane runs it. Told is the time from the first still frame to the host's answer, for which two frames must agree.
"""

import argparse
import socket
import sys
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
from numpy.typing import NDArray

from drivers.contract import Answered, DeviceReady, DocumentRead, ReadDocument
from drivers.formats.layouts import Format
from drivers.passport.zone.training import glyphs
from drivers.passport.zone.training.captures import LEVELS, Capture, capture
from tests.benches.figures import machine, spread, table
from tests.benches.mrz import VALIDATION_SEED
from tests.drivers.running_host import RunningHost

SLIDES, STILLS = 5, 6  # frames
WAITED_S = 4.0
FRAME = (1280, 960)


class Filmed:
    """A camera at a socket: sends the frames of one document after the other at a steady pace, the last ones over and over."""

    def __init__(self, path: Path, rate: float) -> None:
        self._server = socket.socket(socket.AF_UNIX)
        self._server.bind(str(path))
        self._server.listen(1)
        self._pause_s, self._ending, self._fresh = 1 / rate, threading.Event(), threading.Event()
        self._frames: list[bytes] = []
        self.still_at = 0.0
        self._thread = threading.Thread(target=self._film, daemon=True)

    def lay(self, frames: list[bytes]) -> None:
        """Show these from now on; the last STILLS of them lie still."""
        self._frames = frames
        self.still_at = 0.0
        self._fresh.set()

    def start(self) -> None:
        """Wait for the driver and film."""
        self._thread.start()

    def close(self) -> None:
        """Hang up."""
        self._ending.set()
        self._thread.join()
        self._server.close()

    def _film(self) -> None:
        client, due, at = self._server.accept()[0], time.monotonic(), 0
        with client:
            while not self._ending.is_set():
                if self._fresh.is_set():
                    self._fresh.clear()
                    at = 0
                if at == len(self._frames) - STILLS and not self.still_at:
                    self.still_at = time.monotonic()
                try:
                    client.sendall(self._frames[at])
                except OSError:
                    return
                at = at + 1 if at + 1 < len(self._frames) else at - STILLS + 1
                due += self._pause_s
                self._ending.wait(max(0.0, due - time.monotonic()))


def _coded(picture: NDArray[np.float32]) -> bytes:
    colour = cv2.cvtColor(np.clip(picture, 0, 255).astype(np.uint8), cv2.COLOR_GRAY2BGR)
    return bytes(cv2.imencode(".jpg", colour, [cv2.IMWRITE_JPEG_QUALITY, 88])[1])


def _film_of(taken: Capture, rng: np.random.Generator) -> list[bytes]:
    """An empty desk, the document sliding in, and lying still."""
    page = taken.picture.astype(np.float32)
    ground = np.full(page.shape, float(np.median(page[:8])), np.float32)

    def noisy(picture: NDArray[np.float32]) -> bytes:
        return _coded(picture + 2 * rng.standard_normal(picture.shape, dtype=np.float32))

    way = float(rng.choice([-1, 1])) * 0.6 * page.shape[1]
    frames = [noisy(ground) for _ in range(3)]
    for at in range(SLIDES):
        off = way * (1 - (at + 0.5) / SLIDES) ** 2
        shifted = cv2.warpAffine(page, np.array([[1, 0, off], [0, 1, 0]]), page.shape[::-1], borderValue=float(ground[0, 0]))
        smear = max(1, round(abs(off) * 0.25))
        frames.append(noisy(np.asarray(cv2.blur(shifted, (smear, 1)), np.float32)))
    return frames + [noisy(page) for _ in range(STILLS)]


def _laid(host: RunningHost, camera: Filmed, captures: list[Capture]) -> Iterator[tuple[float, bool]]:
    """For each document: seconds from lying still to the answer, and whether it is right; infinite where there is none."""
    rng = np.random.default_rng(1)
    for taken in captures:
        camera.lay(_film_of(taken, rng))
        host.order(ReadDocument(), WAITED_S)
        answer = host.wait_for(Answered).answer
        spent = time.monotonic() - camera.still_at
        yield (spent, answer.lines == taken.lines) if isinstance(answer, DocumentRead) else (np.inf, False)


def main(arguments: list[str]) -> int:
    """Measure and print."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("--count", type=int, default=24, help="documents that are laid down")
    asked.add_argument("--level", choices=LEVELS, default="L2", help="how they lie and look")
    asked.add_argument("--rate", type=float, default=15, help="frames a second")
    options = asked.parse_args(arguments)
    faces, kinds = glyphs.faces(kept_back=True), list(Format)
    captures = [
        capture(VALIDATION_SEED, at, LEVELS[options.level], faces, kinds[at % len(kinds)], FRAME, kept_back=True)
        for at in range(options.count)
    ]
    print(machine())
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as place:
        folder = Path(place)
        camera = Filmed(folder / "camera", options.rate)
        camera.lay([_coded(np.full(FRAME[::-1], 120, np.float32))] * (STILLS + 1))
        camera.start()
        with RunningHost("document-camera", {"source": f"unix:{folder / 'camera'}"}, folder) as host:
            host.wait_for(DeviceReady)
            found = list(_laid(host, camera, captures))
        camera.close()
    times = [spent for spent, _ in found if np.isfinite(spent)]
    rows = {
        "documents laid down": f"{len(found)}",
        "read": f"{len(times)}, {sum(right for _, right in found)} of them right in every character",
        "lying still to the answer": spread(times) if times else "-",
        "within half a second": f"{sum(spent <= 0.5 for spent in times) / len(found):.2f} of all",
    }
    table(f"{options.level}, {options.rate:.0f} frames a second", rows)
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
