"""The simulated passport readers at the other end of a pty: laid on, unplugged in the middle, plugged in again."""

from datetime import date
from pathlib import Path
from typing import Any

import pytest

from drivers.catalogue import make
from drivers.contract import DocumentRead, NotCaptured, ReadDocument, Unread
from drivers.driver import DeviceAbsent, Driver, Until
from drivers.formats.specimens import specimen
from drivers.passport.layout_proof import SPECIMEN
from drivers.simulated.scene import Scene
from tests.drivers.passport.readers import NOBODY

ADULT, CARD = specimen("adult", date(2026, 11, 24)).lines, specimen("card", date(2026, 11, 24)).lines
READERS: list[tuple[str, dict[str, Any], bool]] = [
    ("simulated-passport-reader", {}, True),
    ("simulated-honeywell", {}, True),
    ("simulated-rte-native", {}, True),
    ("simulated-framed", {}, True),
    ("simulated-framed", {"checksum": "none", "second_s": 1}, True),
    ("simulated-framed", {"checksum": "none", "trigger": "7e 53"}, True),
    ("simulated-wedge", {"layout": "de", "proven": False}, False),
]


@pytest.fixture(params=READERS, ids=lambda one: "-".join(map(str, [one[0], *one[1].values()])))
def reader(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Driver, Scene, bool]:
    name, settings, confirms = request.param
    scene = Scene(tmp_path / "scene")
    if name == "simulated-wedge":
        # a new wedge is ready once its layout is proven
        scene.put("passport_reader", lines=SPECIMEN)
    driver = make(name, {**settings, "scene": str(tmp_path / "scene")})
    driver.open(NOBODY)
    return driver, scene, confirms


def test_documents_laid_down_one_after_another_are_read(reader: tuple[Driver, Scene, bool]) -> None:
    driver, scene, confirms = reader
    for lines in (ADULT, CARD):
        scene.put("passport_reader", lines=lines)
        assert driver.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(lines, confirmed=confirms)
    scene.put("passport_reader", lines=())
    assert driver.carry_out(ReadDocument(), Until(0.3)) == NotCaptured(Unread.TIMED_OUT)
    driver.close()


def test_a_plug_pulled_in_the_middle_of_a_zone_is_an_absent_device_and_one_put_back_reads_again(reader: tuple[Driver, Scene, bool]) -> None:
    driver, scene, confirms = reader
    scene.put("passport_reader", lines=ADULT, fault="unplug:40")
    with pytest.raises(DeviceAbsent):
        driver.carry_out(ReadDocument(), Until(20.0))
    driver.close()
    with pytest.raises(DeviceAbsent, match="unplugged"):
        driver.open(NOBODY)
    driver.close()
    scene.put("passport_reader", lines=CARD, fault="")
    driver.open(NOBODY)
    assert driver.carry_out(ReadDocument(), Until(20.0)) == DocumentRead(CARD, confirmed=confirms)
    driver.close()
