"""A first hundred of the pictures that nobody meant; `fuzzing.py` reads as many as are asked for."""

from tests.drivers.passport.zone.fuzzing import answered


def test_every_file_is_answered_and_no_zone_is_invented(tmp_path, capfd):
    answers = [answered(number, tmp_path) for number in range(100)]
    assert all(answer["error"] or answer["reason"] for answer in answers)
    assert not any(answer["lines"] for answer in answers)
    capfd.readouterr()  # what the codecs say of torn files
