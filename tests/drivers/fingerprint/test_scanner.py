"""From live pictures to the one that is handed over: the best that was seen of this finger, and of no other."""

from collections.abc import Iterator
from pathlib import Path

import cv2
import numpy as np
import pytest

from drivers.contract import Finger, FingerCaptured, Hint, NotCaptured, Notice, Unread
from drivers.driver import DeviceAbsent, Outlet
from drivers.fingerprint.placement import Image
from drivers.fingerprint.scanner import Taking
from drivers.ring import FrameRing
from drivers.simulated.ridges import draw

BLANK = np.full((400, 300), 255, np.uint8)


def faint(part: float) -> Image:
    return (255 - (255 - draw(1).astype(float)) * part).astype(np.uint8)


@pytest.fixture
def taking(tmp_path: Path) -> Iterator[tuple[Taking, FrameRing]]:
    ring, said = FrameRing.create(tmp_path / "ring", 1 << 18), list[Notice]()
    yield Taking(500, patience_s=0.0, outlet=Outlet(said.append, ring)), ring
    ring.close()


def handed_over(taking: Taking, ring: FrameRing) -> Image:
    answer = taking.taken(Finger.LEFT_THUMB)
    assert isinstance(answer, FingerCaptured)
    data = ring.take(answer.picture)
    assert data is not None
    return np.asarray(cv2.imdecode(np.frombuffer(data, np.uint8), cv2.IMREAD_UNCHANGED), np.uint8)


def test_the_best_of_a_faint_finger_is_handed_over_when_patience_ends(taking: tuple[Taking, FrameRing]) -> None:
    for part in (0.2, 0.3, 0.25):
        assert taking[0].seen(faint(part)) is Hint.OK
    assert np.array_equal(handed_over(*taking), faint(0.3))


def test_a_finger_that_lies_well_is_handed_over_whatever_came_before(taking: tuple[Taking, FrameRing]) -> None:
    for image in (faint(0.2), draw(1)):
        taking[0].seen(image)
    assert np.array_equal(handed_over(*taking), draw(1))


def test_no_picture_of_a_finger_that_is_gone_is_kept(taking: tuple[Taking, FrameRing]) -> None:
    taking[0].seen(draw(1))
    assert taking[0].seen(BLANK) is Hint.NOTHING_THERE
    assert taking[0].taken(Finger.LEFT_THUMB) == NotCaptured(Unread.POOR_PICTURE)
    taking[0].seen(draw(1))
    taking[0].begin()
    assert taking[0].taken(Finger.LEFT_THUMB) == NotCaptured(Unread.POOR_PICTURE)


def test_a_picture_of_sixteen_greys_is_not_handed_over(taking: tuple[Taking, FrameRing]) -> None:
    taking[0].seen(draw(1) // 16 * 17)
    assert taking[0].taken(Finger.LEFT_THUMB) == NotCaptured(Unread.POOR_PICTURE)


def test_nothing_is_shown_by_a_reader_that_is_not_open() -> None:
    with pytest.raises(DeviceAbsent, match="not open"):
        Taking(500).seen(draw(1))
