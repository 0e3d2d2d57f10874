"""NFIQ 2 by nbis-py gives the reference scores of NIST's own synthetic fingers. Skipped where it is not installed: pip install nbis-py==0.1.3."""

from importlib.util import find_spec
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.fingerprint.quality import LIBRARY, Quality
from drivers.simulated.ridges import draw

FOLDER = Path(__file__).resolve().parents[2].parent / "shared" / "data" / "fingerprint" / "nfiq2_sfinge"

pytestmark = pytest.mark.skipif(find_spec(LIBRARY) is None, reason="nbis-py is not installed")


@pytest.mark.skipif(not FOLDER.is_dir(), reason="the shared data is not beside this project")
@pytest.mark.parametrize(("number", "score"), list(enumerate([54, 45, 53, 52, 57], 1)))
def test_a_synthetic_finger_has_its_reference_score(number: int, score: int) -> None:
    image = cv2.imread(str(FOLDER / f"SFinGe_Test0{number}.pgm"), cv2.IMREAD_GRAYSCALE)
    assert image is not None
    assert Quality().score(np.asarray(image, np.uint8), 500) == score


def test_a_drawn_finger_has_a_score_and_blank_glass_has_none_or_nought() -> None:
    quality = Quality()
    assert quality.score(draw(3), 500) in range(1, 101)
    assert not quality.score(np.full((290, 384), 250, np.uint8), 512)
