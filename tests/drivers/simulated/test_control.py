"""Playing what happens before the simulated devices, in words."""

from datetime import date
from pathlib import Path

import pytest

from drivers.formats.specimens import specimen
from drivers.simulated.control import WordsWrong, happen, main
from drivers.simulated.scene import Scene

TODAY = date(2026, 11, 24)


@pytest.fixture
def scene(tmp_path: Path) -> Scene:
    return Scene(tmp_path / "scene")


def test_a_specimen_is_laid_on_the_reader_and_taken_away(scene: Scene) -> None:
    happen(scene, ["lay", "passport_reader", "adult"], TODAY)
    assert scene.look("passport_reader").lines == specimen("adult", TODAY).lines
    happen(scene, ["take", "passport_reader"], TODAY)
    assert scene.look("passport_reader").lines == ()


def test_a_picture_is_laid_under_the_camera(scene: Scene, tmp_path: Path) -> None:
    (tmp_path / "page.png").write_bytes(b"a picture")
    happen(scene, ["lay", "document_camera", str(tmp_path / "page.png")], TODAY)
    assert Path(scene.look("document_camera").image).name == "page.png"


def test_somebody_steps_up_lays_a_finger_and_leaves(scene: Scene) -> None:
    happen(scene, ["present"], TODAY)
    happen(scene, ["finger", "4"], TODAY)
    assert scene.look("lane_io").present
    assert scene.look("fingerprint_scanner").finger == 4
    happen(scene, ["lift"], TODAY)
    happen(scene, ["absent"], TODAY)
    assert scene.look("fingerprint_scanner").finger is None
    assert not scene.look("lane_io").present


def test_a_fault_is_put_on_and_taken_off(scene: Scene) -> None:
    happen(scene, ["fault", "lane_io", "split:1", "slow:20"], TODAY)
    assert scene.look("lane_io").fault == "split:1 slow:20"
    happen(scene, ["fault", "lane_io"], TODAY)
    assert scene.look("lane_io").fault == ""


def test_the_paper_runs_out_and_everything_can_be_seen(scene: Scene) -> None:
    happen(scene, ["paper", "out"], TODAY)
    assert "paper='out'" in happen(scene, ["see"], TODAY)


@pytest.mark.parametrize(
    ("words", "said"),
    [
        ([], "expected one of"),
        (["dance"], "expected one of"),
        (["lay", "passport_reader"], "expected one of"),
        (["lay", "passport_reader", "nobody"], "no specimen"),
        (["lay", "document_camera", "/nowhere.png"], "no such file"),
        (["take", "hat"], "document_camera"),
        (["finger", "x"], "expected a number"),
        (["fault", "lane_io", "explode"], "no such fault"),
    ],
)
def test_what_cannot_happen_is_refused_in_words(scene: Scene, words: list[str], said: str) -> None:
    with pytest.raises(WordsWrong, match=said):
        happen(scene, words, TODAY)


def test_the_command_says_what_is_wrong_and_fails(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["--scene", str(tmp_path), "present"]) == 0
    assert main(["--scene", str(tmp_path), "take", "hat"]) == 2
    assert "hat: expected one of" in capsys.readouterr().err
