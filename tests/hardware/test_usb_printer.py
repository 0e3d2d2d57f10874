"""A receipt printer on real USB, played by a kernel to itself: usblp and libusb. Minutes, and only where the laboratory is."""

import json

import pytest

from tests.hardware.laboratory import Guest, laboratory

LOSS_MS, BACK_S = 600, 2.0


@pytest.fixture(scope="module")
def measured(tmp_path_factory: pytest.TempPathFactory) -> dict[str, dict]:
    guest: Guest = laboratory(tmp_path_factory.mktemp("laboratory"))
    lines = guest.python("tests.hardware.usb_printer")
    found = [json.loads(line.removeprefix("MEASURED")) for line in lines if line.startswith("MEASURED")]
    return {one["wire"]: one for one in found}


@pytest.mark.long
@pytest.mark.parametrize("wire", ["usblp", "libusb"])
def test_a_slip_is_printed_and_proven_over_usb_also_when_the_paper_ends_in_its_middle(measured, wire):
    print(measured[wire])
    assert measured[wire]["printed"]
    assert measured[wire]["paper_out_and_reloaded"]


@pytest.mark.long
def test_a_printer_that_is_unplugged_is_lost_in_time_and_prints_again_when_it_is_back(measured):
    assert measured["usblp"]["lost_ms"] <= LOSS_MS
    assert measured["usblp"]["back_s"] <= BACK_S
    assert measured["usblp"]["printed_after_replug"]


@pytest.mark.long
def test_libusb_takes_the_printer_from_usblp_and_gives_it_back(measured):
    assert measured["libusb"]["usblp_before"] and not measured["libusb"]["usblp_while_open"]
    assert measured["libusb"]["given_back"]
