"""What lies before the simulated devices, and the scripts of what goes wrong with them."""

import threading
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from drivers.simulated.faults import Faults, ScriptWrong, Troublemaker, Unplugged, read_script
from drivers.simulated.scene import Scene, Seen


def test_what_is_put_down_is_seen(tmp_path: Path) -> None:
    scene = Scene(tmp_path / "scene")
    assert scene.look("passport_reader") == Seen()
    scene.put("passport_reader", lines=("ABC", "DEF"))
    assert scene.look("passport_reader").lines == ("ABC", "DEF")


def test_the_same_document_laid_again_is_told_from_one_left_lying(tmp_path: Path) -> None:
    scene = Scene(tmp_path)
    scene.put("passport_reader", lines=("ABC",))
    first = scene.look("passport_reader").laid
    scene.put("passport_reader", fault="slow:5")
    assert scene.look("passport_reader").laid == first
    scene.put("passport_reader", lines=("ABC",))
    assert scene.look("passport_reader").laid == first + 1


def test_nobody_reads_half_of_a_scene(tmp_path: Path) -> None:
    scene, done = Scene(tmp_path), threading.Event()
    scene.put("lane_io", present=True)

    def write() -> None:
        for number in range(200):
            scene.put("lane_io", present=number % 2 == 0)
        done.set()

    writer = threading.Thread(target=write)
    writer.start()
    while not done.is_set():
        Scene(tmp_path).look("lane_io")
    writer.join()


def test_something_that_cannot_be_seen_is_refused(tmp_path: Path) -> None:
    with pytest.raises(TypeError):
        Scene(tmp_path).put("lane_io", weather="rain")


def test_a_script_of_several_faults() -> None:
    assert read_script("split:3 slow:20 garbage unplug:120") == Faults(split=3, slow_ms=20, garbage=1, unplug_after=120)
    assert read_script("silence print unplug") == Faults(silence=True, prints=True, unplug_after=0)


@pytest.mark.parametrize("script", ["explode", "split:x", "slow:-1", "unplug:1e9"])
def test_a_script_that_is_none_is_refused(script: str) -> None:
    with pytest.raises(ScriptWrong):
        read_script(script)


@given(st.text(max_size=40))
def test_any_text_is_a_script_or_is_refused(text: str) -> None:
    try:
        read_script(text)
    except ScriptWrong:
        return


@given(st.lists(st.binary(min_size=1, max_size=30), min_size=1, max_size=6), st.integers(0, 100))
def test_a_plug_is_pulled_at_just_the_byte_that_the_script_says(answers: list[bytes], at: int) -> None:
    trouble = Troublemaker()
    trouble.follow(f"unplug:{at} split:2")
    sent = b""
    try:
        for answer in answers:
            sent += b"".join(trouble.pieces(answer))
    except Unplugged as pulled:
        sent += pulled.before
    whole = b"".join(answers)
    assert sent == whole[:at]
    assert trouble.unplugged == (len(whole) >= at)


def test_a_plug_that_was_pulled_stays_out_until_the_script_is_another() -> None:
    trouble = Troublemaker()
    trouble.follow("unplug:2")
    with pytest.raises(Unplugged):
        trouble.pieces(b"abc")
    trouble.follow("unplug:2")
    assert trouble.unplugged
    trouble.follow("")
    assert not trouble.unplugged
    assert trouble.pieces(b"abc") == [b"abc"]
