"""A model of a USB reader as a device that the guest's kernel plays to itself: FunctionFS on dummy_hcd. Root, in the guest only.

Source: the kernel's Documentation/usb/functionfs.rst and include/uapi/linux/usb/functionfs.h (descriptors of version 2, events of 12 bytes).
"""

import errno
import os
import struct
import subprocess
import threading
from collections.abc import Callable
from pathlib import Path

from drivers.simulated.usb_plug import Stall, UsbModel
from tests.hardware.gadgets import CONTROLLER, Gadget

DESCRIPTORS, STRINGS = 3, 2
FULL_SPEED, HIGH_SPEED, EVERY_RECIPIENT = 1, 2, 64
ENABLE, DISABLE, SETUP = 2, 3, 4
TICK_S = 0.005


class ReaderGadget(Gadget):
    """Plugged in and out at will; each plugging-in has a model of its own, since its power comes from the plug."""

    def __init__(self, made: Callable[[], UsbModel], name: str = "finger", controller: str = CONTROLLER) -> None:
        self._made, self._model, self._enabled = made, made(), threading.Event()
        vendor, product = self._model.ids
        super().__init__(f"{vendor:04x}:{product:04x}", name, f"ffs.{name}", {}, controller)
        self._files = Path(f"/dev/ffs-{name}")
        self._files.mkdir(exist_ok=True)
        subprocess.run(["mount", "-t", "functionfs", name, str(self._files)], check=True)
        self._control = os.open(self._files / "ep0", os.O_RDWR)
        self._describe()
        threading.Thread(target=self._serve, daemon=True).start()
        for number, (address, _) in enumerate(self._model.faces[0].endpoints, 1):
            fd = os.open(self._files / f"ep{number}", os.O_RDWR)
            threading.Thread(target=self._say, args=(fd, address), daemon=True).start()

    def plug(self) -> None:
        """Into the machine, as a new model."""
        self._model = self._made()
        super().plug()

    def _describe(self) -> None:
        face = self._model.faces[0]
        one = struct.pack("<BBBBBBBBB", 9, 4, 0, 0, len(face.endpoints), *face.codes, 0)
        speeds = b"".join(
            one
            + b"".join(struct.pack("<BBBBHB", 7, 5, address, kind, 64 if kind == 3 or slow else 512, 4) for address, kind in face.endpoints)
            for slow in (True, False)
        )
        count = 1 + len(face.endpoints)
        head = struct.pack("<IIIII", DESCRIPTORS, 20 + len(speeds), FULL_SPEED | HIGH_SPEED | EVERY_RECIPIENT, count, count)
        os.write(self._control, head + speeds)
        os.write(self._control, struct.pack("<IIII", STRINGS, 16, 0, 0))

    def _serve(self) -> None:
        while True:
            event = os.read(self._control, 12)
            if event[8] == ENABLE:
                self._enabled.set()
            elif event[8] == DISABLE:
                self._enabled.clear()
            elif event[8] == SETUP:
                self._asked(*struct.unpack("<BBHHH", event[:8]))

    def _asked(self, kind: int, request: int, value: int, index: int, length: int) -> None:
        inward = bool(kind & 0x80)
        try:
            data = b"" if inward else os.read(self._control, length)
            said = self._model.control((kind, request, value, index), data, length)
            if inward:
                os.write(self._control, said[:length])
        except Stall:
            # the other direction than the one that was asked for: the kernel stalls
            with_error = os.read if inward else os.write
            try:
                with_error(self._control, 0 if inward else b"")  # type: ignore[operator]
            except OSError as why:
                assert why.errno == errno.EL2HLT, why

    def _say(self, fd: int, endpoint: int) -> None:
        while True:
            self._enabled.wait()
            said = self._model.give(endpoint, 1 << 20)
            if said is None:
                threading.Event().wait(TICK_S)
                continue
            try:
                os.write(fd, said)
            except OSError:
                # unplugged while it was being fetched
                threading.Event().wait(TICK_S)
