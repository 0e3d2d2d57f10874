"""The stand-ins are spoken by a program, and a person's recording is never spoken over while its words stay."""

import shutil
from pathlib import Path

import pytest

from kiosk.words import speak
from kiosk.words.clips import Clip, Made, hash_of, to_speak
from kiosk.words.shelf import HOME, WordsWrong, load_clips, load_legal, load_to_record, load_words

SPOKEN = to_speak(load_words(), load_legal())
NEEDS_VOICE = pytest.mark.skipif(
    any(shutil.which(program) is None for program in speak.PROGRAMS), reason=f"needs {' and '.join(speak.PROGRAMS)}"
)


@pytest.fixture
def home(tmp_path: Path) -> Path:
    """A copy of the lists and the clips."""
    for name in ("clips.toml", "to_record.toml"):
        shutil.copy(HOME / name, tmp_path)
    shutil.copytree(HOME / "clips", tmp_path / "clips")
    return tmp_path


def test_nothing_is_spoken_again_while_nothing_has_changed(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert speak.main(["--list"], home) == 0
    assert capsys.readouterr().out == ""
    assert speak.main([], home) == 0
    assert [(home / name).read_text() for name in ("clips.toml", "to_record.toml")] == [
        (HOME / name).read_text() for name in ("clips.toml", "to_record.toml")
    ]


@NEEDS_VOICE
def test_a_lost_clip_is_spoken_again_and_comes_out_the_same(home: Path, capsys: pytest.CaptureFixture[str]) -> None:
    lost = home / "clips" / "sw" / "welcome.ogg"
    lost.unlink()
    assert speak.main([], home) == 0
    assert "sw/welcome (1 of 1)" in capsys.readouterr().out
    assert lost.read_bytes()[:4] == b"OggS"


def test_without_the_programs_it_says_what_to_install(
    home: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    (home / "clips" / "sw" / "welcome.ogg").unlink()
    monkeypatch.setenv("PATH", str(home))
    assert speak.main([], home) == 1
    assert "apt-get install espeak-ng vorbis-tools" in capsys.readouterr().err


def test_what_a_person_recorded_is_marked_and_leaves_the_list(home: Path) -> None:
    (home / "clips" / "ny").mkdir()
    shutil.copy(home / "clips" / "sw" / "welcome.ogg", home / "clips" / "ny" / "welcome.ogg")
    assert speak.main(["--recorded", "ny/welcome"], home) == 0
    assert load_clips(home)["ny", "welcome"] == Clip(Made.RECORDED, hash_of("Takulandirani"))
    assert ("ny", "welcome") not in load_to_record(home)


def test_a_recording_whose_words_have_changed_goes_back_onto_the_list(home: Path) -> None:
    (home / "clips" / "ny").mkdir()
    old = home / "clips" / "ny" / "welcome.ogg"
    shutil.copy(home / "clips" / "sw" / "welcome.ogg", old)
    speak.keep(SPOKEN, {("ny", "welcome"): Clip(Made.RECORDED, hash_of("Moni"))}, [], home)
    assert not old.exists()
    assert load_to_record(home)["ny", "welcome"] == "Takulandirani"


@pytest.mark.parametrize("name", ["ny/welcome", "ny/nothing", "welcome", "../x"])
def test_a_recording_that_is_not_there_is_not_marked(home: Path, name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(WordsWrong, match="expected LANGUAGE/NAME"):
        speak.with_recorded(SPOKEN, {}, [name], home)
    assert speak.main(["--recorded", name], home) == 1
    assert name in capsys.readouterr().err
