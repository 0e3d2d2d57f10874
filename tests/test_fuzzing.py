"""Ten thousand inputs that nobody meant for every parser of what comes from outside; `python -m tests.fuzzing --count 1000000` for the long run."""

import random

import pytest

from tests import fuzzing
from tests.fuzzing import every_parser, fuzz, main


@pytest.mark.parametrize("name", every_parser())
def test_ten_thousand_inputs_are_answered_or_refused_and_nothing_else(name: str) -> None:
    # a parser that takes all, or nothing, would prove little
    assert 100 < fuzz(every_parser()[name], 10_000) < 9_950


def test_a_parser_that_raises_is_found_with_the_number_of_its_input(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def broken(dice: random.Random) -> bool:
        if dice.random() > 0.9:
            raise ValueError("too long")
        return True

    monkeypatch.setattr(fuzzing, "every_parser", lambda: {"broken": broken, "sound": lambda dice: True})
    assert main(["--count", "100"]) == 1
    said = capsys.readouterr().out
    assert "broken: input 2: ValueError too long" in said
    assert "sound: 100 inputs, 100 understood, nothing unhandled" in said
