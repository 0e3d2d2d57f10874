"""USB devices that the guest's kernel plays to itself (configfs gadgets on dummy_hcd). Root, in the guest only."""

import contextlib
import os
import subprocess
import tty
from pathlib import Path

CONFIG = Path("/sys/kernel/config")
CONTROLLER = "dummy_udc.0"


class SerialGadget:
    """A USB-CDC device; its own end is a terminal of the guest."""

    def __init__(self, usb: str, name: str = "reader") -> None:
        if not (CONFIG / "usb_gadget").exists():
            subprocess.run(["mount", "-t", "configfs", "none", str(CONFIG)], check=False)
        vendor, product = usb.split(":")
        self._folder = CONFIG / "usb_gadget" / name
        for part in ("strings/0x409", "configs/c.1", "functions/acm.usb0"):
            (self._folder / part).mkdir(parents=True, exist_ok=True)
        (self._folder / "idVendor").write_text(f"0x{vendor}")
        (self._folder / "idProduct").write_text(f"0x{product}")
        (self._folder / "strings/0x409/product").write_text("played by the kernel")
        (self._folder / "configs/c.1/acm.usb0").symlink_to(self._folder / "functions/acm.usb0")

    def plug(self) -> None:
        """Into the machine."""
        (self._folder / "UDC").write_text(CONTROLLER)

    def pull(self) -> None:
        """Out: nodes vanish, descriptors go dead."""
        (self._folder / "UDC").write_text("\n")

    def own_end(self) -> int:
        """A descriptor of the device's side, raw."""
        number = (self._folder / "functions/acm.usb0/port_num").read_text().strip()
        fd = os.open(f"/dev/ttyGS{number}", os.O_RDWR | os.O_NOCTTY)
        with contextlib.suppress(OSError):
            tty.setraw(fd)
        return fd
