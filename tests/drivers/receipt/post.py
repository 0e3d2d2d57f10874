"""A printer on a desk, for tests: the real driver, the emulator, a scene that decides what goes wrong, and the tray."""

import queue
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image

from drivers.contract import Answer, Notice, Paper, PaperChanged, PrintSlip
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.receipt.blocks import whole_picture
from drivers.receipt.slip import parts
from drivers.ring import FrameRing
from drivers.simulated.receipt_firmware import PrinterFirmware, read_condition
from drivers.simulated.receipt_printer import DEVICE, SimulatedReceiptPrinter
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene
from tests.drivers.receipt.slips import SONGWE

SHORT = replace(SONGWE, footer=(), subheading="")
LONG_ENOUGH_S = 20.0


class Post:
    """A printer on a desk: the driver, the scene that decides what goes wrong, and the receipts in the tray."""

    def __init__(self, folder: Path, paper: str = "58mm", knows: dict[str, bool] | None = None, **settings: Any) -> None:
        self.folder, self.scene = folder, Scene(folder / "scene")
        self.settings = {"scene": str(folder / "scene"), "output": str(folder / "slips"), "paper": paper, **settings}
        self.driver = SimulatedReceiptPrinter(self.settings)
        if knows:
            self.driver.firmware = PrinterFirmware(Roll(folder / "slips", 384), **knows)
        self.notices: queue.Queue[Notice] = queue.Queue()
        self.outlet = Outlet(self.notices.put, FrameRing.create(folder / "ring", 16))

    def make_paper(self, condition: str) -> None:
        """The printer is like this from now on: returns when it is."""
        self.scene.put(DEVICE, paper=condition)
        due = time.monotonic() + LONG_ENOUGH_S
        while self.driver.firmware.condition != read_condition(condition):
            assert time.monotonic() < due
            time.sleep(0.002)

    def print(self, slip=SHORT, seconds: float = LONG_ENOUGH_S) -> Answer:
        return self.driver.carry_out(PrintSlip(slip), Until(seconds))

    @contextmanager
    def printing(self, slip=SHORT, seconds: float = LONG_ENOUGH_S, until: Until | None = None) -> Iterator[list]:
        """Prints in the background; the list holds the answer, or the exception, after the block."""
        outcome: list = []

        def work() -> None:
            try:
                outcome.append(self.driver.carry_out(PrintSlip(slip), until or Until(seconds)))
            except DeviceAbsent as why:
                outcome.append(why)

        thread = threading.Thread(target=work)
        thread.start()
        yield outcome
        thread.join()

    def wait_for(self, paper: Paper) -> None:
        while self.notices.get(timeout=LONG_ENOUGH_S) != PaperChanged(paper):
            pass

    def idle_until(self, paper: Paper) -> None:
        due = time.monotonic() + LONG_ENOUGH_S
        while time.monotonic() < due:
            self.driver.idle()
            try:
                if self.notices.get(timeout=0.02) == PaperChanged(paper):
                    return
            except queue.Empty:
                continue
        raise AssertionError(f"the printer never became {paper}")

    @property
    def receipts(self) -> list[Image.Image]:
        return self.driver.firmware.roll.cut_off

    def is_slip(self, receipt: Image.Image, slip=SHORT, copy: bool = False) -> bool:
        album = self.driver._album
        wanted = whole_picture(parts(slip, album, copy), album.profile)
        return receipt.size == wanted.size and np.array_equal(np.asarray(receipt), np.asarray(wanted))
