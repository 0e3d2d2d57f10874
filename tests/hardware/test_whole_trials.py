"""The technician's trial of each kind of device on real USB that a kernel plays to itself, and the udev rules. Minutes, and only where the laboratory is."""

from typing import Any

import pytest

from drivers.contract import Outcome
from tests.hardware.laboratory import ROOT, Guest, laboratory, needs_udevd

pytestmark = [pytest.mark.long, needs_udevd]
SPOILED = {"survives_split", "survives_garbled", "survives_doubled", "survives_silence"}
FOR_NOBODY = {"keeps_its_deadline", "rests_when_told"}
NOT_TRIED = {
    "serial": SPOILED,
    "wedge": SPOILED,
    "usblp": SPOILED | FOR_NOBODY,
    "libusb": SPOILED | FOR_NOBODY,
    "finger": SPOILED,
    "camera": SPOILED,
}
MODEM = ["ID_MM_DEVICE_IGNORE", "ID_MM_PORT_IGNORE"]


@pytest.fixture(scope="module")
def guest(tmp_path_factory: pytest.TempPathFactory) -> Guest:
    return laboratory(tmp_path_factory.mktemp("laboratory"))


@pytest.fixture(scope="module")
def trials(guest: Guest) -> dict[str, dict[str, list[str]]]:
    return dict(guest.measured("tests.hardware.trials", *NOT_TRIED))


@pytest.mark.parametrize("device", NOT_TRIED)
def test_a_device_on_usb_passes_the_technicians_trial(trials: dict[str, dict[str, list[str]]], device: str) -> None:
    steps = trials[device]
    for name, (outcome, said) in steps.items():
        print(f"{device:<8} {outcome:<10} {name:<20} {said}")
    not_passed = {name: outcome for name, (outcome, _) in steps.items() if outcome != Outcome.PASSED}
    assert not_passed == dict.fromkeys(NOT_TRIED[device], Outcome.NOT_TRIED)


def test_the_udev_rules_give_the_service_its_devices_and_keep_other_programs_off(guest: Guest) -> None:
    (found,) = guest.measured("tests.hardware.udev_rules")
    print(found)

    def ours(what: dict[str, Any]) -> bool:
        return (what["group"], what["mode"]) == ("mpaka", "0o660")

    for device in ("passport reader, serial", "receipt printer, serial", "lane controller"):
        assert ours(found[device]["file"])
        assert found[device]["file"]["kept_off"] == MODEM
        assert "ID_MM_DEVICE_IGNORE" in found[device]["device"]["kept_off"]
    assert ours(found["passport reader that types"]["file"])
    assert "LIBINPUT_IGNORE_DEVICE" in found["passport reader that types"]["file"]["kept_off"]
    assert found["passport reader, serial"]["file"]["names"] == ["/dev/mpaka/passport_reader"]
    assert found["receipt printer"]["file"]["names"] == ["/dev/mpaka/receipt_printer"]
    assert ours(found["receipt printer"]["file"]) and ours(found["receipt printer"]["device"])
    assert ours(found["fingerprint scanner"]["device"])
    unit = (ROOT / "systemd/mpaka-lane.service").read_text()
    for parts in found.values():
        for part in parts.values():
            assert f"DeviceAllow={part['kernel']} rw" in unit
    assert not any(ours(part) or part["kept_off"] for part in found["another's device"].values())
