"""NFIQ 2 is a number where its library is installed, and nothing where it is not."""

from importlib.util import find_spec

import numpy as np
import pytest

from drivers.fingerprint.quality import LIBRARY, Quality, at_500_ppi
from drivers.simulated.ridges import draw


@pytest.mark.skipif(find_spec(LIBRARY) is not None, reason="nbis-py is installed")
def test_without_its_library_there_is_no_score_and_not_one_that_looks_like_it() -> None:
    quality = Quality()
    assert not quality.installed
    assert quality.score(draw(1), 500) is None


def test_a_picture_is_brought_to_the_resolution_that_the_score_is_defined_for() -> None:
    assert at_500_ppi(draw(1), 512).shape == (391, 293)
    assert at_500_ppi(draw(1), 385).shape == (519, 390)
    assert np.array_equal(at_500_ppi(draw(1), 500), draw(1))
