"""How well zones are read: `python -m tests.benches.mrz [WHAT ...] [--beside] [--python FILE] [--count N]`.

WHAT is a folder that holds truth.json and its pictures (as first said, the photographs beside this tree), a level of drawn
captures (L1, L2, L3; needs OCR-B; P1, P2, P3: plainer ones drawn by other code), or `hints` for the time of a placement hint.
Prints a line for each picture that was not read wholly right, and a table. CPU seconds of one thread.
With --beside the other readers that are installed read the same files: PassportEye, fastmrz (under the Python named by --python) and
Tesseract. "Valid" is judged alike for all, by the check digits of the lines they give.
"""

import argparse
import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.formats.layouts import LAYOUTS, Format, Part, formats_of_shape
from drivers.formats.mrz import parse
from drivers.passport.zone import placement
from drivers.passport.zone.training import glyphs
from drivers.passport.zone.training.captures import LEVELS, capture
from tests.benches import mrz_readers
from tests.benches.plain import plain_capture

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mrz"
VALIDATION_SEED = 2_000_005
COUNT = 84
KEY_FIELDS = (Part.NUMBER, Part.BIRTH, Part.EXPIRY)
PLAIN = {"P1": 1, "P2": 2, "P3": 3}
WIDE = 38  # characters of the table's first column


@dataclass(frozen=True)
class Picture:
    """A picture file, and what stands in it: the lines and their type, none where it shows no zone."""

    file: Path
    truth: tuple[str, ...]
    kind: Format | None


@dataclass(frozen=True)
class Result:
    """What a reader made of one picture, and the time it took in milliseconds."""

    picture: Picture
    read: tuple[str, ...]
    cpu_ms: float
    problem: str

    @property
    def exact(self) -> bool:
        return self.picture.truth == self.read

    @property
    def valid(self) -> bool:
        """Whether the lines read are a zone whose check digits are right."""
        alike = len({len(line) for line in self.read}) == 1
        return alike and any(parse(self.read, kind).valid for kind in formats_of_shape(len(self.read), len(self.read[0])))

    @property
    def keys_right(self) -> bool:
        """Whether number, birth and expiry are as they stand there."""
        kind = self.picture.kind
        return kind is not None and bool(found := key_fields(self.read, kind)) and found == key_fields(self.picture.truth, kind)


def key_fields(lines: Sequence[str], kind: Format) -> tuple[str, ...]:
    """Number, birth and expiry of these lines as this type; empty where the lines have another shape."""
    layout = LAYOUTS[kind]
    if len(lines) != layout.lines or any(len(line) != layout.length for line in lines):
        return ()
    spans = [layout.spans[part] for part in KEY_FIELDS if part in layout.spans]
    return tuple(lines[span.line - 1][span.first - 1 : span.last] for span in spans)


def photographs(folder: Path) -> list[Picture]:
    """The pictures of the folder's truth.json."""
    images = json.loads((folder / "truth.json").read_text())["images"]
    kinds = {kind.value: kind for kind in Format}
    return [Picture(folder / image["file"], tuple(image["lines"]), kinds.get(image["type"])) for image in images]


def captures(level: str, count: int, folder: Path) -> Iterator[Picture]:
    """Captures of this level as files in the folder, every type in turn, one in seven without a zone; drawn under a seed, and in cuts,
    that training never uses."""
    faces = glyphs.faces(kept_back=True)
    for number in range(count):
        kind = [*Format, None][number % 7]
        taken = capture(VALIDATION_SEED, number, LEVELS[level], faces, kind, kept_back=True)
        file = folder / f"{level}-{number:03d}.png"
        cv2.imwrite(str(file), taken.picture)
        yield Picture(file, tuple(taken.lines), kind)


def plain_captures(level: str, count: int, folder: Path) -> Iterator[Picture]:
    """Captures that other code drew (plain.py), as files in the folder, every type but the French card in turn."""
    for number in range(count):
        taken, lines, kind = plain_capture(PLAIN[level], number)
        file = folder / f"{level}-{number:03d}.png"
        cv2.imwrite(str(file), taken)
        yield Picture(file, lines, kind)


def hints(count: int) -> float:
    """CPU milliseconds of a placement hint, median, over captures of a kiosk's camera."""
    faces, spent = glyphs.faces(kept_back=True), []
    for number in range(count):
        frame = capture(VALIDATION_SEED, number, LEVELS["L2"], faces, Format.TD3).picture
        begun = time.process_time()
        placement(frame)
        spent.append((time.process_time() - begun) * 1000)
    return float(np.median(spent))


def read_by(name: str, python: str, pictures: Sequence[Picture]) -> tuple[list[Result], float]:
    """What this reader makes of the pictures, and the memory it took in MB. Raises OSError where it is not installed."""
    how = [sys.executable, "-m", "tests.benches.mrz_readers"] if name == "mpaka" else [python, mrz_readers.__file__]
    names = "".join(f"{picture.file}\n" for picture in pictures)
    done = subprocess.run([*how, name], input=names, capture_output=True, text=True, check=False)
    answers = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    if done.returncode or len(answers) != len(pictures) + 1:
        raise OSError((done.stderr.strip().splitlines() or ["it gave no answer"])[-1])
    found = [
        Result(picture, tuple(answer["lines"]), answer["cpu_ms"], answer["problem"])
        for picture, answer in zip(pictures, answers[:-1], strict=True)
    ]
    return found, float(answers[-1]["memory_mb"])


def edits(said: str, true: str) -> int:
    """Characters to change, take out or put in to make one text of the other."""
    row = np.arange(len(true) + 1)
    for at, character in enumerate(said):
        changed = row[:-1] + [character != other for other in true]
        best = np.concatenate([[at + 1], np.minimum(changed, row[1:] + 1)])
        row = np.minimum.accumulate(best - np.arange(len(best))) + np.arange(len(best))
    return int(row[-1])


def figures(found: Sequence[Result], memory: float) -> dict[str, str]:
    """The figures of one reader, by their names in the table."""
    zones = [result for result in found if result.picture.truth]
    without = [result for result in found if not result.picture.truth]
    read = [result for result in zones if result.read]
    exact, keys = sum(result.exact for result in zones), sum(result.keys_right for result in zones)
    wrong = [result for result in found if result.valid and not result.exact]
    wrong_keys = [result for result in wrong if not result.keys_right]
    letters = sum(len("".join(result.picture.truth)) for result in read)
    missed = sum(edits("".join(result.read), "".join(result.picture.truth)) for result in read)
    spent = [result.cpu_ms for result in found]
    part = max(len(zones), 1)
    return {
        "pictures with a zone": f"{len(zones)}",
        "read wholly right": f"{exact} ({exact / part:.3f})",
        "number, birth and expiry right": f"{keys} ({keys / part:.3f})",
        "characters wrong, of those read": f"{100 * missed / letters:.2f} %" if letters else "-",
        "wrong but valid": f"{len(wrong)}",
        "… in number, birth or expiry": f"{len(wrong_keys)}",
        "not read": f"{len(zones) - len(read)}",
        "pictures without a zone": f"{len(without)}",
        "zones invented there": f"{sum(bool(result.read) for result in without)}",
        "CPU ms, median": f"{np.median(spent):.0f}",
        "CPU ms, p95": f"{np.percentile(spent, 95):.0f}",
        "memory at most, MB": f"{memory:.0f}",
    }


def show(what: str, pictures: Sequence[Picture], readers: Sequence[str], python: str) -> None:
    """Print what this tree's reader did not read right, then the table of all readers."""
    table: dict[str, dict[str, str]] = {}
    for name in readers:
        try:
            found, memory = read_by(name, python, pictures)
        except OSError as problem:
            print(f"{name} is not measured: {problem}")
            continue
        table[name] = figures(found, memory)
        if all(result.problem for result in found):
            print(f"{name} read nothing: {found[0].problem}")
        for result in found if name == "mpaka" else ():
            if not result.exact:
                print(f"{result.picture.file.name} {result.picture.kind or 'no zone'} valid={result.valid} {result.problem}")
                for line in (*result.picture.truth, *result.read):
                    print(f"    {line}")
    print(f"{what:<{WIDE}}" + "".join(f"{name:>16}" for name in table))
    for row in next(iter(table.values()), {}):
        print(f"{row:<{WIDE}}" + "".join(f"{column[row]:>16}" for column in table.values()))
    sys.stdout.flush()


def main(arguments: list[str]) -> int:
    """Measure what is asked for."""
    asked = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    asked.add_argument("what", nargs="*", default=[str(SHARED)], help="folders, levels or `hints`; the photographs if left out")
    asked.add_argument("--beside", action="store_true", help="let the other readers that are installed read the same pictures")
    asked.add_argument("--python", default=sys.executable, help="the Python in which PassportEye and fastmrz are installed")
    asked.add_argument("--count", type=int, default=COUNT, help="captures of a level")
    options = asked.parse_args(arguments)
    cv2.setNumThreads(1)
    readers = [*mrz_readers.READERS] if options.beside else ["mpaka"]
    for one in options.what:
        if one == "hints":
            print(f"{'placement hint, CPU ms, median':<{WIDE}}{hints(12):>16.0f}")
        elif one in LEVELS or one in PLAIN:
            drawn = captures if one in LEVELS else plain_captures
            with tempfile.TemporaryDirectory(prefix="mpaka-bench-") as folder:
                show(one, list(drawn(one, options.count, Path(folder))), readers, options.python)
        elif (Path(one) / "truth.json").exists():
            show("photographs", photographs(Path(one)), readers, options.python)
        else:
            print(f"{one}: no truth.json there, and none of {', '.join([*LEVELS, *PLAIN])}, hints")
            return 2
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
