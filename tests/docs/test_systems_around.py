"""docs/systems-around.md as somebody works through it: each command, in its order, does what the page says."""

import re
import shlex
import shutil
from collections.abc import Iterator
from pathlib import Path

import pytest

from kiosk.__main__ import _parser, main
from kiosk.clock import SystemClock
from kiosk.headquarters.database import sqlite_url
from tests.kiosk.headquarters.crossed import Border, member

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs" / "systems-around.md").read_text(encoding="utf-8")
BLOCKS = re.findall(r"^```(\w*)\n(.*?)^```$", PAGE, re.MULTILINE | re.DOTALL)
COMMANDS = [line for kind, block in BLOCKS if not kind for line in block.splitlines() if line.startswith("mpaka ")]
SERVES = "serve-export"


@pytest.fixture
def border(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Border]:
    monkeypatch.chdir(tmp_path)
    here = Border(tmp_path, str(tmp_path / "opened.db"), sealed=sqlite_url(tmp_path / "hq.db"))
    yield here
    here.close()


def test_each_command_of_the_page_does_what_it_says(
    border: Border, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    folder = border.folder
    record = border.registers(member(pictures=1), pictures=1)
    border.decides(record)
    border.delivers()
    (folder / "opener").mkdir()
    shutil.copy(border.practice.founding.opening_key, folder / "opener" / "active.key")
    shutil.copy(ROOT / "config" / "retention.toml", folder / "retention.toml")
    (visas,) = [block for kind, block in BLOCKS if kind == "csv"]
    (folder / "visas.csv").write_text(visas, encoding="utf-8")
    # this machine's clock may be anybody's
    known = SystemClock(disciplined=lambda: 0.01)
    monkeypatch.setattr("kiosk.programs.retention.SystemClock", lambda: known)
    said = {}
    for command in COMMANDS:
        words = shlex.split(command.replace("RECORD", record))[1:]
        if SERVES in words:
            _parser().parse_args(words)
            continue
        assert main(words) == 0, (command, capsys.readouterr())
        said[command] = "".join(capsys.readouterr())
    assert len(COMMANDS) > 15
    assert all(
        word in " ".join(COMMANDS)
        for word in ("open", "export", SERVES, "clients", "import", "retention", "hold", "release", "erase", "proof")
    )
    assert (folder / "crossings.csv").read_text(encoding="utf-8").count(record) == 1
    assert "ERIKSSON" not in said[COMMANDS[-1]] + said[COMMANDS[-2]]
    assert record in said[COMMANDS[-2]]
    assert border.opened("SELECT surname FROM crossing") == [(None,)]
