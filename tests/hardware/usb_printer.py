"""In the guest: the receipt printer's driver through usblp and through libusb, against a printer that the kernel plays. Prints what it measured.

python -m tests.hardware.usb_printer [usblp] [libusb]
"""

import contextlib
import json
import os
import queue
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np

from drivers.contract import Notice, Paper, PaperChanged, PrintSlip, SlipPrinted
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.receipt.blocks import whole_picture
from drivers.receipt.printer import ReceiptPrinter
from drivers.receipt.slip import parts
from drivers.ring import FrameRing
from drivers.simulated.receipt_firmware import Condition, PrinterFirmware
from drivers.simulated.receipt_printer import DEVICE, PrinterDevice
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene
from firmware_bridge.usb_ports import nodes
from tests.drivers.receipt.slips import TUNDUMA
from tests.hardware.printer_gadget import GadgetSocket, PrinterGadget

USB = "1209:7072"
DEADLINE_S, GIVE_UP_S = 100.0, 60.0
QUERIES = 20


def step(said: str) -> None:
    """For whoever looks at a run that went wrong."""
    print(f"{time.monotonic():.1f} {said}", flush=True)


class Post:
    """The printer on its cable, the driver, and the tray."""

    def __init__(self, wire: str, folder: Path) -> None:
        self.gadget = PrinterGadget(USB)
        self.scene = Scene(folder / "scene")
        self.firmware = PrinterFirmware(Roll())
        self.notices: queue.Queue[Notice] = queue.Queue()
        self.outlet = Outlet(self.notices.put, FrameRing.create(folder / "ring", 16))
        self.driver = ReceiptPrinter({"usb": USB, "wire": wire, "paper": "80mm-process-id"})
        self.device: PrinterDevice | None = None

    def plug(self) -> None:
        self.gadget.plug()
        self.firmware.power_up()
        self.device = PrinterDevice(self.firmware, self.scene, GadgetSocket())

    def open(self) -> float:
        """Until it is there; how long that took."""
        began = time.monotonic()
        while True:
            try:
                step(self.driver.open(self.outlet))
                return time.monotonic() - began
            except DeviceAbsent:
                self.driver.close()
                assert time.monotonic() - began < GIVE_UP_S
                time.sleep(0.05)

    def print(self, number: str) -> bool:
        """Whether the printer says that this slip is printed, and it is, dot for dot, once."""
        slip = TUNDUMA.__class__(**{**vars(TUNDUMA), "number": number})
        before = len(self.firmware.roll.cut_off)
        answer = self.driver.carry_out(PrintSlip(slip), Until(DEADLINE_S))
        step(f"{number}: {answer}")
        album = self.driver._album
        wanted = np.asarray(whole_picture(parts(slip, album), album.profile))
        new = [np.asarray(receipt) for receipt in self.firmware.roll.cut_off[before:]]
        return answer == SlipPrinted(confirmed=True) and len(new) == 1 and np.array_equal(new[0], wanted)


@contextlib.contextmanager
def meanwhile(work: Callable[[], None]) -> Iterator[None]:
    thread = threading.Thread(target=work)
    thread.start()
    yield
    thread.join()


def paper_out_and_reloaded(post: Post) -> bool:
    """Somebody puts paper in once the printer has said that it is out."""

    def reload() -> None:
        while post.notices.get(timeout=GIVE_UP_S) != PaperChanged(Paper.OUT):
            pass
        step("out")
        post.scene.put(DEVICE, paper="ok")

    post.scene.put(DEVICE, paper="out:9000")
    wait_for(lambda: post.firmware.condition == Condition("out", 9000))
    with meanwhile(reload):
        return post.print("A18")


def queries_ms(post: Post) -> list[float]:
    talk, took = post.driver._open_talk(), []
    for _ in range(QUERIES):
        began = time.monotonic()
        assert talk.inquire(5.0)
        took.append((time.monotonic() - began) * 1000)
    return took


def lost_ms(post: Post) -> float:
    """From pulling the plug to the driver's word for it."""
    began = time.monotonic()
    with meanwhile(post.gadget.pull):
        while True:
            try:
                post.driver.idle()
            except DeviceAbsent:
                lost = (time.monotonic() - began) * 1000
                break
            time.sleep(0.02)
    post.driver.close()
    if post.device is not None:
        post.device.close()
    return lost


def held_by_usblp() -> list[str]:
    return [node.path.name for node in nodes("usbmisc") if node.usb == USB]


def wait_for(condition: Callable[[], bool]) -> bool:
    due = time.monotonic() + GIVE_UP_S
    while time.monotonic() < due:
        if condition():
            return True
        time.sleep(0.05)
    return False


def one_wire(wire: str, folder: Path) -> dict[str, object]:
    post = Post(wire, folder)
    post.plug()
    assert wait_for(lambda: bool(held_by_usblp())), "usblp did not take it"
    measured: dict[str, object] = {"wire": wire, "usblp_before": held_by_usblp()}
    post.open()
    measured["usblp_while_open"] = held_by_usblp()
    measured["printed"] = post.print("A17")
    queries = queries_ms(post)
    measured |= {"query_ms": round(statistics.median(queries), 1), "worst_query_ms": round(max(queries), 1)}
    measured["paper_out_and_reloaded"] = paper_out_and_reloaded(post)
    if wire == "usblp":
        # libusb hears of new devices from udevd, which the guest has not
        measured["lost_ms"] = round(lost_ms(post))
        post.plug()
        measured["back_s"] = round(post.open(), 2)
        measured["printed_after_replug"] = post.print("A19")
    post.driver.close()
    measured["given_back"] = wait_for(lambda: bool(held_by_usblp()))
    post.gadget.pull()
    if post.device is not None:
        post.device.close()
    return measured


def main() -> None:
    for wire in sys.argv[1:] or ("usblp", "libusb"):
        with tempfile.TemporaryDirectory() as folder:
            print("MEASURED", json.dumps(one_wire(wire, Path(folder))), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
