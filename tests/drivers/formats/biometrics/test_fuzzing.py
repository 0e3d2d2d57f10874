"""Ten thousand inputs for every parser of finger records; `python -m tests.drivers.formats.biometrics.fuzzing` makes more."""

import pytest

from tests.drivers.formats.biometrics.fuzzing import PARSERS, fuzz, main


@pytest.mark.parametrize("name", PARSERS)
def test_a_parser_answers_ten_thousand_inputs_with_a_record_or_its_own_error(name: str) -> None:
    accepted = fuzz(name, 10_000)
    # Harm that the parser never takes or always takes would prove little.
    assert 100 < accepted < 9_900


def test_the_long_run_can_be_asked_for_by_number(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--count", "5", "--first", "10000"]) == 0
    printed = capsys.readouterr().out
    assert all(name in printed for name in PARSERS)
