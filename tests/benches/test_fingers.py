"""The bench of fingers runs and says what it measured."""

import pytest

from tests.benches.test_benches import run


@pytest.mark.long
def test_what_a_finger_costs_can_be_measured() -> None:
    printed = run("tests.benches.fingers", "--trips", "1")
    for row in ("descrambled and turned upright", "judged where the finger lies", "laid to the answer with the picture", "through libusb"):
        assert row in printed
