"""Bytes that no reader meant. Ten thousand a parser here; `python -m tests.drivers.passport.fuzzing --count 1000000` for the long run."""

import pytest

from tests.drivers.passport.fuzzing import PARSERS, fuzz, main


@pytest.mark.parametrize("name", sorted(PARSERS))
def test_ten_thousand_inputs_leave_no_parser_confused(name: str) -> None:
    assert fuzz(name, range(10_000)) is None


def test_a_parser_that_raises_is_found(monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    def broken(data: bytes) -> None:
        if len(data) > 20:
            raise ValueError("too long")

    monkeypatch.setitem(PARSERS, "broken", (broken, b"A" * 30))
    assert main(["--count", "50", "--parser", "broken"]) == 1
    assert "too long" in capsys.readouterr().out
