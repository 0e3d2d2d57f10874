"""Which USB reader a scanner driver opens. PURE."""

from drivers.options import Options
from firmware_bridge.usb_ports import Wanted
from firmware_bridge.usb_wire import UsbPlace, read_ids


def usb_place(options: Options, known: tuple[tuple[int, int], ...], interface_class: int | None = None) -> UsbPlace:
    """Of the settings: `usb` ("vendor:product"), one of those known, any of them where it is left out; `port` where two are alike. Raises ValueError."""
    usb = options.text("usb", "", r".*", "vendor:product in hexadecimal")
    port = options.text("port", "", r".*", 'a port path such as "1-1.2"')
    if not usb and not port:
        return UsbPlace(known, interface_class=interface_class)
    wanted = Wanted(usb, port)
    ids = (read_ids(wanted.usb),) if wanted.usb else known
    if not set(ids) <= set(known):
        raise ValueError(
            f"usb: {usb} is no reader that this driver knows; it knows {', '.join(f'{one:04x}:{two:04x}' for one, two in known)}"
        )
    return UsbPlace(ids, wanted.port, interface_class=interface_class)
