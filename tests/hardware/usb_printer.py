"""In the guest: the receipt printer's driver through usblp or libusb, against a printer that the kernel plays. Prints what it measured.

python -m tests.hardware.usb_printer usblp|libusb CYCLES
"""

import json
import os
import queue
import signal
import statistics
import sys
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path

import numpy as np

from drivers.contract import Answered, Kind, Notice, Paper, PaperChanged, PrintSlip, Slip, SlipPrinted
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
from kiosk.devices import Back, Device, Lost, Told
from tests.drivers.receipt.slips import TUNDUMA
from tests.hardware.ear import Ear, heard
from tests.hardware.gadgets import start_udevd, step, wait_for
from tests.hardware.printer_gadget import GadgetSocket, PrinterGadget

USB = "1209:7072"
DEADLINE_S, GIVE_UP_S = 100.0, 60.0
QUERIES, BEGUN_ROWS = 20, 150


class Post:
    """The printer on its cable, the driver, and the tray. Its current does not come from the plug: what it was sent, it prints."""

    def __init__(self, wire: str, folder: Path) -> None:
        self.gadget = PrinterGadget(USB)
        self.scene = Scene(folder / "scene")
        self.firmware = PrinterFirmware(Roll())
        self.notices: queue.Queue[Notice] = queue.Queue()
        self.outlet = Outlet(self.notices.put, FrameRing.create(folder / "ring", 16))
        self.settings = {"usb": USB, "wire": wire, "paper": "80mm-process-id"}
        self.driver = ReceiptPrinter(self.settings)
        self.device: PrinterDevice | None = None

    def plug(self) -> None:
        self.gadget.plug()
        self.device = PrinterDevice(self.firmware, self.scene, GadgetSocket())

    def pull(self) -> None:
        self.gadget.pull()
        if self.device is not None:
            self.device.close()

    def open(self) -> None:
        """Until it is there."""
        began = time.monotonic()
        while True:
            try:
                step(self.driver.open(self.outlet))
                return
            except DeviceAbsent:
                self.driver.close()
                assert time.monotonic() - began < GIVE_UP_S
                time.sleep(0.05)

    def print(self, number: str) -> bool:
        """Whether the printer says that this slip is printed, and it is, dot for dot, once."""
        slip, before = replace(TUNDUMA, number=number), len(self.firmware.roll.cut_off)
        answer = self.driver.carry_out(PrintSlip(slip), Until(DEADLINE_S))
        step(f"{number}: {answer}")
        return answer == SlipPrinted(confirmed=True) and self.tray(slip, before) == ["whole"]

    def tray(self, slip: Slip, before: int) -> list[str]:
        """What was cut off since: whole, a whole copy, or a fragment."""
        album = self.driver._album
        wanted = {word: np.asarray(whole_picture(parts(slip, album, word == "copy"), album.profile)) for word in ("whole", "copy")}
        new = [np.asarray(receipt) for receipt in self.firmware.roll.cut_off[before:]]
        return [next((word for word, picture in wanted.items() if np.array_equal(receipt, picture)), "fragment") for receipt in new]


@contextmanager
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


def held_by_usblp() -> list[str]:
    return [node.path.name for node in nodes("usbmisc") if node.usb == USB]


def alone(post: Post) -> dict[str, object]:
    """The driver by itself: it prints, asks, and gives the printer back."""
    measured: dict[str, object] = {"usblp_before": held_by_usblp()}
    post.open()
    measured["usblp_while_open"] = held_by_usblp()
    measured["printed"] = post.print("A17")
    queries = queries_ms(post)
    measured |= {"query_ms": round(statistics.median(queries), 1), "worst_query_ms": round(max(queries), 1)}
    measured["paper_out_and_reloaded"] = paper_out_and_reloaded(post)
    began = time.monotonic()
    post.driver.close()
    step(f"closed in {time.monotonic() - began:.2f} s")
    measured["given_back"] = wait_for(lambda: bool(held_by_usblp()))
    return measured


class Behind:
    """The same printer behind a lane's own device process."""

    def __init__(self, post: Post, folder: Path) -> None:
        self._post, self.told, self._ticket, self._ear = post, queue.Queue[tuple[float, Told]](), 0, Ear("usb")
        self.device = Device(Kind.RECEIPT_PRINTER, "escpos", post.settings, folder, lambda one: self.told.put((time.monotonic(), one)))
        self.device.start()
        heard(self.told, Back)

    def cycle(self, number: str, *, printing: bool) -> dict[str, object]:
        """Pulled, at rest or in the middle of a slip, and plugged in again; then the slip is ordered as a lane does, again."""
        slip, roll, before = replace(TUNDUMA, number=number), self._post.firmware.roll, len(self._post.firmware.roll.cut_off)
        if printing:
            self._order(slip)
            assert wait_for(lambda: roll.rows > BEGUN_ROWS), "it did not begin to print"
        pulled = time.monotonic()
        self._post.pull()
        lost, _ = heard(self.told, Lost)
        plugged = time.monotonic()
        self._post.plug()
        back, who = heard(self.told, Back)
        assert isinstance(who, Back)
        step(f"{number}: lost and back")
        self._order(slip)
        _, word = heard(self.told, Answered)
        assert isinstance(word, Answered)
        step(f"{number}: {word.answer}")
        return {
            "printing": printing,
            "lost_ms": round(1000 * (lost - pulled)),
            "lost_after_event_ms": round(1000 * (lost - self._ear.at("remove", pulled))),
            "back_ms": round(1000 * (back - plugged)),
            "identity": who.identity,
            "tray": self._post.tray(slip, before),
            "said": str(word.answer),
        }

    def killed(self) -> dict[str, object]:
        """The host is killed while it holds the printer: another one takes it, prints, and gives it back when the lane ends."""
        assert self.device.pid is not None
        os.kill(self.device.pid, signal.SIGKILL)
        heard(self.told, Lost)
        heard(self.told, Back)
        slip, before = replace(TUNDUMA, number="K1"), len(self._post.firmware.roll.cut_off)
        self._order(slip)
        heard(self.told, Answered)
        found: dict[str, object] = {"tray_after_kill": self._post.tray(slip, before), "usblp_after_kill": held_by_usblp()}
        self.device.close()
        found["given_back_after_kill"] = wait_for(lambda: bool(held_by_usblp()))
        return found

    def _order(self, slip: Slip) -> None:
        self._ticket += 1
        self.device.order(self._ticket, PrintSlip(slip), DEADLINE_S)


def main() -> None:
    wire, cycles = sys.argv[1], int(sys.argv[2])
    start_udevd()
    with tempfile.TemporaryDirectory() as folder:
        post = Post(wire, Path(folder))
        post.plug()
        assert wait_for(lambda: bool(held_by_usblp())), "usblp did not take it"
        measured = {"wire": wire, **alone(post)}
        behind = Behind(post, Path(folder))
        step("behind a lane's process")
        measured["cycles"] = [behind.cycle(f"B{number}", printing=number % 2 == 1) for number in range(cycles)]
        measured |= behind.killed()
        post.pull()
    print("MEASURED", json.dumps(measured), flush=True)


if __name__ == "__main__":
    os.environ.setdefault("OMP_NUM_THREADS", "1")
    main()
