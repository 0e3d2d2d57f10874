"""`mpaka test`: every check of the house, in the order in which a mistake is cheapest to find."""

import os
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).parents[2]
CHECKS: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("style", ("ruff", "check", ".")),
    ("layout", ("ruff", "format", "--check", ".")),
    ("types", ("mypy",)),
    ("rooms", ("lint-imports",)),
    ("tests", ("pytest",)),
)


def run(arguments: list[str]) -> int:
    """Run the checks from a checkout; with arguments, pytest alone with these. Returns the exit status."""
    if not (ROOT / "tests").is_dir():
        print("mpaka test: runs from a checkout of the project, not from an installed copy", file=sys.stderr)
        return 2
    checks = CHECKS if not arguments else (("tests", ("pytest", *arguments)),)
    failed = [name for name, command in checks if not _passes(name, command)]
    if failed:
        print(f"mpaka test: failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


def _passes(name: str, command: tuple[str, ...]) -> bool:
    program, *arguments = command
    # beside the interpreter: the checks of this virtual environment, whatever PATH says
    tool = Path(sys.executable).with_name(program)
    began = time.monotonic()
    print(f"── {name}: {' '.join(command)}", flush=True)
    status = subprocess.run([str(tool), *arguments], cwd=ROOT, env={**os.environ, "NO_COLOR": "1"}, check=False).returncode
    print(f"── {name}: {'ok' if status == 0 else f'FAILED ({status})'} in {time.monotonic() - began:.0f} s", flush=True)
    return status == 0
