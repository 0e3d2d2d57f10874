"""A simulated U.are.U 4500: the real driver on a simulated USB plug, with the reader played behind it."""

from pathlib import Path
from typing import Any

import numpy as np

from drivers.fingerprint.placement import Image
from drivers.fingerprint.uru4000 import Uru4000Scanner
from drivers.fingerprint.uru4000_image import HEIGHT, WIDTH
from drivers.simulated.faults import Troublemaker
from drivers.simulated.ridges import WIDTH as DRAWN
from drivers.simulated.ridges import draw
from drivers.simulated.scene import Scene
from drivers.simulated.troubled_usb import TroubledUsb
from drivers.simulated.uru4000_model import Uru4000Model
from drivers.simulated.usb_plug import UsbPlug
from firmware_bridge.usb_wire import UsbWire

DEVICE, U4500 = "fingerprint_scanner", (0x05BA, 0x000A)


def on_the_glass(seed: int) -> Image:
    """The finger of this seed as this reader's picture, (290, 384)."""
    whole = np.full((HEIGHT, WIDTH), 255, np.uint8)
    left = (WIDTH - DRAWN) // 2
    drawn = draw(seed)
    top = (len(drawn) - HEIGHT) // 2
    whole[:, left : left + DRAWN] = drawn[top : top + HEIGHT]
    return whole


class SimulatedUru4000(Uru4000Scanner):
    """Settings: `scene`, the folder of the scene."""

    name = "simulated-uru4000"

    def __init__(self, settings: dict[str, Any]) -> None:
        super().__init__({})
        self._scene, self._trouble = Scene(Path(settings["scene"])), Troublemaker()
        self._drawn: dict[int, Image] = {}

    def _plug(self) -> UsbWire:
        plug = UsbPlug()
        self._trouble.follow(self._scene.look(DEVICE).fault)
        if not self._trouble.unplugged:
            plug.plug(TroubledUsb(Uru4000Model(U4500, self._seen), self._scene, DEVICE, self._trouble))
        return UsbWire(self._place, plug)

    def _seen(self) -> Image | None:
        seen = self._scene.look(DEVICE)
        if seen.finger is None:
            return None
        if seen.laid not in self._drawn:
            self._drawn = {seen.laid: on_the_glass(seen.finger)}
        return self._drawn[seen.laid]
