"""Pictures that nobody meant: `python -m tests.drivers.passport.zone.fuzzing --count 100000`.

Each is made from its number: a picture file cut short, with bytes changed, or of an extreme size; noise, bars and flat grounds. Whatever
it is, `read_file` answers; what it reads from a picture without a zone counts as invented.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path

import cv2
import numpy as np

from drivers.passport.zone import read_file

KINDS = (".jpg", ".png", ".bmp", ".webp", ".tiff", ".pgm")


def _picture(rng):
    """A picture without a zone: noise, clouds, bars or one colour, now and then of an extreme shape."""
    long, short = int(rng.choice([17, 60, 300, 900, 3000], p=[0.2, 0.3, 0.3, 0.15, 0.05])), int(rng.choice([16, 40, 200]))
    shape = (short, long) if rng.random() < 0.5 else (long, short)
    kind = rng.integers(0, 4)
    if kind == 0:
        return rng.integers(0, 256, shape, np.uint8)
    if kind == 1:
        return np.asarray(cv2.resize(rng.integers(0, 256, (5, 7), np.uint8), shape[::-1], interpolation=cv2.INTER_CUBIC))
    if kind == 2:
        return np.asarray(np.broadcast_to((np.arange(shape[1]) // int(rng.integers(1, 9)) % 2 * 200).astype(np.uint8), shape)).copy()
    return np.full(shape, rng.integers(0, 256), np.uint8)


def fuzzed(number):
    """The bytes and the ending of the file with this number."""
    rng = np.random.default_rng([7, number])
    kind = str(rng.choice(KINDS))
    _, coded = cv2.imencode(kind, _picture(rng))
    data = bytearray(coded.tobytes())
    harm = rng.integers(0, 4)
    if harm == 0:
        data = data[: int(rng.integers(0, len(data) + 1))]
    elif harm == 1:
        for at in rng.integers(0, len(data), int(rng.integers(1, 30))):
            data[at] = int(rng.integers(0, 256))
    elif harm == 2:
        at = int(rng.integers(0, len(data)))
        data[at:at] = rng.bytes(int(rng.integers(1, 400)))
    return bytes(data), kind


def answered(number, folder):
    """The answer to the file with this number, as printed."""
    data, kind = fuzzed(number)
    path = Path(folder) / f"fuzzed{kind}"
    path.write_bytes(data)
    answer = read_file(path)
    json.dumps(answer)
    return answer


def main():
    """Read so many files; the numbers of those in which a zone was invented."""
    asked = argparse.ArgumentParser(description=__doc__)
    asked.add_argument("--count", type=int, default=2000)
    asked.add_argument("--first", type=int, default=0)
    options = asked.parse_args()
    cv2.setNumThreads(1)
    invented, errors = [], 0
    with tempfile.TemporaryDirectory() as folder:
        for number in range(options.first, options.first + options.count):
            answer = answered(number, folder)
            errors += answer["error"] is not None
            if answer["lines"]:
                invented.append(number)
            if (number + 1) % 1000 == 0:
                print(f"{number + 1} files, {errors} of them no pictures, {len(invented)} zones invented")
    print(f"{options.count} files answered, {errors} of them no pictures; zones invented in {invented or 'none'}")
    return 1 if invented else 0


if __name__ == "__main__":
    sys.exit(main())
