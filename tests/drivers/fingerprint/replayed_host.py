"""A host whose reader is a recording: `umockdev-run ... -- python -m tests.drivers.fingerprint.replayed_host FOLDER PICTURE [DRIVER SETTINGS]`.

Writes the picture it answers with. Without a driver of the catalogue it is ours for the U.are.U, with the seed of the recording and no gate.
"""

import json
import sys
from pathlib import Path
from typing import Any

from drivers.catalogue import GROUP
from drivers.contract import CaptureFinger, DeviceReady, Finger, FingerCaptured, FrameSeen
from tests.drivers.running_host import RunningHost


def main(folder: Path, picture: Path, driver: str = "replayed", settings: dict[str, Any] | None = None) -> None:
    """One capture."""
    installed = folder / "packages" / "replayed-1.0.dist-info"
    installed.mkdir(parents=True)
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: replayed\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\nreplayed = tests.drivers.fingerprint.replayed:ReplayedUru4000\n")
    with RunningHost(driver, settings or {}, folder, folder / "packages") as host:
        print(host.wait_for(DeviceReady).identity)
        ticket = host.order(CaptureFinger(Finger.RIGHT_THUMB))
        host.wait_for(FrameSeen)
        picture.write_bytes(host.take(host.answer(ticket, FingerCaptured).picture))


if __name__ == "__main__":
    main(Path(sys.argv[1]), Path(sys.argv[2]), *sys.argv[3:4], *map(json.loads, sys.argv[4:]))
