"""How well zones are read: `python -m tests.benches.mrz [FOLDER]`, where FOLDER holds truth.json and its pictures.

Prints a line for each picture that was not read wholly right, and a table. CPU seconds of one thread.
"""

import json
import sys
import time
from dataclasses import dataclass
from pathlib import Path

import cv2
import numpy as np

from drivers.formats.layouts import LAYOUTS, Format, Part
from drivers.passport.zone import read_file

SHARED = Path(__file__).parents[2].parent / "shared" / "data" / "mrz"
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


def measure(folder: Path) -> list[tuple[Result, str]]:
    """Read each picture of the folder's truth.json; results with the true type."""
    images = json.loads((folder / "truth.json").read_text())["images"]
    read_file(folder / images[0]["file"])  # the weights are loaded once, before the clock starts
    found = []
    for image in images:
        answer = read_file(folder / image["file"])
        word = answer.get("error") or answer.get("reason") or ""
        result = Result(image["file"], tuple(image["lines"]), tuple(answer["lines"]), answer["valid"], answer["cpu_ms"], word)
        found.append((result, image["type"]))
    return found


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


def main(arguments: list[str]) -> int:
    """Print what was not read right, then the table."""
    folder = Path(arguments[0]) if arguments else SHARED
    if not (folder / "truth.json").exists():
        print(f"{folder}: no truth.json there; name a folder that has one")
        return 2
    cv2.setNumThreads(1)
    begun = time.process_time()
    found = measure(folder)
    for result, kind in found:
        if not result.exact:
            print(f"{result.file} {kind} valid={result.valid} {result.word}")
            for line in (*result.truth, *result.read):
                print(f"    {line}")
    print(table(found))
    print(f"{'CPU s in all':<34}{time.process_time() - begun:.1f}")
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
