"""The published vectors beside the project, where they are there, and what is wrong with four of them.

Half of the published vectors contradict themselves; what is put right in each is listed here, byte by byte.
"""

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from drivers.formats.biometrics.minutiae import RecordFormat

FOLDER = Path(__file__).resolve().parents[4].parent / "shared" / "data" / "fingerprint"

# Each with its format, and the name of its truth where the publisher gives one.
VECTORS = (
    ("fingerprintio_vectors/iso19794p2v2005-sample.dat", RecordFormat.ISO_2005, "iso19794p2v2005"),
    ("fingerprintio_vectors/iso19794p2v2011-sample.dat", RecordFormat.ISO_2011, "iso19794p2v2011"),
    ("fingerprintio_vectors/ansi378v2004-sample.dat", RecordFormat.ANSI_2004, "ansi378v2004"),
    ("fingerprintio_vectors/ansi378v2009-sample.dat", RecordFormat.ANSI_2009, "ansi378v2009"),
    ("fingerprintio_vectors/ansi378v2009am1-sample.dat", RecordFormat.ANSI_2009_AM1, "ansi378v2009am1"),
    ("nist_vectors/fmr.iso2005", RecordFormat.ISO_2005, None),
    ("nist_vectors/fmr.ansi2004", RecordFormat.ANSI_2004, None),
    ("nist_vectors/fmr.ansi2007", RecordFormat.ANSI_2007, None),
)


def _changed(data: bytes, *changes: tuple[int, int, int]) -> bytes:
    """The bytes with some of them changed: (place, as published, put right)."""
    right = bytearray(data)
    for place, published, instead in changes:
        assert right[place] == published
        right[place] = instead
    return bytes(right)


def _without_stray_bytes(data: bytes) -> bytes:
    """Two bytes stand behind the last ridge count; without them the record's own length is right, and the two lengths around are 8."""
    return _changed(data, (331, 10, 8), (335, 10, 8))[:-2]


REPAIRS: dict[str, Callable[[bytes], bytes]] = {
    "ansi378v2004-sample.dat": _without_stray_bytes,
    "ansi378v2009-sample.dat": lambda data: _changed(data, (11, 107, 108)),  # the record is 364 bytes and says 363
    "fmr.iso2005": lambda data: _changed(data, (329, 42, 41), (333, 42, 41)),  # its cores and deltas are 41 bytes and say 42
    "fmr.ansi2004": lambda data: _changed(data, (516, 207, 209), (1197, 42, 44)),  # its cores and deltas are 44 bytes and say 42
}


def published(file: str) -> bytes:
    """The bytes of a vector as published; the test is skipped where it is not there."""
    path = FOLDER / file
    if not path.exists():
        pytest.skip("the shared data is not beside this project")
    return path.read_bytes()


def put_right(file: str) -> bytes:
    """The bytes of a vector without its contradiction."""
    repair = REPAIRS.get(Path(file).name)
    return repair(published(file)) if repair else published(file)


def truth(name: str) -> Any:
    """What a vector says, as its publisher has it in JSON."""
    return json.loads(published(f"fingerprintio_vectors/{name}-sample.json"))
