"""A receipt printer on real USB, played by a kernel to itself: usblp and libusb. Minutes, and only where the laboratory is."""

from typing import Any

import pytest

from tests.hardware.laboratory import laboratory, needs_udevd

LOSS_MS, LOSS_AFTER_EVENT_MS, BACK_MS, CYCLES = 600, 200, 2000, 6
pytestmark = [pytest.mark.long, needs_udevd]


@pytest.fixture(scope="module", params=["usblp", "libusb"])
def measured(tmp_path_factory: pytest.TempPathFactory, request: pytest.FixtureRequest) -> dict[str, Any]:
    (found,) = laboratory(tmp_path_factory.mktemp("laboratory")).measured("tests.hardware.usb_printer", request.param, str(CYCLES))
    print(found)
    return dict(found)


def test_a_slip_is_printed_and_proven_over_usb_also_when_the_paper_ends_in_its_middle(measured: dict[str, Any]) -> None:
    assert measured["printed"]
    assert measured["paper_out_and_reloaded"]


def test_libusb_takes_the_printer_from_usblp_and_gives_it_back(measured: dict[str, Any]) -> None:
    assert measured["usblp_before"]
    assert bool(measured["usblp_while_open"]) == (measured["wire"] == "usblp")
    assert measured["given_back"]


def test_a_printer_that_is_unplugged_is_lost_in_time_and_back_in_time(measured: dict[str, Any]) -> None:
    assert len(measured["cycles"]) == CYCLES
    for one in measured["cycles"]:
        assert one["lost_ms"] <= LOSS_MS
        assert one["lost_after_event_ms"] <= LOSS_AFTER_EVENT_MS
        assert one["back_ms"] <= BACK_MS


def test_a_slip_that_is_ordered_again_after_the_plug_was_pulled_in_its_middle_gives_one_receipt_that_says_copy(
    measured: dict[str, Any],
) -> None:
    for one in measured["cycles"]:
        assert one["tray"] == (["fragment", "copy"] if one["printing"] else ["whole"])
        assert one["said"] == "SlipPrinted(confirmed=True)"


def test_a_printer_whose_host_was_killed_prints_on_and_is_given_back_when_the_lane_ends(measured: dict[str, Any]) -> None:
    assert measured["tray_after_kill"] == ["whole"]
    assert measured["given_back_after_kill"]
