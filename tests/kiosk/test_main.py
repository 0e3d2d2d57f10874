"""The command line: `--help` names every word under a heading, and what cannot be is refused in words."""

import re

import pytest

from kiosk.__main__ import main
from kiosk.programs.arguments import COMMANDS, headquarters, keys


@pytest.mark.parametrize(
    ("words", "names"),
    [
        ([], [command.name for command in COMMANDS]),
        (["headquarters"], [part.name for part in headquarters.PARTS]),
        (["keys"], [part.name for part in keys.PARTS]),
    ],
    ids=["mpaka", "headquarters", "keys"],
)
def test_help_lists_every_word_once_and_under_a_heading(words: list[str], names: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main([*words, "--help"])
    assert ended.value.code == 0
    listed = re.split("^options:$", capsys.readouterr().out, flags=re.MULTILINE)[1].partition("\n\n")[2]
    assert re.findall(r"^  ([a-z-]+) ", listed, flags=re.MULTILINE) == names
    assert re.match(r"\w[^\n]*:\n  ", listed), "it begins with a heading"


@pytest.mark.parametrize("text", ["65536", "70000", "x", "-1", "١٢"])
def test_a_number_that_is_no_port_is_refused(text: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["broker", f"--port={text}"])
    assert f"{text} is no port: 1 to 65535" in capsys.readouterr().err
