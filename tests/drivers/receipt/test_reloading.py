"""Paper out at any byte and reloaded: exactly one receipt."""

from functools import cache

import pytest

from drivers.receipt.slip import parts
from tests.drivers.receipt.reloading import PAPERS, run


@pytest.fixture(autouse=True)
def drawn_once(monkeypatch):
    """The same slip is printed hundreds of times."""
    monkeypatch.setattr("drivers.receipt.job.parts", cache(parts))


@pytest.mark.parametrize(("settings", "every"), list(zip(PAPERS.values(), (997, 7), strict=True)), ids=list(PAPERS))
def test_paper_that_ends_in_the_middle_of_a_slip_and_is_reloaded_gives_exactly_one_receipt(settings, every):
    assert run(settings, every) > 30


@pytest.mark.long
@pytest.mark.parametrize("settings", list(PAPERS.values()), ids=list(PAPERS))
def test_paper_that_ends_at_any_byte_whatever_gives_exactly_one_receipt(settings):
    assert run(settings, 1) > 1000
