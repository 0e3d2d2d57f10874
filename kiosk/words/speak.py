"""Speak what has no clip yet, with espeak-ng and oggenc: stand-ins until a person has recorded them. Run: python -m kiosk.words.speak

What a person recorded (`NAME.ogg` put into clips/LANGUAGE by hand) is marked with --recorded and never spoken over while its words stay.
"""

import argparse
import shutil
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Sequence
from pathlib import Path

from kiosk.words.clips import Clip, Clips, Made, Spoken, hash_of, stale, to_speak, write_clips, write_to_record
from kiosk.words.shelf import HOME, WordsWrong, load_clips, load_legal, load_words

VOICES = {"en": "en-gb", "sw": "sw", "pt": "pt", "fr": "fr-fr"}
"""Languages that espeak-ng speaks; there is no voice for Chichewa."""
WORDS_A_MINUTE = 145
SAMPLES_A_SECOND = 11025
"""A stand-in must be understood, not admired: all of them together are to stay under 8 MB."""
PROGRAMS = {"espeak-ng": "espeak-ng", "oggenc": "vorbis-tools"}


def main(arguments: Sequence[str] | None = None, home: Path = HOME) -> int:
    """0: every sentence has a clip or is on the list of what is to be recorded. `home` holds the lists and the clips."""
    parser = argparse.ArgumentParser(prog="python -m kiosk.words.speak", description=__doc__)
    parser.add_argument("--recorded", nargs="+", default=[], metavar="LANGUAGE/NAME", help="these clips were spoken by a person")
    parser.add_argument("--list", action="store_true", help="only say what would be spoken again")
    chosen = parser.parse_args(arguments)
    try:
        spoken = to_speak(load_words(), load_legal())
        clips = with_recorded(spoken, load_clips(home), chosen.recorded, home)
    except WordsWrong as why:
        sys.stderr.write(f"{why}\n")
        return 1
    wanted = {one: words for one, words in spoken.items() if one[0] in VOICES and not up_to_date(one, words, clips, home)}
    if chosen.list:
        lines = [*stale(spoken, clips), *(f"{language}/{name}: {words}" for (language, name), words in wanted.items())]
        sys.stdout.write("".join(f"{line}\n" for line in lines))
        return 0
    missing = [package for program, package in PROGRAMS.items() if shutil.which(program) is None]
    if wanted and missing:
        sys.stderr.write(f"to speak {len(wanted)} sentences, install: apt-get install {' '.join(missing)}\n")
        return 1
    speak_all(wanted, home)
    keep(spoken, clips, wanted, home)
    return 0


def with_recorded(spoken: Spoken, clips: Clips, names: Iterable[str], home: Path) -> Clips:
    """The clips with these marked as a person's. Raises WordsWrong where there is no such sentence or no such file."""
    marked = dict(clips)
    for each in names:
        language, _, name = each.partition("/")
        if (language, name) not in spoken or not _path(home, language, name).is_file():
            raise WordsWrong(f"{each}: expected LANGUAGE/NAME of a sentence, and its file in {home / 'clips'}")
        marked[language, name] = Clip(Made.RECORDED, hash_of(spoken[language, name]))
    return marked


def up_to_date(wanted: tuple[str, str], words: str, clips: Clips, home: Path) -> bool:
    """Whether the clip is there and says these words."""
    clip = clips.get(wanted)
    return clip is not None and clip.hash == hash_of(words) and _path(home, *wanted).is_file()


def speak_all(wanted: Spoken, home: Path) -> None:
    """Each into its file. Raises CalledProcessError where a program fails."""
    with tempfile.TemporaryDirectory() as folder:
        for number, ((language, name), words) in enumerate(wanted.items(), 1):
            path = _path(home, language, name)
            path.parent.mkdir(parents=True, exist_ok=True)
            speak(words, VOICES[language], Path(folder) / "spoken.wav", path)
            sys.stdout.write(f"{language}/{name} ({number} of {len(wanted)})\n")


def speak(words: str, voice: str, between: Path, clip: Path) -> None:
    """One sentence; the same words make the same file, byte for byte. Raises CalledProcessError."""
    subprocess.run(["espeak-ng", "-v", voice, "-s", str(WORDS_A_MINUTE), "-w", str(between), "--", words], check=True)
    # a fixed serial number: else every run would make other files of the same words
    encode = ["oggenc", "--quiet", "--serial", "1", "--quality", "-1", "--downmix", "--resample", str(SAMPLES_A_SECOND)]
    subprocess.run([*encode, "--output", str(clip), str(between)], check=True, stderr=subprocess.DEVNULL)


def keep(spoken: Spoken, clips: Clips, wanted: Iterable[tuple[str, str]], home: Path) -> None:
    """Write both lists and take away the clips that nothing is said by any more."""
    new = {one: Clip(Made.SYNTHETIC, hash_of(spoken[one])) for one in wanted}
    now = {one: clip for one, clip in {**clips, **new}.items() if one in spoken and clip.hash == hash_of(spoken[one])}
    # a clip that says something else than its sentence must not be played
    for gone in set(clips) - set(now):
        _path(home, *gone).unlink(missing_ok=True)
    (home / "clips.toml").write_text(write_clips(now), encoding="utf-8")
    unspoken = {one: words for one, words in spoken.items() if one not in now}
    (home / "to_record.toml").write_text(write_to_record(unspoken), encoding="utf-8")
    size = sum(_path(home, *one).stat().st_size for one in now)
    sys.stdout.write(f"{len(now)} clips, {size / 1e6:.1f} MB; {len(unspoken)} sentences to be recorded by a person\n")


def _path(home: Path, language: str, name: str) -> Path:
    return home / "clips" / language / f"{name}.ogg"


if __name__ == "__main__":
    sys.exit(main())
