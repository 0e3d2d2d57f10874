"""Two independent clients of serial fingerprint modules, adafruit-circuitpython-fingerprint and pyfingerprint, believe our emulator.

Each runs in a process of its own. Skipped where they are not installed: pip install adafruit-circuitpython-fingerprint pyfingerprint.
"""

import json
import subprocess
import sys
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import cv2
import numpy as np
import pytest

from drivers.fingerprint.zfm_packets import image_of
from drivers.simulated.pty_device import PtyDevice
from drivers.simulated.ridges import draw
from drivers.simulated.scene import Scene
from drivers.simulated.zfm_firmware import ZfmFirmware

DEVICE = "fingerprint_scanner"

ADAFRUIT = """
import json, sys, serial, adafruit_fingerprint as af
uart = serial.Serial(sys.argv[1], 57600, timeout=2)
finger = af.Adafruit_Fingerprint(uart)
words = sys.argv[2:]
if words[0] == "facts":
    said = [finger.library_size, finger.security_level, finger.data_packet_size, finger.count_templates(), finger.template_count]
elif words[0] == "take":
    said = [finger.get_image()]
elif words[0] == "enrol":
    said = [finger.get_image(), finger.image_2_tz(1), finger.get_image(), finger.image_2_tz(2), finger.create_model(), finger.store_model(int(words[1]))]
elif words[0] == "find":
    said = [finger.get_image(), finger.image_2_tz(1), finger.finger_search(), finger.finger_id, finger.confidence]
elif words[0] == "picture":
    said = [finger.get_image(), finger.get_fpdata("image")]
elif words[0] == "forget":
    said = [finger.delete_model(int(words[1])), finger.count_templates(), finger.template_count]
print(json.dumps(said))
"""

PYFINGERPRINT = """
import json, sys
from pyfingerprint.pyfingerprint import PyFingerprint
finger = PyFingerprint(sys.argv[1], 57600, 0xFFFFFFFF, 0)
words = sys.argv[2:]
if words[0] == "facts":
    said = [finger.verifyPassword(), finger.getStorageCapacity(), finger.getSecurityLevel(), finger.getMaxPacketSize(), finger.getTemplateCount()]
elif words[0] == "take":
    said = [finger.readImage()]
elif words[0] == "enrol":
    said = [finger.readImage(), finger.convertImage(1), finger.readImage(), finger.convertImage(2), finger.createTemplate(), finger.storeTemplate(int(words[1]))]
elif words[0] == "find":
    said = [finger.readImage(), finger.convertImage(1), *finger.searchTemplate()]
elif words[0] == "picture":
    said = [finger.readImage(), finger.downloadImage(words[1])]
elif words[0] == "forget":
    said = [finger.deleteTemplate(int(words[1])), finger.getTemplateCount(), any(finger.getTemplateIndex(0))]
print(json.dumps(said))
"""


@pytest.fixture
def module(tmp_path: Path) -> Iterator[tuple[PtyDevice, Scene, ZfmFirmware]]:
    scene, firmware = Scene(tmp_path / "scene"), ZfmFirmware()
    device = PtyDevice(DEVICE, firmware, scene)
    yield device, scene, firmware
    device.close()


def client(program: str, device: PtyDevice, *words: str) -> list[Any]:
    done = subprocess.run([sys.executable, "-c", program, device.path, *words], capture_output=True, text=True, timeout=60, check=False)
    assert done.returncode == 0, done.stderr[-800:]
    said: list[Any] = json.loads(done.stdout.splitlines()[-1])
    return said


def sixteen_greys(seed: int) -> Any:
    return (draw(seed)[56:344, 22:278] >> 4) * np.uint8(17)


@pytest.mark.skipif(find_spec("adafruit_fingerprint") is None, reason="adafruit-circuitpython-fingerprint is not installed")
def test_adafruits_client_enrols_finds_forgets_and_fetches_a_picture(module: tuple[PtyDevice, Scene, ZfmFirmware]) -> None:
    device, scene, firmware = module
    assert client(ADAFRUIT, device, "facts") == [150, 3, 2, 0, 0]
    assert client(ADAFRUIT, device, "take") == [2]
    scene.put(DEVICE, finger=5)
    assert client(ADAFRUIT, device, "enrol", "9") == [0] * 6
    assert firmware.kept == {9: 5}
    assert client(ADAFRUIT, device, "find") == [0, 0, 0, 9, 120]
    code, data = client(ADAFRUIT, device, "picture")
    assert code == 0
    assert np.array_equal(image_of(bytes(data)), sixteen_greys(5))
    scene.put(DEVICE, finger=6)
    assert client(ADAFRUIT, device, "find")[2] == 9
    assert client(ADAFRUIT, device, "forget", "9") == [0, 0, 0]


@pytest.mark.skipif(find_spec("pyfingerprint") is None, reason="pyfingerprint is not installed")
def test_pyfingerprint_enrols_finds_forgets_and_fetches_a_picture(module: tuple[PtyDevice, Scene, ZfmFirmware], tmp_path: Path) -> None:
    device, scene, firmware = module
    assert client(PYFINGERPRINT, device, "facts") == [True, 150, 3, 128, 0]
    assert client(PYFINGERPRINT, device, "take") == [False]
    scene.put(DEVICE, finger=5)
    assert client(PYFINGERPRINT, device, "enrol", "9") == [True] * 5 + [9]
    assert firmware.kept == {9: 5}
    assert client(PYFINGERPRINT, device, "find") == [True, True, 9, 120]
    client(PYFINGERPRINT, device, "picture", str(tmp_path / "picture.bmp"))
    assert np.array_equal(cv2.imread(str(tmp_path / "picture.bmp"), cv2.IMREAD_GRAYSCALE), sixteen_greys(5))
    scene.put(DEVICE, finger=6)
    assert client(PYFINGERPRINT, device, "find") == [True, True, -1, -1]
    assert client(PYFINGERPRINT, device, "forget", "9") == [True, 0, False]
