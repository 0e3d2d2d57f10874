"""A driver's name in the settings, and what comes of it."""

from pathlib import Path
from typing import Any, get_args

import pytest

from drivers import contract
from drivers.catalogue import DRIVERS, GROUP, DriverUnknown, make
from drivers.contract import Kind, Rest
from drivers.simulated.framing_readers import RULES

SETTINGS = {"port": "/dev/null", "source": "/dev/null", "program": ["true"]}
# those that refuse what they do not know, or a device file, are given just what they need
STRICT: dict[str, dict[str, Any]] = {
    "elyctis": {"port": "/dev/null"},
    "honeywell": {"port": "/dev/null"},
    "framed": {"port": "/dev/null", "end": "03"},
    "rte-native": {"port": "/dev/null", **RULES},
    "wedge": {"usb": "0c2e:0b61"},
    "uru4000": {"port": "1-1.2"},
    "nb1010": {"port": "1-1.2"},
    "zfm": {"port": "/dev/null"},
    "libfprint": {"port": "1-1.2", "ppi": 500},
    "simulated-framed": {"scene": "/nowhere"},
}


@pytest.mark.parametrize("name", sorted(DRIVERS))
def test_every_name_is_a_driver_that_bears_it_and_takes_orders(name: str, tmp_path: Path) -> None:
    lenient = {**SETTINGS, "scene": str(tmp_path), "output": str(tmp_path)}
    driver = make(name, {**STRICT.get(name, lenient), "runtime": str(tmp_path)})
    assert driver.name == name
    assert driver.kind in Kind
    assert Rest in driver.orders
    assert contract.TestYourself in driver.orders
    assert set(driver.orders) <= set(get_args(contract.Order))
    driver.close()


def test_a_vendor_adds_a_driver_without_touching_the_tree(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    installed = tmp_path / "acme-1.0.dist-info"
    installed.mkdir()
    (installed / "METADATA").write_text("Metadata-Version: 2.1\nName: acme\nVersion: 1.0\n")
    (installed / "entry_points.txt").write_text(f"[{GROUP}]\nacme-reader = drivers.passport.elyctis:ElyctisReader\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    assert make("acme-reader", {"port": "/dev/null"}).kind is Kind.PASSPORT_READER
    with pytest.raises(DriverUnknown, match="acme-reader"):
        make("acme-raeder", {})


@pytest.mark.parametrize(("name", "settings"), [("elyctis", {"port": "x", "baud": "fast"}), ("face-camera", {}), ("lane-controller", {})])
def test_settings_that_a_driver_does_not_take_are_refused_with_its_name(name: str, settings: dict[str, Any]) -> None:
    with pytest.raises(DriverUnknown, match=name):
        make(name, settings)
