"""An independent client, escpos-server 1 (PyPI), polls our emulator's paper and carries our driver's slip to it. Skipped where it is not installed.

pip install escpos-server, then put its folder of programs on the PATH.
"""

import json
import os
import shutil
import signal
import socket
import subprocess
import time
import urllib.error
import urllib.request
from pathlib import Path

import pytest

from drivers.contract import PrintSlip, SlipPrinted
from drivers.driver import Outlet, Until
from drivers.receipt.printer import ReceiptPrinter
from drivers.ring import FrameRing
from drivers.simulated.receipt_firmware import PrinterFirmware
from drivers.simulated.receipt_printer import DEVICE, PrinterDevice, TcpSocket
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene
from tests.drivers.receipt.slips import TUNDUMA

ROOT = Path(__file__).parents[2]
PROGRAM = shutil.which("escpos-server")
LONG_ENOUGH_S = 30.0

pytestmark = pytest.mark.skipif(PROGRAM is None, reason="escpos-server (PyPI) is not installed")


def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return probe.getsockname()[1]


class Bridge:
    """escpos-server between whoever prints and the emulator."""

    def __init__(self, folder: Path) -> None:
        self.scene = Scene(folder / "scene")
        self.device = PrinterDevice(PrinterFirmware(Roll()), self.scene, TcpSocket())
        self.port, self._web = free_port(), free_port()
        python = Path(PROGRAM).read_text(encoding="utf-8").splitlines()[0].removeprefix("#!")
        runner, emulator = ROOT / "tests/peers/escpos_server_on_our_plug.py", self.device.path.rpartition(":")[2]
        self._log = (folder / "escpos-server.log").open("wb")
        self._process = subprocess.Popen(
            [python, str(runner), emulator, str(self.port), str(self._web)],
            env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "1"},
            stdout=self._log,
            stderr=subprocess.STDOUT,
        )

    def status(self) -> dict[str, object]:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{self._web}/", timeout=5) as said:
                return json.load(said)["status"]
        except urllib.error.URLError:
            return {}

    def says(self, **wanted: object) -> bool:
        """Whether it says so in the end; it polls once a second."""
        due = time.monotonic() + LONG_ENOUGH_S
        while time.monotonic() < due:
            if self.status() == wanted:
                return True
            time.sleep(0.1)
        return False

    def close(self) -> None:
        self._process.send_signal(signal.SIGKILL)
        self._process.wait()
        self._log.close()
        self.device.close()


@pytest.fixture
def bridge(tmp_path):
    made = Bridge(tmp_path)
    yield made
    made.close()


def test_another_program_sees_paper_near_its_end_out_and_put_in(bridge):
    assert bridge.says(type="online", paper_end=False, paper_near_end=False)
    bridge.scene.put(DEVICE, paper="near_end")
    assert bridge.says(type="online", paper_end=False, paper_near_end=True)
    bridge.scene.put(DEVICE, paper="out")
    assert bridge.says(type="online", paper_end=True, paper_near_end=True)
    bridge.scene.put(DEVICE, paper="ok")
    assert bridge.says(type="online", paper_end=False, paper_near_end=False)


def test_our_slip_through_another_program_comes_out_once_and_is_proven(bridge, tmp_path):
    assert bridge.says(type="online", paper_end=False, paper_near_end=False)
    driver = ReceiptPrinter({"port": f"127.0.0.1:{bridge.port}", "paper": "80mm-slow-line"})
    driver.open(Outlet(lambda _: None, FrameRing.create(tmp_path / "ring", 16)))
    assert driver.carry_out(PrintSlip(TUNDUMA), Until(LONG_ENOUGH_S)) == SlipPrinted(confirmed=True)
    driver.close()
    assert len(bridge.device.roll.cut_off) == 1
