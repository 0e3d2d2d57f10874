"""One reader of zones over many pictures, as a process of its own: `PYTHON mrz_readers.py NAME`, file names on standard input.

Runs under any Python that has the reader, with nothing of this tree but for `mpaka` itself. Prints a line of JSON for each picture:
the lines read and the CPU milliseconds of this process and its children; then one with the most memory either of them took.
"""

import contextlib
import json
import os
import re
import resource
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

THREADS = ("OMP_THREAD_LIMIT", "OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "MKL_NUM_THREADS")
ZONE = re.compile(r"[A-Z0-9<]{28,46}")


def mpaka() -> Callable[[str], list[str]]:
    """The reader of this tree."""
    import cv2

    from drivers.passport.zone import read_zone
    from drivers.passport.zone.pictures import open_picture

    cv2.setNumThreads(1)
    return lambda file: list(read_zone(open_picture(Path(file))).lines)


def passporteye() -> Callable[[str], list[str]]:
    """PassportEye as it installs; it asks Tesseract."""
    from passporteye import read_mrz  # type: ignore[import-not-found,unused-ignore]

    def read(file: str) -> list[str]:
        found = read_mrz(file)
        return str(found.aux["text"]).replace(" ", "").split() if found is not None and found.valid_score > 0 else []

    return read


def fastmrz() -> Callable[[str], list[str]]:
    """fastmrz; it asks Tesseract for a language `mrz`, which it does not bring: a folder with one may be named by TESSDATA."""
    import cv2
    from fastmrz import FastMRZ  # type: ignore[import-not-found,unused-ignore]

    cv2.setNumThreads(1)
    reader = FastMRZ(tessdata_path=os.environ.get("TESSDATA", ""))
    return lambda file: str(reader.get_details(cv2.imread(file), input_type="numpy", ignore_parse=True)).split()


def tesseract() -> Callable[[str], list[str]]:
    """Tesseract alone on the whole picture, kept to the characters of a zone; the last lines that have the shape are taken."""
    letters = "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"
    subprocess.run(["tesseract", "--version"], check=True, capture_output=True)

    def read(file: str) -> list[str]:
        asked = ["tesseract", file, "-", "--psm", "6", "-c", f"tessedit_char_whitelist={letters}"]
        printed = subprocess.run(asked, capture_output=True, text=True, check=False).stdout.replace(" ", "")
        lines = [line for line in printed.split() if ZONE.fullmatch(line)]
        return lines[-3:] if lines and len(lines[-1]) < 33 else lines[-2:]

    return read


READERS = {"mpaka": mpaka, "passporteye": passporteye, "fastmrz": fastmrz, "tesseract": tesseract}


def _spent() -> float:
    used = os.times()
    return 1000 * (used.user + used.system + used.children_user + used.children_system)


def main() -> int:
    """Read every picture named on standard input."""
    for name in THREADS:
        os.environ[name] = "1"
    read = READERS[sys.argv[1]]()
    files = sys.stdin.read().splitlines()
    with contextlib.suppress(Exception):  # what it throws is told below, of the same picture
        read(files[0])  # what is loaded once is loaded before the clock starts
    for file in files:
        begun = _spent()
        lines, problem = [], ""
        try:
            lines = read(file)
        except Exception as refused:  # noqa: BLE001 - whatever a peer throws, it has not read the picture
            problem = f"{type(refused).__name__}: {refused}"
        print(json.dumps({"lines": lines, "cpu_ms": _spent() - begun, "problem": problem}), flush=True)
    # The most that this program took; what getrusage says of a process holds its parent's too.
    own = int(Path("/proc/self/status").read_text().split("VmHWM:")[1].split()[0])
    print(json.dumps({"memory_mb": max(own, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss) / 1024}), flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
