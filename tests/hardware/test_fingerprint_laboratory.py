"""A U.are.U reader on USB that a kernel plays to itself, through libusb: what no simulated plug can show. Minutes, and only where the laboratory is."""

import pytest

from tests.hardware.laboratory import Guest, laboratory, needs_udevd

LOSS_MS, BACK_MS, CLOSE_MS, CYCLES = 600, 2000, 1000, 3


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Guest:
    return laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.mark.long
@needs_udevd
def test_a_finger_is_taken_and_the_reader_is_lost_within_600_ms_of_its_plug_and_back_within_2_s(guest: Guest) -> None:
    (measured,) = guest.measured("tests.hardware.fingerprint", str(CYCLES))
    closed, *cycles = measured
    print(measured)
    assert closed["closed_ms"] < CLOSE_MS
    for one in cycles:
        assert one["lost_ms"] <= LOSS_MS
        assert one["back_ms"] <= BACK_MS
    assert len(cycles) == CYCLES
