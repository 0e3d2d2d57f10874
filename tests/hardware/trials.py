"""In the guest: the acceptance trial of `mpaka check --device NAME`, with devices that the kernel plays and a hand that does what is asked for.

python -m tests.hardware.trials serial|wedge|usblp|libusb|finger|camera ...: one after the other. Prints the reports and, a JSON line each, what became of each step.
"""

import json
import os
import sys
import tempfile
import threading
from collections.abc import Callable
from datetime import date
from pathlib import Path
from typing import Protocol

import numpy as np

from drivers.attended import sentence
from drivers.bench import Deed
from drivers.contract import Kind
from drivers.formats.specimens import specimen
from drivers.simulated.faces import draw_face
from drivers.simulated.scene import Seen
from drivers.simulated.uru4000 import U4500, on_the_glass
from drivers.simulated.uru4000_model import Image, Uru4000Model, stream
from kiosk.diagnostics import trials
from kiosk.settings import DeviceSettings
from tests.hardware import camera, typed, usb_printer
from tests.hardware.ear import GIVE_UP_S
from tests.hardware.fingerprint import OnePicture
from tests.hardware.gadgets import SerialGadget, settle, start_udevd, step
from tests.hardware.reader_gadget import ReaderGadget
from tests.hardware.replugged import READER, Reader
from tests.hardware.vivid import Vivid

ZONE = specimen("adult", date(2026, 11, 24)).lines


class OnTrial(Protocol):
    """A device in the laboratory, plugged in."""

    kind: Kind
    settings: DeviceSettings

    def lay(self) -> None:
        """What the device works on is laid down."""

    def take(self) -> None:
        """And taken away."""

    def pull(self) -> None:
        """The plug."""

    def plug(self) -> None:
        """The plug again."""


class Serial:
    """An ID BOX on USB-CDC."""

    kind = Kind.PASSPORT_READER
    settings = DeviceSettings(driver="elyctis", settings={"usb": READER})

    def __init__(self, folder: Path) -> None:
        self._gadget, self._seen = SerialGadget(READER), Seen()
        self.pull, self.plug = self._gadget.pull, self._gadget.plug
        self.plug()
        self._reader = Reader(self._gadget, lambda: self._seen)

    def lay(self) -> None:
        self._seen = Seen(laid=self._seen.laid + 1, lines=ZONE)

    def take(self) -> None:
        self._seen = Seen(laid=self._seen.laid + 1)


class Wedge:
    """A reader that types; its layout was proven before."""

    kind = Kind.PASSPORT_READER

    def __init__(self, folder: Path) -> None:
        self._gadget = typed.WedgeGadget()
        self.pull, self.plug = self._gadget.pull, self._gadget.plug
        self.plug()
        typed.wait_for_keyboard()
        typed.opened_proving(self._gadget, folder, "de").close()
        self.settings = DeviceSettings(driver="wedge", settings={"usb": typed.USB, "proofs": str(folder)})

    def lay(self) -> None:
        threading.Thread(target=self._gadget.type, args=(ZONE, "de"), daemon=True).start()

    def take(self) -> None:
        pass


class Printer:
    """A receipt printer; nobody lays anything on it."""

    kind = Kind.RECEIPT_PRINTER

    def __init__(self, wire: str, folder: Path) -> None:
        post = usb_printer.Post(wire, folder)
        self.settings = DeviceSettings(driver="escpos", settings={**post.settings, "jobs": ""})
        self.pull, self.plug = post.pull, post.plug
        self.plug()

    def lay(self) -> None:
        raise AssertionError("nothing is laid on a printer")

    take = lay


class Fingers:
    """A U.are.U 4500 through libusb."""

    kind = Kind.FINGERPRINT_SCANNER
    settings = DeviceSettings(driver="uru4000")

    def __init__(self, folder: Path) -> None:
        self._finger: Image | None = None
        self._next = on_the_glass(5)
        for key in Uru4000Model(U4500, lambda: None).keys:
            # the guest is slow: the scrambling is made before
            stream(key)
        gadget = ReaderGadget(lambda: OnePicture(U4500, lambda: self._finger))
        self.pull, self.plug = gadget.pull, gadget.plug
        self.plug()

    def lay(self) -> None:
        self._finger = self._next.copy()

    def take(self) -> None:
        self._finger = None


class Camera:
    """A camera of the kernel's, in the dark until somebody stands before it."""

    kind = Kind.FACE_CAMERA
    settings = DeviceSettings(driver="face-camera", settings={"source": camera.NAME, "format": "YUYV"})

    def __init__(self, folder: Path) -> None:
        self._camera = Vivid(Path(os.environ["MPAKA_LAB_MODULES"]))
        self.pull, self.plug = self._camera.pull, self._camera.plug
        settle()

    def lay(self) -> None:
        self._camera.show(draw_face(1))

    def take(self) -> None:
        self._camera.show(np.zeros_like(camera.GREY))


MADE: dict[str, Callable[[Path], OnTrial]] = {
    "serial": Serial,
    "wedge": Wedge,
    "usblp": lambda folder: Printer("usblp", folder),
    "libusb": lambda folder: Printer("libusb", folder),
    "finger": Fingers,
    "camera": Camera,
}


class Hand:
    """Does what the trial asks a person for, once each time."""

    def __init__(self, device: OnTrial) -> None:
        deeds = {Deed.LAY_DOWN: device.lay, Deed.TAKE_AWAY: device.take, Deed.PULL: device.pull, Deed.PLUG_IN: device.plug}
        # of a printer nothing is asked but its plug
        self._deeds = {asked: (deed, do) for deed, do in deeds.items() if (asked := sentence(device.kind, deed))}
        self._asked, self._done = "", False

    def say(self, line: str) -> None:
        """A line of the report, or a question."""
        step(line)
        asked = next((text for text in self._deeds if line.startswith(f"▲ {text}")), "")
        if asked and asked != self._asked:
            deed, do = self._deeds[asked]
            do()
            # taking away ends when the person says so, the others when the device notices
            self._done = deed is Deed.TAKE_AWAY
        self._asked = asked

    def reply(self) -> bool | None:
        """What the person says."""
        done, self._done = self._done, False
        return done or None


def run(device: OnTrial) -> dict[str, list[str]]:
    """The whole trial: what became of each step."""
    hand = Hand(device)
    trials.PATIENCE_S = GIVE_UP_S
    done = trials.try_device(device.kind, device.settings, hand.say, hand.reply)
    step(trials.verdict(done))
    return {one.name: [one.outcome, one.said] for one in done.steps}


def main() -> None:
    camera.name_cameras()
    start_udevd()
    for name in sys.argv[1:]:
        with tempfile.TemporaryDirectory() as folder:
            device = MADE[name](Path(folder))
            print("MEASURED", json.dumps([name, run(device)]), flush=True)
            # the next one hangs on the same port
            device.pull()


if __name__ == "__main__":
    main()
