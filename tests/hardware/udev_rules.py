"""In the guest: config/udev/60-mpaka.rules read by a real udevd, for devices that the kernel plays. Prints what each device file became.

python -m tests.hardware.udev_rules
"""

import grp
import json
import os
import shutil
import stat
import subprocess
from pathlib import Path

from firmware_bridge.usb_ports import nodes
from tests.hardware import typed
from tests.hardware.gadgets import Gadget, SerialGadget, settle, start_udevd, wait_for
from tests.hardware.printer_gadget import PrinterGadget

RULES = Path(__file__).parents[2] / "config/udev/60-mpaka.rules"
GROUP = "mpaka:x:977:\n"
USB_BUS = Path("/sys/bus/usb/devices")


def properties(path: Path) -> dict[str, str]:
    """What udev knows of a device, by its folder in sysfs."""
    said = subprocess.run(["udevadm", "info", "-q", "property", "-p", str(path)], capture_output=True, text=True, check=True).stdout
    return dict(line.split("=", 1) for line in said.splitlines() if "=" in line)


def kernel_names() -> dict[int, str]:
    """Major numbers of character devices -> the kernel's name for them, which systemd's DeviceAllow goes by."""
    lines = Path("/proc/devices").read_text().partition("Block devices:")[0].splitlines()[1:]
    return {int(number): name for number, name in (line.split(maxsplit=1) for line in lines if line)}


def became(file: Path, known: dict[str, str]) -> dict[str, object]:
    """Whose a device file is, and who keeps off."""
    found = file.stat()
    return {
        "group": grp.getgrgid(found.st_gid).gr_name,
        "mode": oct(stat.S_IMODE(found.st_mode)),
        "kernel": f"char-{kernel_names()[os.major(found.st_rdev)]}",
        "names": [name for name in known.get("DEVLINKS", "").split() if name.startswith("/dev/mpaka/")],
        "kept_off": sorted(name for name in known if name.startswith("ID_MM_") or name == "LIBINPUT_IGNORE_DEVICE"),
    }


def one(gadget: Gadget, usb: str, subsystem: str) -> dict[str, object]:
    """Plugged in, looked at, pulled: its device file of this subsystem, and the device itself."""
    gadget.plug()
    assert wait_for(lambda: any(node.usb == usb for node in nodes(subsystem))), usb
    settle()
    node = next(node for node in nodes(subsystem) if node.usb == usb and (subsystem != "input" or node.path.name.startswith("event")))
    device = properties(USB_BUS / node.port)
    found = {
        "file": became(node.path, properties(Path("/sys/class") / subsystem / node.path.name)),
        "device": became(Path(device["DEVNAME"]), device),
    }
    gadget.pull()
    assert wait_for(lambda: not any(node.usb == usb for node in nodes(subsystem)))
    return found


def main() -> None:
    with Path("/etc/group").open("a") as groups:
        groups.write(GROUP)
    Path("/etc/udev/rules.d").mkdir(parents=True, exist_ok=True)
    shutil.copy(RULES, "/etc/udev/rules.d")
    start_udevd()
    measured = {
        "passport reader, serial": one(SerialGadget("2b78:0005", "reader"), "2b78:0005", "tty"),
        "passport reader that types": one(typed.WedgeGadget(), typed.USB, "input"),
        "receipt printer": one(PrinterGadget("1209:7072"), "1209:7072", "usbmisc"),
        "receipt printer, serial": one(SerialGadget("04b8:0202", "tally"), "04b8:0202", "tty"),
        # what functions it has does not matter to the rule
        "fingerprint scanner": one(SerialGadget("05ba:000a", "finger"), "05ba:000a", "tty"),
        "lane controller": one(SerialGadget("2e8a:000a", "lane"), "2e8a:000a", "tty"),
        "another's device": one(SerialGadget("1209:0001", "other"), "1209:0001", "tty"),
    }
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    os.environ["PATH"] = f"{os.environ.get('PATH', '')}:/usr/bin:/bin:/usr/sbin:/sbin"
    main()
