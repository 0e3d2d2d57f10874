"""The whole matrix, every screen x language x size x contrast x display: `python -m tests.pictures.matrix`. Minutes, not seconds."""

import json
import subprocess
import sys
import time

from tests.pictures import golden


def main() -> int:
    """A process a display, both at once; every finding on a line of its own; the exit status is 0 when there is none."""
    began = time.monotonic()
    running = [
        subprocess.Popen([sys.executable, "-m", "tests.pictures.glass", display, "whole"], text=True, stdout=subprocess.PIPE)
        for display in golden.DISPLAYS
    ]
    bad = 0
    for process in running:
        report = json.loads(process.communicate()[0].strip().splitlines()[-1])
        wrong = [*report["found"], *report["golden"], *(f"{name}: {text}" for name, text in report["plays"].items() if text)]
        print(f"{report['display']}: {report['screens']} screens with {report['renderer']}, {len(wrong)} findings")
        print(*wrong, sep="\n")
        bad += len(wrong)
    print(f"{time.monotonic() - began:.0f} s")
    return 1 if bad else 0


if __name__ == "__main__":
    sys.exit(main())
