"""A receipt printer that the guest's kernel plays to itself: usb_f_printer on dummy_hcd, our emulator's firmware at its own end. Root, in the guest."""

import os
import select
import time
from pathlib import Path

from tests.hardware.gadgets import CONFIG, CONTROLLER

OWN_END = Path("/dev/g_printer0")
LONG_ENOUGH_S = 30.0


class PrinterGadget:
    """A USB printer, both ways (class 7, protocol 2). There is one: a second would have another own end."""

    def __init__(self, usb: str) -> None:
        vendor, product = usb.split(":")
        self._folder = CONFIG / "usb_gadget/printer"
        if self._folder.exists():
            return
        for part in ("strings/0x409", "configs/c.1", "functions/printer.usb0"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "idVendor").write_text(f"0x{vendor}")
        (self._folder / "idProduct").write_text(f"0x{product}")
        (self._folder / "functions/printer.usb0/pnp_string").write_text("MFG:Mpaka;MDL:Simulated;CLS:PRINTER;")
        (self._folder / "configs/c.1/printer.usb0").symlink_to(self._folder / "functions/printer.usb0")

    def plug(self) -> None:
        """Into the machine."""
        (self._folder / "UDC").write_text(CONTROLLER)

    def pull(self) -> None:
        """Out: nodes vanish, descriptors go dead."""
        (self._folder / "UDC").write_text("\n")


class GadgetSocket:
    """The printer's end of the cable, as the emulator wants it."""

    path = ""

    def __init__(self) -> None:
        due = time.monotonic() + LONG_ENOUGH_S
        while (fd := _opened()) is None:
            assert time.monotonic() < due, "the machine did not configure the printer"
            time.sleep(0.05)
        self._fd = fd

    def readable(self, wait_s: float) -> bool:
        return bool(select.select([self._fd], [], [], wait_s)[0])

    def read(self, most: int) -> bytes:
        try:
            return os.read(self._fd, most)
        except BlockingIOError:
            return b""

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
