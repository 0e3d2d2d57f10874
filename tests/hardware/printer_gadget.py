"""A receipt printer that the guest's kernel plays to itself: usb_f_printer on dummy_hcd, our emulator's firmware at its own end. Root, in the guest."""

import contextlib
import os
import select
import time
from pathlib import Path

from tests.hardware.gadgets import LONG_ENOUGH_S, Gadget

OWN_END = Path("/dev/g_printer0")
WHOLE = 65536
"""More than one transfer: of one that was read in part when the plug is pulled, usb_f_printer (6.12) keeps what it has freed, and the kernel falls."""


class PrinterGadget(Gadget):
    """A USB printer, both ways (class 7, protocol 2). There is one: a second would have another own end."""

    def __init__(self, usb: str) -> None:
        super().__init__(usb, "printer", "printer.usb0", {"pnp_string": "MFG:Mpaka;MDL:Simulated;CLS:PRINTER;"})


class GadgetSocket:
    """The printer's end of the cable, as the emulator wants it."""

    path = ""

    def __init__(self) -> None:
        due = time.monotonic() + LONG_ENOUGH_S
        while (fd := _opened()) is None:
            assert time.monotonic() < due, "the machine did not configure the printer"
            time.sleep(0.01)
        self._fd, self._came = fd, b""

    def readable(self, wait_s: float) -> bool:
        return bool(self._came or select.select([self._fd], [], [], wait_s)[0])

    def read(self, most: int) -> bytes:
        if not self._came:
            with contextlib.suppress(BlockingIOError):
                self._came = os.read(self._fd, WHOLE)
        data, self._came = self._came[:most], self._came[most:]
        return data

    def write(self, data: bytes) -> None:
        while data:
            select.select([], [self._fd], [], 1.0)
            try:
                data = data[os.write(self._fd, data) :]
            except BlockingIOError:
                continue

    def close(self) -> None:
        os.close(self._fd)


def _opened() -> int | None:
    """Only once the machine has configured the device can its own end be opened."""
    try:
        return os.open(OWN_END, os.O_RDWR | os.O_NONBLOCK)
    except OSError:
        return None
