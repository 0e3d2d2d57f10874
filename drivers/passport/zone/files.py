"""`mpaka mrz FILE...`: one JSON line a file, whatever the file is; folders and lists of files are read in one process."""

import json
import sys
import time
from collections.abc import Iterable, Iterator, Sequence
from io import TextIOWrapper
from pathlib import Path
from typing import TextIO, TypedDict

import cv2

from drivers.formats.mrz import Fields
from drivers.passport.zone.pictures import NotAPicture, smaller_first
from drivers.passport.zone.read import read_zone
from drivers.passport.zone.reading import ZoneReading

NO_FILES = 2  # exit status where no file was named
STANDARD_INPUT = "-"


class FileAnswer(TypedDict):
    """What is printed for a file.

    `fields` by their names in Doc 9303 terms, dates as printed; `checks`: each check digit by what it is for; `confidence`: 0 to 1, a list
    for each line; `corners`: x and y in pixels of the picture, from the first character clockwise as the text runs; `reason`: why nothing
    was read; `error`: why the file is no picture. What does not apply is empty or null.
    """

    file: str
    type: str | None
    lines: list[str]
    valid: bool
    fields: dict[str, str]
    checks: dict[str, bool]
    confidence: list[list[float]]
    corners: list[list[float]] | None
    reason: str | None
    error: str | None
    cpu_ms: float


def read_file(path: str | Path) -> FileAnswer:
    """Read the zone in one picture file. Never raises on a file's content: what is wrong stands under "error"."""
    begun = time.process_time()
    try:
        reading, error = _read(Path(path)), None
    except NotAPicture as problem:
        reading, error = ZoneReading(), str(problem)
    spent = round((time.process_time() - begun) * 1000, 1)
    corners = reading.corners
    return FileAnswer(
        file=str(path),
        type=reading.type.value if reading.type else None,
        lines=list(reading.lines),
        valid=reading.valid,
        fields=fields_of(reading.fields) if reading.fields else {},
        checks={check.part.value: check.right for check in reading.checks},
        confidence=[list(row) for row in reading.confidences],
        corners=None if corners is None else [[round(float(x), 1), round(float(y), 1)] for x, y in corners],
        reason=reading.reason.value if reading.reason else None,
        error=error,
        cpu_ms=spent,
    )


def _read(path: Path) -> ZoneReading:
    """The reading of a file: of a smaller picture first where the file holds a very large one, of the whole where that was not enough."""
    reading = ZoneReading()
    for picture, shrink in smaller_first(path):
        reading = _enlarged(read_zone(picture), shrink)
        if reading.valid:
            break
    return reading


def _enlarged(reading: ZoneReading, shrink: int) -> ZoneReading:
    corners = reading.corners
    grown = None if corners is None else (corners + 0.5) * shrink - 0.5
    return ZoneReading(reading.zone, grown, reading.confidences, reading.reason)


def fields_of(fields: Fields) -> dict[str, str]:
    """The fields of a zone as strings by name; the old French card's own ones where it is one."""
    found = {
        "document_code": fields.document_code,
        "issuer": fields.issuer,
        "surname": fields.surname,
        "given_names": fields.given_names,
        "number": fields.number,
        "nationality": fields.nationality,
        "birth": fields.birth,
        "sex": fields.sex,
        "expiry": fields.expiry,
        "optional": fields.optional,
        "optional_2": fields.optional_2,
    }
    if fields.french is not None:
        issue = fields.french
        found |= {"issued": issue.issued, "department": issue.department, "office": issue.office, "serial": issue.serial}
    return found


def _in_folder(path: str | Path) -> Sequence[str | Path]:
    """The files in a folder in the order of their names; the path itself where it is none or cannot be looked into."""
    try:
        if str(path) and Path(path).is_dir():
            return sorted(one for one in Path(path).iterdir() if one.is_file())
    except OSError:
        return [path]  # reading it says what is wrong with it
    return [path]


def _named(paths: Iterable[str | Path], listed: TextIO) -> Iterator[str | Path]:
    """The files meant: those in a folder in the order of their names, those in the list where "-" is named, all others as they are."""
    for path in paths:
        if str(path) == STANDARD_INPUT:
            yield from (line.rstrip("\r\n") for line in listed if line.strip())
        else:
            yield from _in_folder(path)


def print_readings(paths: Iterable[str | Path], out: TextIO, listed: TextIO = sys.stdin) -> int:
    """One JSON line for each file, in the order given; the exit status: 0, or 1 where a file was no picture."""
    cv2.setNumThreads(1)
    status = 0
    for path in _named(paths, listed):
        answer = read_file(path)
        out.write(json.dumps(answer, ensure_ascii=True) + "\n")
        out.flush()
        status = 1 if answer["error"] else status
    return status


def main(argv: Sequence[str]) -> int:
    """`mpaka mrz FILE...`"""
    if not argv:
        sys.stderr.write("mpaka mrz FILE...: name at least one picture file, a folder, or - for a list on standard input\n")
        return NO_FILES
    cv2.utils.logging.setLogLevel(cv2.utils.logging.LOG_LEVEL_SILENT)  # a torn file is answered in the JSON line; what its decoder says of it besides helps nobody
    if isinstance(sys.stdin, TextIOWrapper):
        sys.stdin.reconfigure(errors="surrogateescape")  # a file's name may hold any bytes
    return print_readings(argv, sys.stdout)
