"""USB devices that the guest's kernel plays to itself (configfs gadgets on dummy_hcd). Root, in the guest only."""

import contextlib
import lzma
import os
import subprocess
import sys
import time
import tty
from collections.abc import Callable, Mapping
from pathlib import Path

CONFIG = Path("/sys/kernel/config")
CONTROLLER = "dummy_udc.0"
LONG_ENOUGH_S = 30.0
OF_A_DESKTOP = ("70-printers.rules",)
"""Rules that no lane has: this one starts a program of a desktop's at each pulled plug, and the next plug waits for it, 2.6 s in a slow guest."""


class Gadget:
    """One device with one function. `usb` is vendor:product; `controller`: each one is a port of its own."""

    def __init__(self, usb: str, name: str, function: str, settings: Mapping[str, str | bytes], controller: str = CONTROLLER) -> None:
        """`function` as configfs names it (`acm.usb0`), `settings` its files and what is in them."""
        if not (CONFIG / "usb_gadget").exists():
            subprocess.run(["mount", "-t", "configfs", "none", str(CONFIG)], check=True)
        self._folder, self._controller = CONFIG / "usb_gadget" / name, controller
        self.function = self._folder / "functions" / function
        if self._folder.exists():
            return
        for folder in (self._folder / "strings/0x409", self._folder / "configs/c.1", self.function):
            folder.mkdir(parents=True)
        for file, said in settings.items():
            (self.function / file).write_bytes(said if isinstance(said, bytes) else said.encode())
        vendor, product = usb.split(":")
        (self._folder / "idVendor").write_text(f"0x{vendor}")
        (self._folder / "idProduct").write_text(f"0x{product}")
        (self._folder / "strings/0x409/product").write_text("played by the kernel")
        (self._folder / "configs/c.1" / function).symlink_to(self.function)

    def plug(self) -> None:
        """Into the machine."""
        (self._folder / "UDC").write_text(self._controller)

    def pull(self) -> None:
        """Out: nodes vanish, descriptors go dead."""
        (self._folder / "UDC").write_text("\n")


class SerialGadget(Gadget):
    """A USB-CDC device; its own end is a terminal of the guest."""

    def __init__(self, usb: str, name: str = "reader", controller: str = CONTROLLER) -> None:
        super().__init__(usb, name, f"acm.{name}", {}, controller)

    def own_end(self) -> int:
        """A descriptor of the device's side, raw."""
        number = (self.function / "port_num").read_text().strip()
        fd = os.open(f"/dev/ttyGS{number}", os.O_RDWR | os.O_NOCTTY)
        with contextlib.suppress(OSError):
            tty.setraw(fd)
        return fd


def load(modules: Path, name: str, *parameters: str) -> None:
    """Put a module of the guest's kernel in, for one that is there already in its place; `modules` is the folder of them all."""
    packed = next(modules.rglob(f"{name}.ko*"))
    file = Path(f"/tmp/{name}.ko")
    file.write_bytes(lzma.decompress(packed.read_bytes()) if packed.suffix == ".xz" else packed.read_bytes())
    subprocess.run(["busybox", "rmmod", name.replace("-", "_")], check=False, capture_output=True)
    subprocess.run(["busybox", "insmod", str(file), *parameters], check=True)


def start_udevd() -> None:
    """libusb hears of plugs from udev, and our rules are udev's. Only where it is installed."""
    own = Path("/etc/udev/rules.d")
    own.mkdir(parents=True, exist_ok=True)
    for name in OF_A_DESKTOP:
        (own / name).unlink(missing_ok=True)
        (own / name).symlink_to("/dev/null")
    subprocess.run([os.environ.get("MPAKA_UDEVD", "/lib/systemd/systemd-udevd"), "--daemon"], check=True)


def settle() -> None:
    """Until udevd has done what it was told; in the guest's changed root udevadm would do nothing unless it is told to."""
    subprocess.run(["udevadm", "settle"], check=True, env={**os.environ, "SYSTEMD_IGNORE_CHROOT": "1"})


def step(said: str) -> None:
    """For whoever looks at a run that went wrong."""
    sys.stdout.write(f"{time.monotonic():.1f} {said}\n")
    sys.stdout.flush()


def wait_for(condition: Callable[[], bool], seconds: float = LONG_ENOUGH_S) -> bool:
    """Whether it came to be in time."""
    due = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > due:
            return False
        time.sleep(0.02)
    return True
