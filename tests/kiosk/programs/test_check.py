"""`mpaka check` on a post that is laid out, and on the same post with something missing."""

from pathlib import Path

import pytest

from kiosk.demo import post as posts
from kiosk.programs import check


@pytest.fixture
def laid_out(tmp_path: Path) -> posts.Post:
    post = posts.lay_out(tmp_path, 18839)
    for place in ("lane", "run/lane"):
        (tmp_path / place).mkdir(parents=True, exist_ok=True)
    return post


def test_a_post_that_is_whole_is_ready_and_its_samples_are_named(laid_out: posts.Post, capsys: pytest.CaptureFixture[str]) -> None:
    assert check.run(laid_out.settings / "lane.toml") == 0
    said = capsys.readouterr().out
    assert "Ready." in said
    assert "ID BOX" in said
    assert "SAMPLES" in said


def test_what_is_missing_is_named_with_what_to_do(laid_out: posts.Post, capsys: pytest.CaptureFixture[str]) -> None:
    settings = laid_out.settings / "lane.toml"
    text = settings.read_text().replace('driver = "simulated-lane-io"', 'driver = "no-such-driver"')
    settings.write_text(text.split("\n[devices.passport_reader]")[0] + "\n[devices.lane_io]" + text.split("\n[devices.lane_io]")[1])
    laid_out.made.staff.write_bytes(b"{}")
    assert check.run(settings) == 1
    said = capsys.readouterr().out
    assert "■ not ready  staff list" in said
    assert "■ not ready  lane io" in said
    assert "there is no driver 'no-such-driver'; there are: document-camera" in said


def test_a_key_that_others_can_read_is_not_ready(laid_out: posts.Post, capsys: pytest.CaptureFixture[str]) -> None:
    settings = laid_out.settings / "lane.toml"
    settings.write_text(settings.read_text().split("\n[devices.")[0] + "\n[devices]\n")
    (laid_out.made.founding.station(posts.LANE) / "signing.key").chmod(0o644)
    assert check.run(settings) == 1
    assert "chmod 600" in capsys.readouterr().out


def test_settings_that_cannot_be_used_are_said_in_one_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    wrong = tmp_path / "lane.toml"
    wrong.write_text('station = "x"\n')
    assert check.run(wrong) == 2
    assert capsys.readouterr().err.count("\n") == 1


def test_a_console_is_checked_by_its_own_settings(laid_out: posts.Post, capsys: pytest.CaptureFixture[str]) -> None:
    for place in ("console", "run/console"):
        (laid_out.folder / place).mkdir(parents=True, exist_ok=True)
    assert check.run(laid_out.settings / "console.toml") == 0
    assert "desk key" in capsys.readouterr().out
