"""The three short sounds are what the program that made them makes."""

import wave
from pathlib import Path

import pytest

from kiosk.screens.sounds import make as sounds
from kiosk.screens.voice import Sign

FOLDER = Path(sounds.__file__).parent


@pytest.mark.parametrize("sign", list(Sign))
def test_each_sign_has_its_sound_and_it_is_short(sign: Sign) -> None:
    with wave.open(str(FOLDER / f"{sign.value}.wav")) as file:
        frames = file.readframes(file.getnframes())
        assert file.getnframes() / file.getframerate() < 1.0
    assert frames == sounds.samples(sounds.SOUNDS[sign.value]).tobytes()


def test_a_sound_neither_clicks_at_its_end_nor_clips() -> None:
    for tones in sounds.SOUNDS.values():
        made = sounds.samples(tones)
        assert abs(int(made[-1])) < 200 and abs(int(made[0])) < 200
        assert 3_000 < abs(made.astype(int)).max() < 32_000
