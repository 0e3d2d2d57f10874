"""Readers whose traffic was recorded, and their drivers as a recording needs them: `python -m tests.drivers.fingerprint.replayed READER PICTURE`.

Run under `umockdev-run` (see `command`) this captures once through libusb, writes the picture and prints what came of it as JSON. A reader that is named
`libfprint-...` is reached through libfprint.
"""

import json
import os
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import cv2

from drivers.contract import CaptureFinger, Finger, FingerCaptured
from drivers.driver import DeviceAbsent, Driver
from drivers.fingerprint.libfprint import LibfprintScanner
from drivers.fingerprint.nb1010 import Nb1010Scanner
from drivers.fingerprint.scanner import take_all
from drivers.fingerprint.uru4000 import Uru4000Scanner
from drivers.simulated.usb_plug import Face, UsbPlug
from firmware_bridge.usb_wire import UsbWire
from tests.drivers.fingerprint.open_driver import OpenDriver
from tests.drivers.fingerprint.usb_recordings import RECORDINGS, RecordedReader, Turn, read_ioctls, read_recording, turns

RECORDED_SEED = 0x51EA2124
SECONDS = 2.0


class ReplayedUru4000(Uru4000Scanner):
    """With the seed of the recording, and no gate: what was recorded is no finger's pad. `plug`: a simulated one, else libusb."""

    def __init__(self, settings: dict[str, Any], plug: UsbPlug | None = None) -> None:
        super().__init__(settings)
        self._taking.judge = take_all
        self._backend = plug

    def _plug(self) -> UsbWire:
        return UsbWire(self._place, self._backend)

    def _seed(self) -> int:
        return RECORDED_SEED


class ReplayedNb1010(Nb1010Scanner):
    """On a simulated plug, else libusb."""

    def __init__(self, settings: dict[str, Any], plug: UsbPlug | None = None) -> None:
        super().__init__({"low_resolution": True, **settings})
        self._taking.judge = take_all
        self._backend = plug

    def _plug(self) -> UsbWire:
        return UsbWire(self._place, self._backend)


class ReplayedLibfprint(LibfprintScanner):
    """No gate, and with the seed that libfprint itself takes for a recording."""

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({"low_resolution": True, "enlarged": True, **settings})
        self._taking.judge = take_all


@dataclass(frozen=True)
class Recorded:
    """One reader with a recording."""

    folder: str
    ids: tuple[int, int]
    face: Face
    driver: Callable[[dict[str, Any], UsbPlug | None], Driver]
    ppi: int

    def conversation(self) -> list[Turn]:
        """What was recorded."""
        place = RECORDINGS / self.folder
        if (place / "capture.ioctl").exists():
            return read_ioctls(place / "capture.ioctl")
        return turns(read_recording(place / "capture.pcapng")[1])

    def played(self, conversation: Sequence[Turn], *, strict: bool) -> RecordedReader:
        """The reader, played."""
        return RecordedReader(self.ids, self.face, conversation, strict=strict)


VENDORS_OWN = (0xFF, 0xFF, 0xFF)
READERS = {
    "uru4000": Recorded("uru4000-4500", (0x05BA, 0x000A), Face(0, 0, VENDORS_OWN, ((0x81, 3), (0x82, 2))), ReplayedUru4000, 512),
    "nb1010": Recorded("nb1010", (0x298D, 0x1010), Face(0, 0, (0, 0, 0), ((0x81, 3), (0x02, 2), (0x83, 2))), ReplayedNb1010, 385),
}

LIBFPRINT = "libfprint-"
BY_LIBFPRINT = {
    "uru4000": ("uru4000-4500", "05ba:000a", 512),
    "nb1010": ("nb1010", "298d:1010", 385),
    "aes3500": ("aes3500", "08ff:5731", 1000),
}
"""Recordings that libfprint made itself: folder, vendor and product, ppi of the picture. Those of the AES3500 are enlarged twofold."""


def folder_of(name: str) -> str:
    """The folder of a reader's recording."""
    return BY_LIBFPRINT[name.removeprefix(LIBFPRINT)][0] if name.startswith(LIBFPRINT) else READERS[name].folder


def driver_of(name: str, runtime: str) -> Driver:
    """The reader's driver, on libusb or through libfprint."""
    if not name.startswith(LIBFPRINT):
        return READERS[name].driver({}, None)
    _, usb, ppi = BY_LIBFPRINT[name.removeprefix(LIBFPRINT)]
    return ReplayedLibfprint({"usb": usb, "ppi": ppi, "runtime": runtime})


def command(name: str, picture: Path, capture: Path | None = None) -> list[str]:
    """The command line that replays a recording, or an altered capture file of it, into the driver."""
    place = RECORDINGS / folder_of(name)
    return [*replaying(name, capture or next(place.glob("capture.[ip]*"))), sys.executable, "-m", __name__, name, str(picture)]


def replaying(name: str, capture: Path) -> list[str]:
    """umockdev-run for this capture file; the program follows."""
    device = RECORDINGS / folder_of(name) / "device"
    if capture.suffix == ".ioctl":
        option = ["-i", f"{capture.read_text().split()[1]}={capture}"]
    else:
        option = ["-p", f"/sys{device.read_text().splitlines()[0].removeprefix('P: ')}={capture}"]
    return ["umockdev-run", "-d", str(device), *option, "--"]


def main(arguments: list[str]) -> int:
    """Capture once."""
    name, picture = arguments
    began, outcome, seconds, found = time.monotonic(), "gone", 0.0, {}
    os.environ["FP_DEVICE_EMULATION"] = "1"
    with tempfile.TemporaryDirectory() as place:
        try:
            with OpenDriver(driver_of(name, place), Path(place)) as opened:
                answer = opened.order(CaptureFinger(Finger.RIGHT_THUMB), SECONDS)
                seconds, outcome, found = time.monotonic() - began, type(answer).__name__, {"identity": opened.identity}
                if isinstance(answer, FingerCaptured):
                    found["ppi"] = answer.ppi
                    cv2.imwrite(picture, opened.image(answer.picture))
        except DeviceAbsent as why:
            outcome = f"gone: {why}"
    print(json.dumps({"outcome": outcome, "seconds": seconds, **found}))
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
