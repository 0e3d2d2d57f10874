"""The udev rules on devices as udev sees them: the service gets its rights, ModemManager and the desktop are kept off. A small reader of the rules."""

import re
import shutil
import subprocess
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from pathlib import Path

import pytest

RULES = Path(__file__).parents[2] / "config" / "udev" / "60-mpaka.rules"
PAIR = re.compile(r'\s*([A-Z_]+)(?:\{([^}]+)\})?\s*(==|!=|\+=|=|:=)\s*"([^"]*)"\s*(?:,|$)')
MATCHES = {"ACTION", "SUBSYSTEM", "KERNEL", "KERNELS", "SUBSYSTEMS", "ENV", "ATTR", "ATTRS"}
ASSIGNS = {"GROUP", "MODE", "SYMLINK", "ENV", "TAG", "GOTO", "LABEL"}


@dataclass
class Device:
    """What the rules look at; `above` are the devices that it hangs on, nearest first."""

    subsystem: str
    kernel: str = ""
    attr: dict[str, str] = field(default_factory=dict)
    env: dict[str, str] = field(default_factory=dict)
    above: tuple["Device", ...] = ()
    given: dict[str, str] = field(default_factory=dict)
    links: list[str] = field(default_factory=list)


def read_rules() -> list[list[tuple[str, str, str, str]]]:
    rules = []
    for number, line in enumerate(RULES.read_text(encoding="utf-8").splitlines(), 1):
        if not line.strip() or line.startswith("#"):
            continue
        pairs = [match.groups(default="") for match in PAIR.finditer(line)]
        assert "".join(match.group(0) for match in PAIR.finditer(line)) == line, f"line {number} is no rule"
        for key, _, operator, _ in pairs:
            assert key in (MATCHES if operator in ("==", "!=") else ASSIGNS), f"line {number}: {key}{operator}"
        rules.append([(key, name, operator, value) for key, name, operator, value in pairs])
    return rules


def suits(value: str, pattern: str) -> bool:
    return any(fnmatchcase(value, one) for one in pattern.split("|"))


def matches(device: Device, action: str, key: str, name: str, pattern: str) -> bool:
    chain = (device, *device.above)
    match key:
        case "ACTION":
            return suits(action, pattern)
        case "SUBSYSTEM":
            return suits(device.subsystem, pattern)
        case "KERNEL":
            return suits(device.kernel, pattern)
        case "ENV":
            return suits(device.env.get(name, ""), pattern)
        case "ATTR":
            return name in device.attr and suits(device.attr[name], pattern)
        case "ATTRS":
            return any(name in one.attr and suits(one.attr[name], pattern) for one in chain)
        case "KERNELS":
            return any(suits(one.kernel, pattern) for one in chain)
        case _:
            return any(suits(one.subsystem, pattern) for one in chain)


def apply(device: Device, action: str = "add") -> Device:
    goto = ""
    for rule in read_rules():
        tests = [part for part in rule if part[2] == "=="]
        if goto and ("LABEL", "", "=", goto) not in rule:
            continue
        goto = ""
        if not all(matches(device, action, key, name, value) for key, name, _, value in tests):
            continue
        for key, name, operator, value in rule:
            if operator == "==" or key == "LABEL":
                continue
            if key == "GOTO":
                goto = value
            elif key == "SYMLINK":
                device.links.append(value)
            elif key == "ENV":
                device.env[name] = value
            else:
                device.given[key] = value
    return device


def usb(vendor: str, product: str = "0001", port: str = "1-1.2", **env: str) -> Device:
    return Device("usb", port, {"idVendor": vendor, "idProduct": product}, {"DEVTYPE": "usb_device", **env})


@pytest.mark.parametrize(
    ("vendor", "link"),
    [("2b78", "mpaka/passport_reader"), ("0c2e", "mpaka/passport_reader"), ("04b8", "mpaka/receipt_printer"), ("2e8a", "mpaka/lane_io")],
)
def test_the_service_may_open_a_serial_device_and_modemmanager_leaves_it_alone(vendor: str, link: str) -> None:
    port = apply(Device("tty", "ttyACM0", above=(usb(vendor),)))
    assert (port.given["GROUP"], port.given["MODE"], port.links) == ("mpaka", "0660", [link])
    assert (port.env["ID_MM_DEVICE_IGNORE"], port.env["ID_MM_PORT_IGNORE"]) == ("1", "1")
    assert apply(usb(vendor)).env["ID_MM_DEVICE_IGNORE"] == "1"


def test_a_strangers_modem_is_left_to_modemmanager() -> None:
    modem = apply(Device("tty", "ttyUSB0", above=(usb("12d1"),)))
    assert not modem.given and not modem.links and not modem.env


def test_a_reader_that_types_is_no_keyboard_for_the_desktop_and_a_keyboard_stays_one() -> None:
    reader = apply(Device("input", "event3", above=(usb("0c2e"),)))
    assert (reader.given["MODE"], reader.env["LIBINPUT_IGNORE_DEVICE"]) == ("0660", "1")
    assert apply(Device("input", "event0", above=(usb("046a"),))).given == {}


@pytest.mark.parametrize(("vendor", "product"), [("05ba", "000a"), ("298d", "1010"), ("045e", "00bd")])
def test_the_service_may_reach_fingerprint_scanners_by_libusb(vendor: str, product: str) -> None:
    assert apply(usb(vendor, product)).given["GROUP"] == "mpaka"


def test_a_microsoft_mouse_is_none_of_our_business() -> None:
    assert apply(usb("045e", "0040")).given == {}


def test_a_printer_is_known_by_its_class_whoever_made_it() -> None:
    assert apply(usb("1fc9", "2016", ID_USB_INTERFACES=":070102:")).given["GROUP"] == "mpaka"
    assert apply(usb("1fc9", "2016", ID_USB_INTERFACES=":080650:")).given == {}
    assert apply(Device("usbmisc", "lp0")).links == ["mpaka/receipt_printer"]


def test_cameras_are_told_apart_by_their_ports() -> None:
    cameras = [Device("video4linux", "video0", {"index": "0"}, above=(usb("046d", port=port),)) for port in ("1-1.3", "1-1.4", "1-1.1")]
    assert [apply(camera).links for camera in cameras] == [["mpaka/document_camera"], ["mpaka/face_camera"], []]
    assert all(camera.given["GROUP"] == "mpaka" for camera in cameras)
    assert apply(Device("video4linux", "video1", {"index": "1"}, above=(usb("046d", port="1-1.3"),))).given == {}


def test_nothing_is_done_when_a_device_goes() -> None:
    assert apply(Device("tty", "ttyACM0", above=(usb("2b78"),)), "remove").given == {}


@pytest.mark.skipif(shutil.which("udevadm") is None, reason="udevadm is not on this machine")
def test_udev_itself_finds_nothing_to_complain_of() -> None:
    said = subprocess.run(["udevadm", "verify", str(RULES)], capture_output=True, text=True, timeout=30, check=False)
    if "Unknown command" in said.stderr or "unrecognized" in said.stderr:
        pytest.skip("this udevadm cannot verify rules")
    assert said.returncode == 0, said.stdout + said.stderr
