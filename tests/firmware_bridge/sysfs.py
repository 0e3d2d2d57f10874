"""A sysfs tree and a /dev of a test's own, laid out as the kernel lays out its own: real directories, links from /sys/class, uevent files."""

from pathlib import Path

BEHIND = {
    "tty": "tty",
    "video4linux": "video4linux",
    "usbmisc": "usbmisc",
    "hidraw": "0003:{usb}.0001/hidraw",
    "input": "0003:{usb}.0001/input/input7",
}


class Sysfs:
    """`plug` and `pull` do what a hand does. `dev` is where device files appear: links to files of the test's choice."""

    def __init__(self, folder: Path) -> None:
        self.sys, self.dev = folder / "sys", folder / "dev"
        self.dev.mkdir(parents=True)
        self.sys.mkdir()

    def plug(
        self,
        port: str,
        usb: str,
        subsystem: str,
        name: str,
        *,
        interface: int = 0,
        leads_to: str = "",
        index: int | None = None,
        keys: str = "",
    ) -> Path:
        """A device of this vendor:product at this port, with a node of this name (input/event3: under /dev/input). Returns its device file."""
        vendor, product = usb.split(":")
        device = self.sys / "devices/platform/usb1" / port.split("-")[0] / port
        where = device / f"{port}:1.{interface}" / BEHIND[subsystem].format(usb=usb.upper()) / Path(name).name
        where.mkdir(parents=True)
        (device / "idVendor").write_text(f"{vendor}\n")
        (device / "idProduct").write_text(f"{product}\n")
        (device / f"{port}:1.{interface}" / "bInterfaceNumber").write_text(f"{interface:02x}\n")
        (where / "uevent").write_text(f"MAJOR=166\nMINOR=0\nDEVNAME={name}\n")
        if index is not None:
            (where / "index").write_text(f"{index}\n")
        if keys:
            (where.parent / "capabilities").mkdir()
            (where.parent / "capabilities/key").write_text(f"{keys}\n")
            (where / "device").symlink_to(where.parent)
        entry = self.sys / "class" / subsystem / Path(name).name
        entry.parent.mkdir(parents=True, exist_ok=True)
        entry.symlink_to(where)
        node = self.dev / name
        node.parent.mkdir(parents=True, exist_ok=True)
        if leads_to:
            node.symlink_to(leads_to)
        else:
            node.write_bytes(b"")
        return node

    def plug_whole(self, port: str, usb: str, bus: int, number: int) -> Path:
        """A device of which only the kernel's file for the whole of it is there. Returns that file."""
        name, device = f"bus/usb/{bus:03}/{number:03}", self.sys / "devices/platform/usb1" / port
        device.mkdir(parents=True)
        (device / "idVendor").write_text(f"{usb.split(':')[0]}\n")
        (device / "idProduct").write_text(f"{usb.split(':')[1]}\n")
        (device / "uevent").write_text(f"DEVTYPE=usb_device\nDEVNAME={name}\n")
        # its interfaces stand beside it
        (device / f"{port}:1.0").mkdir()
        (device / f"{port}:1.0" / "uevent").write_text("DEVTYPE=usb_interface\n")
        listed = self.sys / "bus/usb/devices"
        listed.mkdir(parents=True, exist_ok=True)
        for entry in (device, device / f"{port}:1.0"):
            (listed / entry.name).symlink_to(entry)
        return self.dev / name

    def pull(self, subsystem: str, name: str) -> None:
        """Out: the class link and the device file vanish; a left-over directory is what a race looks like."""
        (self.sys / "class" / subsystem / Path(name).name).unlink()
        (self.dev / name).unlink()
