"""Votes over the frames of one document."""

from drivers.formats.mrz import parse
from drivers.passport.zone import Reason, Votes, ZoneReading
from tests.drivers.passport.zone.specimens import CARD, PASSPORT

GOOD = ZoneReading(parse(PASSPORT))
OTHER = ZoneReading(parse(CARD))
NONE = ZoneReading(reason=Reason.GLARE)
DOUBTFUL = ZoneReading(parse((PASSPORT[0], PASSPORT[1][:-1] + "1")))


def after(*readings, needed=2):
    votes = Votes(needed)
    for reading in readings:
        votes = votes.with_frame(reading)
    return votes.accepted


def test_two_frames_that_agree_are_accepted():
    assert after(GOOD, GOOD) is GOOD


def test_one_frame_is_not_enough():
    assert after(GOOD) is None


def test_frames_without_a_zone_neither_help_nor_hinder():
    assert after(NONE, GOOD, NONE, NONE, GOOD) is GOOD


def test_a_reading_whose_check_digits_are_wrong_has_no_vote():
    assert after(DOUBTFUL, DOUBTFUL, DOUBTFUL) is None


def test_a_frame_that_disagreed_must_be_outvoted():
    assert after(OTHER, GOOD, GOOD) is None
    assert after(OTHER, GOOD, GOOD, GOOD) is GOOD


def test_what_is_accepted_stays():
    assert after(GOOD, GOOD, OTHER, OTHER, OTHER, OTHER) is GOOD


def test_votes_show_nothing_of_a_person_in_a_log():
    votes = Votes().with_frame(GOOD)
    assert "ERIKSSON" not in repr(votes)
    assert "ERIKSSON" not in repr(after(GOOD, GOOD))
