"""Gentle movement: it rests, goes, rests, comes back, and never takes four seconds."""

from hypothesis import given
from hypothesis import strategies as st

from kiosk.screens.pen import LONGEST_LOOP_S, Motion
from kiosk.screens.pictures import drawings


@given(st.floats(0, 1000))
def test_a_layer_never_leaves_its_way(seconds: float) -> None:
    assert 0 <= Motion().share(seconds) <= 1


@given(st.floats(0, 100))
def test_no_movement_jumps(seconds: float) -> None:
    motion = Motion(period=3.2)
    assert abs(motion.share(seconds + 1 / 60) - motion.share(seconds)) < 0.06


def test_every_drawing_comes_round_in_less_than_four_seconds() -> None:
    moving = [layer.motion for layers in drawings().values() for layer in layers if layer.motion]
    assert moving and all(motion.period < LONGEST_LOOP_S for motion in moving)


def test_the_screens_that_wait_for_somebody_stand_still() -> None:
    for name in ("welcome", "lane_closed"):
        assert all(layer.motion is None for layer in drawings()[name])
