"""A U.are.U reader on USB that a kernel plays to itself, through libusb: what no simulated plug can show. Minutes, and only where the laboratory is."""

import json
import os
from pathlib import Path

import pytest

from tests.hardware.laboratory import Guest, laboratory

LOSS_MS, BACK_MS, CLOSE_MS, CYCLES = 600, 2000, 1000, 3
UDEVD = os.environ.get("MPAKA_UDEVD", "/lib/systemd/systemd-udevd")


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Guest:
    return laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.mark.long
@pytest.mark.skipif(not Path(UDEVD).exists(), reason="libusb hears of plugs from udev, which is not installed (MPAKA_UDEVD may name it)")
def test_a_finger_is_taken_and_the_reader_is_lost_within_600_ms_of_its_plug_and_back_within_2_s(guest: Guest) -> None:
    lines = guest.python("tests.hardware.fingerprint", str(CYCLES), UDEVD)
    measured = json.loads(next(line for line in lines if line.startswith("MEASURED")).removeprefix("MEASURED"))
    closed, *cycles = measured
    print(measured)
    assert closed["closed_ms"] < CLOSE_MS
    for one in cycles:
        assert one["lost_ms"] <= LOSS_MS
        assert one["back_ms"] <= BACK_MS
    assert len(cycles) == CYCLES
