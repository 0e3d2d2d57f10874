"""Makes the three short sounds: `python -m kiosk.screens.sounds.make`. Soft tones with a slow end, nothing that alarms.

A tone is (start in seconds, length, frequency in hertz, strength); each has an octave above it at a fifth of the strength.
"""

import wave
from pathlib import Path

import numpy as np

RATE = 44_100
SOUNDS: dict[str, tuple[tuple[float, float, float, float], ...]] = {
    "touched": ((0.0, 0.09, 660.0, 0.5),),
    "done": ((0.0, 0.22, 523.25, 0.5), (0.14, 0.40, 783.99, 0.5)),
    "please_look": ((0.0, 0.26, 587.33, 0.5), (0.24, 0.26, 493.88, 0.5), (0.48, 0.42, 587.33, 0.5)),
}


def samples(tones: tuple[tuple[float, float, float, float], ...]) -> np.ndarray[tuple[int], np.dtype[np.int16]]:
    """The tones together as 16-bit samples at RATE."""
    length = max(start + lasts for start, lasts, _, _ in tones)
    sound = np.zeros(int(length * RATE) + 1)
    for start, lasts, hertz, strength in tones:
        time = np.arange(int(lasts * RATE)) / RATE
        swell = np.minimum(1.0, time / 0.008) * np.exp(-4.5 * time / lasts) * np.minimum(1.0, (lasts - time) / 0.01)
        tone = np.sin(2 * np.pi * hertz * time) + 0.2 * np.sin(4 * np.pi * hertz * time)
        at = int(start * RATE)
        sound[at : at + len(time)] += strength * swell * tone
    return (np.clip(sound, -1, 1) * 32_000).astype("<i2")


def make(folder: Path) -> None:
    """Write each sound as a mono WAV file."""
    for name, tones in SOUNDS.items():
        with wave.open(str(folder / f"{name}.wav"), "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(2)
            file.setframerate(RATE)
            file.writeframes(samples(tones).tobytes())


if __name__ == "__main__":
    make(Path(__file__).parent)
