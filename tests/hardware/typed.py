"""A keyboard wedge on real USB, played by the kernel to itself: `python -m tests.hardware.typed [SCANS]`. Root, in the USB laboratory's guest only.

A HID gadget types; usbhid and evdev carry it; the driver finds it by vendor and product, holds it, proves its layout and reads. Prints one line
`MEASURED {...}` with times in ms.
"""

import json
import sys
import threading
import time
from collections.abc import Iterator
from datetime import date
from pathlib import Path

from drivers.contract import DocumentRead, NotCaptured, ReadDocument
from drivers.driver import DeviceAbsent, Until
from drivers.formats.specimens import specimen
from drivers.passport import wedge as wedge_driver
from drivers.passport.keyboard import LAYOUTS
from drivers.passport.layout_proof import SPECIMEN
from drivers.passport.wedge import KeyboardWedge
from drivers.simulated.wedge import ENTER, key_for
from firmware_bridge.hid_wire import HidWire, keyboard
from firmware_bridge.usb_ports import Node, Wanted
from firmware_bridge.wire import WireLost
from tests.drivers.passport.readers import NOBODY
from tests.hardware.gadgets import Gadget

USB = "0c2e:0b61"
# a boot keyboard, as in appendix E.6 of the HID specification 1.11, without its lamps
REPORT = bytes.fromhex("05010906a101050719e029e71500250175019508810295017508810395067508150025ff050719002aff008100c0")
ZONE = specimen("adult", date(2026, 11, 24)).lines
GIVE_UP_S = 30.0
MOST_TRIES, QUIET_S = 5, 1.5


class WedgeGadget(Gadget):
    """The reader: a USB keyboard."""

    def __init__(self) -> None:
        super().__init__(USB, "wedge", "hid.usb0", {"protocol": "1", "subclass": "1", "report_length": "8", "report_desc": REPORT})

    def type(self, lines: tuple[str, ...], layout: str) -> None:
        """Type, as fast as the bus takes it."""
        with Path("/dev/hidg0").open("r+b", buffering=0) as keys:
            for report in reports(lines, layout):
                keys.write(report)


def usage(code: int) -> int:
    """The HID usage of a key, as the kernel's own table has them."""
    letter = LAYOUTS["us"].letters.get(code)
    if letter is not None:
        return 4 + ord(letter) - ord("A")
    return 28 + code if 2 <= code <= 11 else {28: 0x28, 39: 0x33, 51: 0x36, 86: 0x64}[code]


def reports(lines: tuple[str, ...], layout: str) -> Iterator[bytes]:
    """Each key down, and all keys up."""
    for line in lines:
        for key in [*(key_for(character, layout) for character in line), None]:
            code, shifted = (key.code, key.shifted) if key is not None else (ENTER, False)
            yield bytes([0x02 if shifted else 0, 0, usage(code), 0, 0, 0, 0, 0])
            yield bytes(8)


def plugged() -> Node | None:
    """Its node, while it is there."""
    try:
        found = keyboard(Wanted(USB))
    except WireLost:
        return None
    return found if found.path.exists() else None


def wait_for_keyboard() -> Node:
    """Its node, once it is there."""
    due = time.monotonic() + GIVE_UP_S
    while time.monotonic() < due:
        if (found := plugged()) is not None:
            return found
        time.sleep(0.01)
    raise TimeoutError("the kernel did not bring the keyboard")


def wait_until_gone() -> None:
    """Until it has no node."""
    due = time.monotonic() + GIVE_UP_S
    while time.monotonic() < due:
        if plugged() is None:
            return
        time.sleep(0.01)
    raise TimeoutError("the kernel did not take the keyboard away")


def opened(folder: Path) -> KeyboardWedge:
    """The driver, tried until the device is there, as a host does."""
    due = time.monotonic() + GIVE_UP_S
    while True:
        wedge = KeyboardWedge({"usb": USB, "proofs": str(folder)})
        try:
            wedge.open(NOBODY)
        except DeviceAbsent:
            wedge.close()
            if time.monotonic() > due:
                raise
            time.sleep(0.05)
        else:
            return wedge


def scan(gadget: WedgeGadget, wedge: KeyboardWedge, layout: str) -> float:
    """One document: ms from the first key to the answer. Laid again where the driver says so: the kernel drops keys of a reader that is read too late."""
    for _ in range(MOST_TRIES):
        began = time.monotonic()
        typing = threading.Thread(target=gadget.type, args=(ZONE, layout), daemon=True)
        typing.start()
        answer = wedge.carry_out(ReadDocument(), Until(20.0))
        took = (time.monotonic() - began) * 1000
        typing.join()
        if answer == DocumentRead(ZONE, confirmed=False):
            return took
        print(f"asked again: {answer}", flush=True)
        time.sleep(QUIET_S)
        wedge.idle()
    raise LookupError("the zone was not read")


class Pulled(threading.Thread):
    """Pulls the plug in a second; `at` is when that was done."""

    def __init__(self, gadget: WedgeGadget) -> None:
        super().__init__(daemon=True)
        self._gadget, self.at = gadget, 0.0

    def run(self) -> None:
        time.sleep(1.0)
        self.at = time.monotonic()
        self._gadget.pull()


def prove(gadget: WedgeGadget, layout: str, proven: threading.Event) -> None:
    """Lay the specimen down again and again, as somebody would who does not see whether it was read."""
    while not proven.wait(1.5):
        gadget.type(SPECIMEN, layout)


def opened_proving(gadget: WedgeGadget, folder: Path, layout: str) -> KeyboardWedge:
    """The driver, open, with its layout proven, which it keeps in the folder."""
    # the guest is slow: a scan of half a second takes some there
    wedge_driver.PROVE_S = 20.0
    proven = threading.Event()
    proving = threading.Thread(target=prove, args=(gadget, layout, proven), daemon=True)
    proving.start()
    wedge = opened(folder)
    proven.set()
    proving.join()
    return wedge


def grabbed_again(node: Node) -> str:
    """What a second program gets that wants the same keyboard."""
    try:
        HidWire.hold(node).close()
    except WireLost as why:
        return str(why)
    return "held twice"


def main() -> None:
    """Prove, read, pull, plug in again."""
    scans, folder, layout = int((sys.argv[1:] or ["5"])[0]), Path("/tmp/layouts"), "de"
    gadget = WedgeGadget()
    gadget.plug()
    node = wait_for_keyboard()
    wedge = opened_proving(gadget, folder, layout)
    # as a host does between orders: a specimen that was typed once too often belongs to none
    while time.monotonic() - wedge._heard_at < 2.0:
        wedge.idle()
        time.sleep(0.1)
    measured: dict[str, object] = {
        "port": node.port,
        "identity": f"layout {layout}",
        "scan_ms": [round(scan(gadget, wedge, layout)) for _ in range(scans)],
    }
    measured["second_grab"] = grabbed_again(node)
    # a scan that is queued when the plug is pulled
    gadget.type(ZONE, layout)
    gadget.pull()
    pulled = time.monotonic()
    try:
        # the kernel keeps some hundred events for a program that does not read: more than that and it says that it dropped some
        measured["queued"] = type(wedge.carry_out(ReadDocument(), Until(5.0))).__name__
        while isinstance(wedge.carry_out(ReadDocument(), Until(1.0)), NotCaptured):
            pass
    except DeviceAbsent as why:
        measured["lost"], measured["lost_ms"] = str(why), round((time.monotonic() - pulled) * 1000)
    wedge.close()
    wait_until_gone()
    # unplugged while nothing is queued, and an order waits
    gadget.plug()
    wait_for_keyboard()
    wedge = opened(folder)
    pulling = Pulled(gadget)
    pulling.start()
    try:
        wedge.carry_out(ReadDocument(), Until(20.0))
    except DeviceAbsent:
        measured["lost_while_waiting_ms"] = round((time.monotonic() - pulling.at) * 1000)
    wedge.close()
    wait_until_gone()
    gadget.plug()
    put_in = time.monotonic()
    wedge = opened(folder)
    measured["back_ms"] = round((time.monotonic() - put_in) * 1000)
    measured["read_again_ms"] = round(scan(gadget, wedge, layout))
    wedge.close()
    measured["freed"] = grabbed_again(wait_for_keyboard()) == "held twice"
    print("MEASURED " + json.dumps(measured), flush=True)


if __name__ == "__main__":
    main()
