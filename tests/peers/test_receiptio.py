"""An independent client, receiptio 2 (npm), prints on our emulator and believes it. Skipped where it is not installed.

npm install --omit=optional receiptio, then put node_modules/.bin on the PATH. It always speaks to port 9100.
"""

import shutil
import subprocess

import cv2
import numpy as np
import pytest

from drivers.simulated.receipt_firmware import PrinterFirmware
from drivers.simulated.receipt_printer import DEVICE, PrinterDevice, TcpSocket
from drivers.simulated.receipt_roll import Roll
from drivers.simulated.scene import Scene

CLIENT = shutil.which("receiptio")
CODE = "MPK1:K4T7QF"
DOCUMENT = f"^^^TUNDUMA\n\nYour number | ^^A17\n---\n{{code:{CODE}; option:qrcode,6,m}}\n"

pytestmark = pytest.mark.skipif(CLIENT is None, reason="receiptio (npm) is not installed")


@pytest.fixture
def printer(tmp_path):
    try:
        plug = TcpSocket(9100)
    except OSError:
        pytest.skip("port 9100 is taken")
    scene = Scene(tmp_path)
    device = PrinterDevice(PrinterFirmware(Roll()), scene, plug)
    yield device, scene
    device.close()


def send_document(tmp_path) -> str:
    document = tmp_path / "slip.receipt"
    document.write_text(DOCUMENT, encoding="utf-8")
    done = subprocess.run(
        [CLIENT, "-d", "127.0.0.1", "-p", "escpos", str(document)], capture_output=True, text=True, timeout=30, check=False
    )
    return done.stderr.strip()


def test_another_programs_receipt_is_printed_cut_and_proven_to_it(printer, tmp_path):
    device, _ = printer
    assert send_document(tmp_path) == "success"
    (receipt,) = device.roll.cut_off
    framed = cv2.copyMakeBorder(np.asarray(receipt.convert("L")), 40, 40, 40, 40, cv2.BORDER_CONSTANT, value=255)
    assert cv2.QRCodeDetector().detectAndDecode(framed)[0] == CODE


@pytest.mark.parametrize(
    ("state", "said"), [("out", "paperempty"), ("cover_open", "coveropen"), ("cutter", "error"), ("fault", "error"), ("offline", "offline")]
)
def test_another_program_understands_why_we_do_not_print(printer, tmp_path, state, said):
    device, scene = printer
    scene.put(DEVICE, paper=state)
    assert send_document(tmp_path) == said
    assert not device.roll.cut_off
