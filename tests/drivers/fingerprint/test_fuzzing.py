"""Ten thousand inputs that no reader meant, for each parser; `fuzzing.py` makes as many as are asked for."""

import pytest

from tests.drivers.fingerprint.fuzzing import PARSERS, fuzz


@pytest.mark.parametrize("name", PARSERS)
def test_whatever_comes_over_the_wire_is_read_or_refused(name: str) -> None:
    found = fuzz(name, 10_000, seed=3)
    assert found["read"] > 100
    assert found["refused"] > 100
