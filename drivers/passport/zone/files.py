"""`mpaka mrz FILE...`: one JSON line a file, whatever the file is."""

import json
import sys
import time
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import TextIO, TypedDict

import cv2

from drivers.passport.zone.pictures import NotAPicture, open_picture
from drivers.passport.zone.read import read_zone
from drivers.passport.zone.reading import ZoneReading

NO_FILES = 2  # exit status where no file was named


class _Answer(TypedDict):
    file: str
    type: str | None
    lines: list[str]
    valid: bool
    cpu_ms: float


class FileAnswer(_Answer, total=False):
    """What is printed for a file; `reason` where no zone was read, `error` where the file is no picture."""

    reason: str
    error: str


def read_file(path: str | Path) -> FileAnswer:
    """Read the zone in one picture file. Never raises on a file's content: what is wrong stands under "error"."""
    begun = time.process_time()
    try:
        reading, error = read_zone(open_picture(Path(path))), None
    except NotAPicture as problem:
        reading, error = ZoneReading(), str(problem)
    spent = round((time.process_time() - begun) * 1000, 1)
    kind = reading.type.value if reading.type else None
    answer = FileAnswer(file=str(path), type=kind, lines=list(reading.lines), valid=reading.valid, cpu_ms=spent)
    if reading.reason is not None:
        answer["reason"] = reading.reason.value
    if error is not None:
        answer["error"] = error
    return answer


def print_readings(paths: Iterable[str | Path], out: TextIO) -> int:
    """One JSON line for each file, in the order given; the exit status: 0, or 1 where a file was no picture."""
    cv2.setNumThreads(1)
    status = 0
    for path in paths:
        answer = read_file(path)
        out.write(json.dumps(answer, ensure_ascii=True) + "\n")
        out.flush()
        status = 1 if "error" in answer else status
    return status


def main(argv: Sequence[str]) -> int:
    """`mpaka mrz FILE...`"""
    if not argv:
        sys.stderr.write("mpaka mrz FILE...: name at least one picture file\n")
        return NO_FILES
    return print_readings(argv, sys.stdout)
