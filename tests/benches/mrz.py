"""How well zones are read: `python -m tests.benches.mrz [WHAT ...]`.

WHAT is a folder that holds truth.json and its pictures (as first said, the photographs beside this tree), a level of drawn
captures (L1, L2, L3; needs OCR-B), or `hints` for the time of a placement hint.
Prints a line for each picture that was not read wholly right, and a table. CPU seconds of one thread.
"""

import json
import resource
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.formats.layouts import LAYOUTS, Format, Part
from drivers.passport.zone import ZoneReading, placement, read_zone
from drivers.passport.zone.pictures import NotAPicture, open_picture
from drivers.passport.zone.training import glyphs
from drivers.passport.zone.training.captures import LEVELS, capture

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mrz"
VALIDATION_SEED = 2_000_005
COUNT = 84
KEY_FIELDS = (Part.NUMBER, Part.BIRTH, Part.EXPIRY)


@dataclass(frozen=True)
class Result:
    """One picture: what stands there, what was read, and the time it took in milliseconds."""

    file: str
    truth: tuple[str, ...]
    read: tuple[str, ...]
    valid: bool
    cpu_ms: float
    word: str

    @property
    def exact(self) -> bool:
        return self.truth == self.read


def key_fields(lines: tuple[str, ...], kind: str) -> tuple[str, ...]:
    """Number, birth and expiry of these lines as this type; empty where the lines have another shape."""
    if kind not in set(Format) or not lines:
        return ()
    layout = LAYOUTS[Format(kind)]
    if len(lines) != layout.lines or any(len(line) != layout.length for line in lines):
        return ()
    spans = [layout.spans[part] for part in KEY_FIELDS if part in layout.spans]
    return tuple(lines[span.line - 1][span.first - 1 : span.last] for span in spans)


def _result(name: str, truth: list[str] | tuple[str, ...], reading: ZoneReading, spent: float, word: str = "") -> Result:
    said = word or (reading.reason.value if reading.reason else "")
    return Result(name, tuple(truth), reading.lines, reading.valid, spent, said)


def photographs(folder: Path) -> list[tuple[Result, str]]:
    """Read each picture of the folder's truth.json; results with the true type."""
    found = []
    for image in json.loads((folder / "truth.json").read_text())["images"]:
        begun = time.process_time()
        try:
            reading, word = read_zone(open_picture(folder / image["file"])), ""
        except NotAPicture as problem:
            reading, word = ZoneReading(), str(problem)
        spent = (time.process_time() - begun) * 1000
        found.append((_result(image["file"], image["lines"], reading, spent, word), image["type"]))
    return found


def captures(level: str, count: int) -> list[tuple[Result, str]]:
    """Read captures of this level, every type in turn, one in seven without a zone; drawn under a seed, and in cuts, that training never uses."""
    faces, found = glyphs.faces(kept_back=True), []
    for number in range(count):
        kind = [*Format, None][number % 7]
        taken = capture(VALIDATION_SEED, number, LEVELS[level], faces, kind, kept_back=True)
        begun = time.process_time()
        reading = read_zone(taken.picture)
        spent = (time.process_time() - begun) * 1000
        found.append((_result(f"{level} {number}", taken.lines, reading, spent), kind.value if kind else "NONE"))
    return found


def hints(count: int) -> float:
    """CPU milliseconds of a placement hint, median, over captures of a kiosk's camera."""
    faces, spent = glyphs.faces(kept_back=True), []
    for number in range(count):
        frame = capture(VALIDATION_SEED, number, LEVELS["L2"], faces, Format.TD3).picture
        begun = time.process_time()
        placement(frame)
        spent.append((time.process_time() - begun) * 1000)
    return float(np.median(spent))


def table(found: list[tuple[Result, str]]) -> str:
    """The figures in words."""
    zones = [(result, kind) for result, kind in found if result.truth]
    without = [result for result, _ in found if not result.truth]
    exact = sum(result.exact for result, _ in zones)
    keys = sum(bool(result.read) and key_fields(result.read, kind) == key_fields(result.truth, kind) for result, kind in zones)
    wrong = sum(result.valid and not result.exact for result, _ in found)
    nothing = sum(not result.read for result, _ in zones)
    spent = [result.cpu_ms for result, _ in found]
    rows = [
        ("pictures with a zone", f"{len(zones)}"),
        ("read wholly right", f"{exact}  ({exact / max(len(zones), 1):.3f})"),
        ("number, birth and expiry right", f"{keys}  ({keys / max(len(zones), 1):.3f})"),
        ("wrong but valid", f"{wrong}"),
        ("not read", f"{nothing}"),
        ("pictures without a zone", f"{len(without)}"),
        ("zones invented there", f"{sum(bool(result.read) for result in without)}"),
        ("CPU ms, median", f"{np.median(spent):.0f}"),
        ("CPU ms, p95", f"{np.percentile(spent, 95):.0f}"),
    ]
    return "\n".join(f"{name:<34}{figure}" for name, figure in rows)


def show(found: list[tuple[Result, str]]) -> None:
    """Print what was not read right, then the table."""
    for result, kind in found:
        if not result.exact:
            print(f"{result.file} {kind} valid={result.valid} {result.word}")
            for line in (*result.truth, *result.read):
                print(f"    {line}")
    print(table(found))


def main(arguments: list[str]) -> int:
    """Measure what is asked for, and say how much memory and time it took."""
    cv2.setNumThreads(1)
    read_zone(np.full((64, 64), 200, np.uint8))  # the weights are loaded once, before the clock starts
    asked = arguments or [str(SHARED)]
    for one in asked:
        if one == "hints":
            print(f"{'placement hint, CPU ms, median':<34}{hints(12):.0f}")
        elif one in LEVELS:
            show(captures(one, COUNT))
        elif (Path(one) / "truth.json").exists():
            show(photographs(Path(one)))
        else:
            print(f"{one}: no truth.json there, and none of {', '.join(LEVELS)}, hints")
            return 2
    print(f"{'memory at most, MB':<34}{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
