"""What a finger costs: `python -m tests.benches.fingers [--trips 10]`.

The work on one picture (descrambling 384 by 290 pixels, judging where the finger lies, writing it as PNG, NFIQ 2 where it is installed); a finger laid on the
played U.are.U until the host's answer, and until the first live picture; and recorded readers, through libusb and through libfprint, where umockdev, the
recordings and libfprint are there.
The played reader sends a picture each 100 ms, looks at its glass fifty times a second, and scrambles in no time; hardware will not.
"""

import argparse
import json
import random
import shutil
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

from drivers.contract import CaptureFinger, DeviceReady, Finger, FingerCaptured, FrameSeen
from drivers.fingerprint.pictures import png
from drivers.fingerprint.placement import place
from drivers.fingerprint.quality import Quality
from drivers.fingerprint.uru4000_image import descrambled, read_image, upright
from drivers.simulated.scene import Scene
from drivers.simulated.uru4000 import U4500, on_the_glass
from drivers.simulated.uru4000_model import Uru4000Model
from tests.benches.figures import machine, spread, table
from tests.drivers.fingerprint.replayed import BY_LIBFPRINT, LIBFPRINT, READERS, command
from tests.drivers.fingerprint.usb_recordings import RECORDINGS
from tests.drivers.fingerprint.virtual_reader import WHY
from tests.drivers.running_host import RunningHost

DEVICE = "fingerprint_scanner"


def main(arguments: list[str]) -> int:
    """Measure and print."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--trips", type=int, default=10)
    chosen = parser.parse_args(arguments)
    print(machine())
    table("one picture of 384 by 290", _one_picture(chosen.trips))
    with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as folder:
        table("a finger on the played U.are.U, in its host", _laid(Path(folder), chosen.trips))
        table("recorded readers, through libusb or libfprint, opening to answer", _replayed(Path(folder), chosen.trips))
    return 0


def _one_picture(trips: int) -> dict[str, str]:
    model = Uru4000Model(U4500, lambda: on_the_glass(5))
    raw = model._picture(on_the_glass(5))
    image, quality = on_the_glass(5), Quality()
    work: dict[str, Callable[[], object]] = {
        "descrambled and turned upright": lambda: upright(descrambled(read_image(raw), model.keys[:1]), turned=True),
        "judged where the finger lies": lambda: place(image),
        "written as PNG": lambda: png(image),
    }
    if quality.installed:
        work["NFIQ 2"] = lambda: quality.score(image, 512)
    return {what: spread(_times(deed, trips), digits=1) for what, deed in work.items()}


def _times(deed: Callable[[], object], trips: int) -> list[float]:
    took = []
    for _ in range(trips):
        began = time.perf_counter()
        deed()
        took.append(time.perf_counter() - began)
    return took


def _laid(folder: Path, trips: int) -> dict[str, str]:
    scene, shown, taken = Scene(folder / "scene"), [], []
    with RunningHost("simulated-uru4000", {"scene": str(scene.folder)}, folder) as host:
        host.wait_for(DeviceReady)
        for trip in range(1 + trips):
            ticket = host.order(CaptureFinger(Finger.RIGHT_INDEX))
            # at any moment of the played reader's looks
            time.sleep(0.2 + random.uniform(0, 0.1))
            laid = time.monotonic()
            scene.put(DEVICE, finger=trip)
            host.wait_for(FrameSeen)
            shown.append(time.monotonic() - laid)
            host.answer(ticket, FingerCaptured)
            taken.append(time.monotonic() - laid)
            scene.put(DEVICE, finger=None)
    # the first trip loads what later ones have
    return {"laid to the first live picture": spread(shown[1:]), "laid to the answer with the picture": spread(taken[1:])}


def _replayed(folder: Path, trips: int) -> dict[str, str]:
    if shutil.which("umockdev-run") is None or not RECORDINGS.is_dir():
        return {"not measured": "umockdev or the recordings are not here"}
    rows = {}
    for name in [*READERS, *([] if WHY else [f"{LIBFPRINT}{name}" for name in BY_LIBFPRINT])]:
        took = []
        for _ in range(min(trips, 5)):
            done = subprocess.run(command(name, folder / "picture.png"), capture_output=True, text=True, check=True, timeout=60)
            took.append(float(json.loads(done.stdout)["seconds"]))
        rows[name] = spread(took)
    return rows


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
