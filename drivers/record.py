"""Write down one conversation with a device, for its driver's trial: `python -m drivers.record NAME --settings JSON --out FILE`.

The device is opened and does its work once, with a specimen. Never in the field: what was read is in the file.
"""

import argparse
import json
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from drivers.catalogue import DriverUnknown, make
from drivers.contract import Notice
from drivers.driver import DeviceAbsent, Outlet, Until
from drivers.ring import FrameRing
from drivers.works import WORKS, shortcoming

PATIENCE_S = 60.0
WHERE = ("usb", "port", "record", "runtime")


def record(name: str, settings: dict[str, Any], file: Path) -> str:
    """Do it; returns what came of it. Raises DeviceAbsent, DriverUnknown, FileExistsError."""
    kept = {key: value for key, value in settings.items() if key not in WHERE}
    with file.open("x", encoding="utf-8") as paper:
        paper.write(f"# driver: {name}\n" + (f"# settings: {json.dumps(kept)}\n" if kept else ""))
    driver = make(name, {"runtime": str(file.parent), **settings, "record": str(file)})
    ring = file.with_suffix(".ring")
    notices: list[Notice] = []
    outlet, work = Outlet(notices.append, FrameRing.create(ring)), WORKS[driver.kind]
    try:
        driver.open(outlet)
        answer = driver.carry_out(work.order, Until(PATIENCE_S))
    finally:
        driver.close()
        outlet.ring.close()
        ring.unlink()
    return work.good(answer) or shortcoming(answer)


def main(arguments: Sequence[str] | None = None) -> int:
    """Record the driver that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("name")
    parser.add_argument("--settings", required=True, type=json.loads, help="as in the settings of a lane, in JSON")
    parser.add_argument("--out", required=True, type=Path, help="a new file")
    chosen = parser.parse_args(arguments)
    sys.stderr.write(f"A specimen, and nothing else, within {PATIENCE_S:.0f} s.\n")
    try:
        sys.stdout.write(record(chosen.name, chosen.settings, chosen.out) + "\n")
    except (DeviceAbsent, DriverUnknown, FileExistsError) as why:
        sys.stderr.write(f"{why}\n")
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
