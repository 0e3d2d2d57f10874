"""Real USB, played by a kernel to itself: what no pty can show. Minutes, and only where the laboratory is."""

import pytest

from tests.hardware.laboratory import Guest, laboratory

LOSS_MS, BACK_MS, CYCLES = 600, 2000, 3


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Guest:
    return laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.mark.long
def test_a_reader_is_lost_within_600_ms_of_its_plug_and_back_within_2_s_under_the_new_name(guest: Guest) -> None:
    (measured,) = guest.measured("tests.hardware.replugged", str(CYCLES))
    for one in measured:
        print(one)
        assert one["before"] != one["after"]
        assert one["lost_ms"] <= LOSS_MS
        assert one["back_ms"] <= BACK_MS
    assert len(measured) == CYCLES
