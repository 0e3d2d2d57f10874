"""Settings that scanner drivers have in common. PURE."""

from collections.abc import Container
from typing import Any

from firmware_bridge.usb_ports import Wanted
from firmware_bridge.usb_wire import UsbPlace, read_ids


def usb_place(settings: dict[str, Any], known: tuple[tuple[int, int], ...], interface_class: int | None = None) -> UsbPlace:
    """Which reader: `usb` ("vendor:product") is one of those known, any of them where it is left out; `port` where two are alike. Raises ValueError."""
    usb, port = str(settings.get("usb", "")), str(settings.get("port", ""))
    if not usb and not port:
        return UsbPlace(known, interface_class=interface_class)
    wanted = Wanted(usb, port)
    ids = (read_ids(wanted.usb),) if wanted.usb else known
    if not set(ids) <= set(known):
        raise ValueError(
            f"usb: {usb} is no reader that this driver knows; it knows {', '.join(f'{one:04x}:{two:04x}' for one, two in known)}"
        )
    return UsbPlace(ids, wanted.port, interface_class=interface_class)


def yes_or_no(settings: dict[str, Any], name: str) -> bool:
    """A setting that is true or false; false where it is left out. Raises ValueError."""
    value = settings.get(name, False)
    if not isinstance(value, bool):
        raise ValueError(f"{name}: expected true or false, not {value!r}")
    return value


def number(settings: dict[str, Any], name: str, usual: int, allowed: Container[int]) -> int:
    """A whole number among those allowed. Raises ValueError."""
    value = settings.get(name, usual)
    if isinstance(value, bool) or not isinstance(value, int) or value not in allowed:
        raise ValueError(f"{name}: {value!r} is not allowed; usual is {usual}")
    return value
