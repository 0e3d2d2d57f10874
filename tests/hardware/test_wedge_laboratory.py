"""A reader that types, on real USB that the kernel plays to itself: found, held, proven, read, pulled and put back. Minutes, and only where the laboratory is."""

from pathlib import Path

import pytest

from tests.hardware.laboratory import laboratory

LOSS_MS, BACK_MS = 600, 2000


@pytest.mark.long
def test_a_wedge_is_held_alone_read_lost_with_its_plug_and_back_under_another_node(tmp_path: Path) -> None:
    (measured,) = laboratory(tmp_path).measured("tests.hardware.typed", "5")
    print(measured)
    assert len(measured["scan_ms"]) == 5
    assert "held by another program: Device or resource busy" in measured["second_grab"]
    # by the read or by the poll before it
    assert measured["lost"].endswith(("No such device", "it hung up"))
    assert measured["lost_while_waiting_ms"] < LOSS_MS
    assert measured["back_ms"] <= BACK_MS
    assert measured["freed"]
