"""Codes of fingers and impressions are those that devices and records share."""

from drivers.contract import Finger
from drivers.formats.biometrics.codes import IMPRESSIONS_2004, IMPRESSIONS_2009, IMPRESSIONS_2011, SINGLE_FINGERS, SLAPS, FingerPosition


def test_every_finger_a_traveller_is_asked_for_has_a_position_of_the_same_name() -> None:
    assert {FingerPosition[finger.name] for finger in Finger} <= SINGLE_FINGERS


def test_slaps_and_single_fingers_are_apart() -> None:
    assert len(SINGLE_FINGERS) == 11
    assert SINGLE_FINGERS.isdisjoint(SLAPS)


def test_nine_is_no_contact_in_2004_rolling_in_2011_and_nothing_in_2009() -> None:
    assert IMPRESSIONS_2004[9] == "live, without contact"
    assert IMPRESSIONS_2011[9] == "rolled vertically"
    assert 9 not in IMPRESSIONS_2009
