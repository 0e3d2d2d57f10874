"""A reader that types, on real USB that the kernel plays to itself: found, held, proven, read, pulled and put back. Minutes, and only where the laboratory is."""

import json
from pathlib import Path
from types import ModuleType

import pytest

laboratory: ModuleType = pytest.importorskip("tests.hardware.laboratory", reason="the USB laboratory is not part of this tree")


@pytest.mark.long
def test_a_wedge_is_held_alone_read_lost_with_its_plug_and_back_under_another_node(tmp_path: Path) -> None:
    guest = laboratory.laboratory(tmp_path)
    lines = guest.python("tests.hardware.typed", "5")
    measured = json.loads(next(line for line in lines if line.startswith("MEASURED")).removeprefix("MEASURED"))
    print(measured)
    assert len(measured["scan_ms"]) == 5
    assert "held by another program: Device or resource busy" in measured["second_grab"]
    assert measured["lost"].endswith("No such device")
    assert measured["lost_while_waiting_ms"] < 600
    assert measured["freed"]
