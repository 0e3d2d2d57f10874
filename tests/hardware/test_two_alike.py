"""Two readers of one make, told apart by the port each hangs on, whatever the kernel calls them. A minute, and only where the laboratory is."""

from pathlib import Path

import pytest

from tests.hardware.laboratory import laboratory


@pytest.mark.long
def test_two_alike_are_told_apart_by_their_ports_also_when_they_come_back_under_each_others_names(tmp_path: Path) -> None:
    (found,) = laboratory(tmp_path).measured("tests.hardware.two_alike")
    print(found)
    left, right = found["ports"]
    assert found["without_a_port"] == f"2b78:0005: there are 2, at the ports {left}, {right}; add port to the settings"
    assert found["read"] == [True, True]
    assert found["nodes_after"] == found["nodes"][::-1]
    assert found["read_after"] == [True, True]
    assert found["other_reads"] and not found["other_lost"]
    assert found["back_reads"]
